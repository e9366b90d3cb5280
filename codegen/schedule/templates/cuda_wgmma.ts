import { type Problem, valueDimOf } from '../../ir/algorithm.ts'
import type { Schedule } from '../../ir/schedule.ts'
import type { Facts, Infeasible, Limits, Template, TemplateNumbers } from '../types.ts'
import { GQA } from './gqa.ts'
import { builderBytes, checkPaths, checkShared, commonFlags, commonSizes, commonSpace, commonWords, firstReason, roundUp } from './cuda_common.ts'

const space = {
  groups: { values: [2, 3, 4], about: 'warpgroups that compute; each has 64 queries of a tile' },
  blockN: { values: [64, 80, 96, 112, 128, 144, 160, 176, 192], about: 'BLOCK_N: keys of a tile' },
  numStages: { values: [2, 3, 4], about: 'key tiles in shared memory' },
  querySlots: { values: [1, 2, 3], about: 'query tiles in shared memory; 2 loads the next Q under this tile, 3 the one after it too' },
  pingPong: { values: [0, 1], about: '1 lets one warpgroup multiply while another weighs' },
  ownTiles: { values: [0, 1], about: '1: each warpgroup takes query tiles of 64 rows and loads their keys itself; for short sequences' },
  tanh: { values: [0, 1], about: "1: SiLU by the unit's hyperbolic tangent, which errs by 2^-12 of |x|: bf16 alone" },
  order: commonSpace.order,
  gqa: { ...GQA, values: [0] },
  pack: commonSpace.pack,
} as const

const ARCHITECTURE = 'sm_90a'
const MAX_HEAD_DIM = 256
/** Shared memory that one block of sm_90 can have. */
const SHARED_BYTES = 227 * 1024
const MAP_WORDS = 32
const TILES_MAPS = 32
const TILES_NEXT = 6
const ENTRIES = TILES_MAPS + 4 * MAP_WORDS
/**
 * The list is made while the device waits, so blocks share it, one for so many sequences (bench/results/2026-11-28-h100). Each first counts the tiles of the sequences before its own;
 * with order=1 all of them, a bucket in three counts (`shares`): before, own and behind.
 */
const BUILDER = { threads: 512, sequences: 64, blocks: 16, shares: 3 } as const
/** Packed tiles of a team from which it takes all heads of each, found once: the last ones still end together (bench/results/2026-11-28-h100). */
const RUN_TILES = 16
/** Below, SiLU is 0 to within 4e-17, and a product of two divisors is finite. */
const SILU_LEAST = -41.5
/** Binary exponent up to which 1 + e^-x is told: further a sigmoid is 0 to within 1e-18, and a product of two divisors is finite. */
const SIGMOID_EXPONENT = 60
/** setmaxnreg of the producer and of the warpgroups that compute: together what the block was given. The first whose consumers have enough is taken. */
const REGISTERS: Readonly<Record<number, readonly { readonly producer: number; readonly consumer: number }[]>> = {
  2: [{ producer: 56, consumer: 224 }, { producer: 40, consumer: 232 }], 3: [{ producer: 56, consumer: 152 }, { producer: 32, consumer: 160 }], 4: [{ producer: 32, consumer: 112 }],
}
/** Registers of a thread beside its scores, weights and output, without spills. */
const BESIDE = 32, WITH_ROOM = 48

interface Layout {
  readonly pieceColumns: number
  readonly pieces: number
  readonly valuePieces: number
  readonly paddedDim: number
  readonly paddedValue: number
  readonly teams: number
  readonly groups: number
  readonly blockM: number
  readonly teamBytes: number
  readonly builderBytes: number
  readonly bytes: number
}

