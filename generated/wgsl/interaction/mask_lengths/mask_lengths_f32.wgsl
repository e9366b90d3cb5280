// mask_lengths_f32: jagged interaction `mask_lengths` (reduction), f32
// definition kernels/interaction/mask_lengths.ts:4
// path       rows; results are written by their groups
// schedule   wgsl_reduction threads=256 lanes=32 span=8 parts=1 unroll=2 flight=0 keep=0
// hashes     definition 7b58f7ae3df1519e, plan 85db124c6900868e
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_mask: array<i32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<i32>;
@group(0) @binding(3) var<storage, read> offsets_l: array<i32>;

// Element i of t_mask.
fn load_t_mask(i: i32) -> i32 {
  return t_mask[u32(i)];
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

// kernels/interaction/mask_lengths.ts:8
// ({ mask }) => (mask !== 0 ? 1 : 0)
fn value(in_mask: i32) -> f32 {
  return select(0.0, 1.0, (in_mask != 0));
}

// kernels/interaction/mask_lengths.ts:10
// (kept) => Math.floor(kept)
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
  let seq = load_sequence(at_b);
  let live = element < elements;
  let steps = select(0, seq.len_l, live);
  let count = steps;
  // sum over l
  var acc_0: f32 = 0.0;
  for (var step = lane; step < steps; step += LANES) {
    let at_l = step;
    let in_mask = load_t_mask((seq.first_l + at_l));
      acc_0 = acc_0 + value(in_mask);
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
