import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { LaunchJob, LaunchPlan } from '../launch.ts'
import type { CudaDeviceInfo } from './info.ts'

const LIMITS = ['sharedMemoryPerBlock', 'threadsPerBlock'] as const

/** Throws SR4016 or SR4008: the kernel is for another target, or needs more than the device has. */
export const checkKernel = (info: CudaDeviceInfo, plan: LaunchPlan): void => {
  if (plan.target !== 'cuda') fail('SR4016', { kernel: plan.kernel, target: plan.target, expected: 'cuda' })
  for (const limit of LIMITS) {
    const need = plan.requires.limits[limit] ?? 0, have = info.limits[limit]!
    if (need > have) fail('SR4008', { kernel: plan.kernel, limit, need, device: info.name, have })
  }
}

/** Throws SR4012, SR4013, SR4019 or SR4609: a buffer or a param is missing, or the grid is too large. */
export const checkJob = (info: CudaDeviceInfo, plan: LaunchPlan, job: LaunchJob): void => {
  const { kernel } = plan
  for (const { name } of plan.buffers) {
    const bytes = job.buffers[name]
    if (!bytes) return fail('SR4012', { kernel, name, names: plan.buffers.map((b) => b.name).join(', ') })
    if (bytes.length % 4 !== 0) fail('SR4013', { kernel, name, length: bytes.length })
  }
  for (const { name } of plan.params) if (job.params[name] === undefined) fail('SR4019', { kernel, name, names: plan.params.map((p) => p.name).join(', ') })
  const need = Math.max(...job.grids), have = info.limits.gridX!
  if (need > have) fail('SR4609', { kernel, need, have })
}