const layout = ({ values: v }: Schedule, problem: Problem): Layout => {
  const { headDim } = problem
  const valueDim = valueDimOf(problem)
  const pieceColumns = headDim % 64 === 0 && valueDim % 64 === 0 ? 64 : 32
  const paddedDim = roundUp(headDim, pieceColumns), paddedValue = roundUp(valueDim, pieceColumns)
  const teams = v.ownTiles === 1 ? v.groups! : 1, groups = v.groups! / teams
  const blockM = 64 * groups
  const exchange = 1024, alignment = 1024
  const teamBytes = 2 * (v.querySlots! * blockM * Math.max(paddedDim, paddedValue) + v.numStages! * v.blockN! * (paddedDim + paddedValue)) + exchange
  const scratch = builderBytes(v, BUILDER.threads, BUILDER.shares)
  return {
    pieceColumns, pieces: paddedDim / pieceColumns, valuePieces: paddedValue / pieceColumns, paddedDim, paddedValue, teams, groups, blockM, teamBytes,
    builderBytes: scratch, bytes: Math.max(teams * teamBytes + alignment, scratch + 5 * 4 * MAP_WORDS),
  }
}

const checkDim = (problem: Problem): Infeasible | null => {
  const dim = [problem.headDim, valueDimOf(problem)].find((d) => !Number.isInteger(d) || d < 8 || d > MAX_HEAD_DIM || d % 8 !== 0)
  return dim === undefined ? null : { reason: 'head dim', message: `head dim ${dim} is not a multiple of 8 from 8 to ${MAX_HEAD_DIM}, which tensor maps need`, fix: 'Use cuda_mma' }
}

/** The product with V takes 16 keys at a time, its tiles begin at rows of a swizzle. */
const checkKeys = ({ values: v }: Schedule): Infeasible | null =>
  v.blockN! % 16 === 0 ? null : { reason: 'keys', message: `blockN=${v.blockN}: wgmma multiplies 16 keys at a time`, fix: `Use blockN=${roundUp(v.blockN!, 16)}` }

const checkTurns = ({ values: v }: Schedule): Infeasible | null =>
  v.ownTiles === 1 && v.pingPong === 1 ? { reason: 'turns', message: 'ownTiles=1 with pingPong=1: warpgroups with tiles of their own have no common turns', fix: 'Use pingPong=0' } : null

const checkHead = ({ values: v }: Schedule): Infeasible | null =>
  v.gqa === 0 ? null : { reason: 'grouping', message: 'gqa=1: Q comes through a tensor map whose boxes are rows of one head', fix: 'Use gqa=0, or cuda_mma' }
const checkPack = ({ values: v }: Schedule): Infeasible | null =>
  v.pack === 1 && v.ownTiles !== 1 ? { reason: 'packing', message: 'pack=1 with ownTiles=0: a warpgroup clears values that are not finite, which no other may need', fix: 'Use ownTiles=1 and pingPong=0' } : null

const checkTanh = ({ values: v }: Schedule, { dtype }: Problem, { silu }: Facts): Infeasible | null =>
  v.tanh === 0 ? null
  : !silu ? { reason: 'tanh', message: 'tanh=1: the weights are not SiLU of the score alone', fix: 'Use tanh=0' }
  : dtype !== 'bf16' ? { reason: 'tanh', message: `tanh=1 with ${dtype}: tanh.approx errs by 2^-11, as much as a weight of ${dtype} is rounded by`, fix: 'Use tanh=0 or bf16' }
  : null

/** Registers of a thread's output, scores and weights. */
const heldBy = (v: Schedule['values'], l: Layout): number => l.paddedValue / 2 + v.blockN! / 2 + v.blockN! / 4
/** A function of the author's on every score holds registers too. */
const registersOf = (v: Schedule['values'], l: Layout, scoreMod: boolean) => {
  const choices = REGISTERS[v.groups!]!
  return choices.find(({ consumer }) => !scoreMod && heldBy(v, l) + WITH_ROOM <= consumer) ?? choices.at(-1)!
}

const checkAccumulators = ({ values: v }: Schedule, l: Layout): Infeasible | null => {
  const held = heldBy(v, l) + BESIDE
  const limit = REGISTERS[v.groups!]!.at(-1)!.consumer
  return held <= limit ? null : { reason: 'registers', message: `a thread holds about ${held} registers; ${v.groups} warpgroups have ${limit} each`, fix: 'Use a smaller blockN or fewer groups' }
}

const checkArchitecture = ({ architecture }: Limits): Infeasible | null =>
  architecture === undefined || architecture === ARCHITECTURE ? null : { reason: 'architecture', message: `cuda_wgmma runs on ${ARCHITECTURE} alone; this device is ${architecture}`, fix: 'Use cuda_mma' }

