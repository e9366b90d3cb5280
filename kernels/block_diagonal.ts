import { blockDiagonal, defineAttention } from 'serrate'

/** Attention inside blocks of 64 tokens (BlockAttention). */
export const block_diagonal = defineAttention({ name: 'block_diagonal', maskMod: blockDiagonal(64) })
