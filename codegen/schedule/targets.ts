import type { TargetName } from '../ir/schedule.ts'
import type { Limits } from './types.ts'

/** What a kernel may count on when no device is named. WGSL: WebGPU's default limits. CUDA: what one sm_80 block can have. */
export const targetLimits: Readonly<Record<TargetName, Limits>> = Object.freeze({
  wgsl: { sharedMemory: 16384, threads: 256, storageBuffers: 8, features: [], subgroupSize: 0 },
  cuda: { sharedMemory: 163 * 1024, threads: 1024, storageBuffers: 64, features: [], subgroupSize: 32 },
})

/** Shared memory of a block on architectures that have more than the target's guarantee. */
export const sharedMemoryOf: Readonly<Record<string, number>> = Object.freeze({ sm_90a: 227 * 1024, sm_100: 227 * 1024 })

export const targetNames = Object.freeze(Object.keys(targetLimits) as TargetName[])
