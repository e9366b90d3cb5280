// jagged_softmax_d_x_f32_d64: jagged interaction `jagged_softmax_d_x` (reduction), f32
// definition kernels/interaction/jagged_softmax.ts:4
// path       columns, vectors of 4 along d, 2 of a thread under way; sequences are written by their groups, from registers up to 1 vectors of a thread
// schedule   wgsl_reduction threads=256 lanes=32 span=8 parts=1 unroll=2 flight=2 keep=1
// hashes     definition 5db5690424876924, plan 8aa0f2c8a565d489
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> t_d_out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> offsets_l: array<i32>;

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

// e^x as 2^n e^f, |f| <= ln(2) / 2: the built-in may lose 2|x| ulp
fn exp_f32(x: f32) -> f32 {
  let limited = clamp(x, -87.0, 88.0);
  let n = round(limited * 1.44269504);
  let f = (limited - n * 0.693359375) + n * 0.000212194440;
  return ldexp(exp2(f * 1.44269504), i32(n));
}

// value_1, derived from the definition
fn value_1(in_x: f32, stat_0: f32) -> f32 {
  return exp_f32((in_x - stat_0));
}

// value_2, derived from the definition
fn value_2(in_d_out: f32, in_x: f32, stat_0: f32) -> f32 {
  return (in_d_out * exp_f32((in_x - stat_0)));
}

// epilogue, derived from the definition
fn epilogue(stat_2: f32, stat_1: f32, in_x: f32, stat_0: f32, in_d_out: f32) -> f32 {
  let t_2 = (1.0 / stat_1);
  let t_3 = exp_f32((in_x - stat_0));
  return (((-((stat_2 * t_2) * t_2)) * t_3) + ((in_d_out * t_2) * t_3));
}

const THREADS = 256;
const LANES = 32;  // threads of a group
const GROUPS = 8;  // groups of a workgroup, each of neighbouring columns
const VECTOR = 4;  // elements of a vector

// The elements of a vector.
fn elements_f32(w: vec4<f32>) -> array<f32, VECTOR> {
  return array<f32, VECTOR>(w.x, w.y, w.z, w.w);
}

// A vector of x.
fn vector_of_x(step: i32, seq: Seq, start_d: i32) -> vec4<f32> {
  let at_l = step;
  return t_x[u32(((seq.first_l + at_l) * 64 + start_d)) / 4u];
}

// A vector of d_out.
fn vector_of_d_out(step: i32, seq: Seq, start_d: i32) -> vec4<f32> {
  let at_l = step;
  return t_d_out[u32(((seq.first_l + at_l) * 64 + start_d)) / 4u];
}

// max with a vector more.
fn more_0(acc: array<f32, 4>, x: vec4<f32>) -> array<f32, 4> {
  let in_x = elements_f32(x);
  return array<f32, 4>(
    max(acc[0], in_x[0]),
    max(acc[1], in_x[1]),
    max(acc[2], in_x[2]),
    max(acc[3], in_x[3]),
  );
}

// sum with a vector more.
fn more_1(acc: array<f32, 4>, x: vec4<f32>, stat_0: array<f32, 4>) -> array<f32, 4> {
  let in_x = elements_f32(x);
  return array<f32, 4>(
    acc[0] + value_1(in_x[0], stat_0[0]),
    acc[1] + value_1(in_x[1], stat_0[1]),
    acc[2] + value_1(in_x[2], stat_0[2]),
    acc[3] + value_1(in_x[3], stat_0[3]),
  );
}

// sum with a vector more.
fn more_2(acc: array<f32, 4>, d_out: vec4<f32>, x: vec4<f32>, stat_0: array<f32, 4>) -> array<f32, 4> {
  let in_d_out = elements_f32(d_out);
  let in_x = elements_f32(x);
  return array<f32, 4>(
    acc[0] + value_2(in_d_out[0], in_x[0], stat_0[0]),
    acc[1] + value_2(in_d_out[1], in_x[1], stat_0[1]),
    acc[2] + value_2(in_d_out[2], in_x[2], stat_0[2]),
    acc[3] + value_2(in_d_out[3], in_x[3], stat_0[3]),
  );
}

