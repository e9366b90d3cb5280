/** Subgroups as kernels use them: `size` lanes, or 0 with the reason. */
export interface SubgroupProbe {
  readonly size: number
  readonly reason?: string
}

const THREADS = 64

const text = `enable subgroups;
@group(0) @binding(0) var<storage, read_write> seen : array<vec2<u32>>;
@compute @workgroup_size(${THREADS})
fn probe(@builtin(local_invocation_index) index : u32, @builtin(subgroup_invocation_id) lane : u32, @builtin(subgroup_size) size : u32) {
  seen[index] = vec2<u32>(size, lane);
}`

const judge = (seen: Uint32Array, least: number): SubgroupProbe => {
  const size = seen[0]!
  for (let index = 0; index < THREADS; index++) {
    if (seen[2 * index] !== size) return { size: 0, reason: `invocation ${index} sees a subgroup of ${seen[2 * index]}, invocation 0 one of ${size}` }
    if (seen[2 * index + 1] !== index % size) return { size: 0, reason: `invocation ${index} is lane ${seen[2 * index + 1]} of a subgroup of ${size}` }
  }
  return { size: Math.min(size, least) }
}

/** Runs one workgroup and checks that lanes follow local_invocation_index. The size is the smallest the adapter may choose. */
export const probeSubgroups = async (device: GPUDevice, info: GPUAdapterInfo): Promise<SubgroupProbe> => {
  if (!device.features.has('subgroups')) return { size: 0, reason: 'subgroups are not offered or switched off' }
  const bytes = THREADS * 8
  const seen = device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC })
  const read = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module: device.createShaderModule({ code: text }) } })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: seen } }] }))
  pass.dispatchWorkgroups(1)
  pass.end()
  encoder.copyBufferToBuffer(seen, 0, read, 0, bytes)
  device.queue.submit([encoder.finish()])
  await read.mapAsync(GPUMapMode.READ)
  const result = judge(new Uint32Array(read.getMappedRange().slice(0)), info.subgroupMinSize ?? THREADS)
  seen.destroy()
  read.destroy()
  return result
}
