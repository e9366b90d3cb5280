import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { LaunchJob, LaunchPlan } from '../launch.ts'
import { type Driver, type Handle, OUT_OF_MEMORY } from './driver.ts'

/** The smallest allocation: an empty buffer still has an address. */
const LEAST_BYTES = 256

export interface DeviceBuffers {
  readonly pointers: Readonly<Record<string, Handle>>
  read(name: string, bytes: number): Uint8Array
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

/** Every buffer of the plan, filled with the job's bytes. */
export const createBuffers = (driver: Driver, device: string, plan: LaunchPlan, job: LaunchJob): DeviceBuffers => {
  const pointers: Record<string, Handle> = {}
  const free = (): void => { for (const pointer of Object.values(pointers)) driver.try('memFree', pointer) }
  try {
    for (const { name } of plan.buffers) {
      const bytes = job.buffers[name]!
      pointers[name] = allocate(driver, device, plan.kernel, name, bytes.length)
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
