import { targetLimits } from '../codegen/schedule/targets.ts'
import type { Limits } from '../codegen/schedule/types.ts'
import type { DeviceInfo } from '../runtime/device.ts'

/** Compute capability 9.0 has instructions that no later one has, under a name of their own. */
const architectureOf = (capability: string): string => (capability === '9.0' ? 'sm_90a' : `sm_${capability.replace('.', '')}`)

/** What schedules are checked against on this device; a limit that it does not name is the target's guarantee. */
export const limitsOf = ({ target, backend, capability, limits, features, subgroupSize, subgroupMatrices, software }: DeviceInfo): Limits => {
  const base = targetLimits[target]
  return Object.freeze({
    sharedMemory: limits.maxComputeWorkgroupStorageSize ?? limits.sharedMemoryPerBlock ?? base.sharedMemory,
    threads: limits.maxComputeInvocationsPerWorkgroup ?? limits.threadsPerBlock ?? base.threads,
    storageBuffers: limits.maxStorageBuffersPerShaderStage ?? base.storageBuffers,
    features,
    subgroupSize,
    software,
    ...(subgroupMatrices?.[0] && { subgroupMatrix: subgroupMatrices[0] }),
    ...(backend === 'cuda' && capability && { architecture: architectureOf(capability) }),
  })
}
