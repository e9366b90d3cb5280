// jagged_softmax_f32_d64: jagged interaction `jagged_softmax` (reduction), f32
// definition kernels/interaction/jagged_softmax.ts:4
// path       columns, vectors of 4 along d, 4 of a thread under way; sequences are written by their groups, from registers up to 2 vectors of a thread
// schedule   wgsl_reduction threads=256 lanes=32 span=8 parts=1 unroll=2 flight=4 keep=2
// hashes     definition 2cd777d2e799e09a, plan 52a017ed9ea62249
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> offsets_l: array<i32>;

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

// fall_1, derived from the definition
fn fall_1(stat_0: f32, stat_1: f32) -> f32 {
  return exp_f32((stat_0 - stat_1));
}

// epilogue, derived from the definition
fn epilogue(in_x: f32, stat_0: f32, stat_1: f32) -> f32 {
  return (exp_f32((in_x - stat_0)) * (1.0 / stat_1));
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

// Maxima so far, and sums of e^(value - maximum).
struct Rising { top: array<f32, VECTOR>, sum: array<f32, VECTOR> }

// max with a vector more, and the sum: a value above the maximum scales what was summed.
fn more_0(top: array<f32, VECTOR>, sum: array<f32, VECTOR>, x: vec4<f32>) -> Rising {
  let in_x = elements_f32(x);
  var r: Rising;
  {
    let value = in_x[0];
    let above = value > top[0];
    let far = fall_1(select(value, top[0], above), select(top[0], value, above));
    r.top[0] = select(top[0], value, above);
    r.sum[0] = select(sum[0] + far, sum[0] * far + 1.0, above);
  }
  {
    let value = in_x[1];
    let above = value > top[1];
    let far = fall_1(select(value, top[1], above), select(top[1], value, above));
    r.top[1] = select(top[1], value, above);
    r.sum[1] = select(sum[1] + far, sum[1] * far + 1.0, above);
  }
  {
    let value = in_x[2];
    let above = value > top[2];
    let far = fall_1(select(value, top[2], above), select(top[2], value, above));
    r.top[2] = select(top[2], value, above);
    r.sum[2] = select(sum[2] + far, sum[2] * far + 1.0, above);
  }
  {
    let value = in_x[3];
    let above = value > top[3];
    let far = fall_1(select(value, top[3], above), select(top[3], value, above));
    r.top[3] = select(top[3], value, above);
    r.sum[3] = select(sum[3] + far, sum[3] * far + 1.0, above);
  }
  return r;
}

// A vector of the output.
fn result_of(x: vec4<f32>, stat_0: array<f32, 4>, stat_1: array<f32, 4>) -> vec4<f32> {
  let in_x = elements_f32(x);
  return vec4<f32>(epilogue(in_x[0], stat_0[0], stat_1[0]), epilogue(in_x[1], stat_0[1], stat_1[1]), epilogue(in_x[2], stat_0[2], stat_1[2]), epilogue(in_x[3], stat_0[3], stat_1[3]));
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
  // a thread's first 2 vectors stay in registers
  var v0_x: vec4<f32>;
  if (lane < steps) { v0_x = vector_of_x(lane, seq, start_d); }
  var v1_x: vec4<f32>;
  if (lane + LANES < steps) { v1_x = vector_of_x(lane + LANES, seq, start_d); }
  // max over l, and the sum of e^(value - max) as it rises
  var acc_0: array<f32, 4> = array<f32, 4>(-3.4028234e38, -3.4028234e38, -3.4028234e38, -3.4028234e38);
  var acc_1: array<f32, 4> = array<f32, 4>();
  if (lane < steps) { let r0 = more_0(acc_0, acc_1, v0_x); acc_0 = r0.top; acc_1 = r0.sum; }
  if (lane + LANES < steps) { let r1 = more_0(acc_0, acc_1, v1_x); acc_0 = r1.top; acc_1 = r1.sum; }
  for (var step = lane + 2 * LANES; step < steps; step += 4 * LANES) {
    let v0_x = vector_of_x(step, seq, start_d);
    var v1_x: vec4<f32>;
    if (step + LANES < steps) { v1_x = vector_of_x(step + LANES, seq, start_d); }
    var v2_x: vec4<f32>;
    if (step + 2 * LANES < steps) { v2_x = vector_of_x(step + 2 * LANES, seq, start_d); }
    var v3_x: vec4<f32>;
    if (step + 3 * LANES < steps) { v3_x = vector_of_x(step + 3 * LANES, seq, start_d); }
    let r0 = more_0(acc_0, acc_1, v0_x); acc_0 = r0.top; acc_1 = r0.sum;
    if (step + LANES < steps) { let r1 = more_0(acc_0, acc_1, v1_x); acc_0 = r1.top; acc_1 = r1.sum; }
    if (step + 2 * LANES < steps) { let r2 = more_0(acc_0, acc_1, v2_x); acc_0 = r2.top; acc_1 = r2.sum; }
    if (step + 3 * LANES < steps) { let r3 = more_0(acc_0, acc_1, v3_x); acc_0 = r3.top; acc_1 = r3.sum; }
  }
  let own_0 = acc_0;
  acc_0 = tree_max_f32(acc_0, thread, lane);
  let stat_0 = array<f32, 4>(select(acc_0[0], 0, count == 0), select(acc_0[1], 0, count == 0), select(acc_0[2], 0, count == 0), select(acc_0[3], 0, count == 0));
  acc_1 = array<f32, 4>(acc_1[0] * fall_1(own_0[0], stat_0[0]), acc_1[1] * fall_1(own_0[1], stat_0[1]), acc_1[2] * fall_1(own_0[2], stat_0[2]), acc_1[3] * fall_1(own_0[3], stat_0[3]));
  acc_1 = tree_sum_f32(acc_1, thread, lane);
  let stat_1 = acc_1;
  // the sequence's columns
  if (lane < steps) { t_out[place_of_out(lane, seq, start_d)] = result_of(v0_x, stat_0, stat_1); }
  if (lane + LANES < steps) { t_out[place_of_out(lane + LANES, seq, start_d)] = result_of(v1_x, stat_0, stat_1); }
  for (var step = lane + 2 * LANES; step < steps; step += 4 * LANES) {
    let v0_x = vector_of_x(step, seq, start_d);
    var v1_x: vec4<f32>;
    if (step + LANES < steps) { v1_x = vector_of_x(step + LANES, seq, start_d); }
    var v2_x: vec4<f32>;
    if (step + 2 * LANES < steps) { v2_x = vector_of_x(step + 2 * LANES, seq, start_d); }
    var v3_x: vec4<f32>;
    if (step + 3 * LANES < steps) { v3_x = vector_of_x(step + 3 * LANES, seq, start_d); }
    t_out[place_of_out(step, seq, start_d)] = result_of(v0_x, stat_0, stat_1);
    if (step + LANES < steps) { t_out[place_of_out(step + LANES, seq, start_d)] = result_of(v1_x, stat_0, stat_1); }
    if (step + 2 * LANES < steps) { t_out[place_of_out(step + 2 * LANES, seq, start_d)] = result_of(v2_x, stat_0, stat_1); }
    if (step + 3 * LANES < steps) { t_out[place_of_out(step + 3 * LANES, seq, start_d)] = result_of(v3_x, stat_0, stat_1); }
  }
  // rows past the last offset are 0
  let threads = i32(workgroups.x * workgroups.y) * THREADS;
  for (var i = offset_l(i32(params.batch_b)) * 16 + workgroup * THREADS + thread; i < i32(params.rows_l) * 16; i += threads) { t_out[i] = vec4<f32>(); }
}
