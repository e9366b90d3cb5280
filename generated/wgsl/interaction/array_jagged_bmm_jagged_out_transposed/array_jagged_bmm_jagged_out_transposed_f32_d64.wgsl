// array_jagged_bmm_jagged_out_transposed_f32_d64: jagged interaction `array_jagged_bmm_jagged_out_transposed` (contraction), f32
// definition kernels/interaction/array_jagged_bmm_jagged_out_transposed.ts:4
// path       left factor in elements along j, right factor in vectors along d
// schedule   wgsl_contraction block_m=128 block_n=64 block_k=16 thread_m=8 thread_n=8 matrix=0 parts=256
// hashes     definition 5966c9e9f7d85d8a, plan ac54cacb1bd3293d
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  batch_b: u32,
  rows_i: u32,
  rows_j: u32,
  rows_outer_i_j: u32,
  offset_words_i: u32,
  offset_words_j: u32,
  offset_words_outer_i_j: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_a: array<f32>;
@group(0) @binding(2) var<storage, read> t_y: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> offsets_i: array<i32>;
@group(0) @binding(5) var<storage, read> offsets_j: array<i32>;
@group(0) @binding(6) var<storage, read> offsets_outer_i_j: array<i32>;

// Element i of t_a.
fn load_t_a(i: i32) -> f32 {
  return t_a[u32(i)];
}

// Elements i to i + 3 of t_y; i is a multiple of 4.
fn load_t_y_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_y[at];
  return array<f32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Offset i of i, inside of the rows that its tensors hold.
fn offset_i(i: i32) -> i32 {
  return clamp(offsets_i[u32(i) * params.offset_words_i], 0, i32(params.rows_i));
}

// Offset i of j, inside of the rows that its tensors hold.
fn offset_j(i: i32) -> i32 {
  return clamp(offsets_j[u32(i) * params.offset_words_j], 0, i32(params.rows_j));
}

// Offset i of outer_i_j, inside of the rows that its tensors hold.
fn offset_outer_i_j(i: i32) -> i32 {
  return clamp(offsets_outer_i_j[u32(i) * params.offset_words_outer_i_j], 0, i32(params.rows_outer_i_j));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  len_j: i32,
  len_i: i32,
  first_outer_i_j: i32,
  first_i: i32,
  first_j: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(max(offset_j(b + 1) - offset_j(b), 0), max(offset_i(b + 1) - offset_i(b), 0), offset_outer_i_j(b), offset_i(b), offset_j(b));
}

const BLOCK_M = 128;
const BLOCK_N = 64;  // rows and columns of the output tile of a workgroup
const BLOCK_K = 16;  // elements of k in workgroup memory at once
const ROW_THREADS = 16;
const COLUMN_THREADS = 8;  // threads along the tile's rows and columns, each with 4 by 4 blocks of sums
const THREADS = 128;

var<workgroup> found: i32;

// Where a sequence begins among the slots: tiles of rows, of which some are empty.
fn place_of(b: i32) -> i32 {
  return offset_j(b) / BLOCK_M + b;
}

// The last sequence whose place is at most `wanted`, the same for all threads, which search together.
fn sequence_at(wanted: i32, thread: i32) -> i32 {
  var low = 0;
  var count = i32(params.batch_b);
  while (count > 1) {
    let stride = (count + THREADS - 1) / THREADS;
    let step = thread * stride;
    if (step < count && (thread == 0 || place_of(low + step) <= wanted) && (step + stride >= count || place_of(low + step + stride) > wanted)) { found = low + step; }
    let next = workgroupUniformLoad(&found);
    count = min(stride, count - (next - low));
    low = next;
  }
  return low;
}

var<workgroup> left_tile: array<vec4<f32>, 512>;

// The left tile: a row of vectors for each k; zeros from i_end and k_end on.
fn stage_left(seq: Seq, thread: i32, i0: i32, i_end: i32, k0: i32, k_end: i32) {
  for (var s = thread; s < 512; s += THREADS) {
    let row = s / 32;
    let quad = s % 32;
    let at_i = k0 + row;
    let start_j = i0 + quad * 4;
    var values = vec4<f32>();
    if (at_i < k_end && start_j < i_end) {
      for (var i = 0; i < min(4, i_end - start_j); i++) {
        let at_j = start_j + i;
        let in_a = load_t_a((seq.first_outer_i_j + at_i * seq.len_j + at_j));
        values[i] = in_a;
      }
    }
    left_tile[row * 32 + quad] = values;
  }
}

// Rows 4 quad .. 4 quad + 3 of the tile, a column each: their elements 4 k .. 4 k + 3.
fn left_block(quad: i32, k: i32) -> mat4x4<f32> {
  let first = k * 128 + quad;
  return transpose(mat4x4<f32>(left_tile[first], left_tile[first + 32], left_tile[first + 64], left_tile[first + 96]));
}

var<workgroup> right_tile: array<vec4<f32>, 256>;

// The right tile: a row of vectors for each k; zeros from i_end and k_end on.
fn stage_right(seq: Seq, thread: i32, i0: i32, i_end: i32, k0: i32, k_end: i32) {
  for (var s = thread; s < 256; s += THREADS) {
    let row = s / 16;
    let quad = s % 16;
    let at_i = k0 + row;
    let start_d = i0 + quad * 4;
    var values = vec4<f32>();
    if (at_i < k_end && start_d < i_end) {
      var vector_in_y = load_t_y_vector(((seq.first_i + at_i) * 64 + start_d));
      for (var i = 0; i < 4; i++) {
        let in_y = vector_in_y[i];
        values[i] = in_y;
      }
    }
    right_tile[row * 16 + quad] = values;
  }
}

