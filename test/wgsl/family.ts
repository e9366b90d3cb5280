import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import { type AttentionLayout, selfLayout, sequenceViews } from '../../codegen/ir/layout.ts'
import type { Schedule, TemplateName } from '../../codegen/ir/schedule.ts'
import { defaultSchedule } from '../../codegen/compile.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { templates } from '../../codegen/schedule/templates/index.ts'
import type { Limits } from '../../codegen/schedule/types.ts'
import type { Device } from '../../runtime/device.ts'
import { decode, encode, runAttention } from '../../runtime/index.ts'
import { drawCaptures, plainAttention } from './plain.ts'
import { limitsOf } from './shipped.ts'

export interface FamilyCase {
  readonly layout?: Partial<AttentionLayout>
  /** Query lengths (self, jagged), or how many sequences (dense, broadcast). */
  readonly lengths: readonly number[]
  /** Key lengths; default as the queries. */
  readonly kvLengths?: readonly number[]
  readonly queryRows?: number
  readonly kvIndex?: readonly number[]
  readonly heads?: number
  readonly kvHeads?: number
  readonly dtype?: Dtype
  readonly headDim?: number
  readonly valueDim?: number
  readonly i64?: boolean
  /** Rows past the last offset. */
  readonly rest?: number
  readonly lse?: boolean
  readonly schedule?: Readonly<Record<string, number>>
  /** Default: the target's own for the dtype. */
  readonly template?: TemplateName
  /** Overrides of drawn scalars. */
  readonly captures?: Readonly<Record<string, number>>
}

const generator = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) | 0
  return (seed >>> 0) / 2 ** 32
}
const offsets = (lengths: readonly number[]): number[] => lengths.reduce<number[]>((all, n) => [...all, all.at(-1)! + n], [0])
const eps: Readonly<Record<Dtype, number>> = { f32: 2 ** -23, f16: 2 ** -10, bf16: 2 ** -7 }

const deviceLimits = (device: Device): Limits => (device.info.target === 'wgsl' ? limitsOf(device) : targetLimits.cuda)

export const familySchedule = (device: Device, algorithm: LoadedDefinition['algorithm'], problem: Parameters<typeof defaultSchedule>[2], changes: Readonly<Record<string, number>> = {}, template?: TemplateName): Schedule => {
  const limits = deviceLimits(device)
  const base = template ? templates[template].defaults(problem, factsOf(algorithm, problem), limits) : defaultSchedule(device.info.target, algorithm, problem, limits)
  return { template: base.template, values: { ...base.values, ...changes } }
}

/** Runs one launch with canaries and poison; gives the largest error over the tolerance and the counters. Throws when a row differs. */
export const runFamily = async (device: Device, { algorithm, definition }: LoadedDefinition, c: FamilyCase): Promise<{ readonly problems: readonly string[]; readonly executed: number; readonly full: number }> => {
  const { dtype = 'f32', headDim = 16, heads = 2, rest = 0, i64 = false, queryRows = 0 } = c
  const kvHeads = c.kvHeads ?? heads
  const valueDim = c.valueDim ?? headDim
  const layout = { ...selfLayout, ...c.layout, ...(c.kvIndex && { sharedKeys: true }) }
  const packed = layout.queries === 'self' || layout.queries === 'jagged'
  const problem = { ...defaultProblem(algorithm, dtype, headDim), valueDim, ...(c.lse !== undefined && { lse: c.lse }) }
  const seqOffsets = offsets(c.lengths)
  const kvOffsets = layout.queries === 'self' ? seqOffsets : offsets(c.kvLengths ?? c.lengths)
  const extent = { layout, sequences: packed ? c.lengths.length : c.kvIndex?.length ?? kvOffsets.length - 1, seqOffsets, kvOffsets, queryRows, ...(c.kvIndex && { kvIndex: c.kvIndex }) }
  const views = sequenceViews(extent)
  const rows = packed ? seqOffsets.at(-1)! + rest : extent.sequences * queryRows
  const qRows = layout.queries === 'broadcast' ? queryRows : rows
  const kvRows = layout.queries === 'self' ? rows : kvOffsets.at(-1)! + rest
  const random = generator(c.lengths.length * 7919 + headDim)
  const tensor = (n: number) => encode(dtype, Float64Array.from({ length: n }, () => 2 * random() - 1))
  const [q, k, v] = [tensor(qRows * heads * headDim), tensor(kvRows * kvHeads * headDim), tensor(kvRows * kvHeads * valueDim)]
  const drawn = drawCaptures(algorithm.captures.map((x) => (c.captures && x.name in c.captures ? { ...x, range: [c.captures[x.name]!, c.captures[x.name]!] } : x)), views, heads, { q: qRows, kv: kvRows }, random)
  const scaleName = algorithm.smScale.kind === 'capture' ? algorithm.smScale.name : undefined
  const smScale = algorithm.smScale.kind === 'const' ? algorithm.smScale.value : scaleName ? drawn.launch[scaleName] : 1 / Math.sqrt(headDim)

  const schedule = familySchedule(device, algorithm, problem, c.schedule, c.template)
  const kernel = compileKernel(algorithm, problem, { target: device.info.target, limits: deviceLimits(device), schedule, instrument: true })
  const integers = (list: readonly number[]) => (i64 ? BigInt64Array.from(list, BigInt) : Int32Array.from(list))
  const inputs = {
    q, k, v, heads, kvHeads, layout, captures: drawn.launch, ...(problem.lse && { lse: true }),
    ...(packed ? { rows, seqOffsets: integers(seqOffsets) } : { queryRows, sequences: extent.sequences }),
    ...(layout.queries !== 'self' && { kvOffsets: integers(kvOffsets), kvRows }),
    ...(c.kvIndex && { kvIndex: Int32Array.from(c.kvIndex) }),
  }
  const compiled = await device.compile(kernel)
  const got = await runAttention(compiled, kernel.manifest, inputs as never, { canary: 64, poison: true })
  const want = plainAttention(definition, { extent, heads, kvHeads, headDim, valueDim, smScale, q: decode(dtype, q), k: decode(dtype, k), v: decode(dtype, v), seq: drawn.seq })
  const problems: string[] = [...(got.findings ?? [])]
  const largest = want.out.reduce((m, x) => Math.max(m, Math.abs(x)), 1)
  for (let i = 0; i < rows * heads * valueDim && problems.length < 3; i++) {
    const exact = want.out[i] ?? 0
    if (!(Math.abs(got.out[i]! - exact) <= 24 * eps[dtype] * largest) || (i >= want.out.length && got.out[i] !== 0)) problems.push(`out[${i}] (row ${Math.floor(i / heads / valueDim)}) is ${got.out[i]}, not ${exact}`)
  }
  for (let i = 0; problem.lse && i < rows * heads && problems.length < 3; i++) {
    const exact = want.lse[i] ?? -Infinity
    const same = exact === -Infinity ? got.lse![i] === -Infinity : Math.abs(got.lse![i]! - exact) <= 4e-5 * Math.max(1, Math.abs(exact)) + 4 * eps[dtype]
    if (!same) problems.push(`lse[${i}] (row ${Math.floor(i / heads)}) is ${got.lse![i]}, not ${exact}`)
  }
  return { problems, executed: got.counters!.executed, full: got.counters!.full }
}
