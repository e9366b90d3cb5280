import { type Algorithm, partsOf, type Problem, valueDimOf } from '../../ir/algorithm.ts'
import { FREE_SHARED } from '../../ir/cuda.ts'
import { LAYOUT, TILES } from '../../ir/manifest.ts'
import type { Facts, Infeasible, SpaceField } from '../types.ts'
import { checkGroups, GQA, groupFlags } from './gqa.ts'
import { hookFlags } from './wgsl_hooks.ts'

export const MAX_HEAD_DIM = 128
export const ARCHITECTURES = Object.freeze(['sm_80', 'sm_90a', 'sm_100'])
export const REGISTERS = Object.freeze({ thread: 255, block: 65536 })

/** Threads of the tile builder. */
const BUILDER = { threads: 256 }
/** Lengths are told apart by the binary logarithm of their key tiles, up to 2^12; a word a thread for each, an odd number so that threads use different banks. */
const BUCKETS = 13
/** `shares`: of a bucket that are counted apart. */
export const builderBytes = (values: Readonly<Record<string, number>>, threads = BUILDER.threads, shares = 1): number => (values.pack === 1 ? 0 : 4 * ((values.order === 1 ? BUCKETS * shares * threads : 0) + threads / 32 + 1))

/** Fields of the schedule that every CUDA loop nest has. */
export const commonSpace = {
  split: { values: [1, 2, 4, 8, 16], about: 'parts that the keys of a query tile are split into, added up by the merge entry; for few queries over many keys' },
  order: { values: [0, 1], about: '1: query tiles of long sequences come first' },
  pack: { values: [0, 1], about: '1: a tile is BLOCK_M packed rows, whatever sequences they belong to; for short sequences, self-attention only' },
  gqa: GQA,
} as const satisfies Readonly<Record<string, SpaceField>>
export const commonValues = Object.freeze({ split: 1, order: 0, pack: 0, gqa: 0 })

/** As BISECT_BUDGET and BISECT_DEPTH of the mask analysis, so that kernel and host call the same tiles full. */
export const CLASSIFY = Object.freeze({ budget: 64, depth: 14 })

export const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step

/** Elements between shared rows: `columns`, padded to an odd number of 16-byte units, so that 8 rows touch every bank once. */
export const paddedStride = (columns: number, elementBytes: number): number => {
  const units = (columns * elementBytes) / 16
  return ((units % 2 === 0 ? units + 1 : units) * 16) / elementBytes
}

/** 16-byte copies need every row of a head to start on 16 bytes. */
export const asyncCopy = (headDim: number, elementBytes: number): boolean => (headDim * elementBytes) % 16 === 0

/** Mode `test` keeps a list of key tiles and their classes in shared memory, a word a thread each. */
export const listBytes = (facts: Facts, threads: number): number => (facts.tileMode === 'test' ? 8 * threads : 0)

/** Blocks of a multiprocessor that the compiler must leave room for: as many as can have all the registers a thread may use. */
export const minBlocks = (threads: number): number => Math.max(1, Math.floor(REGISTERS.block / (threads * (REGISTERS.thread + 1))))

export const commonSizes = {
  free_shared: FREE_SHARED,
  tiles_count: TILES.count, tiles_entries: TILES.entries, tiles_entry_words: TILES.entryWords, tiles_executed: TILES.executed, tiles_full: TILES.full,
  flag_broadcast: LAYOUT.broadcast, flag_align_end: LAYOUT.alignEnd, flag_kv_index: LAYOUT.kvIndex,
  builder_threads: BUILDER.threads, buckets: BUCKETS, classify_budget: CLASSIFY.budget, classify_depth: CLASSIFY.depth,
} as const

/** Sizes of the paths that a schedule chooses. */
export const pathSizes = (values: Readonly<Record<string, number>>, problem: Problem): Readonly<Record<string, number>> => ({ split: values.split!, partial_words: valueDimOf(problem) + 2 })

