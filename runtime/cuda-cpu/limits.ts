import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import type { DeviceInfo } from '../device.ts'

/** Throws SR4016 for another target's source, SR4008 where the kernel asks for more than an SM has. */
export const requireFits = (manifest: KernelManifest, info: DeviceInfo): void => {
  const { kernel, target } = manifest
  if (target !== 'cuda') fail('SR4016', { kernel, target, expected: 'cuda' })
  const needs = { sharedMemoryPerBlock: manifest.sharedBytes, threadsPerBlock: Math.max(manifest.threads.tiles, manifest.threads.attention) }
  for (const [limit, need] of Object.entries(needs))
    if (need > info.limits[limit]!) fail('SR4008', { kernel, limit, need, device: info.name, have: info.limits[limit] })
}
