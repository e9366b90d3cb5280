import { readFileSync } from 'node:fs'
import type { Interaction } from '../codegen/ir/interaction/index.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { drawLengths, type LengthKind } from './lengths.ts'

/** A named row of bench/workloads.json: B sequences of at most N, H heads of D. */
export interface Workload {
  readonly name: string
  readonly group: 'attention' | 'hstu' | 'webgpu_small'
  readonly B: number
  readonly H: number
  readonly D: number
  readonly N: number
  readonly lengths: LengthKind
  readonly causal: boolean
}

/** A named row for interactions: B sequences of at most N, sizes D, of `k` K, and F features of `f` and `g`. */
export interface InteractionWorkload {
  readonly name: string
  readonly B: number
  readonly N: number
  readonly D: number
  readonly K?: number
  readonly F?: number
  readonly lengths: LengthKind
}

const groups = ['attention', 'hstu', 'webgpu_small'] as const

const workloadsFile = () => JSON.parse(readFileSync(new URL('../bench/workloads.json', import.meta.url), 'utf8')) as Record<string, Record<string, Omit<Workload, 'name' | 'group'>>>

/** The workloads of self-attention kernels. */
export const workloads = (): readonly Workload[] => {
  const json = workloadsFile()
  return groups.flatMap((group) => Object.entries(json[group]!).map(([name, row]) => ({ ...row, name, group, causal: row.causal ?? group === 'hstu' })))
}

/** Throws SR7006 for a name that bench/workloads.json does not have among its self-attention workloads. */
export const findWorkload = (name: string): Workload => {
  const all = workloads()
  return all.find((w) => w.name === name) ?? fail('SR7006', { kind: 'workload', name, known: all.map((w) => w.name).join(', ') })
}

export const workloadLengths = (w: Workload, seed: number): readonly number[] => drawLengths(w.lengths, w.B, w.N, seed)

/** The shipped kernel that a workload times when none is named. */
export const workloadKernel = (w: Workload): string => (w.group === 'hstu' ? 'hstu' : w.causal ? 'causal' : 'full')

/** The workloads of interactions, then those of self-attention: B, N and D of them hold too. A row of features alone has F rows a sequence. */
export const interactionWorkloads = (): readonly InteractionWorkload[] => [
  ...Object.entries(workloadsFile().interaction! as unknown as Record<string, Omit<InteractionWorkload, 'name' | 'N' | 'lengths'> & { readonly N?: number; readonly lengths?: LengthKind }>).map(([name, row]) => ({ ...row, name, N: row.N ?? row.F ?? 1, lengths: row.lengths ?? 'full' })),
  ...workloads(),
]

export const interactionLengths = ({ lengths, B, N }: InteractionWorkload, seed: number): readonly number[] => drawLengths(lengths, B, N, seed)

/** Rows of a table that an index map reads. */
const TABLE = 1024

/** Sizes of the dense axes of a definition on a workload. */
export const interactionSizes = ({ D, K = D, F = D }: InteractionWorkload, x: Interaction): Readonly<Record<string, number>> =>
  Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && a.like === a.name).map((a) => [a.name, a.index ? TABLE : a.name === 'k' ? K : a.name === 'f' || a.name === 'g' ? F : D]))

/** The shipped interaction that a workload times when none is named. */
export const workloadInteraction = ({ F }: InteractionWorkload): string => (F === undefined ? 'jagged_dense_bmm' : 'dot_interaction_dense')
