import { defineAttention } from 'serrate'

/** Bidirectional attention inside each sequence. The layout is the document mask. */
export const full = defineAttention({ name: 'full' })
