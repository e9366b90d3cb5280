import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { DeviceInfo } from '../device.ts'
import { ATTRIBUTES, type Driver } from './driver.ts'
import { textOf } from './library.ts'

export interface CudaDeviceInfo extends DeviceInfo {
  readonly ordinal: number
  readonly handle: number
  readonly major: number
  readonly minor: number
}

const version = (n: number): string => `${Math.floor(n / 1000)}.${Math.floor((n % 1000) / 10)}`

const nameOf = (driver: Driver, handle: number): string => {
  const name = Buffer.alloc(256)
  driver.must('deviceName', name, name.length, handle)
  return textOf(name)
}

/** Picks a device and reads its limits. Throws SR4602, SR4603, SR4604. */
export const readDevice = (driver: Driver, ordinal: number): CudaDeviceInfo => {
  const found = version(driver.get('driverVersion'))
  const counted: number[] = [0]
  const count = driver.try('deviceCount', counted) === 0 ? counted[0]! : 0
  if (count === 0) fail('SR4602', { driver: found })
  const handles = Array.from({ length: count }, (_, i) => driver.get('deviceGet', i))
  if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= count) fail('SR4603', { device: ordinal, count, last: count - 1, names: handles.map((h) => nameOf(driver, h)).join(', ') })
  const handle = handles[ordinal]!
  const attribute = (name: keyof typeof ATTRIBUTES): number => driver.get('deviceAttribute', ATTRIBUTES[name], handle)
  const name = nameOf(driver, handle), major = attribute('major'), minor = attribute('minor')
  if (major < 8) fail('SR4604', { device: name, capability: `${major}.${minor}` })
  return Object.freeze({
    target: 'cuda', backend: 'cuda', name, software: false, features: Object.freeze([]), subgroupSize: 32,
    limits: Object.freeze({
      sharedMemoryPerBlock: attribute('sharedMemory'), threadsPerBlock: attribute('maxThreads'), gridX: attribute('maxGridX'), registersPerBlock: attribute('registersPerBlock'),
      multiprocessors: attribute('multiprocessors'), l2Bytes: attribute('l2Bytes'), memoryBytes: Number(driver.get<number | bigint>('deviceMemory', handle)),
    }),
    capability: `${major}.${minor}`, driver: found, ordinal, handle, major, minor,
  })
}
