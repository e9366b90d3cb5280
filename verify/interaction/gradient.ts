import { elementCount, type InteractionProgram, packedRows, rowElements, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import { plainArithmetic } from '../../reference/arithmetic.ts'
import { runProgram as referenceProgram } from '../../reference/interaction/index.ts'
import type { Device } from '../../runtime/device.ts'
import { decode, encode, roundTo } from '../../runtime/dtypes.ts'
import { type ElementBits, type ProgramKernel, runProgram } from '../../runtime/interaction/index.ts'
import { largest, largestError } from '../compare.ts'
import { rngOf } from '../random/rng.ts'
import { allowedError, toleranceRule } from '../tolerance.ts'
import type { InteractionCase } from './case.ts'
import { firstDifference } from '../leak.ts'
import { againstDifferences } from './differences.ts'

export interface GradientVerdict {
  readonly ok: boolean
  readonly error: number
  readonly allowed: number
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[]
  /** What differs from the definition's own slope where the gradient is the author's, who may want that. */
  readonly notes: readonly string[]
}

/** The case with `d_out` beside its inputs: normal numbers, NaN in packed rows past the last offset. */
const withOutputGradient = (c: InteractionCase) => {
  const { interaction: x, extent, shape: { dtype } } = c
  const rng = rngOf(c.seed, 'd_out', x.name)
  const type = x.output.dtype === 'element' ? dtype : x.output.dtype
  const count = elementCount(x, extent, x.output)
  const from = x.output.storage === 'jagged' ? packedRows(x, { ...extent, rows: {} }, x.output) * rowElements(x, extent, x.output) : count
  const values = Float64Array.from({ length: count }, (_, i) => (i < from ? rng.normal() : NaN))
  const bits = encode(type as 'f32', values) as ElementBits
  return {
    inputs: { ...c.inputs, tensors: { ...c.inputs.tensors, d_out: bits } },
    data: { ...c.data, tensors: { ...c.data.tensors, d_out: decode(type as 'f32', bits as Float32Array) } },
  }
}

/** The target of the kernel that makes a tensor, and the tensor's specification: its output, or a sum beside that. */
const madeBy = (kernels: Readonly<Record<string, ProgramKernel>>, tensor: string): { readonly target: TargetName; readonly output: TensorSpec } => {
  for (const [writes, { manifest }] of Object.entries(kernels)) {
    const output = writes === tensor ? manifest.output : manifest.sums?.find((t) => t.tensor === tensor)
    if (output) return { target: manifest.target, output }
  }
  throw new Error(`no kernel makes ${tensor}`)
}

/**
 * Runs the kernels of one input's gradient on a device, one step after another, and compares it with the same steps in f64 from the same inputs, and those with
 * differences of the definition at some elements; a repeat must give the same bits. `kernels` by the tensor that each makes; `own`: the author's
 * gradient, which may differ from the slope.
 */
export const verifyGradient = async (device: Device, program: InteractionProgram, kernels: Readonly<Record<string, ProgramKernel>>, c: InteractionCase, own = false): Promise<GradientVerdict> => {
  const [input, tensor] = Object.entries(program.results)[0]!
  const { inputs, data } = withOutputGradient(c)
  const { dtype } = c.shape
  const options = { device: device.info, poison: true }
  const one = await runProgram(program, kernels, inputs, options)
  const again = await runProgram(program, kernels, inputs, options)
  const reference = referenceProgram(program, data)[input]!
  const plain = referenceProgram(program, data, { arithmetic: plainArithmetic((v) => (dtype === 'i32' ? v : roundTo(dtype, v))) })[input]!
  const got = one.results[input]!
  const { max, at } = got.out.length === reference.length ? largestError(got.out, reference) : { max: Infinity, at: -1 }
  const { target, output } = madeBy(kernels, tensor)
  const allowed = allowedError(target, output.dtype === 'element' ? (dtype as 'f32') : 'f32', largestError(plain, reference).max, largest(reference), toleranceRule.kGradient)
  const differs = firstDifference(got.bits as Float32Array, again.results[input]!.bits as Float32Array)
  const differences = againstDifferences(c.interaction, data, input, reference, rngOf(c.seed, 'differences', input))
  const problems = [
    ...(max <= allowed ? [] : [`the gradient of ${input} is off by ${max}, allowed ${allowed}${at >= 0 ? `, at element ${at}: got ${got.out[at]}, want ${reference[at]}` : ''}`]),
    ...(own ? [] : differences),
    ...(differs >= 0 ? [`the gradient of ${input} differs in a repeat at element ${differs}`] : []),
    ...new Set([one, again].flatMap((r) => Object.values(r.steps).flatMap((s) => s.findings))),
  ]
  return { ok: problems.length === 0, error: max, allowed, problems, notes: own ? differences : [] }
}
