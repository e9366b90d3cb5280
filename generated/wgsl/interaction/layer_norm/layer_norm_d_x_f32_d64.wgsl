// layer_norm_d_x_f32_d64: jagged interaction `layer_norm_d_x` (reduction), f32
// definition kernels/interaction/layer_norm.ts:4
// path       rows, vectors of 4 along d, 4 of a thread under way; rows are written by their groups, from registers, their columns added up beside them
// schedule   wgsl_reduction threads=128 lanes=4 span=16 parts=1 unroll=2 flight=2 keep=4
// hashes     definition 2f9cb15114689923, plan a386d1996c64a3e9
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
  cap_eps: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> t_weight: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> t_d_out: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(6) var<storage, read_write> partials: array<f32>;
@group(0) @binding(7) var<storage, read_write> t_d_weight: array<f32>;
@group(0) @binding(8) var<storage, read_write> t_d_bias: array<f32>;

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// value_1, derived from the definition
fn value_1(in_x: f32, stat_0: f32) -> f32 {
  let t_2 = (in_x - stat_0);
  return (t_2 * t_2);
}

// value_2, derived from the definition
fn value_2(in_d_out: f32, in_weight: f32, in_x: f32, stat_0: f32) -> f32 {
  return ((in_d_out * in_weight) * (in_x - stat_0));
}

// value_3, derived from the definition
fn value_3(in_d_out: f32, in_weight: f32) -> f32 {
  return (in_d_out * in_weight);
}

// epilogue, derived from the definition
fn epilogue(stat_2: f32, stat_1: f32, cap_eps: f32, size_d: i32, in_x: f32, stat_0: f32, stat_3: f32, in_d_out: f32, in_weight: f32) -> f32 {
  let t_2 = (1.0 / sqrt((stat_1 + cap_eps)));
  let t_3 = f32(size_d);
  let t_4 = (((-(((stat_2 * t_2) * t_2) * (0.5 * t_2))) / t_3) * (in_x - stat_0));
  return (((t_4 + t_4) + ((-(stat_3 * t_2)) / t_3)) + ((in_d_out * in_weight) * t_2));
}

// of_d_weight, derived from the definition
fn of_d_weight(in_d_out: f32, in_x: f32, stat_0: f32, stat_1: f32, cap_eps: f32) -> f32 {
  return (in_d_out * ((in_x - stat_0) * (1.0 / sqrt((stat_1 + cap_eps)))));
}

const THREADS = 128;
const LANES = 4;  // threads of a group
const GROUPS = 32;  // groups of a workgroup
const VECTOR = 4;  // elements of a vector
const ROW = 16;  // vectors of a row
const SPAN = 16;  // rounds of GROUPS rows, whose columns a workgroup adds up
const SUMS = 128;  // columns of all sums
const MERGED = 8;  // columns of a workgroup that adds up parts
const PART = 4;  // threads whose vectors lie side by side: all others have the columns of one of them

// The elements of a vector.
fn elements_f32(w: vec4<f32>) -> array<f32, VECTOR> {
  return array<f32, VECTOR>(w.x, w.y, w.z, w.w);
}

// A vector of x.
fn vector_of_x(step: i32, group: i32) -> vec4<f32> {
  let start_d = step * 4;
  return t_x[u32((group * 64 + start_d)) / 4u];
}

// A vector of d_out.
fn vector_of_d_out(step: i32, group: i32) -> vec4<f32> {
  let start_d = step * 4;
  return t_d_out[u32((group * 64 + start_d)) / 4u];
}

// A vector of weight.
fn vector_of_weight(step: i32) -> vec4<f32> {
  let start_d = step * 4;
  return t_weight[u32(start_d) / 4u];
}

// mean with a vector more.
fn more_0(acc: f32, x: vec4<f32>) -> f32 {
  let in_x = elements_f32(x);
  var total = acc;
  total = total + in_x[0];
  total = total + in_x[1];
  total = total + in_x[2];
  total = total + in_x[3];
  return total;
}

// mean with a vector more.
fn more_1(acc: f32, x: vec4<f32>, stat_0: f32) -> f32 {
  let in_x = elements_f32(x);
  var total = acc;
  total = total + value_1(in_x[0], stat_0);
  total = total + value_1(in_x[1], stat_0);
  total = total + value_1(in_x[2], stat_0);
  total = total + value_1(in_x[3], stat_0);
  return total;
}

