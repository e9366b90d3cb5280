import type { FamilyCase } from './family.ts'

const L = [3, 0, 17, 65, 1]
const cross = { lengths: [5, 9, 0, 33], kvLengths: [40, 0, 7, 3] } as const

/** What, of which shipped definition, and the launch: of every target. */
export const familyCases: readonly (readonly [string, string, FamilyCase])[] = [
  ['rows past the last offset', 'causal', { lengths: L, rest: 4 }],
  ['i64 offsets and heads that share keys', 'causal', { lengths: L, i64: true, heads: 4, kvHeads: 2 }],
  ['cross-attention, value dim 24', 'full', { ...cross, layout: { queries: 'jagged' }, valueDim: 24 }],
  ['bottom-right causal, more queries than keys', 'causal', { ...cross, layout: { queries: 'jagged', align: 'end' }, headDim: 8 }],
  ['dense queries', 'full', { lengths: [], kvLengths: [40, 0, 7], queryRows: 3, layout: { queries: 'dense' } }],
  ['one block of queries for all, keys shared', 'full', { lengths: [], kvLengths: [40, 0, 7], queryRows: 35, layout: { queries: 'broadcast' }, kvIndex: [2, 0, 0, 1, 2] }],
  ['a sink in the sum, also of rows without keys', 'sink', { ...cross, layout: { queries: 'jagged' }, rest: 2 }],
  ['weights dropped after the sum', 'sll_jagged_flash_attention_masked', { lengths: L }],
  ['softmax and silu heads', 'hstu_mixed', { lengths: L, heads: 3, captures: { softmaxHeads: 1 } }],
  ['a jagged bias', 'jagged_bias', { lengths: L }],
  ['a dense bias of half the heads', 'pair_bias', { lengths: L, heads: 4 }],
  ['interval lists', 'interval_lists', { lengths: L }],
  ['a scale for each row', 'hstu_rows', { lengths: L }],
  ['erf', 'gdpa_gelu', { lengths: L }],
  ['bf16, words shared by rows', 'causal', { lengths: L, dtype: 'bf16', headDim: 33, valueDim: 7 }],
  ['bf16, vector loads', 'causal', { lengths: L, dtype: 'bf16', headDim: 32, rest: 3 }],
  ['bf16, an odd number of elements', 'full', { lengths: [3, 4, 2], dtype: 'bf16', headDim: 5, valueDim: 33, heads: 1 }],
  ['keys in 4 parts', 'causal', { lengths: [3, 200, 1], rest: 3, schedule: { split: 4 } }],
  ['keys in 4 parts, tiles tested, scale in the merge', 'hstu', { lengths: [3, 200, 1], schedule: { split: 4 } }],
  ['keys in 8 parts and a sink', 'sink', { lengths: [3, 70, 1], schedule: { split: 8 } }],
  ['keys in 2 parts, softmax and silu heads', 'hstu_mixed', { lengths: L, heads: 3, captures: { softmaxHeads: 1 }, lse: true, schedule: { split: 2 } }],
  ['dense queries, keys in 16 parts', 'full', { lengths: [], kvLengths: [400, 0, 7], queryRows: 1, layout: { queries: 'dense' }, dtype: 'bf16', headDim: 6, schedule: { split: 16 } }],
  ['packed short sequences', 'full', { lengths: [3, 0, 0, 9, 1, 4, 64, 2, 0, 31, 5, 7, 0], rest: 5, schedule: { pack: 1 } }],
  ['packed, bounds of each row', 'causal', { lengths: [3, 0, 9, 1, 4, 64, 2, 31, 5, 7], rest: 40, schedule: { pack: 1 } }],
  ['packed, tiles tested, captures of each row', 'hstu', { lengths: [3, 0, 9, 1, 4, 64, 2, 31, 5, 7], schedule: { pack: 1 } }],
  ['packed, score and row values', 'hstu_bias', { lengths: [3, 0, 9, 1, 4, 33, 2, 31], schedule: { pack: 1 } }],
  ['packed, bf16 and a sink', 'sink', { lengths: [3, 0, 9, 1, 40, 2], rest: 3, dtype: 'bf16', headDim: 9, schedule: { pack: 1 } }],
  ['packed, weights dropped after the sum', 'sll_jagged_flash_attention_masked', { lengths: [3, 0, 9, 1, 4], i64: true, schedule: { pack: 1 } }],
  ['longest first', 'causal', { lengths: [3, 0, 200, 1, 40, 70, 300, 31], rest: 3, schedule: { order: 1 } }],
]
