import { type Problem, valueDimOf } from '../../ir/algorithm.ts'
import type { Facts, Limits } from '../types.ts'
import { firstFailure } from './wgsl_checks.ts'
import type { WgslSchedule } from './wgsl_space.ts'

interface Candidate extends Omit<WgslSchedule, 'subgroups' | 'split' | 'order' | 'pack' | 'gqa' | 'prefetch'> {
  /** The dtype and the widest head dim that it is for; absent: all. */
  readonly dtype?: Problem['dtype']
  readonly upTo?: number
}

/** Best first on a GPU; the last fits WebGPU's default limits for every head dim and dtype. The first four are the fastest of 28 timed on an H100 at head dims 64 and 128. */
const gpu: readonly Candidate[] = [
  { dtype: 'f32', upTo: 64, block_m: 32, block_n: 32, rows: 4, lanes: 16, chunk_d: 64, stage_q: 1 },
  { dtype: 'f32', block_m: 32, block_n: 32, rows: 4, lanes: 16, chunk_d: 64, stage_q: 0 },
  { upTo: 64, block_m: 64, block_n: 32, rows: 4, lanes: 8, chunk_d: 64, stage_q: 1 },
  { block_m: 64, block_n: 32, rows: 4, lanes: 16, chunk_d: 64, stage_q: 0 },
  { block_m: 64, block_n: 64, rows: 8, lanes: 16, chunk_d: 32, stage_q: 1 },
  { block_m: 64, block_n: 32, rows: 8, lanes: 8, chunk_d: 32, stage_q: 1 },
  { block_m: 64, block_n: 32, rows: 4, lanes: 8, chunk_d: 32, stage_q: 0 },
  { block_m: 32, block_n: 32, rows: 4, lanes: 8, chunk_d: 32, stage_q: 1 },
  { block_m: 32, block_n: 32, rows: 4, lanes: 8, chunk_d: 32, stage_q: 0 },
  { block_m: 32, block_n: 16, rows: 4, lanes: 4, chunk_d: 16, stage_q: 1 },
]

/** Best first on a CPU: as many keys and rows a thread as registers allow, few threads. */
const cpu: readonly Candidate[] = [
  { upTo: 64, block_m: 32, block_n: 16, rows: 8, lanes: 4, chunk_d: 64, stage_q: 1 },
  { block_m: 32, block_n: 32, rows: 8, lanes: 4, chunk_d: 32, stage_q: 1 },
  { block_m: 32, block_n: 32, rows: 8, lanes: 4, chunk_d: 32, stage_q: 0 },
  { block_m: 32, block_n: 32, rows: 4, lanes: 4, chunk_d: 32, stage_q: 0 },
]

const chunkFor = (chunk: number, headDim: number): number => {
  while (chunk > 16 && chunk / 2 >= headDim) chunk /= 2
  return chunk
}

const adapt = ({ dtype: _dtype, upTo: _upTo, ...c }: Candidate, problem: Problem, { normalizer }: Facts, limits: Limits): WgslSchedule => {
  const chunk_d = chunkFor(c.chunk_d, Math.max(problem.headDim, valueDimOf(problem)))
  const subgroups = normalizer !== 'pointwise' && limits.features.includes('subgroups') && limits.subgroupSize >= c.lanes ? c.lanes : 0
  return { ...c, chunk_d, stage_q: chunk_d >= problem.headDim ? 1 : c.stage_q, subgroups, split: 1, order: 0, pack: 0, gqa: 0, prefetch: 0 }
}

const meant = ({ dtype, upTo = Infinity }: Candidate, problem: Problem): boolean =>
  (dtype === undefined || dtype === problem.dtype) && Math.max(problem.headDim, valueDimOf(problem)) <= upTo

/** The first candidate that fits. */
export const defaultValues = (problem: Problem, facts: Facts, limits: Limits): WgslSchedule => {
  const adapted = [...(limits.software ? cpu : []), ...gpu].filter((c) => meant(c, problem)).map((c) => adapt(c, problem, facts, limits))
  return adapted.find((s) => firstFailure(s, problem, facts, limits) === null) ?? adapted.at(-1)!
}
