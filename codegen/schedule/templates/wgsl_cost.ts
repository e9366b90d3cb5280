import type { Problem } from '../../ir/algorithm.ts'
import type { Limits } from '../types.ts'
import { shapeOf, type WgslShape } from './wgsl_shape.ts'
import type { WgslSchedule } from './wgsl_space.ts'

type Cost = (s: WgslSchedule, x: WgslShape) => number

/** Instructions a score costs: multiply-adds, workgroup memory reads, and its share of staging and barriers. */
const gpu: Cost = (s, x) => {
  const pairs = s.rows * x.keys
  const reads = (x.headVecs * (s.rows + x.keys)) / pairs + (x.headVecs / s.lanes) * (1 / s.rows) + x.weightVecs / x.keys
  const staged = ((s.block_n * 2 + (s.stage_q ? 0 : s.block_m)) * x.headVecs) / (s.block_m * s.block_n)
  const barriers = (60 * (1 + 3 * x.chunks)) / pairs
  const occupancy = Math.max(1, 64 / x.threads) * Math.max(1, x.sharedBytes / 32768)
  const merged = 1 + 0.05 * Math.log2(s.split)
  return (8 * x.headVecs + 6 * reads + 8 * staged + barriers) * occupancy * merged
}

/** Relative costs on a CPU, fitted to the times of 245 schedules of causal (f32, head dim 64) on SwiftShader, 2 cores. */
const WEIGHTS = Object.freeze({ product: 1.35, value: 2, weight: 0.34, staged: 3.3, barrier: 10.2, reduced: 0.88 })
/** Rows and keys that a tile computes past the end of an ordinary sequence, as if each were this long. */
const ORDINARY = 128

/** A CPU runs a workgroup's threads one subgroup after another: more threads hide nothing, and each barrier stops and resumes all of them. */
const cpu: Cost = (s, x) => {
  const tile = s.block_m * s.block_n
  const waste = (1 + s.block_m / (2 * ORDINARY)) * (1 + s.block_n / (2 * ORDINARY))
  const values = (x.headVecs * x.columns * s.lanes) / x.chunkVecs / s.rows
  const staged = ((2 * s.block_n + (s.stage_q ? 0 : s.block_m)) * x.headVecs) / tile
  const barriers = ((1 + 3 * x.chunks) * x.threads) / tile
  const reduced = s.subgroups ? 0 : (s.lanes * s.lanes) / s.block_n
  const w = WEIGHTS
  return waste * (w.product * x.headVecs + w.value * values + (w.weight * s.lanes) / x.weightWidth + w.staged * staged + w.barrier * barriers + w.reduced * reduced)
}

/** Estimated cost of a score, in a unit of the device's own kind. */
export const wgslCost = (s: WgslSchedule, problem: Problem, limits: Limits): number =>
  (limits.software ? cpu : gpu)(s, shapeOf(s, problem, { tileMode: 'all', normalizer: 'softmax' })) * 1e-6
