import { describe, expect, test } from 'vitest'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { ExprBuilder } from '../../codegen/ir/hook.ts'
import type { InteractionManifest, TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { checkExtent } from '../../runtime/interaction/extent.ts'
import { deriveOffsets, type InteractionInputs, listsOf, prepareInteraction, readInteraction, runInteraction, runProgram } from '../../runtime/interaction/index.ts'
import { paramsOf } from '../../runtime/interaction/params.ts'
import { addManifest, D, interactionOf, sumManifest } from './interactions.ts'

const thrown = (f: () => unknown): string => {
  try { f() } catch (error) { if (error instanceof SerrateError) return error.message; throw error }
  return 'nothing thrown'
}

const inputs = (over: Partial<InteractionInputs> = {}): InteractionInputs => ({ tensors: { x: new Float32Array(5 * D), y: new Float32Array(2 * D) }, offsets: { l: Int32Array.of(0, 2, 5) }, ...over })
const paddedOut: TensorSpec = { name: 'out', tensor: 'out', storage: 'dense', batch: 'b', axes: [{ kind: 'axis', name: 'l' }, { kind: 'axis', name: 'd' }], dtype: 'element', fill: 0 }

describe('a launch', () => {
  test('params, grids and lengths follow from the inputs', () => {
    const { job, elements, lengths } = prepareInteraction(addManifest('wgsl'), inputs({ captures: { alpha: 0.1 } }))
    expect(job).toMatchObject({ params: { elements: 15, batch_b: 2, offset_words_l: 1, cap_alpha: Math.fround(0.1) }, grids: [1], outputs: ['t_out'] })
    expect({ elements, lengths }).toEqual({ elements: 15, lengths: { t_x: 60, t_y: 24, t_out: 60, offsets_l: 12 } })
  })

  test('i64 offsets have two words each', () => {
    const { job, lengths } = prepareInteraction(addManifest('wgsl'), inputs({ offsets: { l: BigInt64Array.of(0n, 2n, 5n) } }))
    expect([job!.params.offset_words_l, lengths.offsets_l]).toEqual([2, 24])
  })

  test('rows past the last offset are launched', () => {
    const { job } = prepareInteraction(addManifest('wgsl'), inputs({ tensors: { x: new Float32Array(9 * D), y: new Float32Array(2 * D) } }))
    expect(job!.params.elements).toBe(9 * D)
  })

  test('no sequences, but rows', () => {
    const { job } = prepareInteraction(addManifest('wgsl'), { tensors: { x: new Float32Array(2 * D), y: new Float32Array(0) }, offsets: { l: Int32Array.of(0) } })
    expect(job!.params).toMatchObject({ elements: 2 * D, batch_b: 0 })
  })

  test('an empty output is not launched', async () => {
    const none = { tensors: { x: new Float32Array(0), y: new Float32Array(2 * D) }, offsets: { l: Int32Array.of(0, 0, 0) } }
    const prepared = prepareInteraction(addManifest('wgsl'), none)
    expect(prepared.job).toBeNull()
    expect(readInteraction(prepared, null)).toEqual({ sums: {}, out: new Float64Array(0), bits: new Float32Array(0) })
    const never = { run: () => { throw new Error('launched') }, dispose: () => {} }
    expect((await runInteraction(never, addManifest('wgsl'), none)).times).toEqual([])
  })

  test('tiles of a segment, parts and partials', () => {
    const { job, lengths } = prepareInteraction({ ...sumManifest('wgsl'), entries: [{ name: 'main', entryPoint: 'main', threads: 64, sharedBytes: 0, grid: [{ kind: 'tiles', segment: 'l', per: 2 }, { kind: 'const', value: 3 }] }] }, { tensors: { x: new Float32Array(5 * D) }, offsets: { l: Int32Array.of(0, 2, 5) } })
    expect([job!.grids, job!.params.parts, lengths.partials]).toEqual([[(2 + 2 + 1) * 3], 4, 4 * 4 * D])
  })

  test('a padded output has the capacity of the launch', () => {
    const { elements } = prepareInteraction({ ...addManifest('wgsl'), output: paddedOut }, inputs({ capacities: { l: 7 } }))
    expect(elements).toBe(2 * 7 * D)
  })

  test('bits of a scalar in the kernel\'s dtype', () => {
    const bitsOf = (dtype: InteractionManifest['dtype'], alpha: number) => {
      const x = { f32: new Float32Array(5 * D), f16: new Uint16Array(5 * D), bf16: new Uint16Array(5 * D), i32: new Int32Array(5 * D) }[dtype]
      const m = addManifest('wgsl', { dtype, captures: [{ name: 'alpha', kind: 'scalar', dtype: dtype === 'i32' ? 'i32' : 'f32', perHead: false }], params: [{ name: 'bits', type: 'u32', source: 'scalarBits:alpha' }] })
      return prepareInteraction(m, inputs({ tensors: { x, y: x.slice(0, 2 * D) }, captures: { alpha } })).job!.params.bits
    }
    expect([bitsOf('f32', 1), bitsOf('f16', 1), bitsOf('bf16', 1), bitsOf('i32', -1)]).toEqual([0x3f800000, 0x3c00, 0x3f80, 0xffffffff])
  })

  test('pairs of rows and columns: their sums are computed, in i64 past i32', () => {
    const lower = { name: 'l_lower', kind: 'lower', row: 'l', column: 'l', batch: 'b' } as const
    const outer = { name: 'l_by_l', kind: 'outer', row: 'l', column: 'l', batch: 'b' } as const
    const m = { ...addManifest('wgsl'), inputs: [], buffers: [], segments: [lower, outer], output: { ...paddedOut, batch: 'b', axes: [] } }
    const small = checkExtent(m, { tensors: {}, offsets: { l: Int32Array.of(0, 3, 3, 7) } })
    expect([small.sums.l_lower!.array, small.sums.l_by_l!.array]).toEqual([Int32Array.of(0, 3, 3, 9), Int32Array.of(0, 9, 9, 25)])
    const large = checkExtent(m, { tensors: {}, offsets: { l: Int32Array.of(0, 50000) } })
    expect([large.sums.l_by_l!.array, large.sums.l_by_l!.words, large.rows.l_lower]).toEqual([BigInt64Array.of(0n, 2500000000n), 2, 1249975000])
  })
})

describe('refusals', () => {
  const m = addManifest('wgsl')
  const indexed = { ...m, sizes: {}, axes: m.axes.map((a) => (a.name === 'd' ? { ...a, indexed: true } : a)) }
  const twoAxes = { ...m, axes: [...m.axes, { name: 'k', kind: 'jagged', like: 'k', batch: 'b', indexed: false } as const] }
  const onlyDense = { ...m, inputs: [m.inputs[1]!], buffers: [m.buffers[1]!], segments: [], output: { ...paddedOut, axes: [{ kind: 'axis', name: 'd' }] as const } }
  const padded = { ...m, output: paddedOut }
  const cases: readonly (readonly [string, InteractionManifest, InteractionInputs, string])[] = [
    ['offsets of another type', m, inputs({ offsets: { l: [0, 2, 5] as never } }), 'SR5001: offsets.l is a Array'],
    ['no offset at all', m, inputs({ offsets: { l: Int32Array.of() } }), 'SR5002: offsets.l is empty; jagged_add needs'],
    ['offsets that start elsewhere', m, inputs({ offsets: { l: Int32Array.of(1, 2, 5) } }), 'SR5003: offsets.l starts at 1'],
    ['offsets that go down', m, inputs({ offsets: { l: Int32Array.of(0, 4, 2) } }), 'SR5004: offsets.l goes down: offsets.l[2] = 2 after 4'],
    ['offsets past the rows', m, inputs({ offsets: { l: Int32Array.of(0, 2, 6) } }), 'SR5005: offsets.l ends at 6, past the 5 packed rows of x'],
    ['fewer rows said than the offsets have', m, inputs({ rows: { l: 4 } }), 'SR5005: offsets.l ends at 5, past the 4 packed rows of x'],
    ['a count that is none', padded, inputs({ capacities: { l: -1 } }), 'SR5022: capacities.l is -1'],
    ['a capture that is missing', { ...m, captures: [{ ...m.captures[0]!, default: undefined } as never] }, inputs(), 'SR5010: The capture alpha of jagged_add is not given'],
    ['another dtype', m, inputs({ tensors: { x: new Int32Array(5 * D), y: new Float32Array(2 * D) } }), 'SR5021: x is a Int32Array; this kernel takes f32'],
    ['a tensor that is missing', m, inputs({ tensors: { x: new Float32Array(5 * D) } }), 'SR5050: tensors.y is not given; jagged_add needs y [b 2, d 3].\n  fix: Pass tensors.y: a Float32Array.'],
    ['offsets that are missing', m, inputs({ offsets: {} }), 'SR5050: offsets.l is not given; jagged_add needs the lengths of l'],
    ['a capacity that is missing', padded, inputs(), 'SR5050: capacities.l is not given; jagged_add needs the length that l is padded to'],
    ['a size that is missing', indexed, inputs(), 'SR5050: sizes.d is not given; jagged_add needs the number of entries along d'],
    ['a number of sequences that nothing counts', onlyDense, { tensors: { y: new Float32Array(6) } }, 'SR5050: batches.b is not given; jagged_add needs the number of sequences along b'],
    ['a tensor of another name', m, inputs({ tensors: { x: new Float32Array(5 * D), y: new Float32Array(2 * D), why: new Float32Array(1) } }), 'SR5051: jagged_add takes no tensors.why.\n  fix: Did you mean y? It takes: tensors.x, tensors.y.'],
    ['offsets of an axis that has none', m, inputs({ offsets: { l: Int32Array.of(0, 2, 5), d: Int32Array.of(0) } }), 'SR5051: jagged_add takes no offsets.d'],
    ['too many elements', m, inputs({ tensors: { x: new Float32Array(5 * D + 1), y: new Float32Array(2 * D) } }), 'SR5052: x has 16 elements; x [rows of l 5, d 3] has 15.'],
    ['a tensor of another batch', m, inputs({ tensors: { x: new Float32Array(5 * D), y: new Float32Array(3 * D) } }), 'SR5052: y has 9 elements; y [b 2, d 3] has 6.'],
    ['axes that count different sequences', twoAxes, inputs({ offsets: { l: Int32Array.of(0, 2, 5), k: Int32Array.of(0, 1) } }), 'SR5053: offsets.l counts 2 sequences of b, offsets.k counts 1.'],
    ['a batch that offsets deny', m, inputs({ batches: { b: 3 } }), 'SR5053: batches.b counts 3 sequences of b, offsets.l counts 2.'],
    ['another size', m, inputs({ sizes: { d: 4 } }), 'SR5054: sizes.d is 4; jagged_add was compiled for 3.'],
  ]
  test.each(cases)('%s', (_what, manifest, given, message) => expect(thrown(() => prepareInteraction(manifest, given))).toContain(message))

  test('a count past 32 bits', () => {
    const checked = checkExtent(m, inputs())
    const facts = { ...checked, manifest: m, elements: 2 ** 33, captures: { scalars: { alpha: 1 } } as never }
    expect(thrown(() => paramsOf(facts))).toContain('SR5055: elements of jagged_add is 8589934592 in this launch')
  })
})

describe('derived lengths', () => {
  const e = new ExprBuilder()
  const m = addManifest('wgsl')
  const [b, l, d] = m.axes.map(({ indexed: _, ...a }) => a)
  const len = (axis: string) => e.param('i32', `len:${axis}`)

  test('a concatenation is as long as its parts, and a negative length is 0', () => {
    const k = { name: 'k', kind: 'jagged', like: 'k', batch: 'b' } as const
    const both = { name: 'both', kind: 'jagged', like: 'both', batch: 'b', length: e.op('i32', 'add', [len('l'), len('k')]) } as const
    const fewer = { name: 'fewer', kind: 'jagged', like: 'fewer', batch: 'b', length: e.op('i32', 'sub', [len('both'), e.capture('i32', 'drop')]) } as const
    const x = interactionOf(m, { axes: [b!, l!, k, both, fewer, d!], captures: [{ name: 'drop', kind: 'perSequence', dtype: 'i32', perHead: false }] })
    const offsets = deriveOffsets(x, { l: Int32Array.of(0, 2, 2, 5), k: BigInt64Array.of(0n, 1n, 3n, 3n) }, { captures: { drop: Int32Array.of(1, 5, 0) } })
    expect([offsets.both, offsets.fewer]).toEqual([Int32Array.of(0, 3, 5, 8), Int32Array.of(0, 2, 2, 5)])
  })

  test('an axis of all the places that another is padded to', () => {
    const places = { name: 'places', kind: 'jagged', like: 'places', batch: 'b', length: e.param('i32', 'size:l') } as const
    expect(deriveOffsets(interactionOf(m, { axes: [b!, l!, places] }), { l: Int32Array.of(0, 2, 5) }, { capacities: { l: 4 } }).places).toEqual(Int32Array.of(0, 4, 8))
  })

  test('a gather has the length of the sequence that it reads; outside of them 0', () => {
    const ids: TensorSpec = { name: 'ids', tensor: 'ids', storage: 'dense', batch: 'b', axes: [], dtype: 'i32', fill: -1 }
    const s = { name: 's', kind: 'batch', like: 's', index: e.param('i32', 'in:ids') } as const
    const from = { name: 'l', kind: 'jagged', like: 'l', batch: 's' } as const
    const taken = { name: 'taken', kind: 'jagged', like: 'taken', batch: 'b', length: len('l') } as const
    const x = interactionOf(m, { axes: [b!, s, from, taken], inputs: [ids] })
    const { taken: offsets } = deriveOffsets(x, { l: Int32Array.of(0, 3, 4) }, { batches: { b: 4 }, tensors: { ids: Int32Array.of(1, 0, 7, 0) } })
    expect(offsets).toEqual(Int32Array.of(0, 1, 4, 4, 7))
  })
})

test('lists hold the positions of each key, ascending; keys elsewhere are in none', () => {
  expect(listsOf(Int32Array.of(2, 0, -1, 2, 5, 0), 3)).toEqual({ offsets: Int32Array.of(0, 2, 2, 4), items: Int32Array.of(1, 5, 0, 3) })
  expect(listsOf(Int32Array.of(), 0)).toEqual({ offsets: Int32Array.of(0), items: Int32Array.of() })
})

test('a list step gives later kernels the axis of its name and its items', async () => {
  const items: TensorSpec = { name: 'hits_items', tensor: 'hits_items', storage: 'jagged', batch: 's', axes: [{ kind: 'axis', name: 'hits' }], dtype: 'i32', fill: 0 }
  const m = addManifest('wgsl', {
    dtype: 'i32', sizes: {}, inputs: [items], output: { ...items, name: 'out', tensor: 'out' }, captures: [],
    axes: [{ name: 's', kind: 'batch', like: 's', indexed: false }, { name: 'hits', kind: 'jagged', like: 'hits', batch: 's', indexed: false }],
    segments: [{ name: 'hits', kind: 'axis', row: 'hits', column: 'hits', batch: 's' }],
    params: [{ name: 'batch_s', type: 'u32', source: 'batch:s' }],
    buffers: [{ name: 't_hits_items', binding: 1, access: 'read', entries: ['main'] }, { name: 't_out', binding: 2, access: 'read_write', entries: ['main'] }],
  })
  const copies = { run: async ({ buffers }: { buffers: Readonly<Record<string, Uint8Array>> }) => ({ buffers: { t_out: buffers.t_hits_items! }, times: [], findings: [] }), dispose: () => {} }
  const program = { name: 'hits', steps: [{ kind: 'lists', name: 'hits', keys: 'ids', axis: 's' }, { kind: 'kernel', writes: 'found', interaction: interactionOf(m) }], results: { ids: 'found' } } as const
  const { results } = await runProgram(program, { found: { compiled: copies, manifest: m } }, { tensors: { ids: Int32Array.of(1, 3, 0, 1) }, batches: { s: 2 } })
  expect(results.ids!.out).toEqual(Int32Array.of(2, 0, 3))
})
