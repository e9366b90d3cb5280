import { drawLengths, rngOf } from '../../verify/index.ts'
import type { EdgeCase } from './case.ts'

const dims = [1, 3, 5, 7, 12, 16, 20, 32, 33, 64, 96, 128]
const around = (...tiles: readonly number[]): readonly number[] => tiles.flatMap((t) => [t - 1, t, t + 1, 2 * t])
const drawn = (name: Parameters<typeof drawLengths>[0], sequences: number, maxLength: number) => ({ lengths: drawLengths(name, rngOf(7, name), { sequences, maxLength }) })
const sequences = (n: number, value: number): Int32Array => new Int32Array(n).fill(value)

/** operators.md section 6, the universal edge cases as launches. */
export const universal: readonly EdgeCase[] = [
  { name: 'U1: B = 0', kernel: 'causal', shapes: [{ lengths: [] }], seeds: [1, 2, 3, 4], shows: (c) => c.rows > 0 },
  { name: 'U1: ΣL = 0', kernel: 'causal', shapes: [{ lengths: [0] }, { lengths: [0, 0, 0] }], seeds: [1, 2, 3, 4] },
  { name: 'U1: B = 0 and ΣL = 0 of dense queries over jagged keys', kernel: 'target_attention', shapes: [{ lengths: [], queryRows: 3 }, { lengths: [0, 0], queryRows: 3 }, { lengths: [4, 2], queryRows: 0 }] },
  { name: 'U2: first, last and consecutive sequences are empty', kernel: 'causal', shapes: [{ lengths: [0, 5, 9] }, { lengths: [5, 9, 0] }, { lengths: [0, 0, 17, 0, 0, 0, 3, 0] }] },
  { name: 'U2: sequences of no keys, of no queries, of neither', kernel: 'cross', shapes: [{ lengths: [5, 0, 0, 3], kvLengths: [0, 7, 0, 40] }] },
  { name: 'U3: L = 1', kernel: 'causal', shapes: [{ lengths: [1] }, { lengths: [1, 1, 1, 1, 1] }] },
  { name: 'U3: L = N for all', kernel: 'causal', shapes: [{ lengths: [64, 64, 64] }] },
  { name: 'U3: L = tile - 1, tile, tile + 1', kernel: 'causal', shapes: (m, n) => around(m, n).map((L) => ({ lengths: [L, 3, L] })), seeds: [3] },
  { name: 'U3: query and key lengths around both tiles', kernel: 'cross', shapes: (m, n) => [{ lengths: around(m), kvLengths: around(n) }, { lengths: around(n), kvLengths: around(m) }] },
  { name: 'U4: L > N is not truncated: N scales, it bounds nothing', kernel: 'hstu', shapes: [{ lengths: [300, 3] }], captures: (c) => ({ maxSeqLen: 16, maxAttnLen: 0, contextual: 0, numTargets: sequences(c.lengths.length, 0) }) },
  { name: 'U4: L > N of the sll definitions', kernel: 'sll_jagged_flash_attention_masked', shapes: [{ lengths: [70, 9] }], captures: () => ({ maxSeqLen: 8 }) },
  { name: 'U5: rows past off[-1] are never read and come out 0', kernel: 'full', shapes: [{ lengths: [5, 40] }], seeds: [1, 2, 3, 4, 5], shows: (c, r) => c.rows > 45 && r.checks.rowsPast === 'pass' },
  { name: 'U5: key rows past off[-1]', kernel: 'cross', shapes: [{ lengths: [5, 9], kvLengths: [40, 3] }], seeds: [1, 2, 3, 4, 5], shows: (c) => c.inputs.kvRows! > 43 },
  { name: 'U6: i64 offsets', kernel: 'causal', shapes: [{ lengths: [5, 0, 40, 1] }], seeds: [1, 2, 3, 4, 5, 6, 7, 8], shows: (c) => c.inputs.seqOffsets instanceof BigInt64Array },
  { name: 'U6: i64 offsets of keys', kernel: 'cross_causal', shapes: [{ lengths: [5, 0, 40, 1], kvLengths: [3, 9, 33, 0] }], seeds: [1, 2, 3, 4, 5, 6, 7, 8], shows: (c) => c.inputs.kvOffsets instanceof BigInt64Array },
  { name: 'U7: head-major tensors [H, ΣL, d]', kernel: 'causal', shapes: [{ placement: 'headMajor' }, { placement: 'headMajor', kvHeads: 1, heads: 3 }] },
  { name: 'U7: views of one packed qkv buffer', kernel: 'causal', shapes: [{ placement: 'view' }, { placement: 'view', heads: 4, kvHeads: 2 }] },
  { name: 'U7: strided views whose elements are not vectors', kernel: 'alibi', headDim: 5, valueDim: 3, shapes: [{ placement: 'view' }, { placement: 'headMajor' }] },
  ...dims.map((headDim): EdgeCase => ({ name: `U8: D = ${headDim}`, kernel: 'causal', headDim, shapes: [{ lengths: [3, 0, 37] }], seeds: [2] })),
  { name: 'U8: D = 256', kernel: 'causal', headDim: 256, shapes: [{ lengths: [3, 0, 37] }], seeds: [2], refused: { cuda: 'SR3001: .*head dim 256 is outside 1 to 128' } },
  ...(['window_by_head', 'window_and_prefix_by_head'] as const).flatMap((kernel): EdgeCase[] => [1, 2].map((split) => ({
    name: `U7: heads of a group mask differently (${kernel}, split=${split})`, kernel, schedule: { gqa: 1, split }, shapes: [{ lengths: [5, 0, 140, 33], heads: 4, kvHeads: 1 }, { lengths: [90, 3], heads: 6, kvHeads: 2 }], seeds: [1, 2, 3, 4],
  }))),
  { name: 'U7: groups of head-major and strided views', kernel: 'alibi', schedule: { gqa: 1 }, shapes: [{ placement: 'headMajor', heads: 6, kvHeads: 2 }, { placement: 'view', heads: 4, kvHeads: 1 }] },
  { name: 'U8: values of a larger dim', kernel: 'causal', headDim: 7, valueDim: 33, shapes: [{}] },
  { name: 'U8: values of a smaller dim', kernel: 'causal', headDim: 32, valueDim: 9, shapes: [{}] },
  { name: 'U10: one giant among short ones', kernel: 'causal', shapes: [drawn('onegiant', 40, 300)] },
  { name: 'U10: Zipf', kernel: 'causal', shapes: [drawn('zipf', 20, 200)] },
  { name: 'U10: all equal', kernel: 'causal', shapes: [drawn('full', 12, 24)] },
  { name: 'U10: one giant among short ones, longest first', kernel: 'causal', schedule: { order: 1 }, shapes: [drawn('onegiant', 40, 300)] },
  { name: 'U11: no sequence reaches another, NaN or not', kernel: 'causal', shapes: [{ lengths: [5, 9, 40, 1, 33] }], seeds: [1, 2, 3, 4, 5, 6], shows: (_c, r) => r.checks.leak === 'pass' },
  { name: 'U11: nor where tiles hold several', kernel: 'causal', schedule: { pack: 1 }, shapes: [{ lengths: [5, 9, 40, 1, 3, 7, 2, 2] }], seeds: [1, 2, 3, 4, 5, 6], shows: (_c, r) => r.checks.leak === 'pass' },
  { name: 'U11: nor where keys are split', kernel: 'causal', schedule: { split: 4 }, shapes: [{ lengths: [5, 90, 140, 1] }], seeds: [1, 2, 3, 4], shows: (_c, r) => r.checks.leak === 'pass' },
  { name: 'U11: nor where tiles hold several heads', kernel: 'causal', schedule: { gqa: 1 }, shapes: [{ lengths: [5, 9, 40, 1, 33], heads: 4, kvHeads: 2 }], seeds: [1, 2, 3, 4, 5, 6], shows: (_c, r) => r.checks.leak === 'pass' },
  { name: 'U11: requests that share keys reach those alone', kernel: 'shared_target_attention', shapes: [{ lengths: [5, 9, 40, 1, 3], kvLengths: [20, 3, 0, 41], queryRows: 3 }], seeds: [1, 2, 3, 4, 5, 6], shows: (_c, r) => r.checks.leak === 'pass' },
  { name: 'U13: bf16', kernel: 'causal', dtype: 'bf16', shapes: [{}] },
  { name: 'U13: bf16 of an odd dim', kernel: 'causal', dtype: 'bf16', headDim: 7, valueDim: 5, shapes: [{ lengths: [3, 0, 17, 1] }] },
  { name: 'U13: bf16, pointwise', kernel: 'hstu', dtype: 'bf16', headDim: 16, shapes: [{}] },
  { name: 'U13: f16', kernel: 'causal', dtype: 'f16', headDim: 16, shapes: [{}] },
  { name: 'U13: f16, pointwise', kernel: 'hstu', dtype: 'f16', shapes: [{}] },
  { name: 'U14: a repeated launch is bit-equal', kernel: 'sliding_window', shapes: [{ lengths: [5, 0, 70, 33] }], seeds: [1, 2, 3, 4], shows: (_c, r) => r.checks.repeatBitEqual === 'pass' },
  { name: 'U14: bit-equal with keys split and merged', kernel: 'hstu', schedule: { split: 8 }, shapes: [{ lengths: [5, 0, 170, 33] }], seeds: [1, 2, 3, 4], shows: (_c, r) => r.checks.repeatBitEqual === 'pass' },
  { name: 'a fully masked row is 0 with an lse of -inf', kernel: 'every_third_row_masked', shapes: [{ lengths: [5, 0, 40, 1, 33] }], seeds: [1, 2, 3, 4], shows: (_c, r) => r.checks.rowsPast === 'pass' },
  { name: 'a fully masked row where tiles hold several sequences', kernel: 'every_third_row_masked', schedule: { pack: 1 }, shapes: [{ lengths: [5, 0, 40, 1, 3, 3] }], seeds: [1, 2] },
  { name: 'a fully masked row where keys are split', kernel: 'every_third_row_masked', schedule: { split: 4 }, shapes: [{ lengths: [5, 0, 140, 1] }] },
  { name: 'every row is masked', kernel: 'all_masked', shapes: [{}], shows: (c, r) => c.lengths.length > 0 && r.checks.rowsPast === 'pass' },
  { name: 'every row is masked, with a sink', kernel: 'all_masked_sink', shapes: [{}] },
  { name: 'a masked pair adds nothing where the activation of 0 is not 0', kernel: 'sigmoid_causal', shapes: [{ lengths: [5, 40, 1, 17] }] },
  ...(['full', 'unscaled', 'sll_jagged_flash_attention', 'causal'] as const).map((kernel): EdgeCase => ({
    name: `scores all far below zero, a partial tile: ${kernel}`, kernel, headDim: 32, shapes: [{ lengths: [20, 40, 32, 5] }], seeds: [...Array(24).keys()], shows: (c) => c.style === 'negative',
  })),
]
