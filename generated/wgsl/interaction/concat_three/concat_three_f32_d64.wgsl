// concat_three_f32_d64: jagged interaction `concat_three` (movement), f32
// definition kernels/interaction/concat_three.ts:4
// path       vectors of 4 along d
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition 7614944f3a63bb8c, plan e25424eb9ffa56e3
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_i: u32,
  rows_j: u32,
  rows_k: u32,
  rows_l: u32,
  offset_words_i: u32,
  offset_words_j: u32,
  offset_words_k: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_first: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> t_second: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> t_third: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> t_out: array<vec4<u32>>;
@group(0) @binding(5) var<storage, read> offsets_i: array<i32>;
@group(0) @binding(6) var<storage, read> offsets_j: array<i32>;
@group(0) @binding(7) var<storage, read> offsets_k: array<i32>;
@group(0) @binding(8) var<storage, read> offsets_l: array<i32>;

// Elements i to i + 3 of t_first; i is a multiple of 4.
fn load_t_first_vector(i: i32) -> array<u32, 4> {
  let at = i / 4;
  let w0 = t_first[at];
  return array<u32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Elements i to i + 3 of t_second; i is a multiple of 4.
fn load_t_second_vector(i: i32) -> array<u32, 4> {
  let at = i / 4;
  let w0 = t_second[at];
  return array<u32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Elements i to i + 3 of t_third; i is a multiple of 4.
fn load_t_third_vector(i: i32) -> array<u32, 4> {
  let at = i / 4;
  let w0 = t_third[at];
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

// Offset i of k, inside of the rows that its tensors hold.
fn offset_k(i: i32) -> i32 {
  return clamp(offsets_k[u32(i) * params.offset_words_k], 0, i32(params.rows_k));
}

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  first_l: i32,
  len_l: i32,
  len_i: i32,
  first_i: i32,
  len_j: i32,
  first_j: i32,
  first_k: i32,
  len_k: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_l(b), max(offset_l(b + 1) - offset_l(b), 0), max(offset_i(b + 1) - offset_i(b), 0), offset_i(b), max(offset_j(b + 1) - offset_j(b), 0), offset_j(b), offset_k(b), max(offset_k(b + 1) - offset_k(b), 0));
}

// kernels/interaction/concat_three.ts:10
// ({ first, second, third }, at, { lengths }) => (at.l < lengths.i ? first : at.l < lengths.i + lengths.j ? second : third)
fn value(at_l: i32, len_i: i32, in_first: u32, len_j: i32, in_second: u32, in_third: u32) -> u32 {
  return select(select(in_third, in_second, (at_l < (len_i + len_j))), in_first, (at_l < len_i));
}

// index_j, derived from the definition
fn index_j(at_l: i32, len_i: i32) -> i32 {
  return (at_l - len_i);
}

// index_k, derived from the definition
fn index_k(at_l: i32, len_i: i32, len_j: i32) -> i32 {
  return ((at_l - len_i) - len_j);
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
  let at_i = at_l;
  let at_j = index_j(at_l, seq.len_i);
  let at_k = index_k(at_l, seq.len_i, seq.len_j);
  var vector_in_first: array<u32, 4>;
  if (at_i >= 0 && at_i < seq.len_i) { vector_in_first = load_t_first_vector(((seq.first_i + at_i) * 64 + start_d)); }
  var vector_in_second: array<u32, 4>;
  if (at_j >= 0 && at_j < seq.len_j) { vector_in_second = load_t_second_vector(((seq.first_j + at_j) * 64 + start_d)); }
  var vector_in_third: array<u32, 4>;
  if (at_k >= 0 && at_k < seq.len_k) { vector_in_third = load_t_third_vector(((seq.first_k + at_k) * 64 + start_d)); }
  {
    const i = 0;
    let in_first = vector_in_first[i];
    let in_second = vector_in_second[i];
    let in_third = vector_in_third[i];
    values[i] = select(u32(), value(at_l, seq.len_i, in_first, seq.len_j, in_second, in_third), inside);
  }
  {
    const i = 1;
    let in_first = vector_in_first[i];
    let in_second = vector_in_second[i];
    let in_third = vector_in_third[i];
    values[i] = select(u32(), value(at_l, seq.len_i, in_first, seq.len_j, in_second, in_third), inside);
  }
  {
    const i = 2;
    let in_first = vector_in_first[i];
    let in_second = vector_in_second[i];
    let in_third = vector_in_third[i];
    values[i] = select(u32(), value(at_l, seq.len_i, in_first, seq.len_j, in_second, in_third), inside);
  }
  {
    const i = 3;
    let in_first = vector_in_first[i];
    let in_second = vector_in_second[i];
    let in_third = vector_in_third[i];
    values[i] = select(u32(), value(at_l, seq.len_i, in_first, seq.len_j, in_second, in_third), inside);
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
