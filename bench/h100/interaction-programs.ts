/**
 * Times interactions and their derived gradients on this machine's GPU: `node bench/h100/interaction-programs.ts --device cuda|webgpu [--names a,b] [--dtypes bf16,f32]
 * [--B 1024 --N 512 --D 128 --K 64] [--set lanes=64,keep=8] [--set-gradient lanes=64] [--no-gradients] [--unsafe] [--out rows.json]`. `--set` replaces fields of the forward kernel's default schedule, `--set-gradient` of each step of the gradient, where it can run so. Every kernel is checked on small cases first, by the tolerance rule. Forward and each step of the gradient: median ms of
 * the device's own clock; GB/s counts each tensor a kernel binds once. On WebGPU a plain copy kernel of the same run is the ceiling; `--unsafe` switches Dawn's robustness off.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fusedGradients } from '../../codegen/fuse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import { batchCount, elementCount, type Interaction, type InteractionExtent, type InteractionProgram, type InteractionSchedule, kernelsOf, ownerOf } from '../../codegen/ir/interaction/index.ts'
import { fitProgram } from '../../codegen/lower/interaction/index.ts'
import { defaultInteractionSchedule, nestFor, refusedSchedule } from '../../codegen/lower/interaction/bind.ts'
import type { Device } from '../../runtime/device.ts'
import { encode } from '../../runtime/dtypes.ts'
import { deriveOffsets, type ElementBits, type InteractionInputs, runProgram } from '../../runtime/interaction/index.ts'
import { offsetsOf, type SeqOffsets } from '../../runtime/offsets.ts'
import { copyTime } from '../../tune/interaction/copy.ts'
import { limitsOf } from '../../tune/limits.ts'
import { compileProgram, distinct, drawProgramCase, inputsOfProgram, verifyProgram } from '../../verify/interaction/index.ts'
import { rngOf } from '../../verify/random/rng.ts'

const NAMES = [
  'jagged_dense_bmm', 'jagged_dense_bmm_add', 'jagged_dense_bmm_shared', 'jagged_jagged_bmm', 'dot_interaction_dense', 'dcn_cross', 'factorisation_machine', 'jagged_softmax', 'jagged_sum', 'jagged_mean', 'jagged_max', 'layer_norm', 'rms_norm',
  'rms_norm_silu', 'swish_layer_norm', 'layer_norm_sequence', 'jagged_to_padded', 'padded_to_jagged', 'concat', 'slice', 'jagged_index_select', 'jagged_jagged_mul', 'jagged_dense_add', 'jagged_broadcast_add',
]
const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'cuda' }, names: { type: 'string', default: NAMES.join(',') }, dtypes: { type: 'string', default: 'bf16,f32' }, B: { type: 'string', default: '1024' }, N: { type: 'string', default: '512' }, D: { type: 'string', default: '128' }, K: { type: 'string', default: '64' },
    'no-gradients': { type: 'boolean', default: false }, unsafe: { type: 'boolean', default: false }, software: { type: 'boolean', default: false }, iterations: { type: 'string', default: '15' }, set: { type: 'string', default: '' }, 'set-gradient': { type: 'string', default: '' }, out: { type: 'string' },
  },
})
const [B, N, D, K] = [values.B, values.N, values.D, values.K].map(Number) as [number, number, number, number]

const fieldsOf = (text: string): Readonly<Record<string, number>> => Object.fromEntries(text.split(',').filter((s) => s).map((s) => [s.split('=')[0]!, Number(s.split('=')[1])]))
const textOf = (fields: Readonly<Record<string, number>>): string => Object.entries(fields).map(([field, value]) => `${field}=${value}`).join(' ')
const set = fieldsOf(values.set), setGradient = fieldsOf(values['set-gradient'])
const setText = [textOf(set), ...(values['set-gradient'] ? [`gradient ${textOf(setGradient)}`] : [])].filter((s) => s).join('; ')

const open = async (): Promise<Device> => {
  if (values.device === 'cuda') return (await import('../../runtime/cuda/index.ts')).openCuda({})
  return (await import('../../runtime/webgpu/index.ts')).openWebGpu({ prefer: values.software ? 'software' : 'gpu', ...(values.unsafe && { toggles: { enable: ['disable_robustness'] } }) })
}
const device = await open()
const limits = limitsOf(device.info)
console.log(`${device.info.name}; B ${B}, N ${N}, D ${D}, K ${K}; robustness ${values.unsafe ? 'off' : 'on'}${setText && `; set ${setText}`}`)

const PERIOD = 1 << 20
const repeated = (length: number, make: (n: number) => ElementBits): ElementBits => {
  const period = make(Math.min(length, PERIOD))
  const all = new (period.constructor as new (n: number) => ElementBits)(length)
  for (let at = 0; at < length; at += period.length) all.set(period.subarray(0, Math.min(period.length, length - at)) as never, at)
  return all
}

const lengths = (() => { const rng = rngOf('lengths'); return Array.from({ length: B }, () => rng.int(1, N)) })()
const own = (x: Interaction, kind: string) => x.axes.filter((a) => a.kind === kind && a.like === a.name)
const sizesOf = (x: Interaction): Readonly<Record<string, number>> => Object.fromEntries(own(x, 'dense').filter((a) => !a.index).map((a) => [a.name, a.name === 'k' ? K : a.name === 'f' ? 27 : D]))

/** Inputs of a whole program: every jagged axis with uniform lengths up to N. */
const inputsOf = (x: Interaction, dtype: Dtype, sizes: Readonly<Record<string, number>>): InteractionInputs => {
  const batches = Object.fromEntries(own(x, 'batch').map((a) => [a.name, B]))
  const given = Object.fromEntries(own(x, 'jagged').filter((a) => !a.length).map((a) => [a.name, offsetsOf(lengths) as SeqOffsets]))
  const captures = Object.fromEntries(x.captures.map((c) => { const v = c.range?.[1] ?? c.default ?? (c.dtype === 'i32' ? 2 : 0.5); return [c.name, c.kind === 'scalar' ? v : c.dtype === 'i32' ? new Int32Array(B).fill(v) : new Float32Array(B).fill(v)] }))
  const all = { ...sizes, ...Object.fromEntries(own(x, 'dense').filter((a) => a.index).map((a) => [a.name, 1024])) }
  const capacities = Object.fromEntries(own(x, 'jagged').map((a) => [a.name, N]))
  const keys = Int32Array.from({ length: B }, (_, i) => Math.imul(i, 7919) % B)
  const offsets = deriveOffsets(x, given, { batches, sizes: all, captures, capacities, tensors: Object.fromEntries(x.inputs.filter((t) => t.dtype === 'i32').map((t) => [t.tensor, keys])) })
  const extent: InteractionExtent = { offsets: Object.fromEntries(Object.entries(offsets).map(([n, o]) => [n, Array.from(o as Int32Array, Number)])), batches, capacities, sizes: all }
  const tensors = Object.fromEntries(distinct(x).map((t) => {
    const count = elementCount(x, extent, t)
    const rng = rngOf(t.tensor)
    return [t.tensor, t.dtype === 'i32' ? repeated(count, (n) => Int32Array.from({ length: n }, () => rng.int(0, B - 1))) : repeated(count, (n) => encode(t.dtype === 'f32' ? 'f32' : dtype, Float64Array.from({ length: n }, () => rng.next() * 2 - 1)))]
  }))
  return { tensors, offsets, batches: Object.fromEntries(Object.keys(batches).map((n) => [n, batchCount(x, extent, n)])), capacities, sizes: Object.fromEntries(Object.entries(all).filter(([n]) => sizes[n] === undefined)), captures }
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!
const rows: object[] = []
/** The default schedule with the given fields that it has; none where that cannot run, which is printed. */
const scheduleOf = (x: Interaction, dtype: Dtype, fields: Readonly<Record<string, number>>): InteractionSchedule | undefined => {
  const problem = { dtype, sizes: sizesOf(x) }
  const { target } = device.info
  const usual = defaultInteractionSchedule(target, x, problem, limits)
  const known = Object.fromEntries(Object.entries(fields).filter(([field]) => field in usual.values))
  if (!Object.keys(known).length) return undefined
  const schedule = { ...usual, values: { ...usual.values, ...known } }
  const why = refusedSchedule(nestFor(target, x), schedule.values, x, problem, limits)
  if (why) console.log(`${x.name} ${dtype}: the default in place of ${textOf(fields)}: ${why.message}`)
  return why ? undefined : schedule
}
const timing = { warmup: 2, warmMs: 400, iterations: Number(values.iterations) }

/** Milliseconds of each step, after the program was right on two small cases. */
const timed = async (program: InteractionProgram, dtype: Dtype, gradient: boolean): Promise<Readonly<Record<string, number>>> => {
  const x = inputsOfProgram(program)
  const sizes = sizesOf(x)
  const { program: fitted } = fitProgram(program, device.info.target, (x) => ({ dtype, sizes: sizesOf(x) }), limits)
  const schedules = Object.fromEntries(fitted.steps.flatMap((s) => { const own = s.kind === 'kernel' && scheduleOf(s.interaction, dtype, gradient ? setGradient : set); return own ? [[s.writes, own]] : [] }))
  const made = await compileProgram(device, program, dtype, sizes, limits, schedules)
  for (const seed of [1, 2]) {
    const problems = await verifyProgram(device, made, drawProgramCase(seed, program, { dtype, sizes, sequences: 5, maxLength: 40 }), gradient)
    if (problems.length) throw new Error(`wrong: ${problems[0]}`)
  }
  const run = await runProgram(made.program, made.kernels, inputsOf(x, dtype, sizes), { timing, device: device.info })
  for (const { compiled } of Object.values(made.kernels)) compiled.dispose()
  return Object.fromEntries(Object.entries(run.steps).map(([name, { times }]) => [name, median(times)]))
}

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const bytesOf = (x: Interaction, dtype: Dtype): number => {
  const sizes = sizesOf(x)
  const { tensors, offsets, batches, capacities } = inputsOf(x, dtype, sizes)
  const bytes = Object.values(tensors).reduce((n, t) => n + t.byteLength, 0)
  const extent: InteractionExtent = { offsets: Object.fromEntries(Object.entries(offsets!).map(([n, o]) => [n, Array.from(o as Int32Array, Number)])), batches: batches!, capacities: capacities!, sizes }
  return bytes + elementCount(x, extent, x.output) * (x.output.dtype !== 'element' || dtype === 'f32' ? 4 : 2)
}

if (values.device === 'webgpu') {
  const { ms, gbps: gbs } = await copyTime(device, 67 << 20, timing)
  rows.push({ copy: true, ms, gbs })
  console.log(`copy of 67 MiB: ${ms.toFixed(4)} ms, ${gbs.toFixed(0)} GB/s`)
}
for (const dtype of values.dtypes.split(',') as Dtype[]) {
  for (const name of values.names.split(',')) {
    const { interaction: x, overrides } = interactions.find((i) => i.exportName === name)!
    try {
      const forward = await timed({ name, steps: [{ kind: 'kernel', writes: 'out', interaction: x }], results: { out: 'out' } }, dtype, false)
      const gbs = bytesOf(x, dtype) / forward.out! / 1e6
      const program = values['no-gradients'] ? undefined : fusedGradients(x, overrides)
      const steps = program?.steps.length ? await timed(program, dtype, true) : undefined
      const backward = steps && Object.values(steps).reduce((a, b) => a + b, 0)
      rows.push({ name, dtype, forwardMs: forward.out, gbs, ...(backward !== undefined && { backwardMs: backward, ratio: backward / forward.out!, steps }) })
      console.log(`${name.padEnd(26)} ${dtype.padEnd(5)} forward ${forward.out!.toFixed(4)} ms ${gbs.toFixed(0).padStart(5)} GB/s${backward === undefined ? '' : `  backward ${backward.toFixed(4)} ms, ${(backward / forward.out!).toFixed(2)}x  ${Object.entries(steps!).map(([k, v]) => `${k} ${v.toFixed(4)}`).join(', ')}`}`)
    } catch (error) {
      rows.push({ name, dtype, failed: String((error as Error).message).split('\n')[0] })
      console.log(`${name.padEnd(26)} ${dtype.padEnd(5)} ${String((error as Error).message).split('\n')[0]!.slice(0, 200)}`)
    }
  }
}
if (values.out) writeFileSync(values.out, JSON.stringify({ device: device.info.name, driver: device.info.driver, B, N, D, K, ...(setText && { set }), robustness: !values.unsafe, rows }, null, 1))
await device.close()
process.exit()
