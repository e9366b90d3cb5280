// dot_interaction_dense_f32_f64_d64: jagged interaction `dot_interaction_dense` (contraction), f32
// definition kernels/interaction/dot_interaction_dense.ts:4
// path       left factor in vectors along d, right factor in vectors along d
// schedule   wgsl_contraction block_m=64 block_n=64 block_k=16 thread_m=8 thread_n=8 matrix=0 parts=256
// hashes     definition 86f7c53e197dbf3c, plan 1c416427a57dff52
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  batch_b: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> t_out: array<f32>;

// Elements i to i + 3 of t_x; i is a multiple of 4.
fn load_t_x_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_x[at];
  return array<f32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// The row of a pair (row, column < row) stored row by row.
fn lower_row(pair: i32) -> i32 {
  var row = i32((1.0 + sqrt(1.0 + 8.0 * f32(pair))) * 0.5);
  while (row > 1 && row * (row - 1) / 2 > pair) { row--; }
  while ((row + 1) * row / 2 <= pair) { row++; }
  return row;
}

const BLOCK_M = 64;
const BLOCK_N = 64;  // rows and columns of the output tile of a workgroup
const BLOCK_K = 16;  // elements of k in workgroup memory at once
const ROW_THREADS = 8;
const COLUMN_THREADS = 8;  // threads along the tile's rows and columns, each with 4 by 4 blocks of sums
const THREADS = 64;

var<workgroup> left_tile: array<vec4<f32>, 320>;

// The left tile: rows of vectors along k, 5 apart, those of each fourth row together; zeros from i_end and k_end on.
fn stage_left(at_b: i32, thread: i32, i0: i32, i_end: i32, k0: i32, k_end: i32) {
  for (var s = thread; s < 256; s += THREADS) {
    let row = s / 4;
    let quad = s % 4;
    let at_f = i0 + row;
    let start_d = k0 + quad * 4;
    var values = vec4<f32>();
    if (at_f < i_end && start_d < k_end) {
      var vector_in_x = load_t_x_vector(((at_b * 64 + at_f) * 64 + start_d));
      for (var i = 0; i < 4; i++) {
        let in_x = vector_in_x[i];
        values[i] = in_x;
      }
    }
    left_tile[(row % 4 * 16 + row / 4) * 5 + quad] = values;
  }
}

// Rows 4 quad .. 4 quad + 3 of the tile, a column each: their elements 4 k .. 4 k + 3.
fn left_block(quad: i32, k: i32) -> mat4x4<f32> {
  let first = quad * 5 + k;
  return mat4x4<f32>(left_tile[first], left_tile[first + 80], left_tile[first + 160], left_tile[first + 240]);
}

var<workgroup> right_tile: array<vec4<f32>, 320>;

// The right tile: rows of vectors along k, 5 apart, those of each fourth row together; zeros from i_end and k_end on.
fn stage_right(at_b: i32, thread: i32, i0: i32, i_end: i32, k0: i32, k_end: i32) {
  for (var s = thread; s < 256; s += THREADS) {
    let row = s / 4;
    let quad = s % 4;
    let at_g = i0 + row;
    let start_d = k0 + quad * 4;
    var values = vec4<f32>();
    if (at_g < i_end && start_d < k_end) {
      var vector_in_y = load_t_x_vector(((at_b * 64 + at_g) * 64 + start_d));
      for (var i = 0; i < 4; i++) {
        let in_y = vector_in_y[i];
        values[i] = in_y;
      }
    }
    right_tile[(row % 4 * 16 + row / 4) * 5 + quad] = values;
  }
}

// Elements 4 k .. 4 k + 3, a column each, of the tile's columns 4 quad .. 4 quad + 3.
fn right_block(quad: i32, k: i32) -> mat4x4<f32> {
  let first = quad * 5 + k;
  return transpose(mat4x4<f32>(right_tile[first], right_tile[first + 80], right_tile[first + 160], right_tile[first + 240]));
}

// A row of sums, and the products of a row's elements along k with those of 4 columns.
fn add_row(sums: vec4<f32>, a: vec4<f32>, b: mat4x4<f32>) -> vec4<f32> {
  return fma(b[3], vec4<f32>(a.w), fma(b[2], vec4<f32>(a.z), fma(b[1], vec4<f32>(a.y), fma(b[0], vec4<f32>(a.x), sums))));
}

// 4 rows of sums (a column of the matrix each).
fn multiply_add(sums: mat4x4<f32>, a: mat4x4<f32>, b: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(add_row(sums[0], a[0], b), add_row(sums[1], a[1], b), add_row(sums[2], a[2], b), add_row(sums[3], a[3], b));
}

// Writes up to 4 neighbours of a row of the output: those before n_end and below the diagonal.
fn put(at_b: i32, at_f: i32, at_g: i32, n_end: i32, sums: vec4<f32>) {
  let count = min(4, min(n_end, at_f) - at_g);
  if (count <= 0) { return; }
  let element = (at_b * 2016 + (at_f * (at_f - 1) / 2 + at_g));
  let x = sums;
  for (var i = 0; i < count; i++) { t_out[element + i] = x[i]; }
}

// Writes a block of the output.
fn put_block(at_b: i32, m: i32, m_end: i32, n: i32, n_end: i32, sums: mat4x4<f32>) {
  for (var row = 0; row < min(4, m_end - m); row++) { put(at_b, m + row, n, n_end, sums[row]); }
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
  let m_end = 64;
  let item = across;
  let m0 = 0;
  if (n0 >= m0 + BLOCK_M) { return; }  // nothing below the diagonal
  if (item >= i32(params.batch_b)) { return; }
  let at_b = item;
  let k_begin = 0;
  let k_end = 64;
  var sums_0_0 = mat4x4<f32>();
  var sums_0_1 = mat4x4<f32>();
  var sums_1_0 = mat4x4<f32>();
  var sums_1_1 = mat4x4<f32>();
  // One step of BLOCK_K.
  for (var k0 = k_begin; k0 < k_end; k0 += BLOCK_K) {
    workgroupBarrier();
    stage_left(at_b, thread, m0, m_end, k0, k_end);
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
  put_block(at_b, m0 + (0 * ROW_THREADS + row) * 4, m_end, n0 + (0 * COLUMN_THREADS + column) * 4, n_end, sums_0_0);
  put_block(at_b, m0 + (0 * ROW_THREADS + row) * 4, m_end, n0 + (1 * COLUMN_THREADS + column) * 4, n_end, sums_0_1);
  put_block(at_b, m0 + (1 * ROW_THREADS + row) * 4, m_end, n0 + (0 * COLUMN_THREADS + column) * 4, n_end, sums_1_0);
  put_block(at_b, m0 + (1 * ROW_THREADS + row) * 4, m_end, n0 + (1 * COLUMN_THREADS + column) * 4, n_end, sums_1_1);
}
