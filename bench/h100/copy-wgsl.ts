import type { InteractionManifest } from '../../codegen/ir/interaction/index.ts'
import type { Device, Timing } from '../../runtime/device.ts'

const THREADS = 256
const text = `struct Params { elements: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> t_x: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> t_out: array<vec4<u32>>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.x + group.y * groups.x) * ${THREADS}u + lane;
  if (i < params.elements / 4u) { t_out[i] = t_x[i]; }
}
`
const spec = (name: string) => ({ name, tensor: name, storage: 'dense' as const, batch: null, axes: [{ kind: 'axis' as const, name: 'd' }], dtype: 'element' as const, fill: 0 })
const manifest: InteractionManifest = {
  format: 1, family: 'interaction', kernel: 'copy', definition: 'copy', class: 'movement', target: 'wgsl', dtype: 'f32', sizes: {}, axes: [{ name: 'd', kind: 'dense', like: 'd', indexed: true }],
  inputs: [spec('x')], output: spec('out'), captures: [], segments: [], params: [{ name: 'elements', type: 'u32', source: 'elements' }],
  buffers: [{ name: 't_x', binding: 1, access: 'read', entries: ['main'] }, { name: 't_out', binding: 2, access: 'read_write', entries: ['main'] }],
  entries: [{ name: 'main', entryPoint: 'main', threads: THREADS, sharedBytes: 0, grid: [{ kind: 'count', of: 'elements', per: 4 * THREADS }] }],
  schedule: { template: 'wgsl_movement', values: {} }, requires: { features: [], limits: {}, subgroupLanes: 0, architectures: [] }, hashes: { definition: '', plan: '', source: '' },
}

/** What a plain WGSL copy of `bytes` takes on this device, 16 bytes a thread: the ceiling of memory-bound kernels. */
export const copyMs = async (device: Device, bytes: number, timing: Timing): Promise<{ readonly ms: number; readonly gbs: number }> => {
  const compiled = await device.compileInteraction({ text, manifest })
  const elements = bytes / 4
  const { times } = await compiled.run({ buffers: { t_x: new Uint8Array(bytes).fill(7), t_out: new Uint8Array(bytes) }, params: { elements }, grids: [Math.ceil(elements / 4 / THREADS)], outputs: ['t_out'], timing })
  compiled.dispose()
  const ms = [...times].sort((a, b) => a - b)[times.length >> 1]!
  return { ms, gbs: (2 * bytes) / ms / 1e6 }
}
