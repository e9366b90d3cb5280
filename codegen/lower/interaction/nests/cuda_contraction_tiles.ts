import type { Interaction, InteractionProblem } from '../../../ir/interaction/index.ts'
import { axisOf } from '../../../ir/interaction/index.ts'
import { classify, type Contraction } from '../classify.ts'
import type { Multiply, Operand } from './cuda_contraction_operand.ts'
import type { ScheduleValues } from './types.ts'

/** How a tile of `block_m` by `block_n` is spread over a block: warps with mma, threads of `thread_m` by `thread_n` with FMA. */
export interface Tile {
  readonly threads: number
  readonly warpsM: number
  readonly warpsN: number
  readonly threadM: number
  readonly threadN: number
  /** Bytes of a staged element. */
  readonly bytes: number
}

export const tileOf = (multiply: Multiply, { block_m: m, block_n: n, thread_n: most }: ScheduleValues): Tile => {
  if (multiply === 'fma') {
    const [threadM, threadN] = [m! >= 64 ? 8 : 4, n! >= 8 * most! ? most! : n! >= 64 ? 8 : 4]
    return { threads: (m! * n!) / (threadM * threadN), warpsM: 1, warpsN: 1, threadM, threadN, bytes: 4 }
  }
  const [warpsM, warpsN] = [m! >= 256 ? 8 : m! >= 128 ? 4 : m! >= 32 ? 2 : 1, n! >= 32 ? 2 : 1]
  return { threads: 32 * warpsM * warpsN, warpsM, warpsN, threadM: 0, threadN: 0, bytes: multiply === 'mma' ? 2 : 4 }
}

/** Elements between shared rows: a multiple of 16 bytes that spreads what a warp reads at once over all banks. */
const strideOf = (multiply: Multiply, kUnit: boolean, columns: number): number => columns + (multiply === 'mma' || !kUnit ? 8 : 4)

export interface Staged { readonly rows: number; readonly columns: number; readonly stride: number; readonly elements: number }

/** Shared rows of one operand. */
export const stagedOf = (multiply: Multiply, { kUnit }: Pick<Operand, 'kUnit'>, block: number, blockK: number): Staged => {
  const [rows, columns] = kUnit ? [block, blockK] : [blockK, block]
  const stride = strideOf(multiply, kUnit, columns)
  return { rows, columns, stride, elements: rows * stride }
}

/** Shared elements of a tile in the worst case of layouts. */
const tileElementsAtMost = (multiply: Multiply, block: number, blockK: number): number => Math.max(...[true, false].map((kUnit) => stagedOf(multiply, { kUnit }, block, blockK).elements))

const tileBytesAtMost = (multiply: Multiply, v: ScheduleValues): number =>
  (tileElementsAtMost(multiply, v.block_m!, v.block_k!) + tileElementsAtMost(multiply, v.block_n!, v.block_k!)) * tileOf(multiply, v).bytes

/** Shared bytes of a block in the worst case of layouts, the output's tile among them. */
export const sharedBytesAtMost = (multiply: Multiply, v: ScheduleValues): number => Math.max(v.stages! * tileBytesAtMost(multiply, v), v.block_m! * (v.block_n! + 8) * tileOf(multiply, v).bytes)

/** Steps through a tile's k, and right factors in shared memory. */
export interface Kept { readonly steps: number; readonly factors: number }

/** Where blocks keep the right factor from tile to tile: of the tile at hand and of those asked for, or `one` for all. */
export const keptOf = (k: number, v: ScheduleValues, one: boolean): Kept => {
  const steps = Math.max(1, Math.ceil(k / v.block_k!))
  return { steps, factors: one ? 1 : Math.floor((v.stages! - 1) / steps) + 1 }
}

/** As sharedBytesAtMost, of a block that keeps right factors: the output does not pass through shared memory. */
export const keptBytesAtMost = (multiply: Multiply, { steps, factors }: Kept, v: ScheduleValues): number =>
  (v.stages! * tileElementsAtMost(multiply, v.block_m!, v.block_k!) + factors * steps * tileElementsAtMost(multiply, v.block_n!, v.block_k!)) * tileOf(multiply, v).bytes

/** Shared memory and registers of a multiprocessor of sm_90, and what the system keeps of the former for a block. */
const SM = { shared: 227 * 1024, reserved: 1024, registers: 65536 } as const

/** Whether a kernel does more with a sum than to write it: it may keep it as a part, or compute with it. */
export const usesSums = (x: Interaction): boolean => axisOf(x, (classify(x) as Contraction).k).kind === 'jagged' || x.epilogue.kind !== 'param'

/** Registers of a thread: beside its sums it holds fragments and addresses, more where sums are used (`uses`). */
const registersOf = (multiply: Multiply, sums: number, uses: boolean): number =>
  sums > 64 ? 255 : sums > 32 ? 128 : multiply === 'mma' ? (uses ? 80 : 64) : multiply === 'tf32' && !uses ? 80 : 96

const registerBlocks = (multiply: Multiply, v: ScheduleValues, uses: boolean): number => {
  const { threads } = tileOf(multiply, v)
  return Math.max(1, Math.min(8, Math.floor(SM.registers / (threads * registersOf(multiply, (v.block_m! * v.block_n!) / threads, uses)))))
}

/** Blocks of a multiprocessor that registers and shared memory have room for. */
export const minBlocks = (multiply: Multiply, v: ScheduleValues, uses: boolean, sharedBytes: number): number =>
  Math.max(1, Math.min(registerBlocks(multiply, v, uses), Math.floor(SM.shared / (sharedBytes + SM.reserved))))

