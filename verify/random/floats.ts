import { capture, type Context, use } from './context.ts'
import { bool, index, int } from './ints.ts'

type Make = (c: Context, depth: number) => string

const constants = ['0.5', '0.25', '-0.75', '1', '0.125', '-0.375'] as const
const small = (c: Context): string => c.rng.pick(constants)

/** x / (1 + |x|), as a helper above the definition. */
const squash = (c: Context): string => {
  c.above.set('squash', 'const squash = (x: number): number => x / (1 + Math.abs(x))')
  return 'squash'
}

const leaves: readonly Make[] = [
  (c) => small(c),
  (c) => capture(c, 'f32'),
  (c) => `${capture(c, 'f32Token')}.${c.rng.pick(['kv', 'q'])}`,
  (c) => `${capture(c, 'f32Table')}(${index(c, 1)})`,
  (c) => `${capture(c, 'f32Columns')}.${c.rng.pick(['kv', 'q'])}(${c.rng.int(0, 2)})`,
  (c) => `${capture(c, 'f32Pair')}(q, kv)`,
  (c) => `0.0625 * ${use(c, 'clamp')}(${int(c, 1)}, -16, 16)`,
  () => 'squash(score)',
]

/** Values of magnitude at most about 1, smooth in their float inputs: division only by 1 and more, no sin, cos or pow (WGSL gives them few bits). */
const nodes: readonly Make[] = [
  (c, d) => `${squash(c)}(${wide(c, d)})`,
  (c, d) => `${tame(c, d)} * (${tame(c, d)})`,
  (c, d) => `${use(c, 'sigmoid')}(${wide(c, d)})`,
  (c, d) => `Math.exp(-Math.abs(${wide(c, d)}))`,
  (c, d) => `1 / (1 + Math.abs(${wide(c, d)}))`,
  (c, d) => `0.125 * Math.tanh(${wide(c, d)})`,
  (c, d) => `0.0625 * Math.sqrt(1 + Math.abs(${wide(c, d)}))`,
  (c, d) => `0.0625 * Math.log(1 + Math.abs(${wide(c, d)}))`,
  (c, d) => `(${bool(c, 1)} ? ${tame(c, d)} : ${tame(c, d)})`,
  (c, d) => `Math.min(${tame(c, d)}, ${tame(c, d)})`,
  (c, d) => `Math.max(${tame(c, d)}, ${tame(c, d)})`,
  (c, d) => `${use(c, 'clamp')}(${wide(c, d)}, -1, 1)`,
]

const leaf: Make = (c) => {
  const text = c.rng.pick(leaves)(c, 0)
  if (text.includes('squash')) squash(c)
  return text
}

/** A float of magnitude about 1. */
export const tame: Make = (c, depth) => `(${depth <= 0 ? leaf(c, 0) : c.rng.pick([leaf, ...nodes])(c, depth - 1)})`

/** A float of at most a few times the score, with a slope of at most about 1 in it. */
const wide: Make = (c, depth) => c.rng.pick([() => 'score', () => tame(c, depth), () => `(score + ${tame(c, depth)})`, () => `(${tame(c, depth)} - 0.5 * score)`])()

/** A new score: the old one, near enough, and a bounded change. */
export const score: Make = (c, depth) =>
  c.rng.pick([
    () => `score + ${tame(c, depth)}`,
    () => `score * ${c.rng.pick(['0.5', '0.75', '1.25'])} - ${tame(c, depth)}`,
    () => `score + ${capture(c, 'f32')} * ${int(c, 0)} * 0.03125`,
    () => `score - 0.125 * Math.abs(q - kv)`,
    () => `8 * ${squash(c)}(score * 0.25) + ${tame(c, depth)}`,
    () => `${use(c, 'clamp')}(score, -6, 6) + ${tame(c, depth)}`,
    () => `${tame(c, depth)} - ${tame(c, depth)}`,
    () => `Math.max(score, ${tame(c, depth)})`,
  ])()
