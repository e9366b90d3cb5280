// norm_mul_f32_d64: jagged interaction `norm_mul` (reduction), f32
// definition kernels/interaction/norm_mul.ts:4
// path       rows, vectors of 4 along d, 4 of a thread under way; rows are written by their groups, from registers
// schedule   wgsl_reduction threads=256 lanes=4 span=8 parts=1 unroll=2 flight=4 keep=4
// hashes     definition 8b71d39982706bdf, plan 5e1a6298a667e614
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
  cap_eps: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> t_u: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> t_weight: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> t_bias: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> offsets_l: array<i32>;

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// e^x as 2^n e^f, |f| <= ln(2) / 2: the built-in may lose 2|x| ulp
fn exp_f32(x: f32) -> f32 {
  let limited = clamp(x, -87.0, 88.0);
  let n = round(limited * 1.44269504);
  let f = (limited - n * 0.693359375) + n * 0.000212194440;
  return ldexp(exp2(f * 1.44269504), i32(n));
}

fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exp_f32(-max(x, -80.0)));
}

fn silu(x: f32) -> f32 {
  return x * sigmoid(x);
}

// value_1, derived from the definition
fn value_1(in_x: f32, stat_0: f32) -> f32 {
  let t_2 = (in_x - stat_0);
  return (t_2 * t_2);
}

// kernels/interaction/norm_mul.ts:11
// ({ value, mean, variance }, { u, weight, bias }, _at, { eps }) => silu(u) * (((value - mean) / Math.sqrt(variance + eps)) * weight + bias)
fn epilogue(in_u: f32, in_x: f32, stat_0: f32, stat_1: f32, cap_eps: f32, in_weight: f32, in_bias: f32) -> f32 {
  return (silu(in_u) * ((((in_x - stat_0) * (1.0 / sqrt((stat_1 + cap_eps)))) * in_weight) + in_bias));
}

const THREADS = 256;
const LANES = 4;  // threads of a group
const GROUPS = 64;  // groups of a workgroup
const VECTOR = 4;  // elements of a vector
const ROW = 16;  // vectors of a row

// The elements of a vector.
fn elements_f32(w: vec4<f32>) -> array<f32, VECTOR> {
  return array<f32, VECTOR>(w.x, w.y, w.z, w.w);
}

// A vector of x.
fn vector_of_x(step: i32, group: i32) -> vec4<f32> {
  let start_d = step * 4;
  return t_x[u32((group * 64 + start_d)) / 4u];
}

// A vector of u.
fn vector_of_u(step: i32, group: i32) -> vec4<f32> {
  let start_d = step * 4;
  return t_u[u32((group * 64 + start_d)) / 4u];
}

// A vector of weight.
fn vector_of_weight(step: i32) -> vec4<f32> {
  let start_d = step * 4;
  return t_weight[u32(start_d) / 4u];
}

// A vector of bias.
fn vector_of_bias(step: i32) -> vec4<f32> {
  let start_d = step * 4;
  return t_bias[u32(start_d) / 4u];
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

// A vector of the output.
fn result_of(u: vec4<f32>, x: vec4<f32>, weight: vec4<f32>, bias: vec4<f32>, stat_0: f32, stat_1: f32) -> vec4<f32> {
  let in_u = elements_f32(u);
  let in_x = elements_f32(x);
  let in_weight = elements_f32(weight);
  let in_bias = elements_f32(bias);
  return vec4<f32>(epilogue(in_u[0], in_x[0], stat_0, stat_1, params.cap_eps, in_weight[0], in_bias[0]), epilogue(in_u[1], in_x[1], stat_0, stat_1, params.cap_eps, in_weight[1], in_bias[1]), epilogue(in_u[2], in_x[2], stat_0, stat_1, params.cap_eps, in_weight[2], in_bias[2]), epilogue(in_u[3], in_x[3], stat_0, stat_1, params.cap_eps, in_weight[3], in_bias[3]));
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

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread / LANES;
  let lane = thread % LANES;
  let elements = i32(params.rows_l) * (1);
  let workgroup = i32(group_id.x + group_id.y * workgroups.x);
  let first = workgroup * 64;
  let element = first + own;
  let group = element / (1);
  let live = element < elements && group < offset_l(i32(params.batch_b));
  let steps = select(0, 16, live);
  let count = steps * VECTOR;
  // a thread's first 4 vectors stay in registers
  var v0_x: vec4<f32>;
  if (lane < steps) { v0_x = vector_of_x(lane, group); }
  var v1_x: vec4<f32>;
  if (lane + LANES < steps) { v1_x = vector_of_x(lane + LANES, group); }
  var v2_x: vec4<f32>;
  if (lane + 2 * LANES < steps) { v2_x = vector_of_x(lane + 2 * LANES, group); }
  var v3_x: vec4<f32>;
  if (lane + 3 * LANES < steps) { v3_x = vector_of_x(lane + 3 * LANES, group); }
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
  // the row, 0 past the last offset
  if (lane < steps) { let v0_u = vector_of_u(lane, group); let v0_weight = vector_of_weight(lane); let v0_bias = vector_of_bias(lane); t_out[element * ROW + lane] = result_of(v0_u, v0_x, v0_weight, v0_bias, stat_0, stat_1); }
  if (lane + LANES < steps) { let v1_u = vector_of_u(lane + LANES, group); let v1_weight = vector_of_weight(lane + LANES); let v1_bias = vector_of_bias(lane + LANES); t_out[element * ROW + lane + LANES] = result_of(v1_u, v1_x, v1_weight, v1_bias, stat_0, stat_1); }
  if (lane + 2 * LANES < steps) { let v2_u = vector_of_u(lane + 2 * LANES, group); let v2_weight = vector_of_weight(lane + 2 * LANES); let v2_bias = vector_of_bias(lane + 2 * LANES); t_out[element * ROW + lane + 2 * LANES] = result_of(v2_u, v2_x, v2_weight, v2_bias, stat_0, stat_1); }
  if (lane + 3 * LANES < steps) { let v3_u = vector_of_u(lane + 3 * LANES, group); let v3_weight = vector_of_weight(lane + 3 * LANES); let v3_bias = vector_of_bias(lane + 3 * LANES); t_out[element * ROW + lane + 3 * LANES] = result_of(v3_u, v3_x, v3_weight, v3_bias, stat_0, stat_1); }
  if (!live && element < elements) {
    for (var step = lane; step < ROW; step += LANES) { t_out[element * ROW + step] = vec4<f32>(); }
  }
}