// sum with a vector more.
fn more_2(acc: f32, d_out: vec4<f32>, weight: vec4<f32>, x: vec4<f32>, stat_0: f32) -> f32 {
  let in_d_out = elements_f32(d_out);
  let in_weight = elements_f32(weight);
  let in_x = elements_f32(x);
  var total = acc;
  total = total + value_2(in_d_out[0], in_weight[0], in_x[0], stat_0);
  total = total + value_2(in_d_out[1], in_weight[1], in_x[1], stat_0);
  total = total + value_2(in_d_out[2], in_weight[2], in_x[2], stat_0);
  total = total + value_2(in_d_out[3], in_weight[3], in_x[3], stat_0);
  return total;
}

// sum with a vector more.
fn more_3(acc: f32, d_out: vec4<f32>, weight: vec4<f32>) -> f32 {
  let in_d_out = elements_f32(d_out);
  let in_weight = elements_f32(weight);
  var total = acc;
  total = total + value_3(in_d_out[0], in_weight[0]);
  total = total + value_3(in_d_out[1], in_weight[1]);
  total = total + value_3(in_d_out[2], in_weight[2]);
  total = total + value_3(in_d_out[3], in_weight[3]);
  return total;
}

// A vector of the output.
fn result_of(x: vec4<f32>, d_out: vec4<f32>, weight: vec4<f32>, stat_2: f32, stat_1: f32, stat_0: f32, stat_3: f32) -> vec4<f32> {
  let in_x = elements_f32(x);
  let in_d_out = elements_f32(d_out);
  let in_weight = elements_f32(weight);
  return vec4<f32>(epilogue(stat_2, stat_1, params.cap_eps, 64, in_x[0], stat_0, stat_3, in_d_out[0], in_weight[0]), epilogue(stat_2, stat_1, params.cap_eps, 64, in_x[1], stat_0, stat_3, in_d_out[1], in_weight[1]), epilogue(stat_2, stat_1, params.cap_eps, 64, in_x[2], stat_0, stat_3, in_d_out[2], in_weight[2]), epilogue(stat_2, stat_1, params.cap_eps, 64, in_x[3], stat_0, stat_3, in_d_out[3], in_weight[3]));
}

var<workgroup> scratch_f32: array<f32, THREADS>;

// sum_f32 of all lanes of a group, in an order that depends on LANES alone.
fn tree_sum_f32(x: f32, thread: i32, lane: i32) -> f32 {
  scratch_f32[thread] = x;
  workgroupBarrier();
  for (var s = LANES / 2; s > 0; s /= 2) {
    if (lane < s) {
      let a = scratch_f32[thread];
      let b = scratch_f32[thread + s];
      scratch_f32[thread] = a + b;
    }
    workgroupBarrier();
  }
  let total = scratch_f32[thread - lane];
  workgroupBarrier();
  return total;
}

// Columns of d_weight with a vector more.
fn more_columns_d_weight(acc: array<f32, VECTOR>, d_out: vec4<f32>, x: vec4<f32>, stat_0: f32, stat_1: f32) -> array<f32, VECTOR> {
  let in_d_out = elements_f32(d_out);
  let in_x = elements_f32(x);
  return array<f32, VECTOR>(
    acc[0] + of_d_weight(in_d_out[0], in_x[0], stat_0, stat_1, params.cap_eps),
    acc[1] + of_d_weight(in_d_out[1], in_x[1], stat_0, stat_1, params.cap_eps),
    acc[2] + of_d_weight(in_d_out[2], in_x[2], stat_0, stat_1, params.cap_eps),
    acc[3] + of_d_weight(in_d_out[3], in_x[3], stat_0, stat_1, params.cap_eps),
  );
}

// Columns of d_bias with a vector more.
fn more_columns_d_bias(acc: array<f32, VECTOR>, d_out: vec4<f32>) -> array<f32, VECTOR> {
  let in_d_out = elements_f32(d_out);
  return array<f32, VECTOR>(
    acc[0] + in_d_out[0],
    acc[1] + in_d_out[1],
    acc[2] + in_d_out[2],
    acc[3] + in_d_out[3],
  );
}

var<workgroup> held: array<f32, THREADS * VECTOR>;

