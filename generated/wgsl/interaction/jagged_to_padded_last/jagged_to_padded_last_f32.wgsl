// jagged_to_padded_last_f32: jagged interaction `jagged_to_padded_last` (movement), f32
// definition kernels/interaction/jagged_to_padded_last.ts:4
// path       elements
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition b6974033f1274c05, plan 6d34155a9ed69e14
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_m: u32,
  capacity_m: u32,
  offset_words_m: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<u32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<u32>;
@group(0) @binding(3) var<storage, read> offsets_m: array<i32>;

// Element i of t_x.
fn load_t_x(i: i32) -> u32 {
  return t_x[u32(i)];
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
fn index_m(at_l: i32, len_m: i32) -> i32 {
  return min(at_l, (len_m - 1));
}

const THREADS = 256;
const UNROLL = 4;  // steps of a thread
const PER = 1;  // elements of a step

// An element of the output.
fn value_at(element: i32) -> u32 {
  let group = element / (i32(params.capacity_m));
  let rest = element - group * (i32(params.capacity_m));
  let at_b = group;
  let seq = load_sequence(at_b);
  let at_l = rest;
  let at_m = index_m(at_l, seq.len_m);
  var in_x: u32 = 0x0u;
  if (at_m >= 0 && at_m < seq.len_m) { in_x = load_t_x((seq.first_m + at_m)); }
  return in_x;
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
