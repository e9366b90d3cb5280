import { type Problem, valueDimOf } from '../../ir/algorithm.ts'
import type { Schedule } from '../../ir/schedule.ts'
import type { Facts, Infeasible, Template, TemplateNumbers } from '../types.ts'
import { ARCHITECTURES, asyncCopy, builderBytes, checkHeadDim, checkPaths, checkRegisters, checkShared, commonFlags, commonSizes, commonSpace, commonValues, commonWords, firstReason, listBytes, paddedStride, pathSizes, roundUp } from './cuda_common.ts'

const space = {
  blockM: { values: [16, 32, 64, 128], about: 'BLOCK_M: queries of a tile' },
  blockN: { values: [32, 64, 128], about: 'BLOCK_N: keys of a tile' },
  numWarps: { values: [1, 2, 4, 8], about: 'warps of a block; each has 16 or 32 queries' },
  numStages: { values: [1, 2, 3], about: 'key tiles in shared memory; 1 loads K and V in turn' },
  queryRegisters: { values: [0, 1], about: '1 keeps Q in registers; 0 reads it from shared memory at each use' },
  ...commonSpace,
} as const

const ELEMENT = 2
/** One resident block is enough: where columns are padded, or scores modified at an odd size, ptxas else spills a word or three to fit one block more. */
const MANY_REGISTERS = ', 1'

interface Layout {
  readonly keyColumns: number
  readonly valueColumns: number
  readonly keyStride: number
  readonly valueStride: number
  readonly warpTiles: number
  readonly threads: number
  readonly alias: boolean
  readonly stage: number
  readonly stageValues: number
  readonly queryOffset: number
  readonly stagesOffset: number
  readonly listOffset: number
  readonly bytes: number
}

/** Where everything lies in shared memory, in elements. With Q in registers its rows are given to the last stage. */
const layout = ({ values: v }: Schedule, problem: Problem, facts: Facts): Layout => {
  const keyColumns = roundUp(problem.headDim, 16), valueColumns = roundUp(valueDimOf(problem), 16)
  const keyStride = paddedStride(keyColumns, ELEMENT), valueStride = paddedStride(valueColumns, ELEMENT)
  const threads = 32 * v.numWarps!
  const query = v.blockM! * keyStride
  const stageValues = v.blockN! * keyStride
  const stage = stageValues + v.blockN! * valueStride
  const stages = v.numStages! * stage
  const alias = v.queryRegisters === 1 && v.numStages! > 1
  const queryOffset = alias ? stages - stage : 0
  const stagesOffset = alias ? 0 : query
  const listOffset = Math.max(queryOffset + query, stagesOffset + stages, v.blockM! * valueStride)
  const bytes = Math.max(listOffset * ELEMENT + listBytes(facts, threads), builderBytes(v))
  return { keyColumns, valueColumns, keyStride, valueStride, warpTiles: v.blockM! / (16 * v.numWarps!), threads, alias, stage, stageValues, queryOffset, stagesOffset, listOffset, bytes }
}

/** f32 accumulators of S and O, Q's fragments, and what addresses, operands and the softmax take. */
const registers = ({ values: v }: Schedule, l: Layout): number =>
  l.warpTiles * (l.valueColumns / 2 + v.blockN! / 2 + (v.queryRegisters ? l.keyColumns / 4 : 4) + 4) + 32

const checkRows = ({ values: v }: Schedule): Infeasible | null => {
  const rows = v.blockM! / v.numWarps!
  return rows === 16 || rows === 32
    ? null
    : { reason: 'divisibility', message: `${v.numWarps} warps share ${v.blockM} queries, ${rows} each; a warp takes 16 or 32`, fix: `Use numWarps=${Math.max(1, v.blockM! / 16)}` }
}

const infeasible: Template['infeasible'] = (schedule, problem, facts, limits) => {
  const l = layout(schedule, problem, facts)
  return firstReason(
    () => checkHeadDim(problem),
    () => checkPaths(schedule.values, schedule.values.blockM!, facts),
    () => checkRows(schedule),
    () => (l.threads <= limits.threads ? null : { reason: 'threads', message: `${l.threads} threads; this device allows ${limits.threads}`, fix: 'Use fewer warps' }),
    () => checkShared(l.bytes, limits.sharedMemory, 'Use a smaller blockN or fewer stages'),
    () => checkRegisters(registers(schedule, l), l.threads, 'Use a smaller blockN, more warps, or queryRegisters=0'),
  )
}

