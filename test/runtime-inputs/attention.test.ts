import { describe, expect, test } from 'vitest'
import type { NamedCapture } from '../../codegen/ir/algorithm.ts'
import { type AttentionInputs, prepareAttention, readAttention } from '../../runtime/attention.ts'
import { checkCanaries, checkInputs, checkPoison } from '../../runtime/check.ts'
import { checkOffsets, offsetsOf } from '../../runtime/offsets.ts'
import { manifestOf } from './manifest.ts'

const thrown = (f: () => unknown): string => {
  try { f() } catch (e) { return (e as Error).message }
  return 'nothing thrown'
}
const inputs = (over: Partial<AttentionInputs> = {}): AttentionInputs => {
  const rows = over.rows ?? 5
  const heads = over.heads ?? 2
  const tensor = () => Float32Array.from({ length: rows * heads * 4 }, (_, i) => i)
  return { q: tensor(), k: tensor(), v: tensor(), rows, heads, seqOffsets: Int32Array.of(0, 2, 2, 4), ...over }
}
const capture = (name: string, kind: NamedCapture['kind'], dtype: NamedCapture['dtype'], more: Partial<NamedCapture> = {}): NamedCapture => ({ name, kind, dtype, perHead: false, ...more })

describe('offsets', () => {
  const refused: readonly (readonly [string, unknown, string])[] = [
    ['a plain array', [0, 1], 'SR5001: seqOffsets is a Array'],
    ['unsigned', Uint32Array.of(0, 1), 'SR5001: seqOffsets is a Uint32Array'],
    ['nothing', undefined, 'SR5001: seqOffsets is undefined'],
    ['empty', new Int32Array(0), 'SR5002: seqOffsets is empty'],
    ['a start above 0', Int32Array.of(1, 2), 'SR5003: seqOffsets starts at 1'],
    ['a negative start', Int32Array.of(-1, 2), 'SR5003: seqOffsets starts at -1'],
    ['going down', Int32Array.of(0, 3, 2), 'SR5004: seqOffsets goes down: seqOffsets[2] = 2 after 3'],
    ['going down in i64', BigInt64Array.of(0n, 3n, -2n), 'SR5004: seqOffsets goes down: seqOffsets[2] = -2 after 3'],
    ['an end past the rows', Int32Array.of(0, 6), 'SR5005: seqOffsets ends at 6, past the 5 packed rows'],
    ['an i64 end past 2^32', BigInt64Array.of(0n, (1n << 33n) + 1n), 'SR5005: seqOffsets ends at 8589934593'],
  ]
  test.each(refused)('%s is refused', (_name, offsets, message) => expect(thrown(() => checkOffsets(offsets as Int32Array, 5))).toContain(message))
  test('legal ones', () => {
    expect(checkOffsets(Int32Array.of(0), 0)).toMatchObject({ sequences: 0, end: 0, words: 1 })
    expect(checkOffsets(BigInt64Array.of(0n, 0n, 5n), 5)).toMatchObject({ sequences: 2, end: 5, words: 2 })
  })
  test('lengths to offsets', () => {
    expect([...offsetsOf([3, 0, 2])]).toEqual([0, 3, 3, 5])
    for (const bad of [[-1], [1.5], [NaN], [2 ** 31 - 1, 1]]) expect(thrown(() => offsetsOf(bad))).toContain('SR5006')
  })
})

