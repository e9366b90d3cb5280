// position_timestamp_encoder_f32_d64: jagged interaction `position_timestamp_encoder` (movement), f32
// definition kernels/interaction/position_timestamp_encoder.ts:4
// path       vectors of 4 along d
// schedule   wgsl_movement threads=256 unroll=4
// hashes     definition 997d6b91b6b81f0d, plan 388c2a89ff4d1839
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  size_p: u32,
  size_q: u32,
  offset_words_l: u32,
  cap_alpha: f32,
  cap_contextual: i32,
  base_num_targets: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> t_time: array<i32>;
@group(0) @binding(3) var<storage, read> t_positions: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> t_buckets: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(7) var<storage, read> captures_i32: array<i32>;

// Elements i to i + 3 of t_x; i is a multiple of 4.
fn load_t_x_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_x[at];
  return array<f32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Element i of t_time.
fn load_t_time(i: i32) -> i32 {
  return t_time[u32(i)];
}

// Elements i to i + 3 of t_positions; i is a multiple of 4.
fn load_t_positions_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_positions[at];
  return array<f32, 4>(w0.x, w0.y, w0.z, w0.w);
}

// Elements i to i + 3 of t_buckets; i is a multiple of 4.
fn load_t_buckets_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_buckets[at];
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

// kernels/interaction/position_timestamp_encoder.ts:13
// ({ x, positions, buckets }, _at, { alpha }) => alpha * x + positions + buckets
fn value(cap_alpha: f32, in_x: f32, in_positions: f32, in_buckets: f32) -> f32 {
  return (((cap_alpha * in_x) + in_positions) + in_buckets);
}

// index_p, derived from the definition
fn index_p(len_l: i32, cap_num_targets: i32, at_l: i32, cap_contextual: i32, size_p: i32) -> i32 {
  return max(0, min((max(((len_l - cap_num_targets) - at_l), 0) + cap_contextual), (size_p - 1)));
}

// index_q, derived from the definition
fn index_q(in_last: i32, in_time: i32, size_q: i32) -> i32 {
  return i32(max(0.0, min(floor(sqrt((max(f32((in_last - in_time)), 9.999999974752427e-7) / 60.0))), f32((size_q - 1)))));
}

// index_z, derived from the definition
fn index_z(len_l: i32) -> i32 {
  return (len_l - 1);
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
fn value_at(element: i32, low: i32, high: i32) -> array<f32, PER> {
  var values: array<f32, PER>;
  let group = element / (64);
  let rest = element - group * (64);
  let at_b = sequence_of_l(group, low, high);
  let seq = load_sequence(at_b);
  let inside = at_b < i32(params.batch_b) && group - seq.first_l < seq.len_l;  // 0 past the last offset
  let at_l = group - seq.first_l;
  let start_d = rest;
  let cap_num_targets = captures_i32[params.base_num_targets + u32(at_b)];
  let at_p = index_p(seq.len_l, cap_num_targets, at_l, params.cap_contextual, i32(params.size_p));
  let at_z = index_z(seq.len_l);
  var in_last: i32 = 0;
  if (at_z >= 0 && at_z < seq.len_l) { in_last = load_t_time((seq.first_l + at_z)); }
  let in_time = load_t_time((seq.first_l + at_l));
  let at_q = index_q(in_last, in_time, i32(params.size_q));
  let vector_in_x = load_t_x_vector(((seq.first_l + at_l) * 64 + start_d));
  var vector_in_positions: array<f32, 4>;
  if (at_p >= 0 && at_p < i32(params.size_p)) { vector_in_positions = load_t_positions_vector((at_p * 64 + start_d)); }
  var vector_in_buckets: array<f32, 4>;
  if (at_q >= 0 && at_q < i32(params.size_q)) { vector_in_buckets = load_t_buckets_vector((at_q * 64 + start_d)); }
  {
    const i = 0;
    let in_x = vector_in_x[i];
    let in_positions = vector_in_positions[i];
    let in_buckets = vector_in_buckets[i];
    values[i] = select(f32(), value(params.cap_alpha, in_x, in_positions, in_buckets), inside);
  }
  {
    const i = 1;
    let in_x = vector_in_x[i];
    let in_positions = vector_in_positions[i];
    let in_buckets = vector_in_buckets[i];
    values[i] = select(f32(), value(params.cap_alpha, in_x, in_positions, in_buckets), inside);
  }
  {
    const i = 2;
    let in_x = vector_in_x[i];
    let in_positions = vector_in_positions[i];
    let in_buckets = vector_in_buckets[i];
    values[i] = select(f32(), value(params.cap_alpha, in_x, in_positions, in_buckets), inside);
  }
  {
    const i = 3;
    let in_x = vector_in_x[i];
    let in_positions = vector_in_positions[i];
    let in_buckets = vector_in_buckets[i];
    values[i] = select(f32(), value(params.cap_alpha, in_x, in_positions, in_buckets), inside);
  }
  return values;
}

fn write(step: i32, x: array<f32, PER>) {
  t_out[step] = vec4<f32>(x[0], x[1], x[2], x[3]);
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