// A vector of the output.
fn result_of(x: vec4<f32>, d_out: vec4<f32>, stat_2: array<f32, 4>, stat_1: array<f32, 4>, stat_0: array<f32, 4>) -> vec4<f32> {
  let in_x = elements_f32(x);
  let in_d_out = elements_f32(d_out);
  return vec4<f32>(epilogue(stat_2[0], stat_1[0], in_x[0], stat_0[0], in_d_out[0]), epilogue(stat_2[1], stat_1[1], in_x[1], stat_0[1], in_d_out[1]), epilogue(stat_2[2], stat_1[2], in_x[2], stat_0[2], in_d_out[2]), epilogue(stat_2[3], stat_1[3], in_x[3], stat_0[3], in_d_out[3]));
}

// Where a vector of the output lies.
fn place_of_out(step: i32, seq: Seq, start_d: i32) -> u32 {
  let at_l = step;
  return u32(((seq.first_l + at_l) * 64 + start_d)) / 4u;
}

var<workgroup> scratch_f32: array<f32, THREADS * VECTOR>;

// max_f32 of all lanes of a group, in an order that depends on LANES alone.
fn tree_max_f32(x: array<f32, 4>, thread: i32, lane: i32) -> array<f32, 4> {
  scratch_f32[0 * THREADS + thread] = x[0];
  scratch_f32[1 * THREADS + thread] = x[1];
  scratch_f32[2 * THREADS + thread] = x[2];
  scratch_f32[3 * THREADS + thread] = x[3];
  workgroupBarrier();
  for (var s = LANES / 2; s > 0; s /= 2) {
    if (lane < s) {
      for (var i = thread; i < VECTOR * THREADS; i += THREADS) {
        let a = scratch_f32[i];
        let b = scratch_f32[i + s * GROUPS];
        scratch_f32[i] = max(a, b);
      }
    }
    workgroupBarrier();
  }
  let own = thread - lane * GROUPS;
  let total = array<f32, 4>(scratch_f32[own], scratch_f32[1 * THREADS + own], scratch_f32[2 * THREADS + own], scratch_f32[3 * THREADS + own]);
  workgroupBarrier();
  return total;
}

