import type { Rng } from './rng.ts'

/** What a random interaction's text uses so far. */
export interface InteractionContext {
  readonly rng: Rng
  /** Names of float inputs that an expression may read. */
  readonly inputs: readonly string[]
  /** Coordinates that it may read. */
  readonly axes: readonly string[]
  /** False where an element belongs to no sequence. */
  readonly sequences: boolean
  readonly captures: Map<string, string>
  readonly imports: Set<string>
}

type Make = (c: InteractionContext, depth: number) => string

const capturePool: Readonly<Record<string, string>> = {
  gain: "scalar('f32', { range: [-1, 1] })", shift: "perSequence('f32', { range: [-1, 1] })", curve: "table('f32', { length: 16, range: [-1, 1] })", limit: "scalar('i32', { range: [0, 12] })",
}
const capture = (c: InteractionContext, name: string): string => {
  c.captures.set(name, capturePool[name]!)
  c.imports.add(capturePool[name]!.split('(')[0]!)
  return `seq.${name}`
}
const coordinate = (c: InteractionContext): string => (c.axes.length ? `at.${c.rng.pick(c.axes)}` : '1')

const leaves: readonly Make[] = [
  (c) => c.rng.pick(['0.5', '0.25', '-0.75', '1.5', '-0.375']),
  (c) => capture(c, 'gain'),
  (c) => capture(c, c.sequences ? 'shift' : 'gain'),
  (c) => `${capture(c, 'curve')}(${coordinate(c)} % 16)`,
  (c) => `0.0625 * Math.min(${coordinate(c)}, 16)`,
]
const belowLimit: Make = (c) => `${coordinate(c)} < ${capture(c, 'limit')}`
/** None is known before a launch: a branch that is never taken would leave its inputs unread. */
const bools: readonly Make[] = [belowLimit, (c, d) => (c.axes.length ? `(${coordinate(c)} + 1) % 3 === 0` : belowLimit(c, d))]
const input: Make = (c) => (c.inputs.length ? c.rng.pick(c.inputs.map((n) => `v.${n}`)) : '0.5')
const leaf: Make = (c, d) => c.rng.pick([input, input, ...leaves])(c, d)
/** Smooth in their inputs, of slope at most a few, so that rounding stays small. */
const nodes: readonly Make[] = [
  (c, d) => `(${floatText(c, d)} + ${floatText(c, d)})`,
  (c, d) => `(${floatText(c, d)} - ${floatText(c, d)})`,
  (c, d) => `0.5 * (${floatText(c, d)}) * (${leaf(c, 0)})`,
  (c, d) => `(${floatText(c, d)}) / (1 + Math.abs(${floatText(c, d)}))`,
  (c, d) => { c.imports.add('sigmoid'); return `sigmoid(${floatText(c, d)})` },
  (c, d) => { c.imports.add('silu'); return `silu(${floatText(c, d)})` },
  (c, d) => `Math.exp(-Math.abs(${floatText(c, d)}))`,
  (c, d) => `Math.max(${floatText(c, d)}, ${leaf(c, 0)})`,
  (c, d) => `(${c.rng.pick(bools)(c, 0)} ? ${floatText(c, d)} : ${floatText(c, d)})`,
]

/** A random float expression; depth 0 is a leaf. */
export const floatText = (c: InteractionContext, depth: number): string => (depth <= 0 ? leaf(c, 0) : c.rng.pick([leaf, ...nodes])(c, depth - 1))
