import { compileKernel } from '../codegen/compile.ts'
import type { LoadedDefinition } from '../codegen/frontend/index.ts'
import type { KernelSource } from '../codegen/ir/manifest.ts'
import type { Device } from '../runtime/device.ts'
import { limitsOf } from '../tune/limits.ts'
import { type CaseShape, drawCase, expectedOf, tilesProblem, verifyKernel, type VerifyResult } from '../verify/index.ts'
import { problemOf, type Wanted } from './compile.ts'
import { sourceOn } from './device-compile.ts'

export interface VerifyShape {
  readonly lengths: readonly number[]
  /** Layout, key lengths, key heads, value dim and placement of the case. */
  readonly where?: Partial<CaseShape>
  readonly heads: number
  readonly seed: number
  /** What the repro line calls the definition. */
  readonly ref: string
  /** Also runs the kernel with counters, for `paths`; default true. */
  readonly counted?: boolean
}

/** Compiles a definition for an open device and compares it with itself in f64, with counters where asked. */
export const verifyOn = async (device: Device, { definition, algorithm }: LoadedDefinition, wanted: Wanted, { lengths, where, heads, seed, ref, counted = true }: VerifyShape): Promise<{ readonly result: VerifyResult; readonly kernel: KernelSource }> => {
  const kernel = sourceOn(device.info, algorithm, wanted)
  const { schedule } = kernel.manifest
  const drawn = drawCase(seed, algorithm, { lengths, heads, headDim: wanted.dim, dtype: wanted.dtype, ...where })
  const compiled = await device.compile(kernel)
  const counting = counted ? compileKernel(algorithm, problemOf(algorithm, wanted), { target: wanted.target, limits: limitsOf(device.info), schedule, instrument: true }) : undefined
  const countingCompiled = counting && (await device.compile(counting))
  try {
    const result = await verifyKernel(device, compiled, kernel, definition, drawn, { ref, ...(counting && { counted: { compiled: countingCompiled!, kernel: counting } }) })
    const miscounted = counting && tilesProblem(algorithm, counting, drawn, result)
    const unknown = expectedOf(definition, drawn).undefined
    const undefinedProblem = unknown ? `the definition itself gives NaN in ${unknown} of ${drawn.rows * heads * wanted.dim} elements: nothing is compared there` : undefined
    if (undefinedProblem) return { kernel, result: { ...result, ok: false, problems: [...result.problems, undefinedProblem] } }
    return { kernel, result: miscounted ? { ...result, ok: false, problems: [...result.problems, miscounted] } : result }
  } finally {
    compiled.dispose()
    countingCompiled?.dispose()
  }
}
