import type { Interaction, InteractionProblem } from '../../../ir/interaction/index.ts'
import { axisOf } from '../../../ir/interaction/index.ts'
import type { Contraction } from '../classify.ts'
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

export const tileOf = (multiply: Multiply, { block_m: m, block_n: n }: ScheduleValues): Tile => {
  if (multiply === 'fma') {
    const [threadM, threadN] = [m! >= 64 ? 8 : 4, n! >= 64 ? 8 : 4]
    return { threads: (m! * n!) / (threadM * threadN), warpsM: 1, warpsN: 1, threadM, threadN, bytes: 4 }
  }
  const [warpsM, warpsN] = [m! >= 128 ? 4 : m! >= 32 ? 2 : 1, n! >= 32 ? 2 : 1]
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

/** Shared bytes of a block in the worst case of layouts, the output's tile among them. */
export const sharedBytesAtMost = (multiply: Multiply, v: ScheduleValues): number => {
  const { bytes } = tileOf(multiply, v)
  const most = (block: number): number => Math.max(...[true, false].map((kUnit) => stagedOf(multiply, { kUnit }, block, v.block_k!).elements))
  return Math.max(v.stages! * (most(v.block_m!) + most(v.block_n!)) * bytes, v.block_m! * (v.block_n! + 8) * bytes)
}

const cover = (size: number, least: number, most: number): number => { let n = least; while (n < size && n < most) n *= 2; return n }

/** Tiles that cover the axes whose size is known, wide rows where they are a sequence's. */
export const defaultTiles = (multiply: Multiply, x: Interaction, { sizes }: InteractionProblem, { m, n, k }: Contraction): ScheduleValues => {
  const size = (name: string): number | undefined => { const { kind, like } = axisOf(x, name); return kind === 'dense' ? sizes[like] : undefined }
  const pairs = x.output.storage === 'jagged' && x.output.axes[0]!.kind !== 'axis'
  const packed = pairs && x.output.axes[0]!.kind === 'lower' ? 32 : 64
  const ragged = pairs ? packed : 128
  const least = multiply === 'fma' ? 32 : 16
  const blockM = cover(size(m) ?? ragged, least, 128)
  const blockN = cover(size(n) ?? packed, 16, 128)
  const blockK = cover(size(k) ?? 64, 16, multiply === 'mma' ? 64 : 32)
  return { block_m: blockM, block_n: blockN, block_k: blockK, stages: size(k) !== undefined && size(k)! <= 2 * blockK ? 2 : 3, part_rows: 1024, parts: 128 }
}
