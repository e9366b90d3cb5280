import { type Expr, topological } from '../../ir/hook.ts'
import { axisOf, exprAxes, type Interaction, keptAxes, scatters } from '../../ir/interaction/index.ts'

/** out[m, n] = epilogue(Σ_k left[m, k] · right[k, n]) in each sequence, or over all of them where the batch axis is reduced too. */
export interface Contraction {
  readonly class: 'contraction'
  readonly m: string
  readonly n: string
  readonly k: string
  readonly left: Expr
  readonly right: Expr
}
/** `why`: what keeps a sum from being a matrix product. */
export type Classified = Contraction | { readonly class: 'reduction'; readonly why: string } | { readonly class: 'scan' | 'scatter' } | { readonly class: 'movement' }

const factors = (e: Expr): readonly Expr[] => (e.kind === 'op' && e.op === 'mul' ? e.args.flatMap(factors) : [e])

/** A product of factors as one expression again: it shares its nodes with the definition. */
const product = (parts: readonly Expr[]): Expr =>
  parts.reduce((a, b): Expr => Object.freeze({ kind: 'op', type: 'f32', op: 'mul', args: Object.freeze([a, b]), id: -1 }))

const contraction = (x: Interaction): Contraction | string => {
  const [pass, ...more] = x.passes
  if (!pass || more.length) return 'more than one pass'
  if (x.sums) return 'sums beside the output'
  if (pass.op !== 'sum' || pass.values.length !== 1) return pass.op === 'sum' ? 'more than one value' : `a ${pass.op}`
  const isBatch = (name: string): boolean => axisOf(x, name).kind === 'batch'
  const [k, ...others] = x.reduced.filter((a) => !isBatch(a))
  if (!k || others.length) return `${x.reduced.length} reduced axes`
  const kept = keptAxes(x).filter((a) => !isBatch(a))
  if (kept.length !== 2) return `${kept.length} axes beside the sequence in the output`
  if (axisOf(x, k).kind === 'dense' && x.reduced.some(isBatch)) return 'a sum over sequences and a dense axis'
  const [m, n] = kept as [string, string]
  const sides: Record<'left' | 'right', Expr[]> = { left: [], right: [] }
  for (const f of factors(pass.values[0]!)) {
    const axes = exprAxes(x, f)
    if (axes.includes(m) && axes.includes(n)) return 'a factor that depends on both axes of the output'
    sides[axes.includes(n) ? 'right' : 'left'].push(f)
  }
  const reads = (side: readonly Expr[], axis: string): boolean => side.some((f) => exprAxes(x, f).includes(axis))
  if (!reads(sides.left, m) || !reads(sides.right, n) || !reads(sides.left, k) || !reads(sides.right, k)) return 'not a product of two factors, one for each axis of the output'
  return { class: 'contraction', m, n, k, left: product(sides.left), right: product(sides.right) }
}

/** A matrix product, passes over elements, a running sum, or none of them. Looks at structure only: the same definition gives the same class. */
export const classify = (x: Interaction): Classified => {
  if (x.scan) return { class: 'scan' }
  if (!x.passes.length) return { class: scatters(x) ? 'scatter' : 'movement' }
  const found = contraction(x)
  return typeof found === 'string' ? { class: 'reduction', why: found } : found
}

/** An operand that is one input and nothing else: it can be copied to a tile as it is. */
export const plainRead = (e: Expr): string | undefined => (e.kind === 'param' && e.name.startsWith('in:') ? e.name.slice(3) : undefined)

const readsFloat = (e: Expr): boolean => topological(e).some((n) => n.kind === 'param' && n.type === 'f32')

/** True where an element's bits are only moved or chosen: NaN and infinities must survive, and i32 is allowed. */
export const isMove = (x: Interaction): boolean => {
  const moved = (e: Expr): boolean =>
    e.kind === 'param' ? e.name.startsWith('in:') || e.type === 'i32' : e.kind === 'capture' || e.kind === 'const' || (e.kind === 'op' && e.op === 'select' && !readsFloat(e.args[0]!) && moved(e.args[1]!) && moved(e.args[2]!))
  return !x.passes.length && !x.scan && moved(x.epilogue) && topological(x.epilogue).every((e) => e.kind !== 'table')
}

/** Whether there are kernels of whole numbers: elements are only moved, and none is kept as f32. */
export const takesI32 = (x: Interaction): boolean => isMove(x) && [...x.inputs, x.output].every((t) => t.dtype !== 'f32')
