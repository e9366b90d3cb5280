// jagged2_softmax_f32: jagged interaction `jagged2_softmax` (reduction), f32
// definition kernels/interaction/jagged2_softmax.ts:4
// path       rows; a second entry writes the output
// schedule   wgsl_reduction threads=256 lanes=32 span=8 parts=1 unroll=2 flight=0 keep=0
// hashes     definition dd95bb502f35a8c2, plan 2183cc9c45fe3dbe
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_i: u32,
  rows_j: u32,
  rows_outer_i_j: u32,
  offset_words_i: u32,
  offset_words_j: u32,
  offset_words_outer_i_j: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<f32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<f32>;
@group(0) @binding(3) var<storage, read> offsets_i: array<i32>;
@group(0) @binding(4) var<storage, read> offsets_j: array<i32>;
@group(0) @binding(5) var<storage, read> offsets_outer_i_j: array<i32>;
@group(0) @binding(6) var<storage, read_write> partials: array<u32>;

// Element i of t_x.
fn load_t_x(i: i32) -> f32 {
  return t_x[u32(i)];
}

// Offset i of i, inside of the rows that its tensors hold.
fn offset_i(i: i32) -> i32 {
  return clamp(offsets_i[u32(i) * params.offset_words_i], 0, i32(params.rows_i));
}

// Offset i of j, inside of the rows that its tensors hold.
fn offset_j(i: i32) -> i32 {
  return clamp(offsets_j[u32(i) * params.offset_words_j], 0, i32(params.rows_j));
}

// Offset i of outer_i_j, inside of the rows that its tensors hold.
fn offset_outer_i_j(i: i32) -> i32 {
  return clamp(offsets_outer_i_j[u32(i) * params.offset_words_outer_i_j], 0, i32(params.rows_outer_i_j));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  first_i: i32,
  len_i: i32,
  len_j: i32,
  first_outer_i_j: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_i(b), max(offset_i(b + 1) - offset_i(b), 0), max(offset_j(b + 1) - offset_j(b), 0), offset_outer_i_j(b));
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

// epilogue, derived from the definition
fn epilogue(in_x: f32, stat_0: f32, stat_1: f32) -> f32 {
  return (exp_f32((in_x - stat_0)) / stat_1);
}

const THREADS = 256;
const LANES = 32;  // threads of a group
const GROUPS = 8;  // groups of a workgroup
const UNROLL = 2;  // steps of a thread that writes
const PER = 1;  // elements of such a step

// The last sequence from low to high that begins at or before a packed row of i; as many as there are: past the last offset.
fn sequence_of_i(row: i32, low: i32, high: i32) -> i32 {
  var first = low;
  var last = high;
  while (first < last) {
    let middle = first + (last - first + 1) / 2;
    if (offset_i(middle) <= row) { first = middle; } else { last = middle - 1; }
  }
  return first;
}

// The last sequence from low to high that begins at or before a packed row of outer_i_j; as many as there are: past the last offset.
fn sequence_of_outer_i_j(row: i32, low: i32, high: i32) -> i32 {
  var first = low;
  var last = high;
  while (first < last) {
    let middle = first + (last - first + 1) / 2;
    if (offset_outer_i_j(middle) <= row) { first = middle; } else { last = middle - 1; }
  }
  return first;
}

var<workgroup> found: array<i32, 2>;  // sequences of the workgroup's first and last row

var<workgroup> scratch_max_f32: array<f32, THREADS>;