/** Whether the ring holds all of k at once, so that no tile of it is used twice. */
export const holdsAll = (x: Interaction, { sizes }: InteractionProblem, v: ScheduleValues): boolean => {
  const k = (classify(x) as Contraction).k
  const { kind, like } = axisOf(x, k)
  return kind === 'dense' && sizes[like] !== undefined && Math.ceil(sizes[like] / v.block_k!) <= v.stages!
}

const cover = (size: number, least: number, most: number): number => { let n = least; while (n < size && n < most) n *= 2; return n }

/** Tiles of the ring: all of k where the blocks that registers allow have room for that, else what they have room for, at least `least`. */
const stagesOf = (blocks: number, tileBytes: number, steps: number | undefined, least: number): number => {
  const budget = SM.shared / blocks - SM.reserved
  if (steps !== undefined && steps <= 4 && steps * tileBytes <= budget) return Math.max(steps, 1)
  return Math.max(least, Math.min(4, Math.floor(budget / tileBytes)))
}

/** How rows of a product are shared out: tiles, blocks that walk rows which all have one right factor, long sequences in parts, all rows in parts, the same with a factor that is computed. */
export type Way = 'tiles' | 'walked' | 'rows' | 'all' | 'computed'

interface Sizes { readonly m?: number | undefined; readonly n?: number | undefined; readonly k?: number | undefined }

/** Fields that were faster than a product's tiles on an H100 (bench/results/2026-11-27-h100), the fastest first. */
interface Faster {
  readonly multiply: readonly Multiply[]
  readonly ways: readonly Way[]
  readonly when?: (sizes: Sizes, tiles: ScheduleValues) => boolean
  readonly fields: (sizes: Sizes, tiles: ScheduleValues) => readonly ScheduleValues[]
}

const early = { early_merge: 1 }
const lanes = { lane_rows: 4 }
const deep = (k: number | undefined): boolean => k !== undefined && k > 128

const faster: readonly Faster[] = [
  { multiply: ['fma'], ways: ['tiles', 'walked'], fields: () => [lanes] },
  { multiply: ['fma'], ways: ['rows'], fields: () => [{ ...lanes, ...early, persist: 1, parts: 264 }] },
  { multiply: ['mma'], ways: ['walked'], when: ({ k }) => deep(k), fields: () => [{ persist: 1, block_m: 64, block_k: 256, stages: 4 }] },
  { multiply: ['mma'], ways: ['walked'], fields: () => [{ persist: 1, block_m: 128, block_k: 64, stages: 4 }] },
  {
    multiply: ['mma'], ways: ['all'], when: ({ m, n }, tiles) => m !== undefined && n !== undefined && m <= 256 && n <= tiles.block_n!,
    fields: ({ m }, tiles) => [8, 6, 4].map((stages) => ({ ...early, block_m: cover(m!, tiles.block_m!, 256), stages, parts: 132 })),
  },
  { multiply: ['mma', 'tf32', 'fma'], ways: ['rows', 'all', 'computed'], fields: () => [early] },
]

/** Each is taken where it can run. */
export const betterWays = (multiply: Multiply, way: Way, tiles: ScheduleValues, sizes: Sizes): readonly ScheduleValues[] =>
  faster.filter((f) => f.multiply.includes(multiply) && f.ways.includes(way) && (f.when?.(sizes, tiles) ?? true)).flatMap((f) => f.fields(sizes, tiles))

/** Tiles that cover the axes whose size is known, wide rows where they are a sequence's; half as many (`low`) where so few blocks fit that the last of them would work alone. */
export const defaultTiles = (multiply: Multiply, x: Interaction, { sizes }: InteractionProblem, { m, n, k }: Contraction): ScheduleValues => {
  const size = (name: string): number | undefined => { const { kind, like } = axisOf(x, name); return kind === 'dense' ? sizes[like] : undefined }
  const pairs = x.output.storage === 'jagged' && x.output.axes[0]!.kind !== 'axis'
  const packed = pairs && x.output.axes[0]!.kind === 'lower' ? 32 : 64
  const least = multiply === 'fma' ? 32 : 16
  const blockN = cover(size(n) ?? packed, 16, 128)
  const low = (multiply === 'fma' && (blockN === 128 || size(m) === undefined)) || (multiply === 'tf32' && blockN === 128 && size(k) === undefined)
  const blockM = cover(size(m) ?? (pairs ? packed : 128), least, low ? 64 : 128)
  const blockK = cover(size(k) ?? 32, 16, multiply === 'mma' ? 64 : 32)
  const chosen = { block_m: blockM, block_n: blockN, block_k: blockK, thread_n: 8 }
  const steps = size(k) === undefined ? undefined : Math.ceil(size(k)! / blockK)
  const stages = stagesOf(registerBlocks(multiply, chosen, usesSums(x)), tileBytesAtMost(multiply, chosen), steps, steps === undefined && multiply === 'tf32' ? 3 : 2)
  const tiles = Math.ceil((size(m) ?? 1) / blockM) * Math.ceil((size(n) ?? 1) / blockN)
  return {
    ...chosen, stages, thread_n: 8, lane_rows: 0, persist: 0, early_merge: 0, part_rows: multiply === 'fma' ? 1024 : 2048,
    parts: tiles <= 1 ? 512 : tiles <= 2 ? 256 : tiles <= 4 ? 128 : 64,
  }
}
