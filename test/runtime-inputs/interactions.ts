import type { Interaction, InteractionManifest, InteractionSource, TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { bufferName, type InteractionBuffer, type InteractionField } from '../../codegen/ir/interaction/index.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'

/** Interactions with manifests and kernels written by hand, so that launch tests need no compiler. */
export const D = 3

const spec = (name: string, storage: TensorSpec['storage'], batch: string | null, axes: readonly string[], over: Partial<TensorSpec> = {}): TensorSpec =>
  ({ name, tensor: name, storage, batch, axes: axes.map((a) => ({ kind: 'axis', name: a })), dtype: 'element', fill: 0, ...over })

const axes: InteractionManifest['axes'] = [
  { name: 'b', kind: 'batch', like: 'b', indexed: false },
  { name: 'l', kind: 'jagged', like: 'l', batch: 'b', indexed: false },
  { name: 'd', kind: 'dense', like: 'd', indexed: false },
]

const field = (name: string, source: InteractionField['source'], type: InteractionField['type'] = 'u32'): InteractionField => ({ name, type, source })
const buffers = (entries: readonly string[], ...names: readonly string[]): readonly InteractionBuffer[] =>
  names.map((name, i) => ({ name, binding: i + 1, access: name === 't_out' || name === 'partials' ? 'read_write' : 'read', entries }))

const manifest = (kernel: string, target: TargetName, over: Partial<InteractionManifest>): InteractionManifest => ({
  format: 1, family: 'interaction', kernel, definition: kernel, class: 'movement', target, dtype: 'f32', sizes: { d: D }, axes,
  inputs: [], output: spec('out', 'jagged', 'b', ['l', 'd']), captures: [], segments: [{ name: 'l', kind: 'axis', row: 'l', column: '', batch: 'b' }],
  params: [], buffers: [], entries: [], schedule: { template: `${target}_movement`, values: {} },
  requires: { features: [], limits: {}, subgroupLanes: 0, architectures: [] }, hashes: { definition: '', plan: '', source: '' },
  ...(target === 'cuda' && { launcher: `serrate_${kernel}` }),
  ...over,
})

/** out[l, d] = alpha · x[l, d] + y[b, d]. */
export const addManifest = (target: TargetName, over: Partial<InteractionManifest> = {}): InteractionManifest =>
  manifest('jagged_add', target, {
    inputs: [spec('x', 'jagged', 'b', ['l', 'd']), spec('y', 'dense', 'b', ['d'])],
    captures: [{ name: 'alpha', kind: 'scalar', dtype: 'f32', perHead: false, default: 1 }],
    params: [field('elements', 'elements'), field('batch_b', 'batch:b'), field('offset_words_l', 'offsetWords:l'), field('cap_alpha', 'scalar:alpha', 'f32')],
    buffers: buffers(['main'], bufferName.tensor('x'), bufferName.tensor('y'), bufferName.tensor('out'), bufferName.offsets('l')),
    entries: [{ name: 'main', entryPoint: target === 'cuda' ? 'jagged_add_main' : 'add_main', threads: 64, sharedBytes: 0, grid: [{ kind: 'count', of: 'elements', per: 64 }] }],
    ...over,
  })

/** out[d] = Σ over all rows of x[l, d], in 4 parts. */
export const sumManifest = (target: TargetName): InteractionManifest => {
  const part = (name: string, grid: InteractionManifest['entries'][number]['grid']) => ({ name, entryPoint: target === 'cuda' ? `rows_sum_${name}` : `sum_${name}`, threads: 32, sharedBytes: 0, grid })
  const bound = buffers(['parts', 'total'], bufferName.tensor('x'), bufferName.tensor('out'), 'partials')
  return manifest('rows_sum', target, {
    class: 'reduction', inputs: [spec('x', 'jagged', 'b', ['l', 'd'])], output: spec('out', 'dense', null, ['d']),
    params: [field('rows_l', 'rows:l'), field('parts', 'parts')],
    buffers: [{ ...bound[0]!, entries: ['parts'] }, { ...bound[1]!, entries: ['total'] }, bound[2]!],
    entries: [{ ...part('parts', [{ kind: 'count', of: 'parts', per: 1 }]), persistent: 2 }, part('total', [{ kind: 'const', value: 1 }])],
    partials: [{ kind: 'count', of: 'parts', per: 1 }, { kind: 'const', value: D }],
    schedule: { template: `${target}_reduction`, values: { parts: 4 } },
  })
}

const wgslAdd = `struct Params { elements: u32, batch_b: u32, offset_words_l: u32, cap_alpha: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<f32>;
@group(0) @binding(2) var<storage, read> t_y: array<f32>;
@group(0) @binding(3) var<storage, read_write> t_out: array<f32>;
@group(0) @binding(4) var<storage, read> offsets_l: array<u32>;
@compute @workgroup_size(64)
fn add_main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.x + group.y * groups.x) * 64u + lane;
  if (i >= params.elements) { return; }
  let row = i / ${D}u;
  var b = 0u;
  while (b < params.batch_b && offsets_l[(b + 1u) * params.offset_words_l] <= row) { b++; }
  var value = 0.0;
  if (b < params.batch_b) { value = params.cap_alpha * t_x[i] + t_y[b * ${D}u + i % ${D}u]; }
  t_out[i] = value;
}
`
const wgslSum = `struct Params { rows_l: u32, parts: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<f32>;
@group(0) @binding(2) var<storage, read_write> t_out: array<f32>;
@group(0) @binding(3) var<storage, read_write> partials: array<f32>;
@compute @workgroup_size(32)
fn sum_parts(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) d: u32) {
  if (d >= ${D}u) { return; }
  for (var part = group.x; part < params.parts; part += groups.x) {
    var acc = 0.0;
    for (var row = part; row < params.rows_l; row += params.parts) { acc += t_x[row * ${D}u + d]; }
    partials[part * ${D}u + d] = acc;
  }
}
@compute @workgroup_size(32)
fn sum_total(@builtin(local_invocation_index) d: u32) {
  if (d >= ${D}u) { return; }
  var acc = 0.0;
  for (var part = 0u; part < params.parts; part++) { acc += partials[part * ${D}u + d]; }
  t_out[d] = acc;
}
`

const launch = `#ifndef SERRATE_CPU
template <class P> inline cudaError_t serrate_launch(void (*kernel)(P), unsigned x, unsigned y, unsigned block, unsigned bytes, cudaStream_t stream, const P& params) {
  kernel<<<dim3(x, y), block, bytes, stream>>>(params);
  return cudaGetLastError();
}
#endif
`
const cudaAdd = `${launch}struct Params { const float* t_x; const float* t_y; float* t_out; const unsigned* offsets_l; unsigned elements, batch_b, offset_words_l; float cap_alpha; };
extern "C" __global__ void jagged_add_main(const Params p) {
  const unsigned i = blockIdx.x * 64 + threadIdx.x;
  if (i >= p.elements) return;
  const unsigned row = i / ${D};
  unsigned b = 0;
  while (b < p.batch_b && p.offsets_l[(b + 1) * p.offset_words_l] <= row) ++b;
  p.t_out[i] = b < p.batch_b ? p.cap_alpha * p.t_x[i] + p.t_y[b * ${D} + i % ${D}] : 0.0f;
}
extern "C" int serrate_jagged_add(const Params* params, unsigned multiprocessors, cudaStream_t stream) {
  return serrate_launch(jagged_add_main, (params->elements + 63) / 64, 1, 64, 0, stream, *params);
}
`
const cudaSum = `${launch}struct Params { const float* t_x; float* t_out; float* partials; unsigned rows_l, parts; };
extern "C" __global__ void rows_sum_parts(const Params p) {
  const unsigned d = threadIdx.x;
  if (d >= ${D}) return;
  for (unsigned part = blockIdx.x; part < p.parts; part += gridDim.x) {
    float acc = 0.0f;
    for (unsigned row = part; row < p.rows_l; row += p.parts) acc += p.t_x[row * ${D} + d];
    p.partials[part * ${D} + d] = acc;
  }
}
extern "C" __global__ void rows_sum_total(const Params p) {
  const unsigned d = threadIdx.x;
  if (d >= ${D}) return;
  float acc = 0.0f;
  for (unsigned part = 0; part < p.parts; ++part) acc += p.partials[part * ${D} + d];
  p.t_out[d] = acc;
}
extern "C" int serrate_rows_sum(const Params* params, unsigned multiprocessors, cudaStream_t stream) {
  const unsigned most = 2 * multiprocessors;
  const int status = serrate_launch(rows_sum_parts, params->parts < most ? params->parts : most, 1, 32, 0, stream, *params);
  return status != 0 ? status : serrate_launch(rows_sum_total, 1, 1, 32, 0, stream, *params);
}
`

export const addSource = (target: TargetName, over: Partial<InteractionManifest> = {}): InteractionSource => ({ text: target === 'cuda' ? cudaAdd : wgslAdd, manifest: addManifest(target, over) })
export const sumSource = (target: TargetName): InteractionSource => ({ text: target === 'cuda' ? cudaSum : wgslSum, manifest: sumManifest(target) })

/** What both kernels compute, by hand. */
export const addedByHand = (x: Float32Array, y: Float32Array, offsets: readonly number[], alpha: number): Float32Array =>
  x.map((v, i) => {
    const b = offsets.findIndex((_, s) => Math.floor(i / D) < (offsets[s + 1] ?? -1))
    return b < 0 ? 0 : Math.fround(Math.fround(alpha * v) + y[b * D + (i % D)]!)
  })

/** The computation that a manifest belongs to, without its expressions. */
export const interactionOf = (m: InteractionManifest, over: Partial<Interaction> = {}): Interaction => ({
  kind: 'interaction', name: m.definition, axes: m.axes.map(({ indexed: _, ...a }) => a), inputs: m.inputs, output: m.output, captures: m.captures, reduced: [], passes: [],
  epilogue: { kind: 'const', type: 'f32', value: 0, id: 0 }, constants: [], span: { file: '', line: 0, column: 0, text: '' } as Interaction['span'], spans: {},
  ...over,
})