// max_f32 of all lanes of a group, in an order that depends on LANES alone.
fn tree_max_f32(x: f32, thread: i32, lane: i32) -> f32 {
  scratch_max_f32[thread] = x;
  workgroupBarrier();
  for (var s = LANES / 2; s > 0; s /= 2) {
    if (lane < s) {
      let a = scratch_max_f32[thread];
      let b = scratch_max_f32[thread + s * 1];
      scratch_max_f32[thread] = max(a, b);
    }
    workgroupBarrier();
  }
  let total = scratch_max_f32[thread - lane * 1];
  workgroupBarrier();
  return total;
}

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
  let elements = i32(params.rows_i) * (1);
  let first = i32(group_id.x + group_id.y * workgroups.x) * GROUPS;
  let element = first + own;
  if (thread < 2) { found[thread] = sequence_of_i(max(min(first + thread * GROUPS, elements - 1), 0) / (1), 0, i32(params.batch_b)); }
  workgroupBarrier();
  let group = element / (1);
  let at_b = sequence_of_i(group, found[0], found[1]);
  let seq = load_sequence(at_b);
  let at_i = group - seq.first_i;
  let live = element < elements && at_b < i32(params.batch_b) && group - seq.first_i < seq.len_i;
  let steps = select(0, seq.len_j, live);
  let count = steps;
  // max over j
  var acc_0: f32 = -3.4028234e38;
  for (var step = lane; step < steps; step += LANES) {
    let at_j = step;
    let in_x = load_t_x((seq.first_outer_i_j + at_i * seq.len_j + at_j));
      acc_0 = max(acc_0, in_x);
  }
  acc_0 = tree_max_f32(acc_0, thread, lane);
  let stat_0 = select(acc_0, 0, count == 0);
  // sum over j
  var acc_1: f32 = 0.0;
  for (var step = lane; step < steps; step += LANES) {
    let at_j = step;
    let in_x = load_t_x((seq.first_outer_i_j + at_i * seq.len_j + at_j));
      acc_1 = acc_1 + value_1(in_x, stat_0);
  }
  acc_1 = tree_sum_f32(acc_1, thread, lane);
  let stat_1 = acc_1;
  if (lane == 0 && element < elements) {
    let at = element * 2;
    partials[at + 0] = bitcast<u32>(stat_0);
    partials[at + 1] = bitcast<u32>(stat_1);
  }
}

// Result 0 of a group.
fn read_stat_0(group: i32) -> f32 {
  return bitcast<f32>(partials[group * 2 + 0]);
}

// Result 1 of a group.
fn read_stat_1(group: i32) -> f32 {
  return bitcast<f32>(partials[group * 2 + 1]);
}

// An element of the output.
fn value_at(element: i32, low: i32, high: i32) -> f32 {
  let group = element / (1);
  let at_b = sequence_of_outer_i_j(group, low, high);
  let seq = load_sequence(at_b);
  if (!(at_b < i32(params.batch_b) && group - seq.first_outer_i_j < seq.len_i * seq.len_j)) { return f32(); }  // past the last offset
  let pair = group - seq.first_outer_i_j;
  let at_i = pair / max(seq.len_j, 1);
  let at_j = pair - at_i * seq.len_j;
  let in_x = load_t_x((seq.first_outer_i_j + at_i * seq.len_j + at_j));
  let own = (seq.first_i + at_i);
  let stat_0 = read_stat_0(own);
  let stat_1 = read_stat_1(own);
  return epilogue(in_x, stat_0, stat_1);
}

fn write(step: i32, x: f32) {
  t_out[step] = x;
}

@compute @workgroup_size(THREADS)
fn write_elements(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let elements = i32(params.elements);
  let begin = i32(group_id.x + group_id.y * groups.x) * (THREADS * UNROLL);
  if (thread < 2u) {
    let element = min((begin + i32(thread) * (THREADS * UNROLL)) * PER, elements - 1);
    found[thread] = sequence_of_outer_i_j(element / (1), 0, i32(params.batch_b));
  }
  workgroupBarrier();
  let low = found[0];
  let high = found[1];
  // all values before the first is stored: their loads are under way together
  let last = max(elements - PER, 0);
  let step_0 = begin + 0 * THREADS + i32(thread);
  let x_0 = value_at(min(step_0 * PER, last), low, high);
  let step_1 = begin + 1 * THREADS + i32(thread);
  let x_1 = value_at(min(step_1 * PER, last), low, high);
  if (step_0 * PER < elements) { write(step_0, x_0); }
  if (step_1 * PER < elements) { write(step_1, x_1); }
}
