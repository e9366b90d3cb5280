// ranks_descending_f32: jagged interaction `ranks_descending` (reduction), f32
// definition kernels/interaction/ranks_descending.ts:4
// path       rows; results are written by their groups
// schedule   wgsl_reduction threads=256 lanes=32 span=8 parts=1 unroll=2 flight=0 keep=0
// hashes     definition aaed77dd1ca427d8, plan cd8b7124a3cf359e
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_key: array<i32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<i32>;

// Element i of t_key.
fn load_t_key(i: i32) -> i32 {
  return t_key[u32(i)];
}

// kernels/interaction/ranks_descending.ts:8
// ({ key, other }, at) => (other > key || (other === key && at.s < at.b) ? 1 : 0)
fn value(in_other: i32, in_key: i32, at_s: i32, at_b: i32) -> f32 {
  return select(0.0, 1.0, ((in_other > in_key) | ((in_other == in_key) & (at_s < at_b))));
}

// kernels/interaction/ranks_descending.ts:10
// (before) => Math.floor(before)
fn epilogue(stat_0: f32) -> i32 {
  return i32(floor(stat_0));
}

const THREADS = 256;
const LANES = 32;  // threads of a group
const GROUPS = 8;  // groups of a workgroup

var<workgroup> scratch_sum_f32: array<f32, THREADS>;

// sum_f32 of all lanes of a group, in an order that depends on LANES alone.
fn tree_sum_f32(x: f32, thread: i32, lane: i32) -> f32 {
  scratch_sum_f32[thread] = x;
  workgroupBarrier();
  for (var s = LANES / 2; s > 0; s /= 2) {
    if (lane < s) {
      let a = scratch_sum_f32[thread];
      let b = scratch_sum_f32[thread + s * 1];
      scratch_sum_f32[thread] = a + b;
    }
    workgroupBarrier();
  }
  let total = scratch_sum_f32[thread - lane * 1];
  workgroupBarrier();
  return total;
}

var<workgroup> results: array<i32, GROUPS>;

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread / LANES;
  let lane = thread % LANES;
  let elements = i32(params.batch_b) * (1);
  let first = i32(group_id.x + group_id.y * workgroups.x) * GROUPS;
  let element = first + own;
  let group = element / (1);
  let at_b = group;
  let live = element < elements;
  let steps = select(0, i32(params.batch_b), live);
  let count = steps;
  // sum over s
  var acc_0: f32 = 0.0;
  for (var step = lane; step < steps; step += LANES) {
    let at_s = step;
    let in_other = load_t_key(at_s);
    let in_key = load_t_key(at_b);
      acc_0 = acc_0 + value(in_other, in_key, at_s, at_b);
  }
  acc_0 = tree_sum_f32(acc_0, thread, lane);
  let stat_0 = acc_0;
  if (lane == 0) {
    var x: i32;  // 0 past the last offset
    if (live) {
      x = epilogue(stat_0);
    }
    results[own] = x;
  }
  workgroupBarrier();
  let i = index;
  if (i < GROUPS && first + i32(i) < elements) { t_out[first + i32(i)] = results[i]; }
}