// Elements 4 k .. 4 k + 3, a column each, of the tile's columns 4 quad .. 4 quad + 3.
fn right_block(quad: i32, k: i32) -> mat4x4<f32> {
  let first = k * 64 + quad;
  return mat4x4<f32>(right_tile[first], right_tile[first + 16], right_tile[first + 32], right_tile[first + 48]);
}

// A row of sums, and the products of a row's elements along k with those of 4 columns.
fn add_row(sums: vec4<f32>, a: vec4<f32>, b: mat4x4<f32>) -> vec4<f32> {
  return fma(b[3], vec4<f32>(a.w), fma(b[2], vec4<f32>(a.z), fma(b[1], vec4<f32>(a.y), fma(b[0], vec4<f32>(a.x), sums))));
}

// 4 rows of sums (a column of the matrix each).
fn multiply_add(sums: mat4x4<f32>, a: mat4x4<f32>, b: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(add_row(sums[0], a[0], b), add_row(sums[1], a[1], b), add_row(sums[2], a[2], b), add_row(sums[3], a[3], b));
}

// Writes up to 4 neighbours of a row of the output: those before n_end.
fn put(seq: Seq, at_j: i32, at_d: i32, n_end: i32, sums: vec4<f32>) {
  let count = min(4, n_end - at_d);
  if (count <= 0) { return; }
  let element = ((seq.first_j + at_j) * 64 + at_d);
  let x = sums;
  t_out[u32(element) / 4u] = vec4<f32>(x.x, x.y, x.z, x.w);
}

// Writes a block of the output.
fn put_block(seq: Seq, m: i32, m_end: i32, n: i32, n_end: i32, sums: mat4x4<f32>) {
  for (var row = 0; row < min(4, m_end - m); row++) { put(seq, m + row, n, n_end, sums[row]); }
}

// Rows past the last sequence are 0: workgroup `nth` of `workgroups` writes its share.
fn clear_rest(nth: i32, workgroups: i32, thread: i32) {
  let row_size = 64;
  let begin = offset_j(i32(params.batch_b)) * row_size;
  let end = i32(params.rows_j) * row_size;
  for (var i = begin / 4 + nth * THREADS + thread; i < end / 4; i += workgroups * THREADS) { t_out[i] = vec4<f32>(0.0, 0.0, 0.0, 0.0); }
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let row = thread / COLUMN_THREADS;
  let column = thread % COLUMN_THREADS;
  let id = i32(group_id.x + group_id.y * groups.x);
  let n_end = 64;
  let across = id;
  let n0 = 0;
  if (i32(params.batch_b) == 0) {
    clear_rest(id, i32(groups.x * groups.y), thread);
    return;
  }
  let at_b = sequence_at(across, thread);
  let seq = load_sequence(at_b);
  let m_end = seq.len_j;
  let m0 = (across - place_of(at_b)) * BLOCK_M;
  if (m0 < 0) { return; }
  if (m0 >= m_end) {
    // Slots past the last sequence's rows.
    if (at_b + 1 == i32(params.batch_b) && n0 == 0) {
      let first_free = place_of(at_b) + (m_end + BLOCK_M - 1) / BLOCK_M;
      clear_rest(across - first_free, max(i32(params.rows_j) / BLOCK_M + i32(params.batch_b) + 1 - first_free, 1), thread);
    }
    return;
  }
  let k_begin = 0;
  let k_end = seq.len_i;
  var sums_0_0 = mat4x4<f32>();
  var sums_0_1 = mat4x4<f32>();
  var sums_1_0 = mat4x4<f32>();
  var sums_1_1 = mat4x4<f32>();
  // One step of BLOCK_K.
  for (var k0 = k_begin; k0 < k_end; k0 += BLOCK_K) {
    workgroupBarrier();
    stage_left(seq, thread, m0, m_end, k0, k_end);
    stage_right(seq, thread, n0, n_end, k0, k_end);
    workgroupBarrier();
    for (var k = 0; k < BLOCK_K / 4; k++) {
      let b_0 = right_block(0 * COLUMN_THREADS + column, k);
      let b_1 = right_block(1 * COLUMN_THREADS + column, k);
      let a_0 = left_block(0 * ROW_THREADS + row, k);
      sums_0_0 = multiply_add(sums_0_0, a_0, b_0);
      sums_0_1 = multiply_add(sums_0_1, a_0, b_1);
      let a_1 = left_block(1 * ROW_THREADS + row, k);
      sums_1_0 = multiply_add(sums_1_0, a_1, b_0);
      sums_1_1 = multiply_add(sums_1_1, a_1, b_1);
    }
  }
  put_block(seq, m0 + (0 * ROW_THREADS + row) * 4, m_end, n0 + (0 * COLUMN_THREADS + column) * 4, n_end, sums_0_0);
  put_block(seq, m0 + (0 * ROW_THREADS + row) * 4, m_end, n0 + (1 * COLUMN_THREADS + column) * 4, n_end, sums_0_1);
  put_block(seq, m0 + (1 * ROW_THREADS + row) * 4, m_end, n0 + (0 * COLUMN_THREADS + column) * 4, n_end, sums_1_0);
  put_block(seq, m0 + (1 * ROW_THREADS + row) * 4, m_end, n0 + (1 * COLUMN_THREADS + column) * 4, n_end, sums_1_1);
}
