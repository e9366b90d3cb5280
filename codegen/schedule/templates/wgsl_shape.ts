import { type Problem, valueDimOf } from '../../ir/algorithm.ts'
import { TILES } from '../../ir/manifest.ts'
import type { Facts } from '../types.ts'
import type { WgslSchedule } from './wgsl_space.ts'

/** Everything that follows from a schedule and a head dim: register tiles, pitches, workgroup memory. */
export interface WgslShape {
  readonly threads: number
  readonly rowGroups: number
  /** Keys of a thread in a key tile. */
  readonly keys: number
  /** The head dim, a chunk of it, and what is staged of a query row, in vec4. */
  readonly headVecs: number
  readonly chunkVecs: number
  readonly chunks: number
  readonly qVecs: number
  /** The same of the value dim. */
  readonly valueVecs: number
  readonly valueChunkVecs: number
  readonly valueChunks: number
  /** vec4 columns of a thread in a chunk of the value dim. */
  readonly columns: number
  readonly qPitch: number
  readonly kvPitch: number
  /** A thread's weights of a row: `weightVecs` vectors of `weightWidth`. */
  readonly weightWidth: number
  readonly weightVecs: number
  readonly pPitch: number
  readonly rowScratch: number
  /** vec4 reads of a thread to stage a chunk of queries, keys and values; 0: not the same for all threads, so in a loop. */
  readonly qSteps: number
  readonly kSteps: number
  readonly vSteps: number
  readonly sharedBytes: number
}

/** Rows an odd number of elements apart start in different banks. */
const odd = (n: number): number => n | 1
const ceilDiv = (a: number, b: number): number => Math.ceil(a / b)
/** WebGPU counts each workgroup variable rounded up to 16 bytes. */
const rounded = (bytes: number): number => 16 * Math.ceil(bytes / 16)

export const usesScratch = (s: WgslSchedule, normalizer: Facts['normalizer']): boolean => normalizer !== 'pointwise' && s.subgroups === 0 && s.lanes > 1

export const shapeOf = (s: WgslSchedule, problem: Problem, facts: Pick<Facts, 'tileMode' | 'normalizer'>): WgslShape => {
  const rowGroups = s.block_m / s.rows
  const threads = rowGroups * s.lanes
  const keys = s.block_n / s.lanes
  const headVecs = ceilDiv(problem.headDim, 4)
  const chunkVecs = Math.min(s.chunk_d / 4, headVecs)
  const chunks = ceilDiv(headVecs, chunkVecs)
  const valueVecs = ceilDiv(valueDimOf(problem), 4)
  const valueChunkVecs = Math.min(s.chunk_d / 4, valueVecs)
  const valueChunks = ceilDiv(valueVecs, valueChunkVecs)
  const steps = (rows: number, vecs: number, dim: number): number => {
    const each = (rows * vecs) / threads
    const most = (dim / 4) % vecs === 0 ? MAX_STEPS : MAX_RAGGED_STEPS
    return dim % 4 === 0 && threads % vecs === 0 && Number.isInteger(each) && each <= most ? each : 0
  }
  const qVecs = s.stage_q ? chunks * chunkVecs : chunkVecs
  const qPitch = odd(qVecs)
  const kvPitch = odd(Math.max(chunkVecs, valueChunkVecs))
  const weightWidth = Math.min(keys, 4)
  const weightVecs = keys / weightWidth
  const pPitch = odd(s.lanes * weightVecs)
  const vecBytes = problem.dtype === 'f16' ? 8 : 16
  const rowScratch = usesScratch(s, facts.normalizer) ? s.block_m * s.lanes : 0
  const sharedBytes =
    rounded(s.block_m * qPitch * vecBytes) + rounded(s.block_n * kvPitch * vecBytes) + rounded(s.block_m * pPitch * weightWidth * 4) +
    rounded(rowScratch * 4) + (facts.tileMode === 'test' ? rounded(threads * 4) : 0) + TILE_BYTES
  return { threads, rowGroups, keys, headVecs, chunkVecs, chunks, qVecs, valueVecs, valueChunkVecs, valueChunks, columns: ceilDiv(valueChunkVecs, s.lanes), qPitch, kvPitch, weightWidth, weightVecs, pPitch, rowScratch, sharedBytes,
    qSteps: steps(s.block_m, chunkVecs, problem.headDim), kSteps: steps(s.block_n, chunkVecs, problem.headDim), vSteps: steps(s.block_n, valueChunkVecs, valueDimOf(problem)) }
}

/** Reads of a thread that are written out one by one. */
const MAX_STEPS = 16
/** The same where a read may pass the end of its row: SwiftShader takes minutes to compile 16 guarded reads for each of several chunks. */
const MAX_RAGGED_STEPS = 4

/** An instrumented kernel shares its work list entry. */
const TILE_BYTES = 4 * TILES.entryWords
