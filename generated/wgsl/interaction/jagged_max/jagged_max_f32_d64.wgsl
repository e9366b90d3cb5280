// jagged_max_f32_d64: jagged interaction `jagged_max` (reduction), f32
// definition kernels/interaction/jagged_max.ts:4
// path       columns, vectors of 4 along d, 4 of a thread under way; results are written by their groups
// schedule   wgsl_reduction threads=256 lanes=32 span=8 parts=1 unroll=2 flight=4 keep=0
// hashes     definition 51795fb3b0a8862a, plan feec48cea4fe78bd
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

// A vector of the output.
fn result_of(stat_0: array<f32, 4>) -> vec4<f32> {
  return vec4<f32>(stat_0[0], stat_0[1], stat_0[2], stat_0[3]);
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
  // max over l
  var acc_0: array<f32, 4> = array<f32, 4>(-3.4028234e38, -3.4028234e38, -3.4028234e38, -3.4028234e38);
  for (var step = lane; step < steps; step += 4 * LANES) {
    let v0_x = vector_of_x(step, seq, start_d);
    var v1_x: vec4<f32>;
    if (step + LANES < steps) { v1_x = vector_of_x(step + LANES, seq, start_d); }
    var v2_x: vec4<f32>;
    if (step + 2 * LANES < steps) { v2_x = vector_of_x(step + 2 * LANES, seq, start_d); }
    var v3_x: vec4<f32>;
    if (step + 3 * LANES < steps) { v3_x = vector_of_x(step + 3 * LANES, seq, start_d); }
    acc_0 = more_0(acc_0, v0_x);
    if (step + LANES < steps) { acc_0 = more_0(acc_0, v1_x); }
    if (step + 2 * LANES < steps) { acc_0 = more_0(acc_0, v2_x); }
    if (step + 3 * LANES < steps) { acc_0 = more_0(acc_0, v3_x); }
  }
  acc_0 = tree_max_f32(acc_0, thread, lane);
  let stat_0 = array<f32, 4>(select(acc_0[0], 0, count == 0), select(acc_0[1], 0, count == 0), select(acc_0[2], 0, count == 0), select(acc_0[3], 0, count == 0));
  // the results, 0 past the last offset
  if (lane == 0 && element < elements) {
    var x: vec4<f32>;
    if (live) {
      x = result_of(stat_0);
    }
    t_out[element / VECTOR] = x;
  }
}
