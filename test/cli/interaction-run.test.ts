import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { capacitiesOf } from '../../cli/interaction/lengths.ts'
import { sizedAxes } from '../../cli/interaction/problem.ts'
import { outputGradient, taskOf } from '../../cli/interaction/task.ts'
import { resolveAny, resolveChains, resolveInteractions } from '../../cli/resolve.ts'
import { interactionInputs, offsetsName, shapeOf } from '../../cli/safetensors/interaction.ts'
import { readSafetensors } from '../../cli/safetensors/read.ts'
import type { Tensor } from '../../cli/safetensors/types.ts'
import { formatSafetensors } from '../../cli/safetensors/write.ts'
import { shippedChains, shippedInteractions } from '../../cli/shipped.ts'
import type { LoadedChain, LoadedInteraction } from '../../codegen/frontend/index.ts'
import { axisOf, elementCount } from '../../codegen/ir/interaction/index.ts'
import { isMove } from '../../codegen/lower/interaction/index.ts'
import { runProgram as referenceProgram } from '../../reference/interaction/index.ts'
import { decode, encode, fromBytes } from '../../runtime/dtypes.ts'
import { drawInteractionCase, type InteractionCase, type InteractionShape } from '../../verify/interaction/index.ts'
import { fittedTo, kernelSteps } from '../../cli/interaction/gradient.ts'
import { rngOf } from '../../verify/random/rng.ts'
import { inProcess } from './in-process.ts'
import { folder } from './program.ts'

const hasCompiler = spawnSync('g++', ['--version']).status === 0
if (!hasCompiler) console.log('skipped: cuda-cpu cases of `run` of interactions, because g++ is not on this machine')

const bytes = (a: ArrayBufferView): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)
const fileDtypes = { f32: 'F32', f16: 'F16', bf16: 'BF16', i32: 'I32' } as const

type Of = LoadedInteraction | LoadedChain
const array = (a: Int32Array | Float32Array, shape: readonly number[] = [a.length]): Tensor => ({ dtype: a instanceof Int32Array ? 'I32' : 'F32', shape, bytes: bytes(a) })

/** A drawn launch as the tensors of a file, and what else the command line has to say. */
const drawn = (loaded: Of, shape: Partial<InteractionShape> = {}, gradient?: string) => {
  const task = taskOf(loaded, gradient)
  const { x } = task
  const sizes = shape.sizes ?? Object.fromEntries(sizedAxes(x).map((axis, i) => [axis, 5 + i]))
  const dtype = shape.dtype ?? 'f32'
  const c = drawInteractionCase(3, x, { sequences: 4, maxLength: 9, ...shape, dtype, sizes })
  const tensors: Record<string, Tensor> = {}
  for (const t of task.given) {
    const type = t.dtype === 'element' ? dtype : t.dtype
    const rng = rngOf('d_out')
    const bits = c.inputs.tensors[t.tensor] ?? encode(type as 'f32', Float64Array.from({ length: elementCount(x, c.extent, outputGradient(x)) }, rng.normal))
    tensors[t.tensor] = { dtype: fileDtypes[type], shape: shapeOf(x, c.extent, t), bytes: bytes(bits) }
  }
  for (const [axis, o] of Object.entries(c.inputs.offsets!)) if (!axisOf(x, axis).length) tensors[offsetsName(axis)] = { dtype: o instanceof BigInt64Array ? 'I64' : 'I32', shape: [o.length], bytes: bytes(o) }
  for (const [name, value] of Object.entries(c.inputs.captures ?? {})) tensors[name] = array(typeof value === 'number' ? (x.captures.find((k) => k.name === name)!.dtype === 'i32' ? Int32Array.of(value) : Float32Array.of(value)) : (value as Int32Array))
  return { task, c, tensors, said: { sizes: { ...sizes, ...c.inputs.sizes, ...c.inputs.batches }, capacities: capacitiesOf(x, c.inputs.capacities) } }
}

const numbers = (o: Readonly<Record<string, ArrayLike<number | bigint>>> = {}) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k, Array.from(v, Number)]))

