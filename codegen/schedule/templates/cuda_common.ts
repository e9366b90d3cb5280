import type { Algorithm, Problem } from '../../ir/algorithm.ts'
import { TILES } from '../../ir/manifest.ts'
import type { Facts, Infeasible } from '../types.ts'

export const MAX_HEAD_DIM = 128
export const ARCHITECTURES = Object.freeze(['sm_80', 'sm_90a', 'sm_100'])
export const REGISTERS = Object.freeze({ thread: 255, block: 65536 })

/** Sequences that a thread of the tile builder counts at a time, and the shared memory that takes (256 threads, a word a warp). */
const BUILDER = { items: 8, threads: 256 }
export const BUILDER_BYTES = 4 * (BUILDER.items * BUILDER.threads + BUILDER.threads / 32)

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
  tiles_count: TILES.count, tiles_entries: TILES.entries, tiles_entry_words: TILES.entryWords, tiles_executed: TILES.executed, tiles_full: TILES.full,
  builder_items: BUILDER.items, classify_budget: CLASSIFY.budget, classify_depth: CLASSIFY.depth,
} as const

const kindOf = (algorithm: Algorithm, kind: string): boolean => algorithm.captures.some((c) => c.kind === kind)

/** What the shared partials ask of any loop nest. `ring`: more than one stage. */
export const commonFlags = (algorithm: Algorithm, problem: Problem, ring: boolean, elementBytes: number): Record<string, boolean> => {
  const softmax = algorithm.normalizer.kind === 'softmax'
  const scaleHook = algorithm.normalizer.kind === 'pointwise' && algorithm.normalizer.scale !== undefined
  return {
    softmax, ring,
    fold_scale: softmax && !algorithm.scoreMod,
    async_copy: asyncCopy(problem.headDim, elementBytes),
    token_captures: kindOf(algorithm, 'perToken'), table_captures: kindOf(algorithm, 'table'),
    uses_b: algorithm.scoreMod !== undefined || algorithm.maskMod !== undefined || scaleHook || kindOf(algorithm, 'perSequence'),
  }
}

const POINTERS = {
  q: 'const element_t*', k: 'const element_t*', v: 'const element_t*', out: 'element_t*', lse: 'float*', seq_offsets: 'const unsigned*', tiles: 'unsigned*',
  captures_i32: 'const int*', captures_f32: 'const float*',
} as const

export const commonWords = (algorithm: Algorithm, facts: Facts, ring: boolean): Record<string, string> => {
  const softmax = algorithm.normalizer.kind === 'softmax'
  const first = ring ? 'first + stage' : 'first'
  const ahead = ring ? 'i + STAGES - 1' : 'i + 1'
  const tile = (index: string) => (facts.tileMode === 'test' ? `list[${index}] / 2 * BLOCK_N` : `(${index}) * BLOCK_N`)
  return {
    ...POINTERS,
    u32: 'unsigned', i32: 'int', f32: 'float',
    pad: `0x${TILES.pad.toString(16)}u`,
    masked: softmax ? 'uint_as_float(NEGATIVE_INFINITY)' : '0.0f',
    masked_name: softmax ? 'minus infinity' : 'weight 0',
    activation_score: algorithm.scoreMod ? 'at(s, r, c)' : 'params.sm_scale * at(s, r, c)',
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

export const checkHeadDim = ({ headDim }: Problem): Infeasible | null =>
  Number.isInteger(headDim) && headDim >= 1 && headDim <= MAX_HEAD_DIM
    ? null
    : { reason: 'head dim', message: `head dim ${headDim} is outside 1 to ${MAX_HEAD_DIM}`, fix: `Use a head dim from 1 to ${MAX_HEAD_DIM}` }

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
