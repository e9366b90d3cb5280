import { type Problem, valueDimOf } from '../../ir/algorithm.ts'
import type { Facts, Infeasible, Limits } from '../types.ts'
import { checkGroups } from './gqa.ts'
import { shapeOf, type WgslShape } from './wgsl_shape.ts'
import type { WgslSchedule } from './wgsl_space.ts'

interface Case {
  readonly s: WgslSchedule
  readonly shape: WgslShape
  readonly problem: Problem
  readonly facts: Facts
  readonly limits: Limits
}
type Check = (c: Case) => Infeasible | null

const MAX_HEAD_DIM = 256
/** f32 registers of scores and accumulators that a thread can hold without spilling. */
const MAX_REGISTERS = 192

const whole = (n: number): boolean => Number.isInteger(n) && n >= 1
const bytes = (n: number): string => `${n.toLocaleString('en-US')} B`

/** The largest smaller value of one field that makes the memory fit, as words. */
const smaller = ({ s, problem, facts, limits }: Case): string => {
  const tries: readonly (readonly [keyof WgslSchedule, readonly number[]])[] = [['block_n', [64, 32, 16, 8, 4]], ['chunk_d', [64, 32, 16]], ['block_m', [64, 32, 16, 8]]]
  for (const [field, values] of tries) {
    for (const value of values) {
      if (value >= s[field]) continue
      const changed = { ...s, [field]: value }
      const { sharedBytes, keys, rowGroups } = shapeOf(changed, problem, facts)
      if (whole(keys) && whole(rowGroups) && sharedBytes <= limits.sharedMemory) return `Try ${field}=${value} (${bytes(sharedBytes)}).`
    }
  }
  return 'Try stage_q=0 with chunk_d=16, block_m=16 and block_n=8.'
}

