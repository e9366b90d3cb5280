import type { AttentionDefinition } from '../dsl/index.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { KernelManifest, KernelSource } from '../codegen/ir/manifest.ts'
import { type AttentionInputs, type AttentionOutput, prepareAttention, type Prepared, readAttention } from '../runtime/attention.ts'
import { checkCanaries, checkInputs, checkPoison } from '../runtime/check.ts'
import type { CompiledKernel, Device, JobResult } from '../runtime/device.ts'
import type { AttentionCase } from './case.ts'
import { type Comparison, compareTensor } from './compare.ts'
import { type Expected, expectedOf } from './expected.ts'
import { describeLeak, firstDifference, perturb } from './leak.ts'
import { reproLine } from './repro.ts'
import type { Outcome, VerifyResult } from './result.ts'
import { allowedError } from './tolerance.ts'

export interface VerifyOptions {
  /** What the repro line calls the definition; default its name. */
  readonly ref?: string
  /** Launches twice more: a repeat and a leak test. Default true. */
  readonly relaunch?: boolean
  /** The same kernel with counters, for `paths`. */
  readonly counted?: { readonly compiled: CompiledKernel; readonly kernel: KernelSource }
}

const CANARY_BYTES = 256

interface Launch { readonly prepared: Prepared; readonly result: JobResult | null; readonly output: AttentionOutput }

/** Where the device itself checks every access against the buffers' exact bounds, a canary would only hide a read past the end. */
const canaryFor = (device: Device): number => (device.info.backend === 'cuda-cpu' ? 0 : CANARY_BYTES)

const launch = async (compiled: CompiledKernel, manifest: KernelManifest, inputs: AttentionInputs, poison: boolean, canary: number): Promise<Launch> => {
  const prepared = prepareAttention(manifest, inputs, { canary, poison })
  const result = prepared.job && (await compiled.run(prepared.job))
  return { prepared, result, output: readAttention(prepared, result) }
}

const checkCase = (manifest: KernelManifest, c: AttentionCase): void => {
  for (const what of ['dtype', 'headDim', 'valueDim'] as const) {
    if (manifest[what] !== c[what]) fail('SR6005', { definition: manifest.definition, what: `the ${what} of ${manifest.kernel}, ${manifest[what]}`, value: c[what], want: `a case of ${what} ${manifest[what]}` })
  }
}

const compareOutputs = (manifest: KernelManifest, c: AttentionCase, e: Expected, output: AttentionOutput): { out: Comparison; lse?: Comparison } => {
  const shape = { heads: c.heads, headDim: c.valueDim, seqOffsets: c.offsets }
  const out = compareTensor(output.out, e.reference.out, allowedError(manifest.target, c.dtype, e.plainError.out, e.magnitude.out), e.plainError.out, shape)
  if (!output.lse || !e.reference.lse) return { out }
  const allowed = allowedError(manifest.target, 'f32', e.plainError.lse, e.magnitude.lse)
  return { out, lse: compareTensor(output.lse, e.reference.lse, allowed, e.plainError.lse, { ...shape, headDim: 1, lse: true }) }
}

/** Rows that must be exactly 0 and -inf, and are not. */
const notEmpty = (c: AttentionCase, e: Expected, output: AttentionOutput): readonly string[] => {
  for (const [i, empty] of e.reference.empty.entries()) {
    if (!empty) continue
    const where = `row ${Math.floor(i / c.heads)}, head ${i % c.heads}, which keeps nothing`
    const nonzero = output.out.subarray(i * c.valueDim, (i + 1) * c.valueDim).find((x) => x !== 0)
    if (nonzero !== undefined) return [`out is ${nonzero} in ${where}`]
    const sinks = e.reference.lse !== undefined && e.reference.lse[i] !== -Infinity
    if (output.lse && !sinks && output.lse[i] !== -Infinity) return [`lse is ${output.lse[i]} in ${where}`]
  }
  return []
}

