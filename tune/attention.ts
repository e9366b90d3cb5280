import { compileKernel } from '../codegen/compile.ts'
import type { Algorithm, Problem } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { AttentionDefinition } from '../dsl/index.ts'
import { type CaptureArgument, prepareAttention } from '../runtime/attention.ts'
import type { Device } from '../runtime/device.ts'
import { drawCase, verifyKernel } from '../verify/index.ts'
import { warmMsOf } from './clock.ts'
import { timingInputs } from './inputs.ts'
import { limitsOf } from './limits.ts'
import type { Workbench } from './workbench.ts'

export interface AttentionWork {
  readonly definition: AttentionDefinition
  readonly algorithm: Algorithm
  readonly problem: Problem
  readonly device: Device
  readonly lengths: readonly number[]
  readonly heads: number
  readonly seed: number
  /** Captures for the timed launches, by launch name. */
  readonly captures?: Readonly<Record<string, CaptureArgument>>
}

/** What every candidate is checked on: an empty sequence, a single token, and lengths around and between the tile sizes. */
const CHECKED_LENGTHS = Object.freeze([33, 0, 1, 129, 70])

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null)

/** A workbench for one attention problem: candidates are checked with `verify` on a small drawn case, then timed on the given lengths. */
export const attentionWorkbench = ({ definition, algorithm, problem, device, lengths, heads, seed, captures }: AttentionWork): Workbench => {
  const limits = limitsOf(device.info)
  const checked = drawCase(seed, algorithm, { lengths: CHECKED_LENGTHS, heads: Math.min(heads, 2), headDim: problem.headDim, dtype: problem.dtype })
  const inputs = timingInputs({ ...problem, captures: algorithm.captures }, lengths, heads, seed, captures)
  return {
    emit: (schedule) => compileKernel(algorithm, problem, { target: device.info.target, schedule, limits }),
    load: (kernel) => device.compile(kernel),
    check: async (kernel, compiled) => {
      const { ok, errors, problems } = await verifyKernel(device, compiled, kernel, definition, checked)
      return { ok, max: finite(errors.out.max), allowed: errors.out.allowed, ...(ok ? {} : { reason: problems[0]! }) }
    },
    timer: (kernel, compiled) => {
      const { job } = prepareAttention(kernel.manifest, inputs)
      if (!job) return fail('SR7007', { count: lengths.length, tokens: 0 })
      const warmMs = warmMsOf(device.info)
      return async (timing) => (await compiled.run({ ...job, outputs: [], timing: { warmMs, ...timing } })).times
    },
  }
}
