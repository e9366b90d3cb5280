// batched_dense_vec_jagged_2d_mul_f32_h64_d64: jagged interaction `batched_dense_vec_jagged_2d_mul` (reduction), f32
// definition kernels/interaction/batched_dense_vec_jagged_2d_mul.ts:4
// path       rows; results are written by their groups
// schedule   wgsl_reduction threads=256 lanes=32 span=8 parts=1 unroll=2 flight=0 keep=0
// hashes     definition bf1efd773695fadf, plan 0af60f567040bc26
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  capacity_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_v: array<f32>;
@group(0) @binding(2) var<storage, read> t_a: array<f32>;
@group(0) @binding(3) var<storage, read_write> t_out: array<f32>;
@group(0) @binding(4) var<storage, read> offsets_l: array<i32>;

// Element i of t_v.
fn load_t_v(i: i32) -> f32 {
  return t_v[u32(i)];
}

// Element i of t_a.
fn load_t_a(i: i32) -> f32 {
  return t_a[u32(i)];
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

// kernels/interaction/batched_dense_vec_jagged_2d_mul.ts:8
// ({ v, a }) => v * a
fn value(in_v: f32, in_a: f32) -> f32 {
  return (in_v * in_a);
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

var<workgroup> results: array<f32, GROUPS>;

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread / LANES;
  let lane = thread % LANES;
  let elements = i32(params.batch_b) * (4096);
  let first = i32(group_id.x + group_id.y * workgroups.x) * GROUPS;
  let element = first + own;
  let group = element / (4096);
  let rest = element - group * (4096);
  let at_b = group;
  let seq = load_sequence(at_b);
  let at_d = rest % 64;
  let rest_1 = rest / 64;
  let at_h = rest_1;
  let live = element < elements;
  let steps = select(0, seq.len_l, live);
  let count = steps;
  // sum over l
  var acc_0: f32 = 0.0;
  for (var step = lane; step < steps; step += LANES) {
    let at_l = step;
    var in_v: f32 = 0.0;
    if (at_l < i32(params.capacity_l)) { in_v = load_t_v(((at_b * 64 + at_h) * i32(params.capacity_l) + at_l)); }
    let in_a = load_t_a((((seq.first_l + at_l) * 64 + at_h) * 64 + at_d));
      acc_0 = acc_0 + value(in_v, in_a);
  }
  acc_0 = tree_sum_f32(acc_0, thread, lane);
  let stat_0 = acc_0;
  if (lane == 0) {
    var x: f32;  // 0 past the last offset
    if (live) {
      x = stat_0;
    }
    results[own] = x;
  }
  workgroupBarrier();
  let i = index;
  if (i < GROUPS && first + i32(i) < elements) { t_out[first + i32(i)] = results[i]; }
}
