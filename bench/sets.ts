import type { Dtype } from '../codegen/ir/algorithm.ts'

export interface Search {
  readonly kernel: string
  readonly target: 'wgsl' | 'cuda' | 'cuda-cpu'
  readonly dtype: Dtype
  readonly dim: number
  readonly heads: number
  /** A row of workloads.json (`count`: fewer of its sequences), or as many of the MovieLens histories as make this many query-key pairs. */
  readonly lengths: { readonly workload: string; readonly count?: number } | { readonly movieLensPairs: number }
  /** Tries schedules in a looser order than that of the estimate, so that the estimate itself can be judged. */
  readonly explore?: boolean
}

const kernels = ['full', 'causal', 'sliding_window', 'alibi', 'softcap', 'relative_bias', 'prefix_lm', 'hstu']
const some = ['full', 'causal', 'hstu']
/** 131 thousand tokens each. */
const batches: Readonly<Record<number, string>> = { 64: 'mid', 128: 'mid128' }

const on = (target: Search['target'], names: readonly string[], dtypes: readonly Dtype[], rest: Pick<Search, 'explore'> & { readonly count?: (dim: number) => number }): readonly Search[] => {
  const { count, ...more } = rest
  const searches = (dim: number) => dtypes.flatMap((dtype) => names.map((kernel): Search => ({ kernel, target, dtype, dim, heads: 4, lengths: { workload: batches[dim]!, ...(count && { count: count(dim) }) }, ...more })))
  return [64, 128].flatMap(searches)
}

/** Searches that belong together: one device, one target. */
export const sets: Readonly<Record<string, readonly Search[]>> = Object.freeze({
  'h100-cuda': on('cuda', kernels, ['bf16'], {}),
  'h100-wgsl': on('wgsl', some, ['f32', 'f16'], { explore: true, count: (dim) => 6144 / dim }),
  software: kernels.map((kernel): Search => ({ kernel, target: 'wgsl', dtype: 'f32', dim: 64, heads: 1, lengths: { movieLensPairs: 300_000 } })),
  rehearsal: [
    { kernel: 'causal', target: 'cuda-cpu', dtype: 'bf16', dim: 16, heads: 1, lengths: { movieLensPairs: 3000 } },
    { kernel: 'hstu', target: 'wgsl', dtype: 'f32', dim: 16, heads: 1, lengths: { movieLensPairs: 3000 } },
  ],
})