describe('a file holds a launch', () => {
  it('of every shipped interaction and chain, in every dtype it has: tensors, offsets, captures and sizes come back', async () => {
    const all: readonly Of[] = [...(await resolveInteractions(shippedInteractions)), ...(await resolveChains(shippedChains))]
    for (const loaded of all) {
      for (const dtype of ['f32', 'f16', 'bf16', ...('interaction' in loaded && isMove(loaded.interaction) ? (['i32'] as const) : [])] as const) {
        const { task, c, tensors, said } = drawn(loaded, { dtype })
        const file = interactionInputs(new Map(Object.entries(tensors)), task, 'in.safetensors', said)
        if (task.given.some((t) => t.dtype === 'element')) expect(file.dtype, task.name).toBe(dtype)
        expect({ ...file.inputs, offsets: numbers(file.inputs.offsets as never) }, task.name).toMatchObject({ offsets: numbers(c.inputs.offsets as never), captures: Object.fromEntries(Object.entries(c.inputs.captures!).map(([k, v]) => [k, typeof v === 'number' ? Math.fround(v) : v])), sizes: c.inputs.sizes })
        for (const name of task.needed) expect(file.inputs.tensors[name], `${task.name} ${name}`).toEqual(c.inputs.tensors[name])
        expect(file.ignored).toEqual([])
        expect(c.inputs.capacities, task.name).toMatchObject(Object.fromEntries(Object.entries(file.inputs.capacities!).filter(([n]) => n in c.inputs.capacities!)))
      }
    }
  })
})

const largestError = (got: ArrayLike<number>, want: ArrayLike<number>): number => {
  let worst = got.length === want.length ? 0 : Infinity
  for (let i = 0; i < want.length; i++) if (got[i] !== want[i]) worst = Math.max(worst, Number.isFinite(got[i]!) ? Math.abs(got[i]! - want[i]!) : Infinity)
  return worst
}

const write = (tensors: Readonly<Record<string, Tensor>>) => {
  const dir = folder()
  writeFileSync(join(dir, 'in.safetensors'), formatSafetensors(tensors))
  return { dir, files: ['--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors')] }
}

/** What the definition gives over a drawn launch, in f64. */
const expected = ({ task, c, tensors }: ReturnType<typeof drawn>): ArrayLike<number> => {
  const d = tensors.d_out
  const { dtype } = c.shape
  const values = d && decode(dtype as 'f32', fromBytes(dtype as 'f32', Uint8Array.from(d.bytes), d.bytes.length / (dtype === 'f32' ? 4 : 2)))
  return Object.values(referenceProgram(task.program, { ...c.data, tensors: { ...c.data.tensors, ...(values && { d_out: values }) } }))[0]!
}

const runs: readonly (readonly [ref: string, target: string, shape: Partial<InteractionShape>, gradient: string | undefined, allowed: number])[] = [
  ['jagged_dense_bmm', 'wgsl', {}, undefined, 1e-4], ['slice', 'wgsl', { dtype: 'i32' }, undefined, 0], ['jagged_jagged_bmm_jagged_out', 'wgsl', {}, undefined, 1e-4],
  ['norm_then_mul', 'wgsl', {}, undefined, 1e-4], ['offsets_of_lengths', 'wgsl', {}, undefined, 0], ['layer_norm', 'wgsl', {}, 'weight', 1e-3], ['jagged_index_select', 'wgsl', {}, 'x', 1e-4],
  ...(hasCompiler ? ([['jagged_softmax', 'cuda-cpu', { dtype: 'bf16' }, undefined, 0.02], ['jagged_dense_bmm', 'cuda-cpu', {}, 'w', 1e-4]] as const) : []),
]

describe('run', () => {
  it.each(runs)('%s on %s %j, gradient %s', async (ref, target, shape, gradient, allowed) => {
    const made = drawn((await resolveAny(ref)) as Of, shape, gradient)
    const { task, c, said } = made
    const { dir, files } = write(made.tensors)
    const capacities = Object.entries(said.capacities).map(([k, v]) => `${k}=${v}`).join(',')
    const { code, json, text } = await inProcess('run', ref, '--target', target, ...files, ...(capacities ? ['--capacities', capacities] : []), ...(gradient ? ['--gradient', gradient] : []))
    expect({ code, error: json.error }).toEqual({ code: 0, error: undefined })
    const { dtype } = c.shape
    const out = readSafetensors(join(dir, 'out.safetensors'))
    expect(json).toMatchObject({ name: task.name, target, dtype, tensors: [...out].map(([name, t]) => ({ name, dtype: t.dtype, shape: t.shape })), ignored: expect.any(Array) })
    const { program } = fittedTo(task.program, { target: target === 'wgsl' ? 'wgsl' : 'cuda', dtype, sizes: c.shape.sizes, precision: 'ieee' })
    expect(json.schedules.length).toBe(kernelSteps(program).length)
    expect(text).toContain(gradient ? `gradient of ${gradient}` : ref)
    const got = out.get(task.writes)!
    expect(got.shape.slice(1)).toEqual(shapeOf(task.x, c.extent, task.result).slice(1))
    const values = got.dtype === 'I32' ? new Int32Array(Uint8Array.from(got.bytes).buffer) : decode(dtype as 'f32', fromBytes(dtype as 'f32', Uint8Array.from(got.bytes), got.bytes.length / (dtype === 'f32' ? 4 : 2)))
    // Rows past the last offset, where no input has them, are not written.
    const want = Array.from(expected(made))
    expect(largestError(values, want.slice(0, values.length))).toBeLessThanOrEqual(allowed)
    expect(want.slice(values.length).every((v) => v === 0)).toBe(true)
    expect(out.has('offsets.l')).toBe(ref === 'slice')
  })
})

