import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import type { BufferName, EntryName } from '../../codegen/ir/plan.ts'
import type { Job, JobResult } from '../device.ts'
import { checkJob, createBuffers, type LaunchBuffers } from './buffers.ts'
import type { Pipelines } from './compile.ts'
import { beforeDeadline } from './deadline.ts'
import { checked } from './errors.ts'
import type { OpenDevice } from './state.ts'
import { timeLaunches } from './timing.ts'

/** Encodes one launch: the tile builder, then attention (and merge) over as many workgroups as it found. */
export type Encode = (encoder: GPUCommandEncoder, stamps?: { readonly querySet: GPUQuerySet; readonly first: number }) => void

const DISPATCH_BYTES = 12

const bindings = (gpu: GPUDevice, manifest: KernelManifest, pipeline: GPUComputePipeline, buffers: LaunchBuffers, entry: EntryName): GPUBindGroup =>
  gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: buffers.params } },
      ...manifest.buffers.filter((b) => b.entries.includes(entry)).map((b) => ({ binding: b.binding, resource: { buffer: buffers.storage[b.name]! } })),
    ],
  })

const encoderOf = (gpu: GPUDevice, manifest: KernelManifest, pipelines: Pipelines, buffers: LaunchBuffers): Encode => {
  const steps = pipelines.map(([entry, pipeline]) => ({ entry, pipeline, group: bindings(gpu, manifest, pipeline, buffers, entry) }))
  return (encoder, stamps) => {
    const begin = stamps && { querySet: stamps.querySet, beginningOfPassWriteIndex: stamps.first }
    const end = stamps && { querySet: stamps.querySet, endOfPassWriteIndex: stamps.first + 1 }
    const descriptor = (timestampWrites: GPUComputePassTimestampWrites | undefined): GPUComputePassDescriptor => (timestampWrites ? { timestampWrites } : {})
    let pass = encoder.beginComputePass(descriptor(buffers.indirect ? begin : begin && end && { ...begin, ...end }))
    for (const { entry, pipeline, group } of steps) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      if (entry !== 'tiles') pass.dispatchWorkgroupsIndirect(buffers.indirect ?? buffers.storage.tiles!, 0)
      else {
        pass.dispatchWorkgroups(1)
        if (!buffers.indirect) continue
        pass.end()
        encoder.copyBufferToBuffer(buffers.storage.tiles!, 0, buffers.indirect, 0, DISPATCH_BYTES)
        pass = encoder.beginComputePass(descriptor(end))
      }
    }
    pass.end()
  }
}

interface Read {
  readonly name: BufferName
  readonly size: number
  readonly buffer: GPUBuffer
}

/** Submits one launch, with copies of `outputs` to read. */
const submit = (gpu: GPUDevice, encode: Encode, job: Job, buffers: LaunchBuffers): readonly Read[] => {
  const encoder = gpu.createCommandEncoder()
  encode(encoder)
  const reads = job.outputs.map((name): Read => {
    const size = job.buffers[name]!.length
    const buffer = gpu.createBuffer({ label: `read ${name}`, size: Math.max(size, 4), usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
    if (size) encoder.copyBufferToBuffer(buffers.storage[name]!, 0, buffer, 0, size)
    return { name, size, buffer }
  })
  gpu.queue.submit([encoder.finish()])
  return reads
}

const readBack = async (reads: readonly Read[]): Promise<Partial<Record<BufferName, Uint8Array>>> => {
  const result: Partial<Record<BufferName, Uint8Array>> = {}
  for (const { name, size, buffer } of reads) {
    await buffer.mapAsync(GPUMapMode.READ)
    result[name] = new Uint8Array(buffer.getMappedRange().slice(0, size))
    buffer.destroy()
  }
  return result
}

/** Runs a job: one launch, its outputs read back, then timed launches when asked. Throws SR4011 to SR4019, SR4021 when the launch does not end. */
export const runJob = async (device: OpenDevice, manifest: KernelManifest, pipelines: Pipelines, job: Job): Promise<JobResult> => {
  const what = `a launch of ${manifest.kernel}`
  device.ensure('an earlier call')
  checkJob(device, manifest, job)
  const { gpu } = device
  let buffers: LaunchBuffers | undefined
  try {
    const launch = await checked(gpu, 'SR4015', { device: device.info.name, what }, () => {
      buffers = createBuffers(device, manifest, job)
      const encode = encoderOf(gpu, manifest, pipelines, buffers)
      return { encode, reads: submit(gpu, encode, job, buffers) }
    })
    const outputs = await beforeDeadline(device, manifest, job, 1, readBack(launch.reads))
    const times = job.timing ? await beforeDeadline(device, manifest, job, job.timing.warmup + job.timing.iterations + Math.ceil((job.timing.warmMs ?? 0) / 1000), timeLaunches(gpu, launch.encode, job.timing)) : []
    device.ensure(what)
    return { buffers: outputs, times, findings: [] }
  } catch (error) {
    if (!device.stalled) device.ensure(what)
    throw error
  } finally {
    if (!device.stalled) buffers?.destroy()
  }
}
