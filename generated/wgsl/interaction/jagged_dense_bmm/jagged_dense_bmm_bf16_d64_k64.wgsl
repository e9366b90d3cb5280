// jagged_dense_bmm_bf16_d64_k64: jagged interaction `jagged_dense_bmm` (contraction), bf16
// definition kernels/interaction/jagged_dense_bmm.ts:4
// path       left factor in vectors along d, right factor in vectors along k
// schedule   wgsl_contraction block_m=128 block_n=64 block_k=16 thread_m=8 thread_n=8 matrix=0 parts=256
// hashes     definition 5c5358e809374a72, plan 7bb544392813ce5e
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> t_w: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> t_out: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> offsets_l: array<i32>;

// To bf16 bits, ties to even; a NaN stays one.
fn narrow(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select((bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u, 0x7fc0u, (bits & 0x7fffffffu) > 0x7f800000u);
}

// Elements i to i + 3 of t_x; i is a multiple of 4.
fn load_t_x_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_x[at];
  return array<f32, 4>(bitcast<f32>(w0.x << 16u), bitcast<f32>(w0.x & 0xffff0000u), bitcast<f32>(w0.y << 16u), bitcast<f32>(w0.y & 0xffff0000u));
}

// Elements i to i + 3 of t_w; i is a multiple of 4.
fn load_t_w_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_w[at];
  return array<f32, 4>(bitcast<f32>(w0.x << 16u), bitcast<f32>(w0.x & 0xffff0000u), bitcast<f32>(w0.y << 16u), bitcast<f32>(w0.y & 0xffff0000u));
}

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  len_l: i32,
  first_l: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(max(offset_l(b + 1) - offset_l(b), 0), offset_l(b));
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
  return offset_l(b) / BLOCK_M + b;
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

var<workgroup> left_tile: array<vec4<f32>, 640>;

// The left tile: rows of vectors along k, 5 apart, those of each fourth row together; zeros from i_end and k_end on.
fn stage_left(seq: Seq, thread: i32, i0: i32, i_end: i32, k0: i32, k_end: i32) {
  for (var s = thread; s < 512; s += THREADS) {
    let row = s / 4;
    let quad = s % 4;
    let at_l = i0 + row;
    let start_d = k0 + quad * 4;
    var values = vec4<f32>();
    if (at_l < i_end && start_d < k_end) {
      var vector_in_x = load_t_x_vector(((seq.first_l + at_l) * 64 + start_d));
      for (var i = 0; i < 4; i++) {
        let in_x = vector_in_x[i];
        values[i] = in_x;
      }
    }
    left_tile[(row % 4 * 32 + row / 4) * 5 + quad] = values;
  }
}

// Rows 4 quad .. 4 quad + 3 of the tile, a column each: their elements 4 k .. 4 k + 3.
fn left_block(quad: i32, k: i32) -> mat4x4<f32> {
  let first = quad * 5 + k;
  return mat4x4<f32>(left_tile[first], left_tile[first + 160], left_tile[first + 320], left_tile[first + 480]);
}

var<workgroup> right_tile: array<vec4<f32>, 256>;

// The right tile: a row of vectors for each k; zeros from i_end and k_end on.
fn stage_right(at_b: i32, thread: i32, i0: i32, i_end: i32, k0: i32, k_end: i32) {
  for (var s = thread; s < 256; s += THREADS) {
    let row = s / 16;
    let quad = s % 16;
    let at_d = k0 + row;
    let start_k = i0 + quad * 4;
    var values = vec4<f32>();
    if (at_d < k_end && start_k < i_end) {
      var vector_in_w = load_t_w_vector(((at_b * 64 + at_d) * 64 + start_k));
      for (var i = 0; i < 4; i++) {
        let in_w = vector_in_w[i];
        values[i] = in_w;
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
fn put(seq: Seq, at_l: i32, at_k: i32, n_end: i32, sums: vec4<f32>) {
  let count = min(4, n_end - at_k);
  if (count <= 0) { return; }
  let element = ((seq.first_l + at_l) * 64 + at_k);
  let x = sums;
  t_out[u32(element) / 4u] = vec2<u32>(narrow(x.x) | (narrow(x.y) << 16u), narrow(x.z) | (narrow(x.w) << 16u));
}

// Writes a block of the output.
fn put_block(seq: Seq, m: i32, m_end: i32, n: i32, n_end: i32, sums: mat4x4<f32>) {
  for (var row = 0; row < min(4, m_end - m); row++) { put(seq, m + row, n, n_end, sums[row]); }
}

// Rows past the last sequence are 0: workgroup `nth` of `workgroups` writes its share.
fn clear_rest(nth: i32, workgroups: i32, thread: i32) {
  let row_size = 64;
  let begin = offset_l(i32(params.batch_b)) * row_size;
  let end = i32(params.rows_l) * row_size;
  for (var i = begin / 4 + nth * THREADS + thread; i < end / 4; i += workgroups * THREADS) { t_out[i] = vec2<u32>(narrow(0.0) | (narrow(0.0) << 16u), narrow(0.0) | (narrow(0.0) << 16u)); }
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
  let m_end = seq.len_l;
  let m0 = (across - place_of(at_b)) * BLOCK_M;
  if (m0 < 0) { return; }
  if (m0 >= m_end) {
    // Slots past the last sequence's rows.
    if (at_b + 1 == i32(params.batch_b) && n0 == 0) {
      let first_free = place_of(at_b) + (m_end + BLOCK_M - 1) / BLOCK_M;
      clear_rest(across - first_free, max(i32(params.rows_l) / BLOCK_M + i32(params.batch_b) + 1 - first_free, 1), thread);
    }
    return;
  }
  let k_begin = 0;
  let k_end = 64;
  var sums_0_0 = mat4x4<f32>();
  var sums_0_1 = mat4x4<f32>();
  var sums_1_0 = mat4x4<f32>();
  var sums_1_1 = mat4x4<f32>();
  // One step of BLOCK_K.
  for (var k0 = k_begin; k0 < k_end; k0 += BLOCK_K) {
    workgroupBarrier();
    stage_left(seq, thread, m0, m_end, k0, k_end);
    stage_right(at_b, thread, n0, n_end, k0, k_end);
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
