import type { Mutation, MutationSet } from './types.ts'

/** Text that both CUDA loop nests share. */
const common: readonly Mutation[] = [
  { name: 'mask off by one', kernel: 'causal', find: 'return (kv <= q);', replace: 'return (kv <= q + 1);' },
  { name: 'mask ignored', kernel: 'causal', find: ' || !mask_mod(params, b, h, q, kv, seq)', replace: '' },
  { name: 'partial tiles taken as full', kernel: 'causal', find: 'return (kv1 <= q0);', replace: 'return (kv0 <= q0);' },
  { name: 'tiles on the diagonal skipped', kernel: 'causal', find: 'return (q1 < kv0);', replace: 'return (q0 <= kv0);' },
  { name: 'the last key tile not walked', kernel: 'causal', find: 'found.end = low;', replace: 'found.end = low - 1;' },
  { name: 'one tile too many taken as full', kernel: 'causal', find: 'found.full_end = low;', replace: 'found.full_end = low + 1;' },
  { name: 'a tile with kept and dropped pairs taken as full', kernel: 'hstu', find: 'if (kept && dropped) return PARTIAL;', replace: 'if (kept && dropped) return FULL;' },
  { name: 'partial tiles walked without the mask', kernel: 'hstu', find: '2 * tile + (kind == PARTIAL)', replace: '2 * tile' },
  { name: 'no barrier after tile classes are written', kernel: 'hstu', find: /(classes\[threadIdx\.x\] = kind;\n)\s*block_barrier\(\);/, replace: '$1' },
  { name: 'last tile unmasked', kernel: 'full', find: /if \(kv0 \+ BLOCK_N > seq\.kv_len\) mask_tail/, replace: 'if (false) mask_tail' },
  { name: 'one key past the end kept', kernel: 'full', find: 'if (kv0 + column_of(c) >= kv_len)', replace: 'if (kv0 + column_of(c) > kv_len)' },
  { name: 'rescale of the sum skipped', kernel: 'full', find: 'l_i[r] *= rescale;', replace: '' },
  { name: 'rescale of the output skipped', kernel: 'full', find: 'scale_row(output, r, rescale);', replace: '' },
  { name: 'running maximum not kept', kernel: 'full', find: 'm_i[r] = m_new;', replace: '' },
  { name: 'maximum over half the lanes', kernel: 'full', find: /lanes < ROW_LANES; (lanes \*= 2\) row_max)/, replace: 'lanes < ROW_LANES / 2; $1' },
  { name: 'sum over half the lanes', kernel: 'full', find: /lanes < ROW_LANES; (lanes \*= 2\) sum)/, replace: 'lanes < ROW_LANES / 2; $1' },
  { name: 'offset of the next sequence', kernel: 'full', find: 'const unsigned begin = read_offset(params, sequence);', replace: 'const unsigned begin = read_offset(params, (unsigned long long)sequence + 1);' },
  { name: 'i64 offsets read as i32', kernel: 'full', find: 'params.seq_offsets[index * params.offset_words]', replace: 'params.seq_offsets[index]' },
  { name: 'rows past the end attend', kernel: 'full', find: 'if (!pad) {', replace: 'if (true) {' },
  { name: 'rows past the end not listed', kernel: 'full', find: 'return { begin, params.num_rows };', replace: 'return { begin, begin };' },
  { name: 'rows past the sequence read', kernel: 'full', find: 'first + row < limit && ', replace: '' },
  { name: 'wrong head', kernel: 'full', find: '(seq.row0 * params.num_heads + h) * HEAD_DIM', replace: '(seq.row0 * params.num_heads) * HEAD_DIM' },
  { name: 'wrong head stride', kernel: 'full', find: 'const int row_stride = (int)params.num_heads * HEAD_DIM;', replace: 'const int row_stride = HEAD_DIM;' },
  { name: 'smScale dropped', kernel: 'full', find: /params\.sm_scale \* (LOG2E)/, replace: '$1' },
  { name: 'sum not divided out', kernel: 'full', find: 'scale_row(output, r, sum == 0.0f ? 0.0f : 1.0f / sum);', replace: '' },
  { name: 'lse without log', kernel: 'full', find: 'log2f(sum)', replace: 'sum' },
  { name: 'lse in base 2', kernel: 'full', find: ' * LN2', replace: '' },
  { name: 'lse of an empty row is only very negative', kernel: 'strictly_causal', find: 'NEGATIVE_INFINITY = 0xff800000u', replace: 'NEGATIVE_INFINITY = 0xff7fffffu' },
  { name: 'an empty row divided by its sum', kernel: 'strictly_causal', find: 'sum == 0.0f ? 0.0f : 1.0f / sum', replace: '1.0f / sum' },
  { name: 'table clamp dropped', kernel: 'raw_table', find: 'index < 0 ? 0u : (unsigned)index >= length ? length - 1u : (unsigned)index', replace: '(unsigned)index' },
  { name: 'table of head 0 for all', kernel: 'relative_bias', find: '(unsigned long long)head * length + ', replace: '' },
  { name: 'per-sequence capture of sequence 0', kernel: 'hstu', find: 'params.base_num_targets + b', replace: 'params.base_num_targets' },
  { name: 'no barrier while the next key tile is loaded', kernel: 'full', find: /(cp_async_wait<[^>]*>\(\);\n)\s*block_barrier\(\);(\n\s*(?:if \(i \+|const int kv0))/, replace: '$1$2' },
  { name: 'tile counts read before they are written', kernel: 'full', find: /block_barrier\(\);(\n\s*unsigned total = 0;)/, replace: '$1' },
]

export const cudaFmaMutations: MutationSet = Object.freeze({
  template: 'cuda_fma',
  dtype: 'f32',
  mutations: [
    ...common,
    { name: 'tile writes into the next sequence', kernel: 'full', find: 'if (q >= limit) continue;', replace: '' },
    { name: 'no warp barrier before weights are read', kernel: 'full', find: /warp_barrier\(\);/, replace: '' },
  ],
})

export const cudaMmaMutations: MutationSet = Object.freeze({
  template: 'cuda_mma',
  dtype: 'f16',
  mutations: [
    ...common,
    { name: 'tile writes into the next sequence', kernel: 'full', find: 'if (q < limit) store_16', replace: 'store_16' },
    { name: 'copies not waited for', kernel: 'full', find: 'cp_async_wait<STAGES - 2>();', replace: '' },
    { name: 'ring of tiles never turns', kernel: 'full', find: 'slot = slot + 1 == STAGES ? 0 : slot + 1;', replace: '' },
    { name: 'values not transposed', kernel: 'full', find: 'ldmatrix_x4_trans(rows, value_rows', replace: 'ldmatrix_x4(rows, value_rows' },
    { name: 'halves of a key fragment swapped', kernel: 'full', find: 'low[2] = { rows[0], rows[1] }, high[2] = { rows[2], rows[3] }', replace: 'low[2] = { rows[2], rows[3] }, high[2] = { rows[0], rows[1] }' },
  ],
})
