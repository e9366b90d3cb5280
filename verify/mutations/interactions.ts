import type { TargetName } from '../../codegen/ir/schedule.ts'

/** One deliberate breakage of an emitted interaction, and the definition on which it must show. */
export interface InteractionMutation {
  readonly name: string
  /** A shipped interaction, or `definition.input`: the step that writes that input's gradient. */
  readonly kernel: string
  readonly find: string | RegExp
  readonly replace: string
  readonly schedule?: Readonly<Record<string, number>>
  readonly dtype?: 'f32' | 'bf16'
}

/** Blocks of four rows: sequences that go over several, and several rounds of their sums. */
const SMALL = { threads: 64, columns: 32, items: 2 } as const

const cuda: readonly InteractionMutation[] = [
  { name: 'one row past the length is read', kernel: 'jagged_to_padded', find: 'if (at_l < seq.len_l) load_vector', replace: 'if (at_l <= seq.len_l) load_vector' },
  { name: 'the pad starts a row late', kernel: 'jagged_to_padded', find: '(at_l < len_l) ?', replace: '(at_l <= len_l) ?' },
  { name: 'rows of the first sequence for all', kernel: 'jagged_to_padded', find: 'seq.first_l + at_l', replace: 'at_l' },
  { name: 'i64 offsets read as i32', kernel: 'jagged_to_padded', find: 'offsets[index * words]', replace: 'offsets[index]' },
  { name: 'the capacity is not the limit of a padded tensor', kernel: 'padded_to_jagged', find: /at_l < int\(params\.capacity_l\)/, replace: 'true' },
  { name: 'the second vector of a thread not stored', kernel: 'jagged_to_padded', find: 'if (vector < vectors) write_chunk', replace: 'if (vector < vectors && u != 1) write_chunk' },
  { name: 'the right side of a concatenation a row late', kernel: 'concat', find: /(const int at_\w+ = index_\w+\([^;]*\));/, replace: '$1 + 1;' },
  { name: 'an empty mean divided by its count', kernel: 'jagged_mean', find: 'count == 0 ? 0 : ', replace: '' },
  { name: 'a mean that is a sum', kernel: 'jagged_mean', find: ' / (float)count', replace: '' },
  { name: 'the last part of a long sequence left out', kernel: 'jagged_sum', schedule: { split: 16 }, find: 'for (long long part = begin + first; part < end;', replace: 'for (long long part = begin + first; part < end - 1;' },
  { name: 'lanes combined without a barrier', kernel: 'jagged_softmax', find: /block_barrier\(\);/, replace: '' },
  { name: 'a maximum that starts at 0', kernel: 'jagged_max', find: 'uint_as_float(0xff800000u)', replace: '0.0f' },
  { name: 'the mean not taken off before the variance', kernel: 'layer_norm', find: /\(in_x - stat_0\)/, replace: '(in_x)' },
  { name: 'packed rows past the last offset not cleared', kernel: 'jagged_softmax', find: /store\(params\.t_out, e, 0\);/, replace: ';' },
  { name: 'the last row of a sequence left out', kernel: 'jagged_dense_bmm', find: /const int m_end = seq\.len_l;/, replace: 'const int m_end = seq.len_l - 1;' },
  { name: 'the last column of the sum left out', kernel: 'jagged_dense_bmm', find: /k_begin = 0, k_end = (\d+);/, replace: 'k_begin = 0, k_end = $1 - 1;' },
  { name: 'rings read before their copies have landed', kernel: 'jagged_dense_bmm', dtype: 'bf16', find: /cp_async_wait<AHEAD - 1>\(\);\n\s*block_barrier\(\);/, replace: '' },
  { name: 'sums not cleared', kernel: 'jagged_dense_bmm', find: /Sums sums;\n\s*clear\(sums\);/, replace: 'Sums sums;\n  clear(sums);\n  ((float*)&sums)[0] = 1.0f;' },
  { name: 'a kept right factor for all sequences', kernel: 'jagged_dense_bmm', schedule: { persist: 1, block_m: 32, block_n: 32, block_k: 16, stages: 3 }, find: 'walk.fresh = true;', replace: 'walk.fresh = b == 0;' },
  { name: 'the first step of a kept right factor for all', kernel: 'jagged_dense_bmm', schedule: { persist: 1, block_m: 32, block_n: 32, block_k: 16, stages: 3 }, find: '(now.place * K_STEPS + step)', replace: '(now.place * K_STEPS)' },
  { name: 'the next tile asked for where this one is read', kernel: 'jagged_dense_bmm', dtype: 'bf16', schedule: { persist: 1, block_m: 32, block_n: 32, block_k: 16, stages: 3 }, find: '(slot == 0 ? STAGES - 1 : slot - 1)', replace: 'slot' },
  { name: 'the diagonal kept', kernel: 'dot_interaction_dense', find: /at_g < at_f/, replace: 'at_g <= at_f' },
  { name: 'the slot of the next sequence', kernel: 'jagged_dense_bmm', find: ' / BLOCK_M - at_b;', replace: ' / BLOCK_M - at_b - 1;' },
  { name: 'threads of a running sum without a barrier', kernel: 'jagged_cumsum', find: /from\[thread\] = own;\n\s*block_barrier\(\);/, replace: 'from[thread] = own;' },
  { name: 'steps of a running sum without a barrier', kernel: 'jagged_cumsum', schedule: { columns: 8 }, find: /: from\[thread\];\n\s*block_barrier\(\);/, replace: ': from[thread];' },
  { name: 'rounds of carries without a barrier', kernel: 'jagged_cumsum', schedule: { ...SMALL, columns: 16 }, find: /(THREADS - COLUMNS \+ [^;]*;)\n\s*block_barrier\(\);/, replace: '$1' },
  { name: 'the sums of earlier blocks left out', kernel: 'jagged_cumsum', schedule: SMALL, find: /if \(p\.first < p\.rows\) carry\.sum = [^;]*;/, replace: '' },
  { name: 'the sums of earlier rounds left out', kernel: 'jagged_cumsum', schedule: SMALL, find: /carry = then\(carry, parts\[THREADS[^;]*;/, replace: '' },
  { name: 'a running sum an element late', kernel: 'jagged_cumsum', find: /carry = then\(carry, values\[i\]\);\n\s*const sum_t sum = carry\.sum;/, replace: 'const sum_t sum = carry.sum;\n    carry = then(carry, values[i]);' },
  { name: 'a sequence that goes on with the sum of the one before', kernel: 'jagged_cumsum', find: /return \{ in_x, at_l == 0 \}/, replace: 'return { in_x, 0 }' },
  { name: 'the first offset not written', kernel: 'offsets_of_lengths', find: /store\(params\.t_out, p\.column, \(value_t\)0\);/, replace: ';' },
  { name: 'the sums of other sequences in place of 0 past the last offset', kernel: 'jagged_cumsum', find: /return \{ 0, 1 \};/g, replace: 'return { 0, 0 };' },
  { name: 'rows that nothing is written to not cleared', kernel: 'masked_rows', find: 'if (element < elements) write_chunk', replace: 'if (element < 0) write_chunk' },
  { name: 'rows written one further', kernel: 'masked_rows', find: '(seq.first_l + at_l)', replace: '(seq.first_l + at_l + 1)' },
  { name: 'columns of the block added up before all threads left theirs', kernel: 'layer_norm.x', find: /(= own\[k\]\[i\];)\n\s*block_barrier\(\);/, replace: '$1' },
  { name: 'the next sum of the block left where one is still added up', kernel: 'layer_norm.x', find: /block_barrier\(\);(\s*#pragma unroll\s*for \(int i = 0; i < VECTOR; \+\+i\) held)/, replace: '$1' },
  { name: 'the rows of the last team not added up', kernel: 'layer_norm.x', find: 'thread < HELD; thread += PERIOD', replace: 'thread < HELD - PERIOD; thread += PERIOD' },
  { name: 'one round of rows left out of the columns', kernel: 'rms_norm.x', schedule: { span: 2 }, find: 'round < SPAN;', replace: 'round < SPAN - 1;' },
  { name: 'the last part left out', kernel: 'layer_norm.x', schedule: { span: 1 }, find: 'part < parts; part += MERGE_STRIDE', replace: 'part < parts - 1; part += MERGE_STRIDE' },
  { name: 'every part in the place of the first', kernel: 'rms_norm.x', schedule: { span: 1 }, find: '(long long)blockIdx.x * SUMS', replace: '0ll * SUMS' },
  { name: 'threads of a sequence that change their columns', kernel: 'layer_norm_sequence.x', schedule: { threads: 128 }, find: /constexpr int STRIDE = \d+;/, replace: 'constexpr int STRIDE = TEAM;' },
]

const wgsl: readonly InteractionMutation[] = [
  { name: 'one row past the length is read', kernel: 'jagged_to_padded', find: '(at_l < len_l)', replace: '(at_l <= len_l)' },
  { name: 'rows of the first sequence for all', kernel: 'jagged_to_padded', find: 'seq.first_l + at_l', replace: 'at_l' },
  { name: 'i64 offsets read as i32', kernel: 'jagged_to_padded', find: 'u32(i) * params.offset_words_l', replace: 'u32(i)' },
  { name: 'the capacity is not the limit of a padded tensor', kernel: 'padded_to_jagged', find: /at_l < i32\(params\.capacity_l\)/, replace: 'true' },
  { name: 'the last elements not stored', kernel: 'jagged_to_padded', find: 'if (step_0 * PER < elements)', replace: 'if (step_0 * PER + PER < elements)' },
  { name: 'the right side of a concatenation a row late', kernel: 'concat', find: /(let at_\w+ = index_\w+\([^;]*\));/, replace: '$1 + 1;' },
  { name: 'a mean that is a sum', kernel: 'jagged_mean', find: / \/ f32\(max\(count, 1\)\)/, replace: '' },
  { name: 'half of the lanes combined', kernel: 'jagged_sum', find: 'var s = LANES / 2;', replace: 'var s = LANES / 4;' },
  { name: 'a vector under way left out', kernel: 'jagged_sum', schedule: { lanes: 4, threads: 64 }, find: /if \(step \+ LANES < steps\) \{ acc_0 = /, replace: 'if (step + 2 * LANES < steps) { acc_0 = ' },
  { name: 'vectors past the kept ones left out', kernel: 'layer_norm_sequence', schedule: { lanes: 4, threads: 64, keep: 2 }, find: 'for (var step = lane + 2 * LANES;', replace: 'for (var step = lane + 3 * LANES;' },
  { name: 'the sequences of packed rows past the last offset not cleared', kernel: 'jagged_softmax', find: /for \(var i = offset_l[^}]*\}/, replace: '' },
  { name: 'what was summed not scaled when the maximum rises', kernel: 'jagged_softmax', find: /sum\[0\] \* far \+ 1\.0/, replace: 'sum[0] + 1.0' },
  { name: 'sums of threads that are not scaled to the maximum of all', kernel: 'jagged_softmax', find: /acc_1\[0\] \* fall_1\(own_0\[0\], stat_0\[0\]\)/, replace: 'acc_1[0]' },
  { name: 'columns of a kept vector in the place of another', kernel: 'layer_norm.x', schedule: { lanes: 2, threads: 64, keep: 4 }, find: 'write_part(columns_d_weight_1, 1,', replace: 'write_part(columns_d_weight_0, 1,' },
  { name: 'the mean not taken off before the variance', kernel: 'layer_norm', find: /\(in_x - stat_0\)/, replace: '(in_x)' },
  { name: 'a row of the product past the sequence stored', kernel: 'jagged_dense_bmm', find: 'let m_end = seq.len_l;', replace: 'let m_end = seq.len_l + 1;' },
  { name: 'the last column of the sum left out', kernel: 'jagged_dense_bmm', find: /let k_end = (\d+);/, replace: 'let k_end = $1 - 1;' },
  { name: 'the diagonal kept', kernel: 'dot_interaction_dense', find: 'min(n_end, at_f)', replace: 'min(n_end, at_f + 1)' },
  { name: 'the rows of the next tile', kernel: 'jagged_dense_bmm', find: '(across - place_of(at_b)) * BLOCK_M', replace: '(across - place_of(at_b) - 1) * BLOCK_M' },
  { name: 'the rows of the last group not added up', kernel: 'layer_norm.x', find: 'other < THREADS; other += PART', replace: 'other < THREADS - PART; other += PART' },
  { name: 'threads of a sequence that change their columns', kernel: 'layer_norm_sequence.x', schedule: { threads: 64, lanes: 64 }, find: /const STRIDE = [^;]*;/, replace: 'const STRIDE = LANES;' },
  { name: 'columns of one vector of a sequence alone', kernel: 'layer_norm_sequence.x', schedule: { threads: 64, lanes: 64, keep: 2 }, find: /if \(step \+ STRIDE < steps\) \{ t_out(.*?); columns_d_weight_0 = /, replace: 'if (step + STRIDE < steps) { t_out$1; let unused = ' },
  { name: 'one round of rows left out of the columns', kernel: 'rms_norm.x', schedule: { span: 2, threads: 64 }, find: 'round < SPAN;', replace: 'round < SPAN - 1;' },
  { name: 'the last part left out', kernel: 'layer_norm.x', schedule: { span: 1, threads: 64 }, find: 'part < parts; part += THREADS / MERGED', replace: 'part < parts - 1; part += THREADS / MERGED' },
  { name: 'every part in the place of the first', kernel: 'rms_norm.x', schedule: { span: 1, threads: 64 }, find: 'part * SUMS + 0', replace: '0 * SUMS + 0' },
  { name: 'packed rows past the last offset not cleared', kernel: 'jagged_dense_bmm', find: /fn clear_rest\(([^)]*)\) \{/, replace: 'fn clear_rest($1) {\n  if (true) { return; }' },
  { name: 'the sums of earlier blocks left out', kernel: 'jagged_cumsum', schedule: SMALL, find: /if \(p\.first < p\.rows\) \{ carry\.sum = [^;]*; \}/, replace: '' },
  { name: 'the sums of earlier rounds left out', kernel: 'jagged_cumsum', schedule: SMALL, find: /carry = then\(carry, parts\[half\]\[THREADS[^;]*;/, replace: '' },
  { name: 'a running sum an element late', kernel: 'jagged_cumsum', find: /carry = then\(carry, values\[i\]\);\n\s*let sum = carry\.sum;/, replace: 'let sum = carry.sum;\n      carry = then(carry, values[i]);' },
  { name: 'a sequence that goes on with the sum of the one before', kernel: 'jagged_cumsum', find: 'Running(in_x, at_l == 0)', replace: 'Running(in_x, false)' },
  { name: 'the last step of a running sum left out', kernel: 'jagged_cumsum', find: 'step < THREADS; step *= 2', replace: 'step < THREADS / 2; step *= 2' },
  { name: 'the first offset not written', kernel: 'offsets_of_lengths', find: 'store(p.column, i32());', replace: '' },
  { name: 'rows that nothing is written to not cleared', kernel: 'masked_rows', find: 'if (word < elements) {', replace: 'if (word < 0) {' },
  { name: 'rows written one further', kernel: 'masked_rows', find: '(seq.first_l + at_l)', replace: '(seq.first_l + at_l + 1)' },
]

/** Breakages of emitted interactions, by target: the fuzz must see each. */
export const interactionMutations: Readonly<Record<TargetName, readonly InteractionMutation[]>> = Object.freeze({ cuda, wgsl })
