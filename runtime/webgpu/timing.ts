import type { Timing } from '../device.ts'
import type { Encode } from './launch.ts'

/** Timestamps a query set can hold, in launches. */
const BATCH = 1024

const stampedBatch = async (gpu: GPUDevice, encode: Encode, launches: number): Promise<readonly number[]> => {
  const bytes = 16 * launches
  const querySet = gpu.createQuerySet({ type: 'timestamp', count: 2 * launches })
  const resolved = gpu.createBuffer({ size: bytes, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC })
  const read = gpu.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const encoder = gpu.createCommandEncoder()
  for (let i = 0; i < launches; i++) encode(encoder, { querySet, first: 2 * i })
  encoder.resolveQuerySet(querySet, 0, 2 * launches, resolved, 0)
  encoder.copyBufferToBuffer(resolved, 0, read, 0, bytes)
  gpu.queue.submit([encoder.finish()])
  await read.mapAsync(GPUMapMode.READ)
  const stamps = new BigUint64Array(read.getMappedRange().slice(0))
  for (const resource of [querySet, resolved, read]) resource.destroy()
  return Array.from({ length: launches }, (_, i) => Number(stamps[2 * i + 1]! - stamps[2 * i]!) / 1e6)
}

const submit = async (gpu: GPUDevice, encode: Encode, launches: number): Promise<number> => {
  const begin = performance.now()
  const encoder = gpu.createCommandEncoder()
  for (let i = 0; i < launches; i++) encode(encoder)
  gpu.queue.submit([encoder.finish()])
  await gpu.queue.onSubmittedWorkDone()
  return performance.now() - begin
}

/** Launches of one submission while warming up take about this long. */
const WARM_STEP_MS = 25

/** At least `warmup` launches, and as many as keep the device busy for `warmMs`. */
const warm = async (gpu: GPUDevice, encode: Encode, { warmup, warmMs = 0 }: Timing): Promise<void> => {
  let spent = warmup ? await submit(gpu, encode, warmup) : 0
  let launches = Math.max(warmup, 1)
  let each = spent / launches
  while (spent < warmMs) {
    launches = Math.min(BATCH, Math.max(1, Math.ceil(WARM_STEP_MS / Math.max(each, WARM_STEP_MS / BATCH))))
    const took = await submit(gpu, encode, launches)
    each = took / launches
    spent += took
  }
}

/** Milliseconds of each launch by the device's timestamps; by the host's clock around one submission where it has none. */
export const timeLaunches = async (gpu: GPUDevice, encode: Encode, timing: Timing): Promise<readonly number[]> => {
  const { iterations } = timing
  await warm(gpu, encode, timing)
  const times: number[] = []
  const stamped = gpu.features.has('timestamp-query')
  while (times.length < iterations) {
    if (stamped) times.push(...(await stampedBatch(gpu, encode, Math.min(BATCH, iterations - times.length))))
    else times.push(await submit(gpu, encode, 1))
  }
  return times
}
