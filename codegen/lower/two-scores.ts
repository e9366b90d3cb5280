import { type Expr, ExprBuilder, operands, topological } from '../ir/hook.ts'
import type { Dialect } from './printer.ts'

type Both = readonly [Expr, Expr]

const copy = (b: ExprBuilder, e: Expr, side: 0 | 1, args: readonly Expr[]): Expr => {
  const { span, label } = e
  const meta = { ...(span && { span }), ...(label && { label }) }
  if (e.kind === 'const') return b.const(e.type, e.value, meta)
  if (e.kind === 'param') return b.param(e.type, e.name === 'score' ? `score${side}` : e.name, meta)
  if (e.kind === 'capture') return b.capture(e.type, e.name, e.side, meta)
  if (e.kind === 'table') return b.table(e.type, e.name, args.at(-1)!, { ...meta, row: e.row && args[0], side: e.side })
  return b.op(e.type, e.op, args, meta)
}

/** 1 / a is b · 1 / (a · b): the sigmoids of two arguments with one reciprocal. `sigmoid_divisor` is finite for every argument, so that neither sigmoid depends on the other's. */
const sharedSigmoids = (b: ExprBuilder, op: string, [x, y]: Both): Both => {
  const divisor = (of: Expr): Expr => b.op('f32', 'sigmoidDivisor', [of], { label: 'divisor' })
  const [first, second] = [divisor(x), divisor(y)]
  const reciprocal = b.op('f32', 'reciprocal', [b.op('f32', 'mul', [first, second])], { label: 'reciprocal' })
  const end = (of: Expr, other: Expr): Expr => b.op('f32', `${op}Of`, [of, b.op('f32', 'mul', [reciprocal, other])])
  return [end(x, second), end(y, first)]
}

/** An activation of two scores whose sigmoids share reciprocals; undefined where it has no sigmoid of the score. */
export const ofTwoScores = (activation: Expr): Both | undefined => {
  const b = new ExprBuilder()
  const both = new Map<Expr, Both>()
  let shares = false
  for (const e of topological(activation)) {
    const args = operands(e).map((o) => both.get(o)!)
    const sigmoid = e.kind === 'op' && (e.op === 'sigmoid' || e.op === 'silu') && args[0]![0] !== args[0]![1]
    shares ||= sigmoid
    const side = (s: 0 | 1): Expr => copy(b, e, s, args.map((a) => a[s]))
    both.set(e, sigmoid ? sharedSigmoids(b, e.op, args[0]!) : [side(0), side(1)])
  }
  return shares ? both.get(activation)! : undefined
}

/** Whether an activation is SiLU of the score and nothing else. It is 0 at 0, so that a score may be masked before it. */
export const isSilu = (activation: Expr): boolean => activation.kind === 'op' && activation.op === 'silu' && activation.args[0]!.kind === 'param'

/** SiLU of two scores that the caller has clamped from below. */
export const siluOfTwo = (): Both => {
  const b = new ExprBuilder()
  const [x, y] = [b.param('f32', 'score0'), b.param('f32', 'score1')]
  const divisor = (of: Expr): Expr => b.op('f32', 'siluDivisor', [of], { label: 'divisor' })
  const [first, second] = [divisor(x), divisor(y)]
  const reciprocal = b.op('f32', 'reciprocal', [b.op('f32', 'mul', [first, second])], { label: 'reciprocal' })
  const end = (of: Expr, other: Expr): Expr => b.op('f32', 'mul', [of, b.op('f32', 'mul', [reciprocal, other])])
  return [end(x, second), end(y, first)]
}

/**
 * Twice SiLU: x (1 + tanh(x / 2)), with x = 2 · half · score, over 2 · half. One special function a score, where the pair takes one and a half, and no clamp.
 * The error is |x| 2^-12 at most, an eighth of what a weight of x > 0 is rounded by in bf16, which alone takes it. For x < 0 it is that large too, where SiLU itself is
 * small: 1% of it at -4, as much as it at -8. Where every score of a row is strongly negative and its small sum matters, take tanh=0.
 */
export const SILU_BY_TANH = 'fmaf(score, tanh_approx(score * half), score)'

/** How CUDA spells them. */
export const twoScores = (dialect: Dialect): Dialect => ({
  ...dialect,
  param: (name) => (name === 'score0' ? 'score_0' : name === 'score1' ? 'score_1' : dialect.param(name)),
  operators: {
    ...dialect.operators,
    sigmoidDivisor: ([x]) => `sigmoid_divisor(${x})`,
    siluDivisor: ([x]) => `silu_divisor(${x})`,
    reciprocal: ([x]) => `rcp_approx(${x})`,
    sigmoidOf: ([x, s]) => `sigmoid_of(${x}, ${s})`,
    siluOf: ([x, s]) => `silu_of(${x}, ${s})`,
  },
})