/** Both dims in 16-byte copies, or element by element. */
const copies = (problem: Problem, elementBytes: number) => ({ keys: asyncCopy(problem.headDim, elementBytes), values: asyncCopy(valueDimOf(problem), elementBytes) })

/** Rows without a sequence matter to hooks, to the captures of a sequence and to sinks. */
const usesPad = (algorithm: Algorithm, hooks: boolean): boolean => {
  const { smScale } = algorithm
  const loaded = algorithm.captures.some((c) => ['scalar', 'perHead', 'perSequence'].includes(c.kind) && !(smScale.kind === 'capture' && smScale.name === c.name))
  return hooks || loaded || partsOf(algorithm).some((p) => p.kind === 'softmax' && p.sink)
}

/** What the shared partials ask of any loop nest. `ring`: more than one stage. */
export const commonFlags = (algorithm: Algorithm, problem: Problem, facts: Facts, values: Readonly<Record<string, number>>, ring: boolean, elementBytes: number): Record<string, boolean> => {
  const { kind } = algorithm.normalizer
  const async = copies(problem, elementBytes)
  const pack = values.pack === 1
  const { key_loops: _unused, ...hooks } = hookFlags(algorithm, facts.tileMode !== 'all' || pack)
  return {
    ...hooks, ...groupFlags(algorithm, facts, { pack: values.pack ?? 0, gqa: values.gqa ?? 0 }, hooks),
    softmax: kind !== 'pointwise', by_head: kind === 'byHead', activates: kind === 'pointwise', ring,
    fold_scale: kind === 'softmax' && !algorithm.scoreMod,
    async_copy: async.keys || async.values, query_copies: async.keys, element_loads: !async.keys || !async.values,
    finishes_rows: kind !== 'pointwise' || (hooks.row_q! && (values.split ?? 1) === 1),
    uses_pad: usesPad(algorithm, hooks.uses_b!), tensor_maps: false, shares_list: false, finds_tiles: false, scores_scaled: false, split: (values.split ?? 1) > 1, order: values.order === 1, pack,
    limits_index: algorithm.captures.some((c) => c.kind === 'perToken' || c.kind === 'table' || c.kind === 'pair'),
    tested: facts.tileMode === 'test', bounded: facts.tileMode === 'bounds',
    tail_only: facts.tileMode === 'all' && !pack, always_masked: facts.tileMode === 'masked', sometimes_masked: facts.tileMode === 'bounds' || facts.tileMode === 'test' || (facts.tileMode === 'all' && pack),
  }
}

const POINTERS = {
  q: 'const element_t*', k: 'const element_t*', v: 'const element_t*', out: 'element_t*', lse: 'float*', tiles: 'unsigned*', seq_offsets: 'const unsigned*', kv_offsets: 'const unsigned*',
  kv_index: 'const int*', partials: 'float*', captures_i32: 'const int*', captures_f32: 'const float*',
} as const

/** The text of a / b. */
export type Divided = (a: string, b: string) => string
const exactly: Divided = (a, b) => `${a} / ${b}`

/** What multiplies a row of the output, and what its lse is made of: see templates/cuda/row_end.hbs. */
const rowWords = (algorithm: Algorithm, divided: Divided): Readonly<Record<string, string>> => {
  const n = algorithm.normalizer
  const parts = partsOf(algorithm)
  const softmax = parts.find((p) => p.kind === 'softmax')
  const sink = softmax?.kind === 'softmax' && softmax.sink !== undefined
  const rowScale = softmax?.kind === 'softmax' && softmax.scale !== undefined
  const sum = sink ? 'sum' : 'l'
  const factors = [...(sink ? ['alpha'] : []), ...(rowScale ? ['row_scale(params, b, h, q, seq)'] : [])]
  const normalised = `l == 0.0f ? 0.0f : ${divided(factors.join(' * ') || '1.0f', sum)}`
  const scaled = parts.some((p) => p.kind === 'pointwise' && p.scale) ? 'seq.kv_len > 0 ? scale(params, b, h, q, seq) : 0.0f' : '1.0f'
  return {
    sum, top: sink ? 'top' : 'm',
    factor: n.kind === 'byHead' ? `softmax_head ? (${normalised}) : (${scaled})` : n.kind === 'softmax' ? normalised : scaled,
    softmax_heads: n.kind === 'byHead' && n.first.kind === 'softmax' ? '<' : '>=',
  }
}