const numbers = (schedule: Schedule, problem: Problem, algorithm: Parameters<Template['numbers']>[2], facts: Facts): TemplateNumbers => {
  const { values: v } = schedule
  const l = layout(schedule, problem, facts)
  const ring = v.numStages! > 1
  const inRegisters = v.queryRegisters === 1
  const padded = l.keyColumns !== problem.headDim || l.valueColumns !== valueDimOf(problem)
  return {
    sizes: {
      ...commonSizes, ...pathSizes(v, problem),
      thread_rows: 2 * l.warpTiles, thread_columns: v.blockN! / 4, row_lanes: 4,
      warp_tiles: l.warpTiles, key_columns: l.keyColumns, value_columns: l.valueColumns, dim_unroll: l.keyColumns / 16, key_stride: l.keyStride, value_stride: l.valueStride, stages: v.numStages!, chunk: 16 / ELEMENT, elements_per_word: 4 / ELEMENT,
      stage_elements: l.stage, stage_values: l.stageValues, stages_offset: l.stagesOffset, query_offset: l.queryOffset, list_offset: l.listOffset,
      groups_after_query: ring ? v.numStages! - 1 : 1,
    },
    flags: {
      ...commonFlags(algorithm, problem, facts, v, ring, ELEMENT),
      mma: true, half: problem.dtype === 'f16', bfloat: problem.dtype === 'bf16', shared_address: true, store_16: asyncCopy(valueDimOf(problem), ELEMENT),
      query_registers: inRegisters, query_alias: l.alias, staged_output: true, weights_shared: false,
    },
    words: {
      ...commonWords(algorithm, problem, facts, v, ring, ELEMENT),
      element: problem.dtype === 'f16' ? 'half_t' : 'bf16_t',
      sign_bits: '0x80008000u',
      query_fragment: inRegisters ? 'query.fragment[m][step]' : 'query[m]',
      query_operand: inRegisters ? 'query' : 'queries',
      weights_argument: v.pack === 1 ? ', straddles, mine, kv0' : '',
      exponent: problem.dtype === 'f16' ? '0x7c00' : '0x7f80',
      min_blocks: padded || (facts.scored && problem.headDim % 64 !== 0) ? MANY_REGISTERS : '',
    },
    threads: l.threads, blockM: v.blockM!, blockN: v.blockN!, sharedBytes: l.bytes,
    requires: { features: [], limits: { sharedMemoryPerBlock: l.bytes, threadsPerBlock: l.threads }, subgroupLanes: 32, architectures: ARCHITECTURES },
  }
}

/** Cycles of a pair of tiles on one warp, by what bounds it (tensor cores or shared reads), over the blocks that hide each other's waits. */
const cost: Template['cost'] = (schedule, problem) => {
  const { values: v } = schedule
  const l = layout(schedule, problem, { tileMode: 'bounds', normalizer: 'softmax', buffers: 0 })
  const resident = Math.max(1, Math.min(Math.floor(228 * 1024 / (l.bytes + 1024)), Math.floor(2048 / l.threads), Math.floor(65536 / (l.threads * Math.min(255, registers(schedule, l) + 24)))))
  const warps = resident * v.numWarps!
  const reads = (1 / l.warpTiles) * (1 + (v.queryRegisters ? 0 : (l.warpTiles * 32) / v.blockN!))
  const hidden = Math.min(1, warps / 8) * (v.numStages! > 1 ? 1 : 0.95)
  const partial = 1 + v.blockM! / 1024 + v.blockN! / 1024
  return ((0.6 + 0.4 * reads) * partial * ((l.keyColumns + l.valueColumns) / (problem.headDim + valueDimOf(problem))) * (1 + 0.05 * Math.log2(v.split ?? 1))) / hidden
}

const values = (blockM: number, blockN: number, numWarps: number, numStages: number, queryRegisters: number) => ({ blockM, blockN, numWarps, numStages, queryRegisters, ...commonValues })
/** Best first, as measured on an H100. 32 queries a warp pay only where nothing but the products holds registers. */
const preferred = {
  plain: [values(128, 32, 4, 2, 0), values(64, 32, 4, 2, 1), values(64, 32, 4, 1, 1), values(16, 32, 1, 1, 1)],
  usual: [values(64, 32, 4, 2, 1), values(64, 32, 4, 1, 1), values(16, 32, 1, 1, 1)],
} as const
const isPlain = ({ headDim }: Problem, { tileMode, scored }: Facts): boolean => headDim > 64 && tileMode === 'all' && !scored

/** Flash attention on tensor cores: a warp has 16 or 32 whole rows, P stays in registers between the two products. */
export const cudaMma: Template = Object.freeze<Template>({
  name: 'cuda_mma',
  target: 'cuda',
  dtypes: ['f16', 'bf16'],
  space,
  defaults: (problem, facts, limits) => {
    const list = preferred[isPlain(problem, facts) ? 'plain' : 'usual']
    const fits = list.find((v) => infeasible({ template: 'cuda_mma', values: v }, problem, facts, limits) === null)
    return Object.freeze({ template: 'cuda_mma', values: Object.freeze({ ...(fits ?? list.at(-1)!) }) })
  },
  infeasible,
  numbers,
  cost,
})
