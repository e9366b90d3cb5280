import { type Expr, topological } from '../ir/hook.ts'
import type { Conjunct } from './conjuncts.ts'

const joined: Readonly<Record<string, string>> = { and: ' and ', or: ' or ' }

/** The author's own words, also for parts that a combinator put together. */
const words = (e: Expr): string => {
  if (e.kind === 'op' && joined[e.op]) return e.args.map(words).join(joined[e.op])
  if (e.kind === 'op' && e.op === 'not') return `not (${words(e.args[0]!)})`
  return e.span?.text.replace(/\s+/g, ' ').trim() ?? (e.kind === 'op' ? e.op : e.kind)
}
const text = ({ expr, negated }: Conjunct): string => (negated ? `not (${words(expr)})` : `\`${words(expr)}\``)
const list = (parts: readonly Conjunct[]): string => parts.map(text).join(', ')
const unprovenText = (unproven: readonly Conjunct[]): string => (unproven.length > 0 ? ` Nothing is provable of ${list(unproven)}: no tile counts as full.` : '')

export const explainAll = (): string => 'Every pair of a sequence is kept: no mask code, every tile is full.'

export const explainBounds = (rising: readonly Conjunct[], falling: readonly Conjunct[], unproven: readonly Conjunct[], checks: number): string => {
  const parts = [
    ...(rising.length > 0 ? [`${list(rising)} can only turn true`] : []),
    ...(falling.length > 0 ? [`${list(falling)} can only turn false`] : []),
  ]
  return `As kv grows, ${parts.join(' and ')}: each query tile finds its first and last key tile, and the full ones between, by binary search.` +
    `${checks > 0 ? ` A row where i32 could wrap (${checks} ${checks === 1 ? 'check' : 'checks'}) is walked whole and masked.` : ''}${unprovenText(unproven)}`
}

export const explainTest = (unproven: readonly Conjunct[]): string =>
  `The mask is not monotone in kv: each tile is tested before it is loaded, by bounds of the mask over it and, where these leave it open, by bisection.${unprovenText(unproven)}`

/** What keeps a mask from being proven, in the order looked for. */
const causes: readonly (readonly [test: (e: Expr) => boolean, says: string])[] = [
  [(e) => e.kind === 'table', 'it reads a table'],
  [(e) => e.kind === 'capture' && e.side !== undefined, 'it reads a value per token'],
  [(e) => e.kind === 'capture' && e.type === 'f32', 'it reads a float capture, which may be NaN'],
]

export const explainMasked = (body: Expr): string => {
  const nodes = topological(body)
  const why = causes.find(([test]) => nodes.some(test))?.[1] ?? 'its operations give no bounds'
  return `Nothing is provable of this mask (${why}): every tile is loaded and masked.`
}
