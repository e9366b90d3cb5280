import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { DeviceInfo } from '../device.ts'
import type { LaunchPlan } from '../launch.ts'

/** Throws SR4016 for another target's source, SR4008 where the kernel asks for more than an SM has. */
export const requireFits = ({ kernel, target, entries }: LaunchPlan, info: DeviceInfo): void => {
  if (target !== 'cuda') fail('SR4016', { kernel, target, expected: 'cuda' })
  const needs = { sharedMemoryPerBlock: Math.max(...entries.map((e) => e.sharedBytes)), threadsPerBlock: Math.max(...entries.map((e) => e.threads)) }
  for (const [limit, need] of Object.entries(needs))
    if (need > info.limits[limit]!) fail('SR4008', { kernel, limit, need, device: info.name, have: info.limits[limit] })
}
