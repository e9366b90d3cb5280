// masked_rows_f32_d64: jagged interaction `masked_rows` (scatter), f32
// definition kernels/interaction/masked_rows.ts:4
// path       elements
// schedule   wgsl_scatter threads=256 unroll=4
// hashes     definition 037ac8680ab4d544, plan 2c61ecc134de8825
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  rows_m: u32,
  offset_words_l: u32,
  offset_words_m: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<u32>;
@group(0) @binding(2) var<storage, read> t_mask: array<i32>;
@group(0) @binding(3) var<storage, read> t_place: array<i32>;
@group(0) @binding(4) var<storage, read_write> t_out: array<u32>;
@group(0) @binding(5) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(6) var<storage, read> offsets_m: array<i32>;

// Element i of t_x.
fn load_t_x(i: i32) -> u32 {
  return t_x[u32(i)];
}

// Element i of t_mask.
fn load_t_mask(i: i32) -> i32 {
  return t_mask[u32(i)];
}

// Element i of t_place.
fn load_t_place(i: i32) -> i32 {
  return t_place[u32(i)];
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
  first_m: i32,
  len_m: i32,
  first_l: i32,
  len_l: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(offset_m(b), max(offset_m(b + 1) - offset_m(b), 0), offset_l(b), max(offset_l(b + 1) - offset_l(b), 0));
}

// index_l, derived from the definition
fn index_l(in_mask: i32, in_place: i32) -> i32 {
  return select((-1), in_place, (in_mask != 0));
}

const THREADS = 256;
const UNROLL = 4;  // elements of a thread

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

fn store(element: i32, x: u32) {
  t_out[element] = x;
}

// An element, to the row that it belongs to.
fn scatter(element: i32, low: i32, high: i32) {
  let group = element / (64);
  let rest = element - group * (64);
  let at_b = sequence_of_m(group, low, high);
  let seq = load_sequence(at_b);
  if (!(at_b < i32(params.batch_b) && group - seq.first_m < seq.len_m)) { return; }  // past the last offset
  let at_m = group - seq.first_m;
  let at_d = rest;
  let in_x = load_t_x(((seq.first_m + at_m) * 64 + at_d));
  let in_mask = load_t_mask((seq.first_m + at_m));
  let in_place = load_t_place((seq.first_m + at_m));
  let at_l = index_l(in_mask, in_place);
  if (at_l >= 0 && at_l < seq.len_l) { store(((seq.first_l + at_l) * 64 + at_d), in_x); }
}

// Rows that no element belongs to are 0.
@compute @workgroup_size(THREADS)
fn clear_elements(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let begin = i32(group_id.x + group_id.y * groups.x) * (THREADS * UNROLL) + i32(thread);
  let elements = i32(params.elements);
  for (var u = 0; u < UNROLL; u++) {
    let word = begin + u * THREADS;
    if (word < elements) { t_out[word] = u32(); }
  }
}

// Every element to its row.
@compute @workgroup_size(THREADS)
fn scatter_elements(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let begin = i32(group_id.x + group_id.y * groups.x) * (THREADS * UNROLL);
  let elements = i32(params.rows_m) * (64);
  if (thread < 2u) { found[thread] = sequence_of_m(min(begin + i32(thread) * (THREADS * UNROLL - 1), elements - 1) / (64), 0, i32(params.batch_b)); }
  workgroupBarrier();
  for (var u = 0; u < UNROLL; u++) {
    let element = begin + u * THREADS + i32(thread);
    if (element < elements) { scatter(element, found[0], found[1]); }
  }
}