const checks: readonly Check[] = [
  ({ problem }) => {
    const wrong = Object.entries({ 'head dim': problem.headDim, 'value dim': valueDimOf(problem) }).find(([, d]) => !Number.isInteger(d) || d < 1 || d > MAX_HEAD_DIM)
    return wrong ? { reason: 'head dim', message: `${wrong[0]} ${wrong[1]} is outside 1 to ${MAX_HEAD_DIM}`, fix: `Use a ${wrong[0]} from 1 to ${MAX_HEAD_DIM}.` } : null
  },
  ({ s }) => (whole(s.block_m / s.rows) ? null : { reason: 'divisibility', message: `rows=${s.rows} does not divide BLOCK_M=${s.block_m}`, fix: `Use rows=${Math.min(s.rows, s.block_m)} with a BLOCK_M that it divides.` }),
  ({ s }) =>
    [1, 2, 4, 8].includes(s.block_n / s.lanes) ? null : { reason: 'divisibility', message: `BLOCK_N=${s.block_n} gives each of ${s.lanes} lanes ${s.block_n / s.lanes} keys, not 1, 2, 4 or 8`, fix: `Use block_n=${4 * s.lanes}.` },
  ({ s }) => (s.lanes <= 32 && whole(Math.log2(s.lanes) + 1) ? null : { reason: 'lanes', message: `lanes=${s.lanes} is not a power of two up to 32`, fix: 'Use lanes=8.' }),
  ({ s }) => (s.chunk_d >= 4 && s.chunk_d % 4 === 0 ? null : { reason: 'divisibility', message: `chunk_d=${s.chunk_d} is not a multiple of 4`, fix: 'Use chunk_d=32.' }),
  ({ shape, limits }) =>
    shape.threads <= limits.threads ? null : { reason: 'threads', message: `BLOCK_M / rows * lanes makes ${shape.threads} threads; this device has ${limits.threads} in a workgroup`, fix: `Try more rows a thread, or block_m=${Math.floor((limits.threads / shape.threads) * shape.rowGroups) || 1} x rows.` },
  ({ s, limits }) =>
    s.subgroups === 0 || (limits.subgroupSize >= s.subgroups && limits.features.includes('subgroups'))
      ? null : { reason: 'subgroups', message: `subgroups=${s.subgroups} needs ${s.subgroups} lanes of a subgroup; this device has ${limits.subgroupSize}`, fix: 'Use subgroups=0.' },
  ({ s }) => (s.subgroups === 0 || s.subgroups === s.lanes ? null : { reason: 'subgroups', message: `subgroups=${s.subgroups} differs from lanes=${s.lanes}: the lanes of a row are what is reduced`, fix: `Use subgroups=${s.lanes} or subgroups=0.` }),
  ({ s, facts }) => (s.subgroups === 0 || facts.normalizer !== 'pointwise' ? null : { reason: 'redundant', message: `subgroups=${s.subgroups} reduces the rows of a softmax; a pointwise normalizer has none to reduce`, fix: 'Use subgroups=0.' }),
  ({ s, shape }) => (s.stage_q === 1 || shape.chunks > 1 ? null : { reason: 'redundant', message: `stage_q=0 stages the query tile again for nothing: chunk_d=${s.chunk_d} holds the whole head dim`, fix: 'Use stage_q=1.' }),
  ({ s, problem }) => (s.chunk_d === 16 || s.chunk_d / 2 < Math.max(problem.headDim, valueDimOf(problem)) ? null : { reason: 'redundant', message: `chunk_d=${s.chunk_d} is more than head dim ${Math.max(problem.headDim, valueDimOf(problem))} needs`, fix: `Use chunk_d=${s.chunk_d / 2}.` }),
  ({ s }) => (s.split >= 1 && whole(s.block_m / s.split) ? null : { reason: 'divisibility', message: `split=${s.split} does not divide BLOCK_M=${s.block_m}, whose rows its workgroups merge`, fix: 'Use split=1.' }),
  ({ s }) => (s.pack === 0 || (s.split === 1 && s.order === 0) ? null : { reason: 'packing', message: `pack=1 with split=${s.split}, order=${s.order}: packed tiles are listed by row and walk all their keys`, fix: 'Use split=1 and order=0, or pack=0.' }),
  ({ s, facts }) => (s.pack === 0 || facts.normalizer !== 'byHead' ? null : { reason: 'packing', message: 'pack=1 puts rows of several sequences in one tile, and the heads of each normalizer may differ between them', fix: 'Use pack=0.' }),
  ({ s, facts }) => checkGroups(s, facts),
  ({ s, shape }) => {
    const idle = shape.valueVecs >= s.lanes && shape.valueChunkVecs < s.lanes
    return idle ? { reason: 'idle lanes', message: `chunk_d=${s.chunk_d} is ${shape.valueChunkVecs} vec4: some of ${s.lanes} lanes have no values to add`, fix: `Use chunk_d=${4 * s.lanes}, or lanes=${shape.valueChunkVecs}.` } : null
  },
  ({ s, shape }) => {
    if (s.prefetch === 0 || (shape.kSteps > 0 && shape.vSteps > 0 && (s.stage_q === 1 || shape.qSteps > 0))) return null
    return { reason: 'divisibility', message: `prefetch=1 needs as many vec4 of a chunk for each of ${shape.threads} threads, and dims that are multiples of 4`, fix: 'Use prefetch=0.' }
  },
  ({ s, shape }) => {
    const ahead = s.prefetch ? 4 * Math.max(shape.kSteps + (s.stage_q ? 0 : shape.qSteps), shape.vSteps) : 0
    const registers = ahead + s.rows * (shape.keys + 4 * shape.columns * shape.valueChunks)
    return registers <= MAX_REGISTERS ? null : { reason: 'registers', message: `rows=${s.rows} holds ${registers} f32 scores, accumulators and values read ahead in a thread; more than ${MAX_REGISTERS} spill`, fix: `Use rows=${s.rows / 2}, or lanes=${s.lanes * 2}.` }
  },
  (c) => {
    const { s, shape, problem, limits } = c
    if (shape.sharedBytes <= limits.sharedMemory) return null
    return { reason: 'workgroup memory', message: `BLOCK_M=${s.block_m}, BLOCK_N=${s.block_n}, D=${problem.headDim} in ${problem.dtype} needs ${bytes(shape.sharedBytes)} of workgroup memory; this device has ${bytes(limits.sharedMemory)}`, fix: smaller(c) }
  },
]

/** The first check that fails, or null. */
export const firstFailure = (s: WgslSchedule, problem: Problem, facts: Facts, limits: Limits): Infeasible | null => {
  const shape = shapeOf(s, problem, facts)
  for (const check of checks) {
    const why = check({ s, shape, problem, facts, limits })
    if (why) return why
  }
  return null
}
