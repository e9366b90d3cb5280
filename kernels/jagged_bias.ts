import { defineAttention, pair, pairBias } from 'serrate'

/** Attention with a packed bias of Σ qLen · kvLen numbers: no padding to N. */
export const jagged_bias = defineAttention({ name: 'jagged_bias', captures: { bias: pair('f32', { layout: 'jagged' }) }, scoreMod: pairBias })
