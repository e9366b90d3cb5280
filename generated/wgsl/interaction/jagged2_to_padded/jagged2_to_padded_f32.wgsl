// jagged2_to_padded_f32: jagged interaction `jagged2_to_padded` (movement), f32
// definition kernels/interaction/jagged2_to_padded.ts:4
// path       elements
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition ca797ed6689e4bb0, plan df0361d6cad93706
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_i: u32,
  rows_j: u32,
  rows_outer_i_j: u32,
  capacity_i: u32,
  capacity_j: u32,
  offset_words_i: u32,
  offset_words_j: u32,
  offset_words_outer_i_j: u32,
  cap_pad: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<u32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<u32>;
@group(0) @binding(3) var<storage, read> offsets_i: array<i32>;
@group(0) @binding(4) var<storage, read> offsets_j: array<i32>;
@group(0) @binding(5) var<storage, read> offsets_outer_i_j: array<i32>;

// Element i of t_x.
fn load_t_x(i: i32) -> u32 {
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
  len_i: i32,
  len_j: i32,
  first_outer_i_j: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(max(offset_i(b + 1) - offset_i(b), 0), max(offset_j(b + 1) - offset_j(b), 0), offset_outer_i_j(b));
}

// kernels/interaction/jagged2_to_padded.ts:9
// ({ x }, at, { lengths, pad }) => (at.i < lengths.i && at.j < lengths.j ? x : pad)
fn value(at_i: i32, len_i: i32, at_j: i32, len_j: i32, in_x: u32, cap_pad: u32) -> u32 {
  return select(cap_pad, in_x, ((at_i < len_i) & (at_j < len_j)));
}

const THREADS = 256;
const UNROLL = 4;  // steps of a thread
const PER = 1;  // elements of a step

// An element of the output.
fn value_at(element: i32) -> u32 {
  let group = element / (i32(params.capacity_i) * i32(params.capacity_j));
  let rest = element - group * (i32(params.capacity_i) * i32(params.capacity_j));
  let at_b = group;
  let seq = load_sequence(at_b);
  let at_j = rest % i32(params.capacity_j);
  let rest_1 = rest / i32(params.capacity_j);
  let at_i = rest_1;
  var in_x: u32 = 0x0u;
  if (at_i < seq.len_i && at_j < seq.len_j) { in_x = load_t_x((seq.first_outer_i_j + at_i * seq.len_j + at_j)); }
  return value(at_i, seq.len_i, at_j, seq.len_j, in_x, params.cap_pad);
}

fn write(step: i32, x: u32) {
  t_out[step] = x;
}

@compute @workgroup_size(THREADS)
fn move_elements(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let elements = i32(params.elements);
  let begin = i32(group_id.x + group_id.y * groups.x) * (THREADS * UNROLL);
  // all values before the first is stored: their loads are under way together
  let last = max(elements - PER, 0);
  let step_0 = begin + 0 * THREADS + i32(thread);
  let x_0 = value_at(min(step_0 * PER, last));
  let step_1 = begin + 1 * THREADS + i32(thread);
  let x_1 = value_at(min(step_1 * PER, last));
  let step_2 = begin + 2 * THREADS + i32(thread);
  let x_2 = value_at(min(step_2 * PER, last));
  let step_3 = begin + 3 * THREADS + i32(thread);
  let x_3 = value_at(min(step_3 * PER, last));
  if (step_0 * PER < elements) { write(step_0, x_0); }
  if (step_1 * PER < elements) { write(step_1, x_1); }
  if (step_2 * PER < elements) { write(step_2, x_2); }
  if (step_3 * PER < elements) { write(step_3, x_3); }
}
