// dense_sum_f32_d64: jagged interaction `dense_sum` (reduction), f32
// definition kernels/interaction/dense_sum.ts:4
// path       rows, vectors of 4 along d; results are written by their groups
// schedule   wgsl_reduction threads=256 lanes=4 span=8 parts=1 unroll=2 flight=0 keep=0
// hashes     definition faafdb392d42f3af, plan ed5d19c57de43193
// emitted by serrate 0.1.0; edit the definition, not this file

struct Params {
  elements: u32,
  batch_b: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> t_out: array<f32>;

// Elements i to i + 3 of t_x; i is a multiple of 4.
fn load_t_x_vector(i: i32) -> array<f32, 4> {
  let at = i / 4;
  let w0 = t_x[at];
  return array<f32, 4>(w0.x, w0.y, w0.z, w0.w);
}

const THREADS = 256;
const LANES = 4;  // threads of a group
const GROUPS = 64;  // groups of a workgroup

var<workgroup> scratch_sum_f32: array<f32, THREADS>;

// sum_f32 of all lanes of a group, in an order that depends on LANES alone.
fn tree_sum_f32(x: f32, thread: i32, lane: i32) -> f32 {
  scratch_sum_f32[thread] = x;
  workgroupBarrier();
  for (var s = LANES / 2; s > 0; s /= 2) {
    if (lane < s) {
      let a = scratch_sum_f32[thread];
      let b = scratch_sum_f32[thread + s * 1];
      scratch_sum_f32[thread] = a + b;
    }
    workgroupBarrier();
  }
  let total = scratch_sum_f32[thread - lane * 1];
  workgroupBarrier();
  return total;
}

var<workgroup> results: array<f32, GROUPS>;

@compute @workgroup_size(THREADS)
fn reduce(@builtin(workgroup_id) group_id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let thread = i32(index);
  let own = thread / LANES;
  let lane = thread % LANES;
  let elements = i32(params.batch_b) * (1);
  let first = i32(group_id.x + group_id.y * workgroups.x) * GROUPS;
  let element = first + own;
  let group = element / (1);
  let at_b = group;
  let live = element < elements;
  let steps = select(0, 16, live);
  let count = steps * 4;
  // sum over d
  var acc_0: f32 = 0.0;
  for (var step = lane; step < steps; step += LANES) {
    let start_d = (step) * 4;
    var vector_in_x = load_t_x_vector((at_b * 64 + start_d));
    for (var i = 0; i < 4; i++) {
      let in_x = vector_in_x[i];
      acc_0 = acc_0 + in_x;
    }
  }
  acc_0 = tree_sum_f32(acc_0, thread, lane);
  let stat_0 = acc_0;
  if (lane == 0) {
    var x: f32;  // 0 past the last offset
    if (live) {
      x = stat_0;
    }
    results[own] = x;
  }
  workgroupBarrier();
  let i = index;
  if (i < GROUPS && first + i32(i) < elements) { t_out[first + i32(i)] = results[i]; }
}
