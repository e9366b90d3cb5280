import type { InteractionDefinition } from '../../dsl/interaction.ts'
import type { InteractionSource } from '../../codegen/ir/interaction/index.ts'
import { isMove } from '../../codegen/lower/interaction/index.ts'
import type { CompiledInteraction, Device, InteractionResult } from '../../runtime/device.ts'
import { encode, decode } from '../../runtime/dtypes.ts'
import { checkInteractionCanaries, checkInteractionInputs, checkInteractionPoison, type ElementBits, type InteractionInputs, type InteractionOutput, type PreparedInteraction, prepareInteraction, readInteraction } from '../../runtime/interaction/index.ts'
import { largestError } from '../compare.ts'
import { firstDifference } from '../leak.ts'
import type { Outcome } from '../result.ts'
import { allowedError, toleranceRule } from '../tolerance.ts'
import type { InteractionCase } from './case.ts'
import { expectedInteraction, type ExpectedTensor } from './expected.ts'
import { perturbSequence } from './leak.ts'

export interface InteractionVerdict {
  readonly ok: boolean
  readonly error: number
  readonly allowed: number
  readonly checks: { readonly poison: Outcome; readonly canaries: Outcome; readonly repeatBitEqual: Outcome; readonly leak: Outcome; readonly findings: readonly string[] }
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[]
}

const CANARY_BYTES = 256

interface Launch { readonly prepared: PreparedInteraction; readonly result: InteractionResult | null; readonly output: InteractionOutput }

const launch = async (device: Device, compiled: CompiledInteraction, { manifest }: InteractionSource, inputs: InteractionInputs, poison: boolean, canary: number): Promise<Launch> => {
  const prepared = prepareInteraction(manifest, inputs, { canary, poison, device: device.info })
  const result = prepared.job && (await compiled.run(prepared.job))
  return { prepared, result, output: readInteraction(prepared, result) }
}

/** Movement must be exact: the reference's value in the kernel's dtype, NaN for NaN. */
const exactError = (c: InteractionCase, got: ArrayLike<number>, reference: Float64Array): number => {
  const { dtype } = c.shape
  const whole = c.interaction.output.dtype === 'i32' || dtype === 'i32'
  const want = whole ? reference.map(Math.trunc) : decode(dtype, encode(dtype, reference))
  for (let i = 0; i < want.length; i++) if (!(got[i] === want[i] || (Number.isNaN(got[i]!) && Number.isNaN(want[i]!)))) return Math.abs(got[i]! - want[i]!) || Infinity
  return 0
}

interface Compared { readonly error: number; readonly allowed: number; readonly at: number }

/** Sums beside an output are gradients. */
const compared = (c: InteractionCase, { manifest }: InteractionSource, e: ExpectedTensor, got: ArrayLike<number>, output = manifest.output): Compared => {
  const exact = manifest.dtype === 'i32' || output.dtype === 'i32' || isMove(c.interaction)
  if (exact) return { error: exactError(c, got, e.reference), allowed: 0, at: -1 }
  const dtype = output.dtype === 'f32' ? 'f32' : manifest.dtype
  const { max, at } = got.length === e.reference.length ? largestError(got, e.reference) : { max: Infinity, at: -1 }
  return { error: max, allowed: allowedError(manifest.target, dtype as 'f32', e.plainError, e.magnitude, output === manifest.output ? toleranceRule.k : toleranceRule.kGradient), at }
}

/** One sentence where a tensor is too far off. */
const wrongOf = (name: string, { error, allowed, at }: Compared, got: ArrayLike<number>, want: ArrayLike<number>): readonly string[] =>
  error <= allowed ? [] : [`${name} is off by ${error}, allowed ${allowed}${at >= 0 ? `, at element ${at}: got ${got[at]}, want ${want[at]}` : ''}`]

/** One sentence where a repeat gave other bits. */
const repeatOf = (name: string, one: ElementBits, again: ElementBits): readonly string[] => {
  const at = firstDifference(one as Float32Array, again as Float32Array)
  return at >= 0 ? [`${name} differs in a repeat at element ${at}`] : []
}

const outcome = (skipped: boolean, problems: readonly string[]): Outcome => (skipped ? 'skipped' : problems.length ? 'fail' : 'pass')

/** Where the device itself checks every access, a canary would only hide a read past the end. */
const canaryFor = (device: Device): number => (device.info.backend === 'cuda-cpu' ? 0 : CANARY_BYTES)

/**
 * Runs a compiled interaction on a case and checks all that must hold: the error against the f64 reference (movement: exact); poisoned outputs all written; canaries after
 * every buffer; bit-equal repeat; no other sequence changes when one does. `expected` saves the reference's time where one case checks many kernels.
 */
export const verifyInteraction = async (device: Device, compiled: CompiledInteraction, source: InteractionSource, c: InteractionCase, definition?: InteractionDefinition, expected: ReturnType<typeof expectedInteraction> = expectedInteraction(c, definition)): Promise<InteractionVerdict> => {
  const canary = canaryFor(device)
  const one = await launch(device, compiled, source, c.inputs, true, canary)
  const idle = one.result === null
  const first = compared(c, source, expected, one.output.out)
  const { error, allowed } = first
  const sums = source.manifest.sums ?? []
  const poison = one.result ? checkInteractionPoison(one.prepared, one.result) : []
  const canaries = one.result && canary ? [...checkInteractionCanaries(one.prepared, one.result), ...checkInteractionInputs(one.prepared, one.result)] : []
  const again = idle ? undefined : await launch(device, compiled, source, c.inputs, false, canary)
  const repeat = again ? [...repeatOf('out', one.output.bits, again.output.bits), ...sums.flatMap(({ tensor }) => repeatOf(tensor, one.output.sums[tensor]!.bits, again.output.sums[tensor]!.bits))] : []
  const other = idle ? undefined : perturbSequence(c)
  const leaked = other && (await launch(device, compiled, source, other.inputs, false, canary))
  const leak: string[] = []
  if (leaked && other) {
    const [from, to] = other.may
    const differs = one.output.bits.findIndex((v, i) => (i < from || i >= to) && !Object.is(v, leaked.output.bits[i]))
    if (differs >= 0) leak.push(`changing sequence ${other.sequence} changed element ${differs}, which is not its own`)
  }
  const findings = [one, again, leaked].flatMap((l) => l?.result?.findings ?? [])
  const wrong = [
    ...wrongOf('out', first, one.output.out, expected.reference),
    ...sums.flatMap((t) => {
      const [{ out }, want] = [one.output.sums[t.tensor]!, expected.sums[t.tensor]!]
      return wrongOf(t.tensor, compared(c, source, want, out, t), out, want.reference)
    }),
  ]
  const problems = [...wrong, ...poison, ...canaries, ...repeat, ...leak, ...new Set(findings)]
  return {
    ok: problems.length === 0, error, allowed, problems,
    checks: { poison: outcome(idle, poison), canaries: outcome(idle || !canary, canaries), repeatBitEqual: outcome(!again, repeat), leak: outcome(!leaked, leak), findings },
  }
}
