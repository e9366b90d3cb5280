import { compileKernel, defaultProblem } from '../codegen/compile.ts'
import type { Algorithm, Problem } from '../codegen/ir/algorithm.ts'
import type { KernelSource } from '../codegen/ir/manifest.ts'
import type { DeviceInfo } from '../runtime/device.ts'
import { limitsOf } from '../tune/limits.ts'
import { chooseSchedule, type Wanted } from './compile.ts'

export const problemOf = (algorithm: Algorithm, { dtype, dim, lse = true }: Wanted): Problem => {
  const usual = defaultProblem(algorithm, dtype, dim)
  return { ...usual, lse: usual.lse && lse }
}

/** Compiled for this device: its limits, its default schedule with the given fields replaced. */
export const sourceOn = (info: DeviceInfo, algorithm: Algorithm, wanted: Wanted): KernelSource => {
  const limits = limitsOf(info)
  return compileKernel(algorithm, problemOf(algorithm, wanted), { target: wanted.target, limits, schedule: chooseSchedule(algorithm, wanted, limits) })
}