// sum_f32 of all lanes of a group, in an order that depends on LANES alone.
fn tree_sum_f32(x: array<f32, 4>, thread: i32, lane: i32) -> array<f32, 4> {
  scratch_f32[0 * THREADS + thread] = x[0];
  scratch_f32[1 * THREADS + thread] = x[1];
  scratch_f32[2 * THREADS + thread] = x[2];
  scratch_f32[3 * THREADS + thread] = x[3];
  workgroupBarrier();
  for (var s = LANES / 2; s > 0; s /= 2) {
    if (lane < s) {
      for (var i = thread; i < VECTOR * THREADS; i += THREADS) {
        let a = scratch_f32[i];
        let b = scratch_f32[i + s * GROUPS];
        scratch_f32[i] = a + b;
      }
    }
    workgroupBarrier();
  }
  let own = thread - lane * GROUPS;
  let total = array<f32, 4>(scratch_f32[own], scratch_f32[1 * THREADS + own], scratch_f32[2 * THREADS + own], scratch_f32[3 * THREADS + own]);
  workgroupBarrier();
  return total;
}

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread % GROUPS * VECTOR;
  let lane = thread / GROUPS;
  let elements = i32(params.batch_b) * (64);
  let workgroup = i32(group_id.x + group_id.y * workgroups.x);
  let first = workgroup * 32;
  let element = first + own;
  let group = element / (64);
  let rest = element - group * (64);
  let at_b = group;
  let seq = load_sequence(at_b);
  let start_d = rest;
  let live = element < elements;
  let steps = select(0, seq.len_l, live);
  let count = steps;
  // a thread's first 1 vectors stay in registers
  var v0_x: vec4<f32>;
  var v0_d_out: vec4<f32>;
  if (lane < steps) { v0_x = vector_of_x(lane, seq, start_d); v0_d_out = vector_of_d_out(lane, seq, start_d); }
  // max over l
  var acc_0: array<f32, 4> = array<f32, 4>(-3.4028234e38, -3.4028234e38, -3.4028234e38, -3.4028234e38);
  if (lane < steps) { acc_0 = more_0(acc_0, v0_x); }
  for (var step = lane + LANES; step < steps; step += 2 * LANES) {
    let v0_x = vector_of_x(step, seq, start_d);
    var v1_x: vec4<f32>;
    if (step + LANES < steps) { v1_x = vector_of_x(step + LANES, seq, start_d); }
    acc_0 = more_0(acc_0, v0_x);
    if (step + LANES < steps) { acc_0 = more_0(acc_0, v1_x); }
  }
  acc_0 = tree_max_f32(acc_0, thread, lane);
  let stat_0 = array<f32, 4>(select(acc_0[0], 0, count == 0), select(acc_0[1], 0, count == 0), select(acc_0[2], 0, count == 0), select(acc_0[3], 0, count == 0));
  // sum over l
  var acc_1: array<f32, 4> = array<f32, 4>();
  var acc_2: array<f32, 4> = array<f32, 4>();
  if (lane < steps) { acc_1 = more_1(acc_1, v0_x, stat_0); acc_2 = more_2(acc_2, v0_d_out, v0_x, stat_0); }
  for (var step = lane + LANES; step < steps; step += 2 * LANES) {
    let v0_x = vector_of_x(step, seq, start_d);
    let v0_d_out = vector_of_d_out(step, seq, start_d);
    var v1_x: vec4<f32>;
    var v1_d_out: vec4<f32>;
    if (step + LANES < steps) { v1_x = vector_of_x(step + LANES, seq, start_d); v1_d_out = vector_of_d_out(step + LANES, seq, start_d); }
    acc_1 = more_1(acc_1, v0_x, stat_0); acc_2 = more_2(acc_2, v0_d_out, v0_x, stat_0);
    if (step + LANES < steps) { acc_1 = more_1(acc_1, v1_x, stat_0); acc_2 = more_2(acc_2, v1_d_out, v1_x, stat_0); }
  }
  acc_1 = tree_sum_f32(acc_1, thread, lane);
  let stat_1 = acc_1;
  acc_2 = tree_sum_f32(acc_2, thread, lane);
  let stat_2 = acc_2;
  // the sequence's columns
  if (lane < steps) { t_out[place_of_out(lane, seq, start_d)] = result_of(v0_x, v0_d_out, stat_2, stat_1, stat_0); }
  for (var step = lane + LANES; step < steps; step += 2 * LANES) {
    let v0_x = vector_of_x(step, seq, start_d);
    let v0_d_out = vector_of_d_out(step, seq, start_d);
    var v1_x: vec4<f32>;
    var v1_d_out: vec4<f32>;
    if (step + LANES < steps) { v1_x = vector_of_x(step + LANES, seq, start_d); v1_d_out = vector_of_d_out(step + LANES, seq, start_d); }
    t_out[place_of_out(step, seq, start_d)] = result_of(v0_x, v0_d_out, stat_2, stat_1, stat_0);
    if (step + LANES < steps) { t_out[place_of_out(step + LANES, seq, start_d)] = result_of(v1_x, v1_d_out, stat_2, stat_1, stat_0); }
  }
  // rows past the last offset are 0
  let threads = i32(workgroups.x * workgroups.y) * THREADS;
  for (var i = offset_l(i32(params.batch_b)) * 16 + workgroup * THREADS + thread; i < i32(params.rows_l) * 16; i += threads) { t_out[i] = vec4<f32>(); }
}
