// jagged_self_subtraction_f32: jagged interaction `jagged_self_subtraction` (movement), f32
// definition kernels/interaction/jagged_self_subtraction.ts:4
// path       elements
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition 09162610a7959f68, plan f82278c9875e6538
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_i: u32,
  rows_l: u32,
  rows_outer_i_i: u32,
  offset_words_i: u32,
  offset_words_l: u32,
  offset_words_outer_i_i: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_left: array<f32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<f32>;
@group(0) @binding(3) var<storage, read> offsets_i: array<i32>;
@group(0) @binding(4) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(5) var<storage, read> offsets_outer_i_i: array<i32>;

// Element i of t_left.
fn load_t_left(i: i32) -> f32 {
  return t_left[u32(i)];
}

// Offset i of i, inside of the rows that its tensors hold.
fn offset_i(i: i32) -> i32 {
  return clamp(offsets_i[u32(i) * params.offset_words_i], 0, i32(params.rows_i));
}

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Offset i of outer_i_i, inside of the rows that its tensors hold.
fn offset_outer_i_i(i: i32) -> i32 {
  return clamp(offsets_outer_i_i[u32(i) * params.offset_words_outer_i_i], 0, i32(params.rows_outer_i_i));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  first_outer_i_i: i32,
  len_i: i32,
  first_l: i32,
  len_l: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_outer_i_i(b), max(offset_i(b + 1) - offset_i(b), 0), offset_l(b), max(offset_l(b + 1) - offset_l(b), 0));
}

// kernels/interaction/jagged_self_subtraction.ts:10
// ({ left, right }) => left - right
fn value(in_left: f32, in_right: f32) -> f32 {
  return (in_left - in_right);
}

// index_m, derived from the definition
fn index_m(at_j: i32) -> i32 {
  return (at_j + 1);
}

const THREADS = 256;
const UNROLL = 4;  // steps of a thread
const PER = 1;  // elements of a step

// The last sequence from low to high that begins at or before a packed row of outer_i_i; as many as there are: past the last offset.
fn sequence_of_outer_i_i(row: i32, low: i32, high: i32) -> i32 {
  var first = low;
  var last = high;
  while (first < last) {
    let middle = first + (last - first + 1) / 2;
    if (offset_outer_i_i(middle) <= row) { first = middle; } else { last = middle - 1; }
  }
  return first;
}

var<workgroup> found: array<i32, 2>;  // sequences of the workgroup's first and last row

// An element of the output.
fn value_at(element: i32, low: i32, high: i32) -> f32 {
  let group = element / (1);
  let at_b = sequence_of_outer_i_i(group, low, high);
  let seq = load_sequence(at_b);
  if (!(at_b < i32(params.batch_b) && group - seq.first_outer_i_i < seq.len_i * seq.len_i)) { return f32(); }  // past the last offset
  let pair = group - seq.first_outer_i_i;
  let at_i = pair / max(seq.len_i, 1);
  let at_j = pair - at_i * seq.len_i;
  let at_l = at_i;
  var in_left: f32 = 0.0;
  if (at_l >= 0 && at_l < seq.len_l) { in_left = load_t_left((seq.first_l + at_l)); }
  let at_m = index_m(at_j);
  var in_right: f32 = 0.0;
  if (at_m >= 0 && at_m < seq.len_l) { in_right = load_t_left((seq.first_l + at_m)); }
  return value(in_left, in_right);
}

fn write(step: i32, x: f32) {
  t_out[step] = x;
}

@compute @workgroup_size(THREADS)
fn move_elements(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let elements = i32(params.elements);
  let begin = i32(group_id.x + group_id.y * groups.x) * (THREADS * UNROLL);
  if (thread < 2u) {
    let element = min((begin + i32(thread) * (THREADS * UNROLL)) * PER, elements - 1);
    found[thread] = sequence_of_outer_i_i(element / (1), 0, i32(params.batch_b));
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
  let step_2 = begin + 2 * THREADS + i32(thread);
  let x_2 = value_at(min(step_2 * PER, last), low, high);
  let step_3 = begin + 3 * THREADS + i32(thread);
  let x_3 = value_at(min(step_3 * PER, last), low, high);
  if (step_0 * PER < elements) { write(step_0, x_0); }
  if (step_1 * PER < elements) { write(step_1, x_1); }
  if (step_2 * PER < elements) { write(step_2, x_2); }
  if (step_3 * PER < elements) { write(step_3, x_3); }
}