const i32 = (...values: number[]): Tensor => array(Int32Array.from(values))
const f32 = (...shape: number[]): Tensor => ({ dtype: 'F32', shape, bytes: new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)) })

describe('edges of run', () => {
  it('no sequences, and sizes of 0', async () => {
    for (const [x, w, offsets] of [[f32(0, 4), f32(0, 4, 3), i32(0)], [f32(5, 0), f32(2, 0, 3), i32(0, 2, 5)]] as const) {
      const { dir, files } = write({ x, w, 'offsets.l': offsets })
      expect((await inProcess('run', 'jagged_dense_bmm', ...files)).json).toMatchObject({ ok: true, tensors: [{ name: 'out', dtype: 'F32', shape: [x.shape[0], 3] }] })
      expect([...readSafetensors(join(dir, 'out.safetensors')).get('out')!.bytes].every((b) => b === 0)).toBe(true)
    }
  })

  it('a gradient needs the values of what its steps read alone, and rows of what lies beside them', async () => {
    const d_out = array(Float32Array.of(1, 2, 3, 4), [2, 2])
    const { dir, files } = write({ d_out, 'offsets.l': i32(0, 1, 3) })
    expect((await inProcess('run', 'jagged_sum', ...files, '--gradient', 'x')).json).toMatchObject({ ok: true, tensors: [{ name: 'd_x', shape: [3, 2] }] })
    expect([...new Float32Array(Uint8Array.from(readSafetensors(join(dir, 'out.safetensors')).get('d_x')!.bytes).buffer)]).toEqual([1, 2, 3, 4, 3, 4])
    const more = write({ d_out, x: f32(4, 2), 'offsets.l': i32(0, 1, 3), note: f32(1) })
    const { json, notes } = await inProcess('run', 'jagged_sum', ...more.files, '--gradient', 'x')
    expect(json).toMatchObject({ ok: true, tensors: [{ name: 'd_x', shape: [4, 2] }], ignored: ['x', 'note'] })
    expect(notes).toEqual(['not read by jagged_sum: x, note'])
  })

  it('a capacity is the longest sequence unless it is said', async () => {
    const tensors = { x: array(Float32Array.of(1, 2, 3), [3, 1]), 'offsets.l': i32(0, 1, 3) }
    for (const [options, shape] of [[[], [2, 2, 1]], [['--capacities', 'l=3'], [2, 3, 1]]] as const) {
      const { files } = write(tensors)
      expect((await inProcess('run', 'jagged_to_padded', ...files, ...options)).json).toMatchObject({ ok: true, tensors: [{ shape }] })
    }
  })
})