describe('captures', () => {
  const given = (declared: NamedCapture, value: unknown, more: object = {}) => thrown(() => prepareAttention(manifestOf({ captures: [declared] }), inputs({ captures: { [declared.name]: value as number, ...more } })))
  test('missing', () => expect(thrown(() => prepareAttention(manifestOf({ captures: [capture('slope', 'perHead', 'f32')] }), inputs()))).toContain('SR5010: The capture slope of hand is not given.'))
  test('unknown, with the closest name', () => expect(given(capture('slope', 'perHead', 'f32'), new Float32Array(2), { slopes: 1 })).toMatch(/SR5011: hand has no capture slopes\.[^]*Did you mean slope\?/))
  const shapes: readonly (readonly [NamedCapture, unknown, string])[] = [
    [capture('a', 'scalar', 'i32'), Int32Array.of(1, 2), '[1]'],
    [capture('a', 'perHead', 'f32'), new Float32Array(3), '[heads] = [2]'],
    [capture('a', 'perSequence', 'i32'), new Int32Array(2), '[sequences] = [3]'],
    [capture('a', 'perToken', 'i32'), new Int32Array(3), '[rows] = [5] or [last offset] = [4]'],
    [capture('a', 'table', 'f32', { perHead: true }), new Float32Array(5), '[heads, length], a multiple of 2'],
  ]
  test.each(shapes)('wrong shape %j', (c, value, shape) => expect(given(c, value)).toMatch(new RegExp(`SR5012[^]*${shape.replace(/[[\]]/g, '\\$&')}`)))
  test('wrong dtype', () => {
    expect(given(capture('a', 'perHead', 'f32'), new Int32Array(2))).toContain('SR5013: The capture a is a Int32Array; it is declared f32')
    expect(given(capture('a', 'perHead', 'i32'), Float32Array.of(1, 2))).toContain('SR5013')
    expect(given(capture('a', 'perSequence', 'i32'), [1, 2, 3])).toContain('SR5013: The capture a is a Array')
    expect(given(capture('a', 'perHead', 'f32'), 3)).toContain('SR5013: The capture a is a number')
    expect(given(capture('a', 'scalar', 'i32'), '7')).toContain('SR501')
  })
  test('a fraction for an integer', () => {
    expect(given(capture('a', 'scalar', 'i32'), 1.5)).toContain('SR5014: The capture a is i32; 1.5')
    expect(given(capture('a', 'scalar', 'i32'), 2 ** 31)).toContain('SR5014')
    expect(given(capture('a', 'perHead', 'i32'), Float32Array.of(1, 2.5))).toContain('SR5014: The capture a is i32; 2.5')
  })
  test('an empty table', () => expect(given(capture('a', 'table', 'f32'), new Float32Array(0))).toContain('SR5015'))

  test('packed one after another by dtype, in the order of declaration', () => {
    const captures = [
      capture('t', 'table', 'f32', { perHead: true }), capture('n', 'perSequence', 'i32'), capture('w', 'scalar', 'i32', { default: 9 }),
      capture('s', 'perHead', 'f32'), capture('p', 'perToken', 'i32'), capture('alpha', 'scalar', 'f32'),
    ]
    const manifest = manifestOf({ captures, smScale: { kind: 'capture', name: 'alpha' } })
    const job = prepareAttention(manifest, inputs({
      captures: { t: Float32Array.of(1, 2, 3, 4, 5, 6), n: Int32Array.of(7, 8, 9), s: Float32Array.of(10, 11), p: Int32Array.of(1, 2, 3, 4, 5), alpha: 0.1 },
      seqOffsets: BigInt64Array.of(0n, 2n, 2n, 4n),
    })).job!
    expect(job.params).toEqual({
      num_sequences: 3, num_heads: 2, head_group: 1, num_rows: 5, kv_rows: 5, max_tiles: 1 + 3 + 1, offset_words: 2, kv_offset_words: 2, query_rows: 0, layout_flags: 0,
      q_row_stride: 8, q_head_stride: 4, k_row_stride: 8, k_head_stride: 4, v_row_stride: 8, v_head_stride: 4, out_row_stride: 8, out_head_stride: 4, lse_row_stride: 2, lse_head_stride: 1,
      sm_scale: Math.fround(0.1), w: 9, base_t: 0, length_t: 3, base_n: 0, base_s: 6, base_p: 3, base_kv_p: 3,
    })
    expect([...new Float32Array(job.buffers.captures_f32!.buffer)]).toEqual([1, 2, 3, 4, 5, 6, 10, 11])
    expect([...new Int32Array(job.buffers.captures_i32!.buffer)]).toEqual([7, 8, 9, 1, 2, 3, 4, 5])
    expect(job.buffers.seq_offsets!.length).toBe(32)
  })
})

describe('tensors and counts', () => {
  const refused: readonly (readonly [string, Partial<AttentionInputs>, string])[] = [
    ['a short k', { k: new Float32Array(39) }, 'SR5020: k has 39 elements; k [5, 2, 4] has 40'],
    ['a long v', { v: new Float32Array(80) }, 'SR5020: v has 80'],
    ['half bits for f32', { q: new Uint16Array(40) }, 'SR5021: q is a Uint16Array; this kernel takes f32'],
    ['doubles', { q: new Float64Array(40) as never }, 'SR5021'],
    ['negative heads', { heads: -1 }, 'SR5022: heads is -1'],
    ['half a row', { rows: 2.5 }, 'SR5022: rows is 2.5'],
  ]
  test.each(refused)('%s', (_name, over, message) => expect(thrown(() => prepareAttention(manifestOf(), { ...inputs(), ...over }))).toContain(message))
  test('lse of a kernel without one', () => expect(thrown(() => prepareAttention(manifestOf({ lse: false }), inputs({ lse: true })))).toContain('SR5023'))
  test('too many workgroups for one launch', () =>
    expect(thrown(() => prepareAttention(manifestOf({ headDim: 0, blockM: 1 }), { rows: 2 ** 22, heads: 1024, q: new Float32Array(0), k: new Float32Array(0), v: new Float32Array(0), seqOffsets: Int32Array.of(0) }))).toContain('SR5024'))
})

