import { type Bytes, gridOf, type LaunchEntry, type LaunchJob, type LaunchPlan, type LaunchResult } from '../launch.ts'
import { checkJob, createBuffers, type LaunchBuffers, PER_DIMENSION } from './buffers.ts'
import type { Pipelines } from './compile.ts'
import { beforeDeadline } from './deadline.ts'
import { checked } from './errors.ts'
import type { OpenDevice } from './state.ts'
import { timeLaunches } from './timing.ts'

/** Encodes one launch: the entries in order, over the job's workgroups or as many as an earlier entry found. */
export type Encode = (encoder: GPUCommandEncoder, stamps?: { readonly querySet: GPUQuerySet; readonly first: number }) => void

const DISPATCH_BYTES = 12

const bindings = (gpu: GPUDevice, plan: LaunchPlan, pipeline: GPUComputePipeline, buffers: LaunchBuffers, entry: LaunchEntry): GPUBindGroup =>
  gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: buffers.params } },
      ...plan.buffers.filter((b) => entry.name in b.uses).map((b) => ({ binding: b.binding, resource: { buffer: buffers.storage[b.name]! } })),
    ],
  })

/** Workgroup `n` of a grid has workgroup_id.x + workgroup_id.y * num_workgroups.x = n; those past the grid's end return. */
const dispatch = (pass: GPUComputePassEncoder, workgroups: number): void => {
  if (workgroups > 0) pass.dispatchWorkgroups(Math.min(workgroups, PER_DIMENSION), Math.ceil(workgroups / PER_DIMENSION))
}

const encoderOf = (gpu: GPUDevice, plan: LaunchPlan, pipelines: Pipelines, buffers: LaunchBuffers, grids: readonly number[]): Encode => {
  const steps = pipelines.map(([entry, pipeline], i) => ({ entry, pipeline, group: bindings(gpu, plan, pipeline, buffers, entry), workgroups: gridOf(entry, grids[i]!, 1) }))
  const firstIndirect = steps.find(({ entry }) => entry.indirect)
  return (encoder, stamps) => {
    const begin = stamps && { querySet: stamps.querySet, beginningOfPassWriteIndex: stamps.first }
    const end = stamps && { querySet: stamps.querySet, endOfPassWriteIndex: stamps.first + 1 }
    const descriptor = (timestampWrites: GPUComputePassTimestampWrites | undefined): GPUComputePassDescriptor => (timestampWrites ? { timestampWrites } : {})
    let pass = encoder.beginComputePass(descriptor(buffers.indirect ? begin : begin && end && { ...begin, ...end }))
    for (const step of steps) {
      const { entry, pipeline, group, workgroups } = step
      if (buffers.indirect && step === firstIndirect) {
        pass.end()
        encoder.copyBufferToBuffer(buffers.storage[entry.indirect!]!, 0, buffers.indirect, 0, DISPATCH_BYTES)
        pass = encoder.beginComputePass(descriptor(end))
      }
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      if (entry.indirect) pass.dispatchWorkgroupsIndirect(buffers.indirect ?? buffers.storage[entry.indirect]!, 0)
      else dispatch(pass, workgroups)
    }
    pass.end()
  }
}

interface Read {
  readonly name: string
  readonly size: number
  readonly buffer: GPUBuffer
}

/** Submits one launch, with copies of `outputs` to read. */
const submit = (gpu: GPUDevice, encode: Encode, job: LaunchJob, buffers: LaunchBuffers): readonly Read[] => {
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

const readBack = async (reads: readonly Read[]): Promise<Bytes> => {
  const result: Record<string, Uint8Array> = {}
  for (const { name, size, buffer } of reads) {
    await buffer.mapAsync(GPUMapMode.READ)
    result[name] = new Uint8Array(buffer.getMappedRange().slice(0, size))
    buffer.destroy()
  }
  return result
}

/** Runs a job: one launch, its outputs read back, then timed launches when asked. Throws SR4011 to SR4019, SR4021 when the launch does not end. */
export const runJob = async (device: OpenDevice, plan: LaunchPlan, pipelines: Pipelines, job: LaunchJob): Promise<LaunchResult> => {
  const what = `a launch of ${plan.kernel}`
  device.ensure('an earlier call')
  checkJob(device, plan, job)
  const { gpu } = device
  let buffers: LaunchBuffers | undefined
  try {
    const launch = await checked(gpu, 'SR4015', { device: device.info.name, what }, () => {
      buffers = createBuffers(device, plan, job)
      const encode = encoderOf(gpu, plan, pipelines, buffers, job.grids)
      return { encode, reads: submit(gpu, encode, job, buffers) }
    })
    const outputs = await beforeDeadline(device, plan, job, 1, readBack(launch.reads))
    const times = job.timing ? await beforeDeadline(device, plan, job, job.timing.warmup + job.timing.iterations + Math.ceil((job.timing.warmMs ?? 0) / 1000), timeLaunches(gpu, launch.encode, job.timing)) : []
    device.ensure(what)
    return { buffers: outputs, times, findings: [] }
  } catch (error) {
    if (!device.stalled) device.ensure(what)
    throw error
  } finally {
    if (!device.stalled) buffers?.destroy()
  }
}
