import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import { type InteractionData, runInteraction } from '../../reference/interaction/index.ts'
import type { Rng } from '../random/rng.ts'

const SAMPLED = 12
/** Milliseconds after which no further element is looked at; the first ones always are. */
const PATIENCE = 1000
const ALWAYS = 3
const STEP = 1e-5
const TOLERANCE = 1e-4
/** Slopes from both sides that differ by more belong to a kink, where differences say nothing. */
const KINK = 1e-3

const near = (a: number, b: number, tolerance: number): boolean => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))

/** Σ d_out · out over the elements that d_out has. */
const lossOf = (x: Interaction, data: InteractionData, dOut: ArrayLike<number>): number =>
  runInteraction(x, data).reduce((sum, v, i) => (Number.isFinite(dOut[i]!) ? sum + v * dOut[i]! : sum), 0)

/**
 * A gradient of `input`, in f64, against (f(x + h) - f(x - h)) / 2h of the definition, f = Σ d_out · out, at a dozen elements: one sentence for each that differs. It needs nothing
 * of the rules that the gradient was derived by, nor of the author's own.
 */
export const againstDifferences = (x: Interaction, data: InteractionData, input: string, gradient: ArrayLike<number>, rng: Rng): readonly string[] => {
  const { d_out: dOut, ...tensors } = data.tensors
  const values = Float64Array.from(tensors[input]!)
  const changed = { ...data, tensors: { ...tensors, [input]: values } }
  const elements = [...new Set(Array.from({ length: values.length && SAMPLED }, () => rng.int(0, values.length - 1)))].filter((i) => Number.isFinite(values[i]!))
  const started = performance.now()
  const here = elements.length ? lossOf(x, changed, dOut!) : 0
  const problems: string[] = []
  for (const [n, i] of elements.entries()) {
    if (n >= ALWAYS && performance.now() - started > PATIENCE) break
    const value = values[i]!
    const h = STEP * Math.max(1, Math.abs(value))
    const at = (v: number): number => { values[i] = v; const loss = lossOf(x, changed, dOut!); values[i] = value; return loss }
    const [above, below] = [(at(value + h) - here) / h, (here - at(value - h)) / h]
    const slope = (above + below) / 2
    if (near(above, below, KINK) && !near(slope, gradient[i]!, TOLERANCE)) problems.push(`the gradient of ${input} at element ${i} is ${gradient[i]}; differences of the definition give ${slope}`)
  }
  return problems
}
