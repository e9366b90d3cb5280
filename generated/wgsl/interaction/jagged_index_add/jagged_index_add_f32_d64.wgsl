// jagged_index_add_f32_d64: jagged interaction `jagged_index_add` (reduction), f32
// definition kernels/interaction/jagged_index_add.ts:4
// path       columns, vectors of 4 along d, 4 of a thread under way; results are written by their groups
// schedule   wgsl_reduction threads=256 lanes=1 span=8 parts=1 unroll=2 flight=4 keep=0
// hashes     definition bbcc622c23612d61, plan 9190dab8d9f52cb8
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  batch_b: u32,
  batch_s: u32,
  rows_k: u32,
  rows_l: u32,
  rows_m: u32,
  offset_words_k: u32,
  offset_words_l: u32,
  offset_words_m: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> t_items: array<i32>;
@group(0) @binding(3) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> offsets_k: array<i32>;
@group(0) @binding(5) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(6) var<storage, read> offsets_m: array<i32>;

// Element i of t_items.
fn load_t_items(i: i32) -> i32 {
  return t_items[u32(i)];
}

// Offset i of k, inside of the rows that its tensors hold.
fn offset_k(i: i32) -> i32 {
  return clamp(offsets_k[u32(i) * params.offset_words_k], 0, i32(params.rows_k));
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
  len_k: i32,
  first_k: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_l(b), max(offset_l(b + 1) - offset_l(b), 0), max(offset_k(b + 1) - offset_k(b), 0), offset_k(b));
}

const THREADS = 256;
const LANES = 1;  // threads of a group
const GROUPS = 256;  // groups of a workgroup, each of neighbouring columns
const VECTOR = 4;  // elements of a vector

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

// The elements of a vector.
fn elements_f32(w: vec4<f32>) -> array<f32, VECTOR> {
  return array<f32, VECTOR>(w.x, w.y, w.z, w.w);
}

// A vector of x.
fn vector_of_x(step: i32, seq: Seq, at_l: i32, start_d: i32) -> vec4<f32> {
  let at_k = step;
  let in_items = load_t_items((seq.first_k + at_k));
  let at_s = in_items;
  let has_at_s = at_s >= 0 && at_s < i32(params.batch_s);
  var first_m_at_s: i32 = 0;
  if (has_at_s) { first_m_at_s = offsets_m[u32(at_s) * params.offset_words_m]; }
  let at_m = at_l;
  var len_m_at_s: i32 = 0;
  if (has_at_s) { len_m_at_s = (offsets_m[u32(at_s + 1) * params.offset_words_m] - offsets_m[u32(at_s) * params.offset_words_m]); }
  if (!(has_at_s && at_m >= 0 && at_m < len_m_at_s)) { return vec4<f32>(); }
  return t_x[u32(((first_m_at_s + at_m) * 64 + start_d)) / 4u];
}

// sum with a vector more.
fn more_0(acc: array<f32, 4>, x: vec4<f32>) -> array<f32, 4> {
  let in_x = elements_f32(x);
  return array<f32, 4>(
    acc[0] + in_x[0],
    acc[1] + in_x[1],
    acc[2] + in_x[2],
    acc[3] + in_x[3],
  );
}

// A vector of the output.
fn result_of(stat_0: array<f32, 4>) -> vec4<f32> {
  return vec4<f32>(stat_0[0], stat_0[1], stat_0[2], stat_0[3]);
}

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread % GROUPS * VECTOR;
  let lane = thread / GROUPS;
  let elements = i32(params.rows_l) * (64);
  let workgroup = i32(group_id.x + group_id.y * workgroups.x);
  let first = workgroup * 1024;
  let element = first + own;
  if (thread < 2) { found[thread] = sequence_of_l(max(min(first + thread * 1024, elements - 1), 0) / (64), 0, i32(params.batch_b)); }
  workgroupBarrier();
  let group = element / (64);
  let rest = element - group * (64);
  let at_b = sequence_of_l(group, found[0], found[1]);
  let seq = load_sequence(at_b);
  let at_l = group - seq.first_l;
  let start_d = rest;
  let live = element < elements && at_b < i32(params.batch_b) && group - seq.first_l < seq.len_l;
  let steps = select(0, seq.len_k, live);
  // sum over k
  var acc_0: array<f32, 4> = array<f32, 4>();
  for (var step = lane; step < steps; step += 4 * LANES) {
    let v0_x = vector_of_x(step, seq, at_l, start_d);
    var v1_x: vec4<f32>;
    if (step + LANES < steps) { v1_x = vector_of_x(step + LANES, seq, at_l, start_d); }
    var v2_x: vec4<f32>;
    if (step + 2 * LANES < steps) { v2_x = vector_of_x(step + 2 * LANES, seq, at_l, start_d); }
    var v3_x: vec4<f32>;
    if (step + 3 * LANES < steps) { v3_x = vector_of_x(step + 3 * LANES, seq, at_l, start_d); }
    acc_0 = more_0(acc_0, v0_x);
    if (step + LANES < steps) { acc_0 = more_0(acc_0, v1_x); }
    if (step + 2 * LANES < steps) { acc_0 = more_0(acc_0, v2_x); }
    if (step + 3 * LANES < steps) { acc_0 = more_0(acc_0, v3_x); }
  }
  let stat_0 = acc_0;
  // the results, 0 past the last offset
  if (lane == 0 && element < elements) {
    var x: vec4<f32>;
    if (live) {
      x = result_of(stat_0);
    }
    t_out[element / VECTOR] = x;
  }
}
