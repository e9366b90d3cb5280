import { readFileSync } from 'node:fs'
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

const groups = ['attention', 'hstu', 'webgpu_small'] as const

/** The workloads of self-attention kernels. */
export const workloads = (): readonly Workload[] => {
  const json = JSON.parse(readFileSync(new URL('../bench/workloads.json', import.meta.url), 'utf8')) as Record<string, Record<string, Omit<Workload, 'name' | 'group'>>>
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
