import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import type { BufferName } from '../../codegen/ir/plan.ts'
import type { Job } from '../device.ts'
import type { OpenDevice } from './state.ts'

/** A launch's buffers on the device. `indirect` holds the dispatch size where a kernel also writes `tiles`. */
export interface LaunchBuffers {
  readonly params: GPUBuffer
  readonly storage: Readonly<Partial<Record<BufferName, GPUBuffer>>>
  readonly indirect?: GPUBuffer
  destroy(): void
}

/** One element of the widest type a kernel binds (a vec4, or the tile list's header and one entry). */
const LEAST_BYTES = 64
const WORKGROUPS_PER_DIMENSION = 65535

const writers: Readonly<Record<'u32' | 'i32' | 'f32', (view: DataView, at: number, value: number) => void>> = {
  u32: (view, at, value) => view.setUint32(at, value, true),
  i32: (view, at, value) => view.setInt32(at, value, true),
  f32: (view, at, value) => view.setFloat32(at, value, true),
}

const paramBytes = ({ kernel, params }: KernelManifest, job: Job): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(16 * Math.ceil((4 * params.length) / 16))
  const view = new DataView(bytes.buffer)
  params.forEach((p, i) => writers[p.type](view, 4 * i, job.params[p.name] ?? fail('SR4019', { kernel, name: p.name, names: params.map((f) => f.name).join(', ') })))
  return bytes
}

/** Throws SR4011 too large to bind, SR4012 missing, SR4013 odd length, SR4017 too many workgroups. */
export const checkJob = (device: OpenDevice, { kernel, buffers, split }: KernelManifest, job: Job): void => {
  const { name, limits } = device.info
  const have = Math.min(limits.maxStorageBufferBindingSize!, limits.maxBufferSize!)
  for (const field of buffers) {
    const bytes = job.buffers[field.name] ?? fail('SR4012', { kernel, name: field.name, names: buffers.map((b) => b.name).join(', ') })
    if (bytes.length % 4) fail('SR4013', { kernel, name: field.name, length: bytes.length })
    if (bytes.length > have) fail('SR4011', { kernel, name: field.name, need: bytes.length, device: name, have })
  }
  const most = WORKGROUPS_PER_DIMENSION ** 2
  const need = job.maxTiles * job.gridHeads * split
  if (need > most) fail('SR4017', { kernel, need, have: most })
}

/** Uploads a launch. Call inside an error scope. */
export const createBuffers = ({ gpu }: OpenDevice, manifest: KernelManifest, job: Job): LaunchBuffers => {
  const { STORAGE, COPY_SRC, COPY_DST, INDIRECT, UNIFORM } = GPUBufferUsage
  const made: GPUBuffer[] = []
  const create = (label: string, size: number, usage: number, bytes?: Uint8Array): GPUBuffer => {
    const buffer = gpu.createBuffer({ label, size: Math.max(size, LEAST_BYTES), usage })
    made.push(buffer)
    if (bytes?.length) gpu.queue.writeBuffer(buffer, 0, bytes as Uint8Array<ArrayBuffer>)
    return buffer
  }
  const params = paramBytes(manifest, job)
  const storage: Partial<Record<BufferName, GPUBuffer>> = {}
  for (const { name } of manifest.buffers) storage[name] = create(name, job.buffers[name]!.length, STORAGE | COPY_SRC | COPY_DST | (name === 'tiles' ? INDIRECT : 0), job.buffers[name])
  const tilesWritten = manifest.buffers.some((b) => b.name === 'tiles' && b.access === 'read_write')
  return {
    params: create('params', params.length, UNIFORM | COPY_DST, params),
    storage,
    ...(tilesWritten && { indirect: create('indirect', 12, INDIRECT | COPY_DST) }),
    destroy: () => made.forEach((b) => b.destroy()),
  }
}