// Vector k of a thread's columns in a row of a part: each column added up over the threads that have it, in their order.
fn write_part(columns: array<f32, VECTOR>, k: i32, row: i32, thread: i32) {
  held[0 * THREADS + thread] = columns[0];
  held[1 * THREADS + thread] = columns[1];
  held[2 * THREADS + thread] = columns[2];
  held[3 * THREADS + thread] = columns[3];
  workgroupBarrier();
  for (var c = thread; c < PART * VECTOR; c += THREADS) {
    var sum = 0.0;
    for (var other = c / VECTOR; other < THREADS; other += PART) { sum += held[c % VECTOR * THREADS + other]; }
    let column = k * PART * VECTOR + c;
    if (column < 64) { partials[row + column] = sum; }
  }
  workgroupBarrier();
}

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread / LANES;
  let lane = thread % LANES;
  let elements = i32(params.rows_l) * (1);
  let part = i32(group_id.x + group_id.y * workgroups.x);
  let begin = part * (GROUPS * SPAN);
  var columns_d_weight_0: array<f32, VECTOR>;
  var columns_d_weight_1: array<f32, VECTOR>;
  var columns_d_weight_2: array<f32, VECTOR>;
  var columns_d_weight_3: array<f32, VECTOR>;
  var columns_d_bias_0: array<f32, VECTOR>;
  var columns_d_bias_1: array<f32, VECTOR>;
  var columns_d_bias_2: array<f32, VECTOR>;
  var columns_d_bias_3: array<f32, VECTOR>;
  for (var round = 0; round < SPAN; round++) {
    let first = begin + round * GROUPS;
    if (first >= elements) { break; }
    let element = first + own;
    let group = element / (1);
    let live = element < elements && group < offset_l(i32(params.batch_b));
    let steps = select(0, 16, live);
    let count = steps * VECTOR;
    // a thread's first 4 vectors stay in registers
    var v0_x: vec4<f32>;
    var v0_d_out: vec4<f32>;
    var v0_weight: vec4<f32>;
    if (lane < steps) { v0_x = vector_of_x(lane, group); v0_d_out = vector_of_d_out(lane, group); v0_weight = vector_of_weight(lane); }
    var v1_x: vec4<f32>;
    var v1_d_out: vec4<f32>;
    var v1_weight: vec4<f32>;
    if (lane + LANES < steps) { v1_x = vector_of_x(lane + LANES, group); v1_d_out = vector_of_d_out(lane + LANES, group); v1_weight = vector_of_weight(lane + LANES); }
    var v2_x: vec4<f32>;
    var v2_d_out: vec4<f32>;
    var v2_weight: vec4<f32>;
    if (lane + 2 * LANES < steps) { v2_x = vector_of_x(lane + 2 * LANES, group); v2_d_out = vector_of_d_out(lane + 2 * LANES, group); v2_weight = vector_of_weight(lane + 2 * LANES); }
    var v3_x: vec4<f32>;
    var v3_d_out: vec4<f32>;
    var v3_weight: vec4<f32>;
    if (lane + 3 * LANES < steps) { v3_x = vector_of_x(lane + 3 * LANES, group); v3_d_out = vector_of_d_out(lane + 3 * LANES, group); v3_weight = vector_of_weight(lane + 3 * LANES); }
    // mean over d
    var acc_0: f32 = 0.0;
    if (lane < steps) { acc_0 = more_0(acc_0, v0_x); }
    if (lane + LANES < steps) { acc_0 = more_0(acc_0, v1_x); }
    if (lane + 2 * LANES < steps) { acc_0 = more_0(acc_0, v2_x); }
    if (lane + 3 * LANES < steps) { acc_0 = more_0(acc_0, v3_x); }
    acc_0 = tree_sum_f32(acc_0, thread, lane);
    let stat_0 = acc_0 / f32(max(count, 1));
    // mean over d
    var acc_1: f32 = 0.0;
    if (lane < steps) { acc_1 = more_1(acc_1, v0_x, stat_0); }
    if (lane + LANES < steps) { acc_1 = more_1(acc_1, v1_x, stat_0); }
    if (lane + 2 * LANES < steps) { acc_1 = more_1(acc_1, v2_x, stat_0); }
    if (lane + 3 * LANES < steps) { acc_1 = more_1(acc_1, v3_x, stat_0); }
    acc_1 = tree_sum_f32(acc_1, thread, lane);
    let stat_1 = acc_1 / f32(max(count, 1));
    // sum over d
    var acc_2: f32 = 0.0;
    var acc_3: f32 = 0.0;
    if (lane < steps) { acc_2 = more_2(acc_2, v0_d_out, v0_weight, v0_x, stat_0); acc_3 = more_3(acc_3, v0_d_out, v0_weight); }
    if (lane + LANES < steps) { acc_2 = more_2(acc_2, v1_d_out, v1_weight, v1_x, stat_0); acc_3 = more_3(acc_3, v1_d_out, v1_weight); }
    if (lane + 2 * LANES < steps) { acc_2 = more_2(acc_2, v2_d_out, v2_weight, v2_x, stat_0); acc_3 = more_3(acc_3, v2_d_out, v2_weight); }
    if (lane + 3 * LANES < steps) { acc_2 = more_2(acc_2, v3_d_out, v3_weight, v3_x, stat_0); acc_3 = more_3(acc_3, v3_d_out, v3_weight); }
    acc_2 = tree_sum_f32(acc_2, thread, lane);
    let stat_2 = acc_2;
    acc_3 = tree_sum_f32(acc_3, thread, lane);
    let stat_3 = acc_3;
    // the row, 0 past the last offset
    if (lane < steps) { t_out[element * ROW + lane] = result_of(v0_x, v0_d_out, v0_weight, stat_2, stat_1, stat_0, stat_3); columns_d_weight_0 = more_columns_d_weight(columns_d_weight_0, v0_d_out, v0_x, stat_0, stat_1); columns_d_bias_0 = more_columns_d_bias(columns_d_bias_0, v0_d_out); }
    if (lane + LANES < steps) { t_out[element * ROW + lane + LANES] = result_of(v1_x, v1_d_out, v1_weight, stat_2, stat_1, stat_0, stat_3); columns_d_weight_1 = more_columns_d_weight(columns_d_weight_1, v1_d_out, v1_x, stat_0, stat_1); columns_d_bias_1 = more_columns_d_bias(columns_d_bias_1, v1_d_out); }
    if (lane + 2 * LANES < steps) { t_out[element * ROW + lane + 2 * LANES] = result_of(v2_x, v2_d_out, v2_weight, stat_2, stat_1, stat_0, stat_3); columns_d_weight_2 = more_columns_d_weight(columns_d_weight_2, v2_d_out, v2_x, stat_0, stat_1); columns_d_bias_2 = more_columns_d_bias(columns_d_bias_2, v2_d_out); }
    if (lane + 3 * LANES < steps) { t_out[element * ROW + lane + 3 * LANES] = result_of(v3_x, v3_d_out, v3_weight, stat_2, stat_1, stat_0, stat_3); columns_d_weight_3 = more_columns_d_weight(columns_d_weight_3, v3_d_out, v3_x, stat_0, stat_1); columns_d_bias_3 = more_columns_d_bias(columns_d_bias_3, v3_d_out); }
    if (!live && element < elements) {
      for (var step = lane; step < ROW; step += LANES) { t_out[element * ROW + step] = vec4<f32>(); }
    }
  }
  // the columns of all rounds, as one row of the part; workgroups past the last row have none
  if (begin >= elements && part > 0) { return; }
  write_part(columns_d_weight_0, 0, part * SUMS + 0, thread);
  write_part(columns_d_weight_1, 1, part * SUMS + 0, thread);
  write_part(columns_d_weight_2, 2, part * SUMS + 0, thread);
  write_part(columns_d_weight_3, 3, part * SUMS + 0, thread);
  write_part(columns_d_bias_0, 0, part * SUMS + 1 * 64, thread);
  write_part(columns_d_bias_1, 1, part * SUMS + 1 * 64, thread);
  write_part(columns_d_bias_2, 2, part * SUMS + 1 * 64, thread);
  write_part(columns_d_bias_3, 3, part * SUMS + 1 * 64, thread);
}

// Adds up the parts of MERGED columns: every one of them by one thread of a few, then those in a tree.
@compute @workgroup_size(THREADS)
fn sums(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let parts = max((i32(params.rows_l) * (1) + GROUPS * SPAN - 1) / (GROUPS * SPAN), 1);
  let begin = i32(group_id.x) * MERGED;
  let column = begin + thread % MERGED;
  var sum = 0.0;
  if (column < SUMS) {
    for (var part = thread / MERGED; part < parts; part += THREADS / MERGED) { sum += partials[part * SUMS + column]; }
  }
  held[thread] = sum;
  for (var half = THREADS / MERGED / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (thread < half * MERGED) { held[thread] += held[thread + half * MERGED]; }
  }
  workgroupBarrier();
  if (thread >= MERGED || column >= SUMS) { return; }
  switch (column / 64) {
    case 0: { t_d_weight[column % 64] = held[thread]; }
    case 1: { t_d_bias[column % 64] = held[thread]; }
    default: {}
  }
}
