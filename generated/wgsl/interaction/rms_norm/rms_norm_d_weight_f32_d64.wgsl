// rms_norm_d_weight_f32_d64: jagged interaction `rms_norm_d_weight` (reduction), f32
// definition kernels/interaction/rms_norm.ts:4
// path       columns; a second entry writes the output in vectors of 4 along d
// schedule   wgsl_reduction threads=256 lanes=8 parts=64 unroll=2
// hashes     definition d383eb737086f75f, plan 34669584ac882453
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
  rows_l: u32,
  offset_words_l: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_d_weight_element: array<f32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> offsets_l: array<i32>;
@group(0) @binding(4) var<storage, read_write> partials: array<u32>;

// Element i of t_d_weight_element.
fn load_t_d_weight_element(i: i32) -> f32 {
  return t_d_weight_element[u32(i)];
}

// Offset i of l, inside of the rows that its tensors hold.
fn offset_l(i: i32) -> i32 {
  return clamp(offsets_l[u32(i) * params.offset_words_l], 0, i32(params.rows_l));
}

// Where a sequence begins in packed rows, and how long it is.
struct Seq {
  len_l: i32,
  first_l: i32,
}

fn load_sequence(b: i32) -> Seq {
  return Seq(max(offset_l(b + 1) - offset_l(b), 0), offset_l(b));
}

const THREADS = 256;
const LANES = 8;  // threads of a group
const GROUPS = 32;  // groups of a workgroup
const UNROLL = 2;  // steps of a thread that writes
const PER = 4;  // elements of such a step
const PARTS = 64;  // parts of the sequences

var<workgroup> scratch_sum_f32: array<f32, THREADS>;

// sum_f32 of all lanes of a group, in an order that depends on LANES alone.
fn tree_sum_f32(x: f32, thread: i32, lane: i32) -> f32 {
  scratch_sum_f32[thread] = x;
  workgroupBarrier();
  for (var s = LANES / 2; s > 0; s /= 2) {
    if (lane < s) {
      let a = scratch_sum_f32[thread];
      let b = scratch_sum_f32[thread + s * 32];
      scratch_sum_f32[thread] = a + b;
    }
    workgroupBarrier();
  }
  let total = scratch_sum_f32[thread - lane * 32];
  workgroupBarrier();
  return total;
}

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread % GROUPS;
  let lane = thread / GROUPS;
  let elements = 64;
  let workgroup = i32(group_id.x + group_id.y * workgroups.x);
  let part = workgroup % PARTS;
  let first = workgroup / PARTS * GROUPS;
  let element = first + own;
  let rest = element;
  let at_d = rest;
  let live = element < elements;
  // sum over b, l
  var acc_0: f32 = 0.0;
  var count = 0;
  let size = (i32(params.batch_b) + PARTS - 1) / PARTS;
  for (var at_b = part * size; at_b < min((part + 1) * size, i32(params.batch_b)); at_b++) {
    let seq = load_sequence(at_b);
    let steps = select(0, seq.len_l, live);
    count += steps;
  for (var step = lane; step < steps; step += LANES) {
    let at_l = step;
    let in_d_weight_element = load_t_d_weight_element(((seq.first_l + at_l) * 64 + at_d));
      acc_0 = acc_0 + in_d_weight_element;
  }
  }
  acc_0 = tree_sum_f32(acc_0, thread, lane);
  if (lane == 0 && element < elements) {
    let at = (part * elements + element) * 2;
    partials[at + 0] = bitcast<u32>(acc_0);
    partials[at + 1] = u32(count);
  }
}

// Result 0 of a group: its parts in order.
fn read_stat_0(group: i32) -> f32 {
  var x: f32 = 0.0;
  var count = 0;
  for (var part = 0; part < PARTS; part++) {
    let at = (part * (64) + group) * 2;
    x = x + bitcast<f32>(partials[at + 0]);
    count += i32(partials[at + 1]);
  }
  return x;
}

// The output's elements from `element` on.
fn value_at(element: i32) -> array<f32, PER> {
  var values: array<f32, PER>;
  let rest = element;
  let start_d = rest;
  {
    const i = 0;
    let at_d = start_d + i;
    let own = at_d;
    let stat_0 = read_stat_0(own);
    values[i] = stat_0;
  }
  {
    const i = 1;
    let at_d = start_d + i;
    let own = at_d;
    let stat_0 = read_stat_0(own);
    values[i] = stat_0;
  }
  {
    const i = 2;
    let at_d = start_d + i;
    let own = at_d;
    let stat_0 = read_stat_0(own);
    values[i] = stat_0;
  }
  {
    const i = 3;
    let at_d = start_d + i;
    let own = at_d;
    let stat_0 = read_stat_0(own);
    values[i] = stat_0;
  }
  return values;
}

fn write(step: i32, x: array<f32, PER>) {
  t_out[step] = vec4<f32>(x[0], x[1], x[2], x[3]);
}

@compute @workgroup_size(THREADS)
fn write_elements(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let elements = i32(params.elements);
  let begin = i32(group_id.x + group_id.y * groups.x) * (THREADS * UNROLL);
  // all values before the first is stored: their loads are under way together
  let last = max(elements - PER, 0);
  let step_0 = begin + 0 * THREADS + i32(thread);
  let x_0 = value_at(min(step_0 * PER, last));
  let step_1 = begin + 1 * THREADS + i32(thread);
  let x_1 = value_at(min(step_1 * PER, last));
  if (step_0 * PER < elements) { write(step_0, x_0); }
  if (step_1 * PER < elements) { write(step_1, x_1); }
}
