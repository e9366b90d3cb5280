// rms_norm_f32_d64: jagged interaction `rms_norm` (reduction), f32
// definition kernels/interaction/rms_norm.ts:4
// path       rows, vectors of 4 along d; rows are written by their groups
// schedule   wgsl_reduction threads=256 lanes=4 parts=1 unroll=2
// hashes     definition a1977a9b5372de8c, plan 7700ff14aa02f185
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
  cap_eps: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> t_weight: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> offsets_l: array<i32>;

// Elements i to i + 3 of t_x; i is a multiple of 4.
fn load_t_x_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_x[at];
  return array<f32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Elements i to i + 3 of t_weight; i is a multiple of 4.
fn load_t_weight_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_weight[at];
  return array<f32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  first_l: i32,
  len_l: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_l(b), max(offset_l(b + 1) - offset_l(b), 0));
}

// kernels/interaction/rms_norm.ts:9
// ({ x }) => x
fn value(in_x: f32) -> f32 {
  return (in_x * in_x);
}

// kernels/interaction/rms_norm.ts:11
// ({ value, meanSquare }, { weight }, _at, { eps }) => (value / Math.sqrt(meanSquare + eps)) * weight
fn epilogue(in_x: f32, stat_0: f32, cap_eps: f32, in_weight: f32) -> f32 {
  return ((in_x / sqrt((stat_0 + cap_eps))) * in_weight);
}

const THREADS = 256;
const LANES = 4;  // threads of a group
const GROUPS = 64;  // groups of a workgroup

// The last sequence from low to high that begins at or before a packed row of l; as many as there are: past the last offset.
fn sequence_of_l(row: i32, low: i32, high: i32) -> i32 {
  var first = low;
  var last = high;
  while (first < last) {
    let middle = first + (last - first + 1) / 2;
    if (offset_l(middle) <= row) { first = middle; } else { last = middle - 1; }
  }
  return first;
}

var<workgroup> found: array<i32, 2>;  // sequences of the workgroup's first and last row

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

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread / LANES;
  let lane = thread % LANES;
  let elements = i32(params.rows_l) * (1);
  let first = i32(group_id.x + group_id.y * workgroups.x) * GROUPS;
  let element = first + own;
  if (thread < 2) { found[thread] = sequence_of_l(max(min(first + thread * GROUPS, elements - 1), 0) / (1), 0, i32(params.batch_b)); }
  workgroupBarrier();
  let group = element / (1);
  let at_b = sequence_of_l(group, found[0], found[1]);
  let seq = load_sequence(at_b);
  let at_l = group - seq.first_l;
  let live = element < elements && at_b < i32(params.batch_b) && group - seq.first_l < seq.len_l;
  let steps = select(0, 16, live);
  let count = steps * 4;
  // mean over d
  var acc_0: f32 = 0.0;
  for (var step = lane; step < steps; step += LANES) {
    let start_d = (step) * 4;
    var in_x_vector = load_t_x_vector(((seq.first_l + at_l) * 64 + start_d));
    for (var i = 0; i < 4; i++) {
      let in_x = in_x_vector[i];
      acc_0 = acc_0 + value(in_x);
    }
  }
  acc_0 = tree_sum_f32(acc_0, thread, lane);
  let stat_0 = acc_0 / f32(max(count, 1));
  // the row, 4 elements at a time
  if (element < elements) {
    for (var step = lane; step < 16; step += LANES) {
      var values: array<f32, 4>;  // 0 past the last offset
      if (live) {
        let start_d = step * 4;
        let in_x_vector = load_t_x_vector(((seq.first_l + at_l) * 64 + start_d));
        let in_weight_vector = load_t_weight_vector(start_d);
        for (var i = 0; i < 4; i++) {
          let in_x = in_x_vector[i];
          let in_weight = in_weight_vector[i];
          values[i] = epilogue(in_x, stat_0, params.cap_eps, in_weight);
        }
      }
      t_out[element * 16 + step] = vec4<f32>(values[0], values[1], values[2], values[3]);
    }
  }
}