describe('bad input of run: a coded error, exit 2, no output', () => {
  const bmm = { x: f32(8, 4), w: f32(2, 4, 3), 'offsets.l': i32(0, 3, 8) }
  const cases: readonly (readonly [what: string, line: string, tensors: Record<string, Tensor | undefined>, code: string, sees: RegExp])[] = [
    ['no input', 'jagged_dense_bmm', { ...bmm, w: undefined }, 'SR8031', /no tensor w/],
    ['no offsets', 'jagged_dense_bmm', { ...bmm, 'offsets.l': undefined }, 'SR8031', /no tensor offsets\.l/],
    ['no d_out of a gradient', 'jagged_dense_bmm --gradient w', bmm, 'SR8031', /no tensor d_out/],
    ['a slip in a name', 'jagged_dense_bmm', { ...bmm, 'offset.l': i32(0, 3, 8) }, 'SR8034', /offset\.l/],
    ['integers where elements are computed', 'jagged_dense_bmm', { ...bmm, x: { ...f32(8, 4), dtype: 'I32' }, w: { ...f32(2, 4, 3), dtype: 'I32' } }, 'SR3011', /jagged_dense_bmm/],
    ['doubles', 'jagged_sum', { x: { dtype: 'F64', shape: [2, 2], bytes: new Uint8Array(32) }, 'offsets.l': i32(0, 2) }, 'SR8032', /x is F64/],
    ['another dtype', 'jagged_dense_bmm', { ...bmm, w: { dtype: 'F16', shape: [2, 4, 3], bytes: new Uint8Array(48) } }, 'SR8032', /w is F16.*F32, as x is/s],
    ['a key that does not fit', 'jagged_index_select', { x: f32(8, 4), 'offsets.m': i32(0, 3, 8), ids: { dtype: 'I64', shape: [1], bytes: bytes(BigInt64Array.of(2n ** 40n)) } }, 'SR8032', /ids is I64 and holds 1099511627776/],
    ['too few dimensions', 'jagged_dense_bmm', { ...bmm, x: f32(32) }, 'SR8033', /x has the shape \[32\]; \[rows of l, d\]/],
    ['sizes that differ', 'jagged_dense_bmm', { ...bmm, w: f32(2, 5, 3) }, 'SR8033', /w has the shape \[2,5,3\]; \[2,4,3\].*d as x says/s],
    ['other sequences', 'jagged_dense_bmm', { ...bmm, w: f32(3, 4, 3) }, 'SR8033', /w has the shape \[3,4,3\]; \[2,4,3\].*b as offsets\.l says/s],
    ['another size than the command line says', 'jagged_dense_bmm --sizes d=5', bmm, 'SR8033', /x has the shape \[8,4\]; \[8,5\].*d as --sizes says/s],
    ['a size of no axis', 'jagged_dense_bmm --sizes z=5', bmm, 'SR8062', /--sizes for z/],
    ['offsets that go down', 'jagged_dense_bmm', { ...bmm, 'offsets.l': i32(0, 6, 4) }, 'SR5004', /offsets\.l goes down/],
    ['offsets past the rows', 'jagged_dense_bmm', { ...bmm, 'offsets.l': i32(0, 3, 9) }, 'SR5005', /offsets\.l ends at 9, past the 8 packed rows of x/],
    ['axes of different sequences', 'concat', { left: f32(2, 1), right: f32(2, 1), 'offsets.i': i32(0, 2), 'offsets.j': i32(0, 1, 2) }, 'SR5053', /offsets\.i counts 1/],
    ['a capture that is not given', 'slice', { x: f32(3, 1), 'offsets.m': i32(0, 3), start: i32(0) }, 'SR5010', /count of slice/],
    ['a capture of another length', 'slice', { x: f32(3, 1), 'offsets.m': i32(0, 3), start: i32(0), count: i32(1, 2) }, 'SR8033', /count has the shape \[2\]; \[1\]/],
    ['heads of an interaction', 'jagged_dense_bmm --align end', bmm, 'SR8060', /--align/],
    ['sizes of attention', 'causal --sizes d=3', bmm, 'SR8060', /--sizes/],
    ['a gradient of no input', 'jagged_dense_bmm --gradient v', bmm, 'SR8063', /gradient of v/],
    ['tf32 of a reduction', 'jagged_sum --precision tf32', { x: f32(3, 1), 'offsets.l': i32(0, 3) }, 'SR8060', /tf32/],
  ]
  it.each(cases)('%s', async (_what, line, tensors, code, sees) => {
    const { dir, files } = write(Object.fromEntries(Object.entries(tensors).filter((e): e is [string, Tensor] => e[1] !== undefined)))
    const [ref, ...options] = line.split(' ')
    const { code: exit, json } = await inProcess('run', ref!, ...files, ...options)
    expect({ exit, error: json.error?.code }, json.error?.message).toEqual({ exit: 2, error: code })
    expect(`${json.error.message} ${json.error.fix}`).toMatch(sees)
    expect(`${json.error.message} ${json.error.fix}`).not.toMatch(/\{\w+\}|undefined/)
    expect(readdirSync(dir)).toEqual(['in.safetensors'])
  })

  it('a size that nothing says, where a step needs it', async () => {
    const { dir, files } = write({ x: array(Float32Array.of(1, 2)), 'offsets.l': i32(0, 2) })
    writeFileSync(join(dir, 'spread.ts'), "import { defineInteraction, jagged } from 'serrate'\nexport const spread = defineInteraction({ name: 'spread', inputs: { x: jagged('l') }, output: jagged('l', 'k'), value: ({ x }) => x })\n")
    const { code, json } = await inProcess('run', join(dir, 'spread.ts'), ...files)
    expect({ code, error: json.error }).toMatchObject({ code: 2, error: { code: 'SR5050', message: expect.stringContaining('--sizes k=N is not given'), fix: 'Pass --sizes k=N: a whole number.' } })
    expect((await inProcess('run', join(dir, 'spread.ts'), ...files, '--sizes', 'k=3')).json).toMatchObject({ ok: true, tensors: [{ shape: [2, 3] }] })
    const less = write({ d_out: f32(2, 3), 'offsets.l': i32(0, 2), alpha: array(Float32Array.of(2)), numTargets: i32(0) })
    expect((await inProcess('run', 'position_timestamp_encoder', ...less.files, '--gradient', 'x')).json).toMatchObject({ ok: true, tensors: [{ name: 'd_x', shape: [2, 3] }] })
  })
})
