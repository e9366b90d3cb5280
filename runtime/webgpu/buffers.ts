import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { LaunchJob, LaunchPlan } from '../launch.ts'
import type { OpenDevice } from './state.ts'

/** A launch's buffers on the device. `indirect` holds the dispatch size where an entry also writes the buffer that it comes from. */
export interface LaunchBuffers {
  readonly params: GPUBuffer
  readonly storage: Readonly<Record<string, GPUBuffer>>
  readonly indirect?: GPUBuffer
  destroy(): void
}

/** One element of the widest type a kernel binds (a vec4, or the tile list's header and one entry). */
const LEAST_BYTES = 64
const aligned = (bytes: number): number => Math.max(Math.ceil(bytes / 16) * 16, LEAST_BYTES)

/** Workgroups along one dimension of a dispatch. */
export const PER_DIMENSION = 65535

const writers: Readonly<Record<'u32' | 'i32' | 'f32', (view: DataView, at: number, value: number) => void>> = {
  u32: (view, at, value) => view.setUint32(at, value, true),
  i32: (view, at, value) => view.setInt32(at, value, true),
  f32: (view, at, value) => view.setFloat32(at, value, true),
}

const paramBytes = ({ kernel, params }: LaunchPlan, job: LaunchJob): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(16 * Math.ceil((4 * params.length) / 16))
  const view = new DataView(bytes.buffer)
  params.forEach((p, i) => writers[p.type](view, 4 * i, job.params[p.name] ?? fail('SR4019', { kernel, name: p.name, names: params.map((f) => f.name).join(', ') })))
  return bytes
}

/** Throws SR4011 too large to bind, SR4012 missing, SR4013 odd length, SR4017 too many workgroups. */
export const checkJob = (device: OpenDevice, { kernel, buffers }: LaunchPlan, job: LaunchJob): void => {
  const { name, limits } = device.info
  const have = Math.min(limits.maxStorageBufferBindingSize!, limits.maxBufferSize!)
  for (const field of buffers) {
    const bytes = job.buffers[field.name] ?? fail('SR4012', { kernel, name: field.name, names: buffers.map((b) => b.name).join(', ') })
    if (bytes.length % 4) fail('SR4013', { kernel, name: field.name, length: bytes.length })
    if (bytes.length > have) fail('SR4011', { kernel, name: field.name, need: bytes.length, device: name, have })
  }
  const most = PER_DIMENSION ** 2
  const need = Math.max(...job.grids)
  if (need > most) fail('SR4017', { kernel, need, have: most })
}

/** Buffers that dispatch sizes come from, and those of them that an entry writes while it is so dispatched. */
const indirects = ({ entries, buffers }: LaunchPlan) => {
  const from = (name: string) => entries.filter((e) => e.indirect === name)
  return { named: new Set(entries.map((e) => e.indirect)), written: buffers.some((b) => from(b.name).some((e) => b.uses[e.name] === 'read_write')) }
}

/** Uploads a launch. Call inside an error scope. */
export const createBuffers = ({ gpu }: OpenDevice, plan: LaunchPlan, job: LaunchJob): LaunchBuffers => {
  const { STORAGE, COPY_SRC, COPY_DST, INDIRECT, UNIFORM } = GPUBufferUsage
  const made: GPUBuffer[] = []
  const create = (label: string, size: number, usage: number, bytes?: Uint8Array): GPUBuffer => {
    const buffer = gpu.createBuffer({ label, size: aligned(size), usage })
    made.push(buffer)
    if (bytes?.length) gpu.queue.writeBuffer(buffer, 0, bytes as Uint8Array<ArrayBuffer>)
    return buffer
  }
  const params = paramBytes(plan, job)
  const { named, written } = indirects(plan)
  const bytesOf = (name: string): Uint8Array => job.buffers[name]!
  const storage = Object.fromEntries(plan.buffers.map(({ name }) => [name, create(name, bytesOf(name).length, STORAGE | COPY_SRC | COPY_DST | (named.has(name) ? INDIRECT : 0), bytesOf(name))]))
  return {
    params: create('params', params.length, UNIFORM | COPY_DST, params),
    storage,
    ...(written && { indirect: create('indirect', 12, INDIRECT | COPY_DST) }),
    destroy: () => made.forEach((b) => b.destroy()),
  }
}
