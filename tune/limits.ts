import { targetLimits } from '../codegen/schedule/targets.ts'
import type { Limits } from '../codegen/schedule/types.ts'
import type { DeviceInfo } from '../runtime/device.ts'

/** What schedules are checked against on this device; a limit that it does not name is the target's guarantee. */
export const limitsOf = ({ target, limits, features, subgroupSize, software }: DeviceInfo): Limits => {
  const base = targetLimits[target]
  return Object.freeze({
    sharedMemory: limits.maxComputeWorkgroupStorageSize ?? limits.sharedMemoryPerBlock ?? base.sharedMemory,
    threads: limits.maxComputeInvocationsPerWorkgroup ?? limits.threadsPerBlock ?? base.threads,
    storageBuffers: limits.maxStorageBuffersPerShaderStage ?? base.storageBuffers,
    features,
    subgroupSize,
    software,
  })
}