const comparisonProblem = (name: string, x: Comparison | undefined): readonly string[] => {
  if (!x || x.ok) return []
  const at = x.at && `row ${x.at.row}, head ${x.at.head}${x.at.dim === undefined ? '' : `, dim ${x.at.dim}`} (sequence ${x.at.sequence}, position ${x.at.position}): got ${x.at.got}, want ${x.at.want}`
  return [`${name} is off by ${x.max}, allowed ${x.allowed}${at ? `, at ${at}` : ''}`]
}

/** A bit pattern compared, not a value: -0 and 0 differ, a NaN equals itself. */
const differs = (a: AttentionOutput, b: AttentionOutput): boolean => firstDifference(a.bits, b.bits) >= 0 || (a.lse !== undefined && firstDifference(a.lse, b.lse!) >= 0)

const outcome = (skipped: boolean, problems: readonly string[]): Outcome => (skipped ? 'skipped' : problems.length ? 'fail' : 'pass')

/**
 * Runs a compiled kernel on a case and checks all that must hold: the error against the f64 reference; poisoned outputs all written; canaries
 * after every buffer; bit-equal repeat (on memory that holds zeros instead of poison); no other row changes when one sequence does.
 */
export const verifyKernel = async (device: Device, compiled: CompiledKernel, kernel: KernelSource, definition: AttentionDefinition, c: AttentionCase, options: VerifyOptions = {}): Promise<VerifyResult> => {
  const { manifest } = kernel
  checkCase(manifest, c)
  const expected = expectedOf(definition, c)
  const canary = canaryFor(device)
  const first = await launch(compiled, manifest, c.inputs, true, canary)
  const errors = compareOutputs(manifest, c, expected, first.output)
  const idle = first.result === null
  const relaunch = !idle && options.relaunch !== false

  const poison = first.result ? checkPoison(first.prepared, first.result) : []
  const canaries = first.result && canary ? [...checkCanaries(first.prepared, first.result), ...checkInputs(first.prepared, first.result)] : []
  const rowsPast = notEmpty(c, expected, first.output)
  const repeat = relaunch ? await launch(compiled, manifest, c.inputs, false, canary) : undefined
  const repeatProblems = repeat && differs(first.output, repeat.output) ? ['a second launch on the same inputs gave other bits'] : []
  const perturbed = relaunch ? perturb(c) : undefined
  const changed = perturbed && (await launch(compiled, manifest, perturbed.inputs, true, canary))
  const leaked = perturbed && changed && describeLeak(c, perturbed, first.output, changed.output)
  const counted = options.counted ? await launch(options.counted.compiled, options.counted.kernel.manifest, c.inputs, false, canary) : first
  const countedErrors = options.counted && compareOutputs(options.counted.kernel.manifest, c, expected, counted.output)
  const findings = [...new Set([first, repeat, changed, counted].flatMap((l) => l?.result?.findings ?? []))]
  const problems = [...comparisonProblem('out', errors.out), ...comparisonProblem('lse', errors.lse), ...poison, ...canaries, ...rowsPast, ...repeatProblems, ...(leaked ? [leaked] : []), ...comparisonProblem('out of the kernel with counters', countedErrors?.out), ...findings]
  return Object.freeze({
    ok: problems.length === 0,
    errors,
    tolerance: { out: errors.out.allowed, ...(errors.lse && { lse: errors.lse.allowed }) },
    paths: { tileMode: manifest.tileMode, ...counted.output.counters },
    checks: {
      poison: outcome(idle, poison),
      canaries: outcome(idle, canaries),
      repeatBitEqual: outcome(!repeat, repeatProblems),
      leak: outcome(!perturbed, leaked ? [leaked] : []),
      rowsPast: outcome(!expected.reference.empty.includes(1), rowsPast),
      findings,
    },
    problems,
    repro: reproLine(options.ref ?? definition.name, c, device.info, manifest),
  })
}
