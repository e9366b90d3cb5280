import { type Problem, valueDimOf } from '../../ir/algorithm.ts'
import type { Schedule } from '../../ir/schedule.ts'
import type { Facts, Template, TemplateNumbers } from '../types.ts'
import { ARCHITECTURES, builderBytes, checkHeadDim, checkPaths, checkRegisters, checkShared, commonFlags, commonSizes, commonSpace, commonValues, commonWords, firstReason, listBytes, minBlocks, paddedStride, pathSizes, roundUp } from './cuda_common.ts'

const space = {
  blockM: { values: [16, 32, 64, 128], about: 'BLOCK_M: queries of a tile' },
  blockN: { values: [16, 32, 64], about: 'BLOCK_N: keys of a tile' },
  threadRows: { values: [2, 4, 8], about: 'queries of a thread; 16 threads share each' },
  numStages: { values: [1, 2], about: 'key tiles in shared memory; 1 loads K and V in turn' },
  ...commonSpace,
} as const

const ELEMENT = 4
const ROW_LANES = 16

interface Layout {
  readonly threads: number
  readonly laneColumns: number
  readonly columnGroups: number
  readonly keyColumns: number
  readonly valueColumns: number
  readonly stride: number
  readonly weightStride: number
  readonly stage: number
  readonly stagesOffset: number
  readonly weightsOffset: number
  readonly listOffset: number
  readonly bytes: number
}

/** The widest lane that pads the value dim least. */
const laneColumns = (dim: number): number =>
  [4, 2, 1].reduce((best, width) => (roundUp(dim, ROW_LANES * width) < roundUp(dim, ROW_LANES * best) ? width : best))

/** Where everything lies in shared memory, in elements. */
const layout = ({ values: v }: Schedule, problem: Problem, facts: Facts): Layout => {
  const threads = (v.blockM! / v.threadRows!) * ROW_LANES
  const valueDim = valueDimOf(problem)
  const width = laneColumns(valueDim)
  const keyColumns = roundUp(problem.headDim, 4), valueColumns = roundUp(valueDim, ROW_LANES * width)
  const stride = paddedStride(keyColumns, ELEMENT), weightStride = paddedStride(v.blockN!, ELEMENT)
  const stage = v.blockN! * (stride + valueColumns)
  const stagesOffset = v.blockM! * stride
  const weightsOffset = stagesOffset + v.numStages! * stage
  const listOffset = weightsOffset + v.blockM! * weightStride
  const bytes = Math.max(listOffset * ELEMENT + listBytes(facts, threads), builderBytes(v))
  return { threads, laneColumns: width, columnGroups: valueColumns / (ROW_LANES * width), keyColumns, valueColumns, stride, weightStride, stage, stagesOffset, weightsOffset, listOffset, bytes }
}

const registers = ({ values: v }: Schedule, l: Layout): number =>
  v.threadRows! * (v.blockN! / ROW_LANES + l.columnGroups * l.laneColumns + 6) + 40

const infeasible: Template['infeasible'] = (schedule, problem, facts, limits) => {
  const { values: v } = schedule
  const l = layout(schedule, problem, facts)
  return firstReason(
    () => checkHeadDim(problem),
    () => checkPaths(v, v.blockM!, facts),
    () => (l.threads % 32 === 0 ? null : { reason: 'divisibility', message: `${v.blockM} queries, ${v.threadRows} a thread, are ${l.threads} threads, not whole warps`, fix: `Use threadRows=${Math.max(2, v.blockM! / 16)}` }),
    () => (l.threads <= limits.threads ? null : { reason: 'threads', message: `${l.threads} threads; this device allows ${limits.threads}`, fix: 'Use a larger threadRows or a smaller blockM' }),
    () => checkShared(l.bytes, limits.sharedMemory, 'Use a smaller blockM or blockN, or one stage'),
    () => checkRegisters(registers(schedule, l), l.threads, 'Use a smaller threadRows or blockN'),
  )
}

