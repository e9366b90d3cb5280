import { floorDiv } from '../math.ts'

/** Attention inside blocks of `size` positions; the last block may be shorter. */
export const blockDiagonal =
  (size: number) =>
  (_b: number, _h: number, q: number, kv: number): boolean =>
    floorDiv(q, size) === floorDiv(kv, size)