const infeasible: Template['infeasible'] = (schedule, problem, facts, limits) => {
  const l = layout(schedule, problem)
  const threads = 128 * (1 + schedule.values.groups!)
  return firstReason(
    () => checkArchitecture(limits),
    () => checkDim(problem),
    () => checkPaths({ ...schedule.values, split: 1 }, l.blockM, facts),
    () => checkKeys(schedule),
    () => checkTurns(schedule),
    () => checkHead(schedule),
    () => checkPack(schedule),
    () => checkTanh(schedule, problem, facts),
    () => (threads <= limits.threads ? null : { reason: 'threads', message: `${threads} threads; this device allows ${limits.threads}`, fix: 'Use fewer groups' }),
    () => checkShared(l.bytes, SHARED_BYTES, 'Use a smaller blockN, fewer stages or one query slot'),
    () => checkAccumulators(schedule, l),
  )
}

/** A row's sum is at least 1: nothing that a reciprocal to an ulp could lose. */
const byReciprocal = (a: string, b: string): string => (a === '1.0f' ? `rcp_approx(${b})` : `${a} * rcp_approx(${b})`)

const numbers = (schedule: Schedule, problem: Problem, algorithm: Parameters<Template['numbers']>[2], facts: Facts): TemplateNumbers => {
  const { values: v } = schedule
  const l = layout(schedule, problem)
  const half = problem.dtype === 'f16'
  const wide = l.pieceColumns === 64
  const common = commonFlags(algorithm, problem, facts, v, true, 2)
  const registers = registersOf(v, l, algorithm.scoreMod !== undefined)
  const threads = 128 * (1 + v.groups!)
  return {
    sizes: {
      ...commonSizes,
      builder_threads: BUILDER.threads, builder_sequences: BUILDER.sequences, builder_blocks: BUILDER.blocks, builder_shares: BUILDER.shares, tiles_entries: ENTRIES, tiles_maps: TILES_MAPS, tiles_next: TILES_NEXT,
      thread_rows: 2, thread_columns: v.blockN! / 4, row_lanes: 4, stages: v.numStages!, groups: l.groups, teams: l.teams, team_bytes: l.teamBytes, query_slots: v.querySlots!,
      piece_columns: l.pieceColumns, pieces: l.pieces, value_pieces: l.valuePieces, slot_pieces: Math.max(l.pieces, l.valuePieces), padded_value: l.paddedValue, builder_bytes: l.builderBytes,
      run_tiles: RUN_TILES, silu_least: SILU_LEAST, sigmoid_exponent: SIGMOID_EXPONENT, score_registers: v.blockN! / 2, output_registers: l.paddedValue / 2,
      map_type: half ? 6 : 10, map_swizzle: wide ? 3 : 2, operand_swizzle: wide ? 1 : 2, swizzle_rows: wide ? 8 : 4,
      producer_registers: registers.producer, consumer_registers: registers.consumer,
    },
    flags: {
      ...common,
      async_copy: false, mma: false, half, bfloat: !half, shared_address: true, store_16: v.pack === 1, finds_tiles: v.pack === 1, names_group: v.pack === 1 || v.ownTiles === 0, weights_shared: false, ping_pong: v.pingPong === 1,
      tensor_maps: true, shares_list: v.pack === 0, keeps_rows: v.pack === 1 && !algorithm.captures.some((c) => c.kind === 'perHead'), own_tiles: v.ownTiles === 1, scores_scaled: algorithm.scoreMod !== undefined,
      // Softmax warpgroups that share tiles were faster with their number in registers (bench/results/2026-11-27-h100).
      votes: v.ownTiles === 1 || facts.normalizer === 'pointwise',
    },
    words: { ...commonWords(algorithm, problem, facts, v, true, 2, byReciprocal), element: half ? 'half_t' : 'bf16_t', wgmma_type: half ? 'f16' : 'bf16', exponents: half ? '0x7c007c00' : '0x7f807f80', exponent_step: half ? '0x04000400' : '0x00800080', sequence_search: 'warp_sequence_of', sequence_search_near: 'warp_sequence_near', always_partial: String(facts.tileMode === 'masked'), ...(facts.silu && { masked_name: 'score 0, whose weight is 0' }) },
    threads, blockM: l.blockM, blockN: v.blockN!, sharedBytes: l.bytes,
    requires: { features: [], limits: { sharedMemoryPerBlock: l.bytes, threadsPerBlock: threads }, subgroupLanes: 32, architectures: [ARCHITECTURE] },
  }
}

