// jagged_index_select_f32_d64: jagged interaction `jagged_index_select` (movement), f32
// definition kernels/interaction/jagged_index_select.ts:4
// path       vectors of 4 along d
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition 416ae2ffddee3bf2, plan d06cb31ebf06bdf6
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  batch_s: u32,
  rows_l: u32,
  rows_m: u32,
  offset_words_l: u32,
  offset_words_m: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> t_ids: array<i32>;
@group(0) @binding(3) var<storage, read_write> t_out: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(5) var<storage, read> offsets_m: array<i32>;

// Elements i to i + 3 of t_x; i is a multiple of 4.
fn load_t_x_vector(i: i32) -> array<u32, 4> {
  let at = i / 4;
  let w0 = t_x[at];
  return array<u32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Element i of t_ids.
fn load_t_ids(i: i32) -> i32 {
  return t_ids[u32(i)];
}

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Offset i of m, inside of the rows that its tensors hold.
fn offset_m(i: i32) -> i32 {
  return clamp(offsets_m[u32(i) * params.offset_words_m], 0, i32(params.rows_m));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  first_l: i32,
  len_l: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_l(b), max(offset_l(b + 1) - offset_l(b), 0));
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
  let in_ids = load_t_ids(at_b);
  let at_s = in_ids;
  let has_at_s = at_s >= 0 && at_s < i32(params.batch_s);
  var first_m_at_s: i32 = 0;
  if (has_at_s) { first_m_at_s = offsets_m[u32(at_s) * params.offset_words_m]; }
  let at_m = at_l;
  var len_m_at_s: i32 = 0;
  if (has_at_s) { len_m_at_s = (offsets_m[u32(at_s + 1) * params.offset_words_m] - offsets_m[u32(at_s) * params.offset_words_m]); }
  var vector_in_x: array<u32, 4>;
  if (has_at_s && at_m >= 0 && at_m < len_m_at_s) { vector_in_x = load_t_x_vector(((first_m_at_s + at_m) * 64 + start_d)); }
  {
    const i = 0;
    let in_x = vector_in_x[i];
    values[i] = select(u32(), in_x, inside);
  }
  {
    const i = 1;
    let in_x = vector_in_x[i];
    values[i] = select(u32(), in_x, inside);
  }
  {
    const i = 2;
    let in_x = vector_in_x[i];
    values[i] = select(u32(), in_x, inside);
  }
  {
    const i = 3;
    let in_x = vector_in_x[i];
    values[i] = select(u32(), in_x, inside);
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
