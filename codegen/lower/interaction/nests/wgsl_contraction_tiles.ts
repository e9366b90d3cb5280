import { axisOf, type Interaction, type InteractionProblem } from '../../../ir/interaction/index.ts'
import type { Contraction } from '../classify.ts'
import type { ScheduleValues } from './types.ts'

/** Elements of the vectors that workgroup memory holds, and rows and columns of a block of sums. */
export const QUAD = 4

/** One operand's tile in workgroup memory: `rows` of `quads` vectors, `pitch` vectors apart. */
export interface Staged { readonly rows: number; readonly quads: number; readonly pitch: number; readonly vectors: number }

/** Rows along k have an odd pitch, which spreads the rows that neighbouring threads read over the banks. */
export const stagedOf = (kUnit: boolean, block: number, blockK: number): Staged => {
  const [rows, quads] = kUnit ? [block, blockK / QUAD] : [blockK, block / QUAD]
  const pitch = kUnit ? quads + 1 - (quads % 2) : quads
  return { rows, quads, pitch, vectors: rows * pitch }
}

export const threadsOf = (v: ScheduleValues): number => (v.block_m! * v.block_n!) / (v.thread_m! * v.thread_n!)

/** Bytes of a shared vector, and of the word through which a search's result reaches all threads. */
export const VECTOR_BYTES = 16
export const FOUND_BYTES = 4

/** Workgroup memory in the worst case of layouts. */
export const sharedBytesAtMost = (v: ScheduleValues): number => {
  const most = (block: number): number => Math.max(...[true, false].map((kUnit) => stagedOf(kUnit, block, v.block_k!).vectors))
  return (most(v.block_m!) + most(v.block_n!)) * VECTOR_BYTES + FOUND_BYTES
}

const cover = (size: number, least: number, most: number): number => { let n = least; while (n < size && n < most) n *= 2; return n }

/** Tiles that cover the axes whose size is known, tall where rows are a sequence's. On a CPU small ones, whose text compiles quickly. */
export const defaultTiles = (x: Interaction, { sizes }: InteractionProblem, { m, n, k }: Contraction, software: boolean): ScheduleValues => {
  const most = software ? 32 : 64
  const size = (name: string): number | undefined => { const { kind, like } = axisOf(x, name); return kind === 'dense' ? sizes[like] : undefined }
  const pairs = x.output.storage === 'jagged' && x.output.axes[0]!.kind !== 'axis'
  const blockN = cover(size(n) ?? 64, 16, most)
  const blockM = cover(size(m) ?? (pairs ? 64 : 128), 16, software ? most : 128)
  return {
    block_m: blockM, block_n: blockN, block_k: cover(size(k) ?? 16, 8, 16), thread_m: blockM >= 64 ? 8 : 4, thread_n: blockN >= 64 ? 8 : 4,
    parts: Math.ceil((size(m) ?? 1) / blockM) * Math.ceil((size(n) ?? 1) / blockN) <= 2 ? 256 : 128,
  }
}