const numbers = (schedule: Schedule, problem: Problem, algorithm: Parameters<Template['numbers']>[2], facts: Facts): TemplateNumbers => {
  const { values: v } = schedule
  const l = layout(schedule, problem, facts)
  const ring = v.numStages! > 1
  const flags = commonFlags(algorithm, problem, facts, v, ring, ELEMENT)
  return {
    sizes: {
      ...commonSizes, ...pathSizes(v, problem),
      thread_rows: v.threadRows!, thread_columns: v.blockN! / ROW_LANES, row_lanes: ROW_LANES, stages: v.numStages!, chunk: 16 / ELEMENT, elements_per_word: 4 / ELEMENT,
      lane_columns: l.laneColumns, lane_bytes: l.laneColumns * ELEMENT, column_groups: l.columnGroups, key_columns: l.keyColumns, value_columns: l.valueColumns,
      shared_stride: l.stride, weight_stride: l.weightStride, unroll: 2,
      stage_elements: l.stage, stage_values: v.blockN! * l.stride, stages_offset: l.stagesOffset, query_offset: 0, weights_offset: l.weightsOffset, list_offset: l.listOffset,
      groups_after_query: ring ? v.numStages! - 1 : 1,
    },
    flags: {
      ...flags,
      mma: false, half: false, bfloat: false, shared_address: flags.async_copy!, store_16: false,
      query_registers: false, query_alias: false, staged_output: false, weights_shared: true, whole_lanes: valueDimOf(problem) % l.laneColumns === 0,
    },
    words: { ...commonWords(algorithm, problem, facts, v, ring, ELEMENT), element: 'float', sign_bits: '0x80000000u', query_operand: 'queries', weights_argument: flags.pack ? ', weights, mine, kv0' : ', weights', min_blocks: `, ${minBlocks(l.threads)}` },
    threads: l.threads, blockM: v.blockM!, blockN: v.blockN!, sharedBytes: l.bytes,
    requires: { features: [], limits: { sharedMemoryPerBlock: l.bytes, threadsPerBlock: l.threads }, subgroupLanes: 32, architectures: ARCHITECTURES },
  }
}

/** Shared reads a multiply-add, over the threads that hide each other's waits. */
const cost: Template['cost'] = (schedule, problem) => {
  const { values: v } = schedule
  const l = layout(schedule, problem, { tileMode: 'bounds', normalizer: 'softmax', buffers: 0 })
  const perThread = Math.min(255, registers(schedule, l) + 16)
  const resident = Math.max(1, Math.min(Math.floor(228 * 1024 / (l.bytes + 1024)), Math.floor(2048 / l.threads), Math.floor(65536 / (l.threads * perThread))))
  const columns = v.blockN! / ROW_LANES, outputs = l.columnGroups * l.laneColumns
  const reads = 1 / columns + 1 / v.threadRows! + 1 / outputs + 1 / (v.threadRows! * l.laneColumns)
  const hidden = Math.min(1, (resident * l.threads) / 256)
  return ((1 + reads) * (1 + v.blockM! / 1024 + v.blockN! / 1024) * (l.valueColumns / valueDimOf(problem)) * (1 + 0.05 * Math.log2(v.split ?? 1))) / hidden
}

const values = (blockM: number, blockN: number, threadRows: number, numStages: number) => ({ blockM, blockN, threadRows, numStages, ...commonValues })
const preferred = {
  narrow: [values(64, 64, 8, 1), values(64, 32, 4, 1), values(32, 32, 4, 1), values(32, 16, 4, 1)],
  wide: [values(64, 32, 8, 1), values(32, 32, 4, 1), values(32, 16, 4, 1)],
} as const

/** Flash attention in plain f32 multiply-adds: 16 threads share a query, each thread has a tile of S and of O in registers. */
export const cudaFma: Template = Object.freeze<Template>({
  name: 'cuda_fma',
  target: 'cuda',
  dtypes: ['f32'],
  space,
  defaults: (problem, facts, limits) => {
    const list = preferred[Math.max(problem.headDim, valueDimOf(problem)) <= 64 ? 'narrow' : 'wide']
    const fits = list.find((v) => infeasible({ template: 'cuda_fma', values: v }, problem, facts, limits) === null)
    return Object.freeze({ template: 'cuda_fma', values: Object.freeze({ ...(fits ?? list.at(-1)!) }) })
  },
  infeasible,
  numbers,
  cost,
})
