import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { Schedule } from '../../codegen/ir/schedule.ts'
import type { Device } from '../../runtime/device.ts'
import { drawCase, tilesProblem, verifyKernel } from '../../verify/index.ts'
import { limitsOf } from './shipped.ts'

export interface CheckOptions {
  readonly dtype?: Dtype
  readonly headDim: number
  readonly heads?: number
  readonly schedule?: Schedule
  readonly lengths: readonly (readonly number[])[]
}

/** Compiles a definition for a device, runs it on every set of lengths; gives what is wrong, empty when nothing is. The counters must equal the host's classification. */
export const check = async (device: Device, { algorithm, definition }: LoadedDefinition, { dtype = 'f32', headDim, heads = 2, schedule, lengths }: CheckOptions): Promise<readonly string[]> => {
  const options = { target: 'wgsl', limits: limitsOf(device), ...(schedule && { schedule }) } as const
  const problem = defaultProblem(algorithm, dtype, headDim)
  const kernel = compileKernel(algorithm, problem, options)
  const counted = compileKernel(algorithm, problem, { ...options, instrument: true })
  const [compiled, compiledCounted] = [await device.compile(kernel), await device.compile(counted)]
  const problems: string[] = []
  for (const [seed, one] of lengths.entries()) {
    const c = drawCase(seed + 1, algorithm, { lengths: one, heads, headDim, dtype })
    const result = await verifyKernel(device, compiled, kernel, definition, c, { counted: { compiled: compiledCounted, kernel: counted } })
    problems.push(...result.problems)
    const miscounted = tilesProblem(algorithm, counted, c, result)
    if (miscounted) problems.push(`${one}: ${miscounted}`)
  }
  return problems
}
