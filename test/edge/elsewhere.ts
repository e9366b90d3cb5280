import { drawLengths, rngOf } from '../../verify/index.ts'
import type { EdgeCase } from './case.ts'

const times = (n: number, of: number | ((i: number) => number)): Int32Array => Int32Array.from({ length: n }, (_, i) => (typeof of === 'number' ? of : of(i)))
const hstu = (over: Readonly<Record<string, number>>, targets: (L: number, b: number) => number): NonNullable<EdgeCase['captures']> =>
  (c) => ({ contextual: 0, maxAttnLen: 0, minFullAttnSeqLen: 0, maxSeqLen: 64, ...over, numTargets: times(c.views.length, (b) => targets(c.views[b]!.kvLen, b)) })
const L = [70, 0, 5, 33, 1]

/** operators.md section 7: what happened elsewhere, as launches. The number is the row's. */
export const elsewhere: readonly EdgeCase[] = [
  { name: '5 grid 0, B = 0, empty values', kernel: 'full', shapes: [{ lengths: [] }, { lengths: [0, 0] }, { heads: 0 }], seeds: [1, 2, 3, 4] },
  { name: '6 zero tensors and an empty batch in fused attention', kernel: 'hstu', shapes: [{ lengths: [] }, { lengths: [0] }, { lengths: [0, 0, 4, 0] }], seeds: [1, 2, 3, 4] },
  { name: '7 values longer than off[-1]', kernel: 'hstu', shapes: [{ lengths: [5, 33] }], seeds: [1, 2, 3, 4, 5], shows: (c, r) => c.rows > 38 && r.checks.rowsPast === 'pass' },
  { name: '8 truncation or padding: L > N', kernel: 'hstu_rows', shapes: [{ lengths: [120, 3] }] },
  { name: '9 non-contiguous inputs', kernel: 'hstu', shapes: [{ placement: 'view' }, { placement: 'headMajor' }] },
  { name: '10 bf16 wanted', kernel: 'sliding_window', dtype: 'bf16', headDim: 24, shapes: [{ lengths: L }] },
  { name: '11 no inner dense dim: D absent is D = 1', kernel: 'full', headDim: 1, shapes: [{ lengths: L, heads: 1 }] },
  { name: '13 accumulation in f32 whatever the dtype: long sums in bf16', kernel: 'hstu', dtype: 'bf16', shapes: [{ lengths: [400, 3] }], captures: hstu({}, () => 0) },
  { name: '14 relative bias by time and position', kernel: 'hstu_bias', shapes: [{ lengths: L }] },
  { name: '14 bias heads are any divisor of H', kernel: 'bias_before_alpha', shapes: [1, 2, 3, 6].map((heads) => ({ lengths: [33, 5], heads })), seeds: [1, 2, 3, 4] },
  { name: '15 HSTU with causal=False', kernel: 'hstu_bidirectional', shapes: [{ lengths: L }], seeds: [1, 2, 3, 4] },
  { name: '16 max_attn_len 0, 1, at least N', kernel: 'hstu', shapes: [{ lengths: L }], seeds: [1], captures: hstu({ maxAttnLen: 0 }, () => 2) },
  { name: '16 max_attn_len 1', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({ maxAttnLen: 1 }, () => 2) },
  { name: '16 max_attn_len past N', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({ maxAttnLen: 1000 }, () => 2) },
  { name: '16 max_attn_len with min_full_attn_seq_len', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({ maxAttnLen: 4, minFullAttnSeqLen: 9, contextual: 3 }, () => 5) },
  { name: '16 min_full_attn_seq_len past L', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({ maxAttnLen: 4, minFullAttnSeqLen: 500 }, () => 5) },
  { name: '16 contextual length of the whole sequence and more', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({ contextual: 40 }, () => 2) },
  { name: '16 local masks, both sides', kernel: 'local_window', shapes: [{ lengths: L }], seeds: [1, 2, 3, 4] },
  { name: '16 a window of 0 keys back and of all', kernel: 'sliding_window', shapes: [{ lengths: L }], captures: () => ({ window: 0 }) },
  { name: '16 a window past the sequence', kernel: 'sliding_window', shapes: [{ lengths: L }], captures: () => ({ window: 100_000 }) },
  { name: '17 num_candidates equals seqlen: no history', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({}, (length) => length) },
  { name: '17 more candidates than the sequence holds', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({}, (length) => length + 7) },
  { name: '17 no candidates', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({}, () => 0) },
  { name: '18 scaling length decoupled from max_seqlen', kernel: 'hstu', shapes: [{ lengths: L }], captures: hstu({ maxSeqLen: 4096 }, () => 2) },
  { name: '20 jagged arbitrary mask: interval lists, empty ones too', kernel: 'interval_lists', shapes: [{ lengths: L }], seeds: [1, 2, 3, 4] },
  { name: '22 head dim 256 within the memory there is', kernel: 'causal', headDim: 256, shapes: [{ lengths: [33, 5] }], seeds: [2], refused: { cuda: 'SR3001: .*head dim 256 is outside 1 to 128' } },
  { name: '24 zero-length q or k, and neither', kernel: 'cross_causal', shapes: [{ lengths: [5, 0, 3, 0], kvLengths: [0, 7, 3, 0] }], seeds: [1, 2, 3, 4] },
  { name: '24 max_seqlen == 1', kernel: 'cross_causal', shapes: [{ lengths: [1, 0, 1, 1], kvLengths: [1, 1, 0, 1] }] },
  { name: '24 zero-length q or k with keys split', kernel: 'cross', schedule: { split: 4 }, shapes: [{ lengths: [5, 0, 3, 0], kvLengths: [0, 7, 130, 0] }] },
  { name: '26 lengths that are no multiples of the tile', kernel: 'hstu', shapes: (m, n) => [{ lengths: [m + 3, 2 * n - 5, m - 1, 7] }] },
  { name: '28 additive bias on jagged', kernel: 'jagged_bias', shapes: [{ lengths: L }], seeds: [1, 2, 3, 4] },
  { name: '28 additive dense bias [B, N, T]', kernel: 'sll_jagged_dense_flash_attention', shapes: [{ lengths: L, queryRows: 7 }], seeds: [1, 2, 3, 4] },
  { name: '29 leaks across sequences', kernel: 'hstu', shapes: [{ lengths: [9, 33, 5, 70] }], seeds: [1, 2, 3, 4, 5, 6], shows: (_c, r) => r.checks.leak === 'pass' },
  { name: '31 a multi-head sll attention', kernel: 'sll_jagged_flash_attention', headDim: 32, shapes: [1, 2, 4, 8].map((heads) => ({ lengths: [33, 0, 5], heads, placement: 'headMajor' as const })), seeds: [2] },
  { name: '32 semi-local attention (local K1 or global K2)', kernel: 'semi_local', shapes: [{ lengths: L }], seeds: [1, 2, 3, 4] },
  { name: '32 packing of short sequences', kernel: 'causal', schedule: { pack: 1 }, shapes: [{ lengths: drawLengths('tiny', rngOf(3, 'short'), { sequences: 90, maxLength: 9 }) }, { lengths: [3, 9, 0, 14, 2, 7, 1, 30] }] },
]