const values = (groups: number, blockN: number, numStages: number, querySlots: number, pingPong: number) => ({ groups, blockN, numStages, querySlots, pingPong, ownTiles: 0, tanh: 0, order: 0, pack: 0, gqa: 0 })
interface Preferred { readonly upTo: number; readonly plain: Schedule['values']; readonly usual: Schedule['values']; readonly pointwise?: Schedule['values'] }
/** By the larger of head dim and value dim. A function of the author's on every score holds registers too. Pointwise rows keep no maximum: a third key tile pays. */
const preferred: readonly Preferred[] = [
  { upTo: 64, plain: values(3, 128, 2, 2, 1), usual: values(3, 96, 3, 2, 1) },
  { upTo: 128, plain: values(2, 160, 2, 2, 1), usual: values(2, 128, 2, 2, 1), pointwise: values(2, 96, 3, 2, 1) },
  { upTo: 192, plain: values(2, 96, 2, 1, 1), usual: values(2, 96, 2, 1, 1) },
  { upTo: 256, plain: values(2, 80, 2, 1, 1), usual: values(2, 64, 2, 1, 1) },
]

const own = { ownTiles: 1, pingPong: 0, numStages: 2 }
/** Rows of a sequence on average up to which small key tiles and a third query slot were the fastest. */
const SHORT = 64
/**
 * What goes with tiles of a warpgroup's own, so that those of all warpgroups fit shared memory; `mean`: rows of a sequence on average. Measured on an H100 with head
 * dims 64 and 128. Pointwise rows keep no maximum and no sum: their registers hold a third warpgroup.
 */
export const companions = (field: string, problem: Problem, { scored, normalizer }: Facts, mean = Infinity): Readonly<Record<string, number>> => {
  const small = Math.max(problem.headDim, valueDimOf(problem)) <= 64
  const room = small && (!scored || normalizer === 'pointwise') ? { groups: 3, querySlots: 2 } : { groups: 2, querySlots: 1 }
  if (field === 'ownTiles' && normalizer === 'pointwise') return { ...own, ...room, ...(small && { numStages: 3 }), blockN: 64, order: 1, pack: 0 }
  if (field === 'ownTiles' && small && mean <= SHORT) return { ...own, ...room, ...(room.groups === 3 && { querySlots: 3 }), blockN: 64, order: 0, pack: 0 }
  if (field === 'ownTiles') return { ...own, ...room, blockN: small ? 96 : 80, order: 1, pack: 0 }
  if (field === 'pack') return { ...own, ...room, ...(room.groups === 3 && { querySlots: 3 }), blockN: 80, order: 0 }
  return {}
}

/** Flash attention as Hopper runs it: TMA brings tiles, wgmma multiplies them, warpgroups take turns. */
export const cudaWgmma: Template = Object.freeze<Template>({
  name: 'cuda_wgmma',
  target: 'cuda',
  dtypes: ['f16', 'bf16'],
  architecture: ARCHITECTURE,
  space,
  defaults: (problem, facts) => {
    const { plain, usual, pointwise = usual } = preferred.find((p) => Math.max(problem.headDim, valueDimOf(problem)) <= p.upTo) ?? preferred.at(-1)!
    const tanh = facts.silu && problem.dtype === 'bf16' ? 1 : 0
    return Object.freeze({ template: 'cuda_wgmma', values: Object.freeze({ ...(facts.normalizer === 'pointwise' ? pointwise : facts.tileMode === 'all' && !facts.scored ? plain : usual), ...(facts.normalizer === 'pointwise' && { order: 1 }), tanh }) })
  },
  companions,
  infeasible,
  numbers,
  /** Tensor work a key tile wastes at the ends of rows, and what is not hidden without turns or a second Q. */
  cost: ({ values: v }) => (1 + v.blockN! / 1024 + v.groups! / 16) * (v.pingPong ? 1 : 1.03) * (v.querySlots! > 1 ? 1 : 1.05) * (1 + 8 / v.blockN!),
})
