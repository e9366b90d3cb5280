// jagged_mean_f32_d64: jagged interaction `jagged_mean` (reduction), f32
// definition kernels/interaction/jagged_mean.ts:4
// path       columns; results are written by their groups
// schedule   wgsl_reduction threads=256 lanes=8 parts=1 unroll=2
// hashes     definition 51e1f43aca2e55a5, plan 3c1c1aebaa893f10
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<f32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<f32>;
@group(0) @binding(3) var<storage, read> offsets_l: array<i32>;

// Element i of t_x.
fn load_t_x(i: i32) -> f32 {
  return t_x[u32(i)];
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

const THREADS = 256;
const LANES = 8;  // threads of a group
const GROUPS = 32;  // groups of a workgroup

var<workgroup> scratch_sum_f32: array<f32, THREADS>;

// sum_f32 of all lanes of a group, in an order that depends on LANES alone.
fn tree_sum_f32(x: f32, thread: i32, lane: i32) -> f32 {
  scratch_sum_f32[thread] = x;
  workgroupBarrier();
  for (var s = LANES / 2; s > 0; s /= 2) {
    if (lane < s) {
      let a = scratch_sum_f32[thread];
      let b = scratch_sum_f32[thread + s * 32];
      scratch_sum_f32[thread] = a + b;
    }
    workgroupBarrier();
  }
  let total = scratch_sum_f32[thread - lane * 32];
  workgroupBarrier();
  return total;
}

var<workgroup> results: array<f32, GROUPS>;

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread % GROUPS;
  let lane = thread / GROUPS;
  let elements = i32(params.batch_b) * (64);
  let first = i32(group_id.x + group_id.y * workgroups.x) * GROUPS;
  let element = first + own;
  let group = element / (64);
  let rest = element - group * (64);
  let at_b = group;
  let seq = load_sequence(at_b);
  let at_d = rest;
  let live = element < elements;
  let steps = select(0, seq.len_l, live);
  let count = steps;
  // mean over l
  var acc_0: f32 = 0.0;
  for (var step = lane; step < steps; step += LANES) {
    let at_l = step;
    let in_x = load_t_x(((seq.first_l + at_l) * 64 + at_d));
      acc_0 = acc_0 + in_x;
  }
  acc_0 = tree_sum_f32(acc_0, thread, lane);
  let stat_0 = acc_0 / f32(max(count, 1));
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
