// lengths_of_offsets_f32: jagged interaction `lengths_of_offsets` (movement), f32
// definition kernels/interaction/lengths_of_offsets.ts:4
// path       elements
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition 88ec608d311f7203, plan a96b0fdeec198534
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> t_out: array<i32>;
@group(0) @binding(2) var<storage, read> offsets_l: array<i32>;

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  len_l: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(max(offset_l(b + 1) - offset_l(b), 0));
}

const THREADS = 256;
const UNROLL = 4;  // steps of a thread
const PER = 1;  // elements of a step

// An element of the output.
fn value_at(element: i32) -> i32 {
  let group = element / (1);
  let at_b = group;
  let seq = load_sequence(at_b);
  return seq.len_l;
}

fn write(step: i32, x: i32) {
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