/** How the hooks of a score are called: with the tile's head and sequence, or (packed) each row's own sequence, or (gqa) each row's own head. */
const pairWords = ({ pack, gqa }: Readonly<Record<string, number>>): Readonly<Record<string, string>> =>
  gqa === 1
    ? {
        row_b: 'b', row_h: 'mine[r].h', row_q: 'mine[r].q', row_kv: 'kv0 + column_of(c)', row_seq: 'mine[r].seq',
        rows_parameters: 'const Row (&mine)[THREAD_ROWS], int b, int kv0', rows_arguments: 'mine, b, kv0',
        past_end: 'kv0 + column_of(c) >= mine[r].seq.kv_len',
      }
    : pack === 1
    ? {
        row_b: 'mine[r].b', row_h: 'h', row_q: 'mine[r].q', row_kv: 'kv0 + column_of(c) - mine[r].first_key', row_seq: 'mine[r].seq',
        rows_parameters: 'const Row (&mine)[THREAD_ROWS], int h, int kv0', rows_arguments: 'mine, h, kv0',
        past_end: '(kv0 + column_of(c) < mine[r].first_key) | (kv0 + column_of(c) >= mine[r].end_key)',
      }
    : {
        row_b: 'b', row_h: 'h', row_q: 'q0 + row_of(r)', row_kv: 'kv0 + column_of(c)', row_seq: 'seq',
        rows_parameters: 'int b, int h, int q0, int kv0, const Seq& seq', rows_arguments: 'b, h, q0, kv0, seq',
        past_end: 'kv0 + column_of(c) >= seq.kv_len',
      }

/** Heads that have blocks of their own, and how functions of the tile builder learn how many queries a tile has. */
const groupWords: readonly Readonly<Record<string, string>>[] = [
  { grid_heads: 'params.num_heads', launch_heads: 'params->num_heads', tile_parameters: '', tile_arguments: '', queries: 'BLOCK_M', rows_of: '(int)(tile.q_len - tile.first_query)', ending_rows: '(int)(ending.q_len - ending.first_query)' },
  { grid_heads: '(params.num_heads / params.head_group)', launch_heads: '(params->num_heads / params->head_group)', tile_parameters: 'const Params& params, ', tile_arguments: 'params, ', queries: 'tile_queries(params)', rows_of: 'tile_rows(params, tile)', ending_rows: 'tile_rows(params, ending)' },
]

const MASKED = {
  softmax: { masked: 'uint_as_float(NEGATIVE_INFINITY)', masked_name: 'minus infinity' },
  pointwise: { masked: '0.0f', masked_name: 'weight 0' },
  byHead: { masked: 'dropped', masked_name: 'what their head drops' },
} as const

