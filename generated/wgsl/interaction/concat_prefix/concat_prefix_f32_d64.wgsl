// concat_prefix_f32_d64: jagged interaction `concat_prefix` (movement), f32
// definition kernels/interaction/concat_prefix.ts:4
// path       vectors of 4 along d
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition 170c15d44039ed96, plan ceb7bc279d52408f
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_i: u32,
  rows_j: u32,
  rows_l: u32,
  offset_words_i: u32,
  offset_words_j: u32,
  offset_words_l: u32,
  base_prefix: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_left: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> t_right: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read_write> t_out: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> offsets_i: array<i32>;
@group(0) @binding(5) var<storage, read> offsets_j: array<i32>;
@group(0) @binding(6) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(7) var<storage, read> captures_i32: array<i32>;

// Elements i to i + 3 of t_left; i is a multiple of 4.
fn load_t_left_vector(i: i32) -> array<u32, 4> {
  let at = i / 4;
  let w0 = t_left[at];
  return array<u32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Elements i to i + 3 of t_right; i is a multiple of 4.
fn load_t_right_vector(i: i32) -> array<u32, 4> {
  let at = i / 4;
  let w0 = t_right[at];
  return array<u32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Offset i of i, inside of the rows that its tensors hold.
fn offset_i(i: i32) -> i32 {
  return clamp(offsets_i[u32(i) * params.offset_words_i], 0, i32(params.rows_i));
}

// Offset i of j, inside of the rows that its tensors hold.
fn offset_j(i: i32) -> i32 {
  return clamp(offsets_j[u32(i) * params.offset_words_j], 0, i32(params.rows_j));
}

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  first_l: i32,
  len_l: i32,
  len_j: i32,
  first_j: i32,
  len_i: i32,
  first_i: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_l(b), max(offset_l(b + 1) - offset_l(b), 0), max(offset_j(b + 1) - offset_j(b), 0), offset_j(b), max(offset_i(b + 1) - offset_i(b), 0), offset_i(b));
}

// kernels/interaction/concat_prefix.ts:11
// ({ left, right, start }, at, { prefix, lengths }) =>
//     at.l < clamp(prefix, 0, lengths.j) ? start : at.l < clamp(prefix, 0, lengths.j) + lengths.i ? left : right
fn value(at_l: i32, cap_prefix: i32, len_j: i32, in_start: u32, len_i: i32, in_left: u32, in_right: u32) -> u32 {
  let t_2 = max(0, min(cap_prefix, len_j));
  return select(select(in_right, in_left, (at_l < (t_2 + len_i))), in_start, (at_l < t_2));
}

// index_i, derived from the definition
fn index_i(at_l: i32, cap_prefix: i32, len_j: i32) -> i32 {
  return (at_l - max(0, min(cap_prefix, len_j)));
}

// index_j, derived from the definition
fn index_j(at_l: i32, len_i: i32) -> i32 {
  return (at_l - len_i);
}

const THREADS = 256;
const UNROLL = 4;  // steps of a thread
const PER = 4;  // elements of a step

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

// The output's elements from `element` on.
fn value_at(element: i32, low: i32, high: i32) -> array<u32, PER> {
  var values: array<u32, PER>;
  let group = element / (64);
  let rest = element - group * (64);
  let at_b = sequence_of_l(group, low, high);
  let seq = load_sequence(at_b);
  let inside = at_b < i32(params.batch_b) && group - seq.first_l < seq.len_l;  // 0 past the last offset
  let at_l = group - seq.first_l;
  let start_d = rest;
  let cap_prefix = captures_i32[params.base_prefix + u32(at_b)];
  let at_q = at_l;
  let at_i = index_i(at_l, cap_prefix, seq.len_j);
  let at_j = index_j(at_l, seq.len_i);
  var vector_in_start: array<u32, 4>;
  if (at_q >= 0 && at_q < seq.len_j) { vector_in_start = load_t_right_vector(((seq.first_j + at_q) * 64 + start_d)); }
  var vector_in_left: array<u32, 4>;
  if (at_i >= 0 && at_i < seq.len_i) { vector_in_left = load_t_left_vector(((seq.first_i + at_i) * 64 + start_d)); }
  var vector_in_right: array<u32, 4>;
  if (at_j >= 0 && at_j < seq.len_j) { vector_in_right = load_t_right_vector(((seq.first_j + at_j) * 64 + start_d)); }
  {
    const i = 0;
    let in_start = vector_in_start[i];
    let in_left = vector_in_left[i];
    let in_right = vector_in_right[i];
    values[i] = select(u32(), value(at_l, cap_prefix, seq.len_j, in_start, seq.len_i, in_left, in_right), inside);
  }
  {
    const i = 1;
    let in_start = vector_in_start[i];
    let in_left = vector_in_left[i];
    let in_right = vector_in_right[i];
    values[i] = select(u32(), value(at_l, cap_prefix, seq.len_j, in_start, seq.len_i, in_left, in_right), inside);
  }
  {
    const i = 2;
    let in_start = vector_in_start[i];
    let in_left = vector_in_left[i];
    let in_right = vector_in_right[i];
    values[i] = select(u32(), value(at_l, cap_prefix, seq.len_j, in_start, seq.len_i, in_left, in_right), inside);
  }
  {
    const i = 3;
    let in_start = vector_in_start[i];
    let in_left = vector_in_left[i];
    let in_right = vector_in_right[i];
    values[i] = select(u32(), value(at_l, cap_prefix, seq.len_j, in_start, seq.len_i, in_left, in_right), inside);
  }
  return values;
}

fn write(step: i32, x: array<u32, PER>) {
  t_out[step] = vec4<u32>(x[0], x[1], x[2], x[3]);
}

@compute @workgroup_size(THREADS)
fn move_elements(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let elements = i32(params.elements);
  let begin = i32(group_id.x + group_id.y * groups.x) * (THREADS * UNROLL);
  if (thread < 2u) {
    let element = min((begin + i32(thread) * (THREADS * UNROLL)) * PER, elements - 1);
    found[thread] = sequence_of_l(element / (64), 0, i32(params.batch_b));
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