describe('zero sizes', () => {
  test('no rows, no heads, no dim: nothing is launched, outputs have their shapes', () => {
    for (const [rows, heads, headDim, offsets] of [[0, 2, 4, [0, 0]], [5, 0, 4, [0, 5]], [5, 2, 0, [0, 5]], [0, 2, 4, [0]]] as const) {
      const prepared = prepareAttention(manifestOf({ headDim }), inputs({ rows, heads, q: new Float32Array(0), k: new Float32Array(0), v: new Float32Array(0), seqOffsets: Int32Array.from(offsets) }))
      expect(prepared.job).toBe(null)
      const { out, lse } = readAttention(prepared, null)
      expect([out.length, lse!.length]).toEqual([0, rows * heads])
      expect([...lse!].every((x) => x === -Infinity)).toBe(true)
    }
  })
  test('B = 0 with rows launches, and empty capture buffers still hold one element', () => {
    const job = prepareAttention(manifestOf({ captures: [capture('n', 'perSequence', 'i32')] }), inputs({ seqOffsets: Int32Array.of(0), captures: { n: new Int32Array(0) } })).job!
    expect(job.params.num_sequences).toBe(0)
    expect(job.buffers.captures_i32!.length).toBe(4)
  })
})

describe('guards', () => {
  const manifest = manifestOf({ dtype: 'bf16', headDim: 3 })
  const odd = { q: new Uint16Array(15), k: new Uint16Array(15), v: new Uint16Array(15), rows: 5, heads: 1, seqOffsets: Int32Array.of(0, 5) }
  const prepared = () => prepareAttention(manifest, odd, { canary: 16, poison: true })
  const resultOf = (p: ReturnType<typeof prepared>, change: (buffers: Record<string, Uint8Array>) => void = () => {}) => {
    const buffers = Object.fromEntries(Object.entries(p.job!.buffers).map(([n, b]) => [n, b!.slice()]))
    buffers.out!.fill(0, 0, 30)
    buffers.lse!.fill(0, 0, 20)
    change(buffers)
    return { buffers, times: [], findings: [] }
  }
  test('a clean run passes', () => {
    const p = prepared()
    expect([...checkCanaries(p, resultOf(p)), ...checkPoison(p, resultOf(p)), ...checkInputs(p, resultOf(p))]).toEqual([])
  })
  test('one element past an odd 16-bit tensor is seen, in any buffer', () => {
    const p = prepared()
    expect(checkCanaries(p, resultOf(p, (b) => (b.out![30] = 0)))).toEqual(['out: byte 0 after its 30 bytes was overwritten'])
    for (const name of Object.keys(p.job!.buffers)) expect(checkCanaries(p, resultOf(p, (b) => (b[name]!.fill(0, b[name]!.length - 1))))).toHaveLength(1)
    expect(checkCanaries(p, resultOf(p, (b) => delete b.q))).toEqual(['q was not read back'])
  })
  test('an element that was not written is named', () => {
    const p = prepared()
    const stale = resultOf(p, (b) => { b.out!.set(p.job!.buffers.out!.subarray(14, 16), 14); b.lse!.set(p.job!.buffers.lse!.subarray(8, 12), 8) })
    expect(checkPoison(p, stale)).toEqual(['out was not written at row 2, head 0, dim 1', 'lse was not written at row 2, head 0'])
  })
  test('a changed input is named', () => {
    const p = prepared()
    expect(checkInputs(p, resultOf(p, (b) => (b.k![3] = 1)))).toEqual(['k: byte 3 of an input changed'])
  })
  test('every padding byte is NaN to a kernel that reads it', () => {
    const p = prepared()
    const tail = p.job!.buffers.q!.subarray(32)
    expect([...new Float32Array(tail.slice().buffer)].every(Number.isNaN)).toBe(true)
    expect([...new Uint16Array(tail.slice().buffer)].every((b) => (b & 0x7f80) === 0x7f80 && (b & 0x7c00) === 0x7c00 && (b & 0x7f) !== 0)).toBe(true)
  })
})