/** `tiles`: the first key tile's and the one ahead's place are read from a list. */
export const commonWords = (algorithm: Algorithm, problem: Problem, facts: Facts, values: Readonly<Record<string, number>>, ring: boolean, elementBytes: number, divided: Divided = exactly): Record<string, string> => {
  const first = ring ? 'first + stage' : 'first'
  const ahead = ring ? 'i + STAGES - 1' : 'i + 1'
  const tile = (index: string) => (facts.tileMode === 'test' ? `list[${index}] / 2 * BLOCK_N` : `(${index}) * BLOCK_N`)
  const tested = facts.tileMode === 'test', bounded = facts.tileMode === 'bounds'
  const async = copies(problem, elementBytes)
  const scaled = algorithm.scoreMod || algorithm.normalizer.kind === 'byHead' ? '' : 'params.sm_scale * '
  const load = (whole: boolean) => (whole ? 'load_rows' : 'load_elements')
  return {
    ...POINTERS, ...rowWords(algorithm, divided), ...pairWords(values), ...groupWords[values.gqa ?? 0]!, ...MASKED[algorithm.normalizer.kind],
    sequence_search: 'sequence_of', sequence_search_near: 'sequence_of', u32: 'unsigned', i32: 'int', f32: 'float',
    pad: `0x${TILES.pad.toString(16)}u`,
    activation_score: `${scaled}at(s, r, c)`, activation_next: `${scaled}at(s, r, c + 1)`,
    load_query: `${values.gqa === 1 ? 'load_group' : load(async.keys)}<BLOCK_M, KEY_COLUMNS, HEAD_DIM, QUERY_STRIDE>`, load_keys: `${load(async.keys)}<BLOCK_N, KEY_COLUMNS, HEAD_DIM, KEY_STRIDE>`,
    load_values: `${load(async.values)}<BLOCK_N, VALUE_COLUMNS, VALUE_DIM, VALUE_STRIDE>`,
    begin_name: tested ? 'begin' : 'first', end_name: tested ? 'end' : 'last', begin_tile: bounded ? 'tiles.begin' : '0', end_tile: bounded ? 'tiles.end' : '(seq.kv_len + BLOCK_N - 1) / BLOCK_N',
    tile_first: tile(first), tile_ahead: tile(ahead),
  }
}

type Check = () => Infeasible | null
/** The first reason that holds. */
export const firstReason = (...checks: readonly Check[]): Infeasible | null => {
  for (const check of checks) {
    const found = check()
    if (found) return found
  }
  return null
}

export const checkHeadDim = (problem: Problem): Infeasible | null => {
  const wrong = Object.entries({ 'head dim': problem.headDim, 'value dim': valueDimOf(problem) }).find(([, d]) => !Number.isInteger(d) || d < 1 || d > MAX_HEAD_DIM)
  return wrong ? { reason: 'head dim', message: `${wrong[0]} ${wrong[1]} is outside 1 to ${MAX_HEAD_DIM}`, fix: `Use a ${wrong[0]} from 1 to ${MAX_HEAD_DIM}` } : null
}

/** What the paths of a schedule cannot do together. */
export const checkPaths = (values: Readonly<Record<string, number>>, blockM: number, facts: Facts): Infeasible | null => {
  const { split, order, pack } = values
  if (![1, 2, 4, 8, 16].includes(split!)) return { reason: 'divisibility', message: `split=${split} does not divide BLOCK_M=${blockM}, whose rows its blocks merge`, fix: 'Use split=1' }
  if (pack === 1 && (split !== 1 || order !== 0)) return { reason: 'packing', message: `pack=1 with split=${split}, order=${order}: packed tiles are listed by row and walk all their keys`, fix: 'Use split=1 and order=0, or pack=0' }
  if (pack === 1 && facts.normalizer === 'byHead') return { reason: 'packing', message: 'pack=1 puts rows of several sequences in one tile, and the heads of each normalizer may differ between them', fix: 'Use pack=0' }
  return checkGroups({ pack: pack!, gqa: values.gqa! }, facts)
}

export const checkShared = (bytes: number, limit: number, fix: string): Infeasible | null =>
  bytes <= limit
    ? null
    : { reason: 'shared memory', message: `it needs ${bytes.toLocaleString('en-US')} B of shared memory; this device has ${limit.toLocaleString('en-US')} B a block`, fix }

/** `registers` is an estimate of what a thread holds at once. */
export const checkRegisters = (registers: number, threads: number, fix: string): Infeasible | null => {
  const limit = Math.min(REGISTERS.thread, Math.floor(REGISTERS.block / threads / 8) * 8)
  return registers <= limit
    ? null
    : { reason: 'registers', message: `a thread holds about ${registers} registers; ${threads} threads have ${limit} each`, fix }
}
