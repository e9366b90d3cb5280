// reverse_f32_d64: jagged interaction `reverse` (movement), f32
// definition kernels/interaction/reverse.ts:4
// path       vectors of 4 along d
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition b774fb40d5c83512, plan 88887cfa570a92cf
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_m: u32,
  offset_words_m: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> t_out: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> offsets_m: array<i32>;

// Elements i to i + 3 of t_x; i is a multiple of 4.
fn load_t_x_vector(i: i32) -> array<u32, 4> {
  let at = i / 4;
  let w0 = t_x[at];
  return array<u32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Offset i of m, inside of the rows that its tensors hold.
fn offset_m(i: i32) -> i32 {
  return clamp(offsets_m[u32(i) * params.offset_words_m], 0, i32(params.rows_m));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  first_m: i32,
  len_m: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_m(b), max(offset_m(b + 1) - offset_m(b), 0));
}

// index_m, derived from the definition
fn index_m(len_m: i32, at_l: i32) -> i32 {
  return ((len_m - 1) - at_l);
}

const THREADS = 256;
const UNROLL = 4;  // steps of a thread
const PER = 4;  // elements of a step

// The last sequence from low to high that begins at or before a packed row of m; as many as there are: past the last offset.
fn sequence_of_m(row: i32, low: i32, high: i32) -> i32 {
  var first = low;
  var last = high;
  while (first < last) {
    let middle = first + (last - first + 1) / 2;
    if (offset_m(middle) <= row) { first = middle; } else { last = middle - 1; }
  }
  return first;
}

var<workgroup> found: array<i32, 2>;  // sequences of the workgroup's first and last row

// The output's elements from `element` on.
fn value_at(element: i32, low: i32, high: i32) -> array<u32, PER> {
  var values: array<u32, PER>;
  let group = element / (64);
  let rest = element - group * (64);
  let at_b = sequence_of_m(group, low, high);
  let seq = load_sequence(at_b);
  let inside = at_b < i32(params.batch_b) && group - seq.first_m < seq.len_m;  // 0 past the last offset
  let at_l = group - seq.first_m;
  let start_d = rest;
  let at_m = index_m(seq.len_m, at_l);
  var vector_in_x: array<u32, 4>;
  if (at_m >= 0 && at_m < seq.len_m) { vector_in_x = load_t_x_vector(((seq.first_m + at_m) * 64 + start_d)); }
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
    found[thread] = sequence_of_m(element / (64), 0, i32(params.batch_b));
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
