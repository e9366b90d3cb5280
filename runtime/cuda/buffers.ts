import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import type { BufferName } from '../../codegen/ir/plan.ts'
import type { Job } from '../device.ts'
import { type Driver, type Handle, OUT_OF_MEMORY } from './driver.ts'

/** The smallest allocation: an empty buffer still has an address. */
const LEAST_BYTES = 256

export interface DeviceBuffers {
  readonly pointers: Readonly<Partial<Record<BufferName, Handle>>>
  read(name: BufferName, bytes: number): Uint8Array
  free(): void
}

/** Device memory of `bytes` bytes. Throws SR4606 when there is none left. */
export const allocate = (driver: Driver, device: string, kernel: string, name: string, bytes: number): Handle => {
  const out: unknown[] = [null]
  const code = driver.try('memAlloc', out, Math.max(bytes, LEAST_BYTES))
  if (code === OUT_OF_MEMORY) fail('SR4606', { device, name, kernel, need: bytes })
  if (code !== 0) fail('SR4605', { call: 'memAlloc', device, code, ...driver.explain(code) })
  return out[0] as Handle
}

/** Every buffer of the manifest, filled with the job's bytes. */
export const createBuffers = (driver: Driver, device: string, manifest: KernelManifest, job: Job): DeviceBuffers => {
  const pointers: Partial<Record<BufferName, Handle>> = {}
  const free = (): void => { for (const pointer of Object.values(pointers)) driver.try('memFree', pointer) }
  try {
    for (const { name } of manifest.buffers) {
      const bytes = job.buffers[name]!
      pointers[name] = allocate(driver, device, manifest.kernel, name, bytes.length)
      if (bytes.length > 0) driver.must('copyIn', pointers[name], bytes, bytes.length)
    }
  } catch (error) {
    free()
    throw error
  }
  return {
    pointers,
    free,
    read: (name, length) => {
      const bytes = new Uint8Array(length)
      if (length > 0) driver.must('copyOut', bytes, pointers[name], length)
      return bytes
    },
  }
}
