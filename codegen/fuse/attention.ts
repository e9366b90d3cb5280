import { Algebra } from '../derive/algebra.ts'
import type { Algorithm, NamedCapture } from '../ir/algorithm.ts'
import { deepFreeze } from '../ir/hash.ts'
import { type Expr, topological } from '../ir/hook.ts'
import { axisOf, type Interaction, type InteractionProgram, type KernelStep, ownerOf, type TensorSpec } from '../ir/interaction/index.ts'

/** A chain scores → softmax → weighted sum as one attention: scores are never written. */
export interface AttentionTwin {
  readonly algorithm: Algorithm
  /** The chain's tensor that is each of the attention's. */
  readonly tensors: { readonly q: string; readonly k: string; readonly v: string; readonly out: string }
  /** Jagged axes that own the lengths of queries and keys; dense axes that are the head and the value dim. */
  readonly axes: { readonly queries: string; readonly keys: string; readonly headDim: string; readonly valueDim: string }
  /** Tensors of scores and weights that are no longer moved. */
  readonly saved: readonly string[]
}

const read = (e: Expr): string | undefined => (e.kind === 'param' && e.name.startsWith('in:') ? e.name.slice(3) : undefined)
const isParam = (e: Expr, name: string): boolean => e.kind === 'param' && e.name === name
const isOp = (e: Expr, op: string): e is Expr & { kind: 'op' } => e.kind === 'op' && e.op === op

/** Two inputs whose product is summed, by name. */
const product = (x: Interaction): readonly [TensorSpec, TensorSpec] | undefined => {
  const [pass, ...more] = x.passes
  if (!pass || more.length || pass.op !== 'sum' || pass.values.length !== 1 || x.reduced.length !== 1 || !isOp(pass.values[0]!, 'mul')) return undefined
  const found = pass.values[0].args.map((e) => x.inputs.find((t) => t.name === read(e)))
  return found[0] && found[1] ? [found[0], found[1]] : undefined
}

const rowsBy = (t: TensorSpec, row: string): string | undefined => (t.storage === 'jagged' && t.axes.length === 2 && t.axes[0]!.kind === 'axis' && t.axes[0]!.name === row && t.axes[1]!.kind === 'axis' ? t.axes[1]!.name : undefined)
const pairOf = (t: TensorSpec): readonly [string, string] | undefined => { const [a] = t.axes; return t.storage === 'jagged' && t.axes.length === 1 && a!.kind === 'outer' ? [a!.row, a!.column] : undefined }

/** exp(v - max) / Σ exp(v - max) over the second axis of its matrix. */
const isRowSoftmax = (x: Interaction, scores: string): boolean => {
  const pair = pairOf(x.output)
  const [max, sum] = x.passes
  const v = max?.values[0]
  if (!pair || x.passes.length !== 2 || !v || x.reduced.join() !== pair[1] || max!.op !== 'max' || sum!.op !== 'sum' || x.inputs.find((t) => t.name === read(v))?.tensor !== scores) return false
  const weight = (e: Expr): boolean => isOp(e, 'exp') && isOp(e.args[0]!, 'sub') && read(e.args[0].args[0]!) === read(v) && isParam(e.args[0].args[1]!, 'stat:0')
  return weight(sum!.values[0]!) && isOp(x.epilogue, 'div') && weight(x.epilogue.args[0]!) && isParam(x.epilogue.args[1]!, 'stat:1')
}

/** The scores' epilogue as a scoreMod: the product's sum is the score, matrices beside it are pair captures. */
const scoreMod = (x: Interaction, i: string, j: string): { readonly body: Expr; readonly pairs: readonly NamedCapture[] } | string => {
  const a = new Algebra()
  const pairs: NamedCapture[] = []
  let problem: string | undefined
  const [q, kv] = [a.b.param('i32', 'q'), a.b.param('i32', 'kv')]
  const leaves: Readonly<Record<string, Expr>> = { 'stat:0': a.b.param('f32', 'score'), [`at:${i}`]: q, [`at:${j}`]: kv, 'at:b': a.b.param('i32', 'b'), [`len:${i}`]: a.b.param('i32', 'qLen'), [`len:${j}`]: a.b.param('i32', 'kvLen') }
  const body = a.rewrite(x.epilogue, (e) => {
    if (e.kind !== 'param') return undefined
    if (leaves[e.name]) return leaves[e.name]
    const t = x.inputs.find((n) => `in:${n.name}` === e.name)
    if (!t || pairOf(t)?.join() !== `${i},${j}`) { problem = `its scores read ${e.name}, which attention cannot`; return undefined }
    if (!pairs.some((c) => c.name === t.tensor)) pairs.push({ name: t.tensor, kind: 'pair', dtype: 'f32', perHead: false, layout: 'jagged' })
    return a.b.table('f32', t.tensor, kv, { row: q })
  })
  return problem ?? { body, pairs }
}

const kernels = (p: InteractionProgram): readonly KernelStep[] => p.steps.flatMap((s) => (s.kind === 'kernel' ? [s] : []))

/** The attention that computes a program's chain of scores, row softmax and weighted sum, or why there is none. One head; scores in f32. */
export const attentionTwin = (p: InteractionProgram): AttentionTwin | string => {
  const [s, w, o, ...more] = kernels(p)
  if (!s || !w || !o || more.length || p.steps.length !== 3) return `it has ${p.steps.length} steps where three are scores, softmax and weighted sum`
  const scores = product(s.interaction)
  const pair = pairOf(s.interaction.output)
  if (!scores || !pair) return `${s.writes} is not a matrix of products`
  const [i, j] = pair
  const [x, y] = rowsBy(scores[0], i) ? scores : [scores[1], scores[0]]
  const [dim, other] = [rowsBy(x, i), rowsBy(y, j)]
  if (!dim || dim !== other || s.interaction.reduced[0] !== dim) return `${s.writes} is not rows times rows`
  if (!isRowSoftmax(w.interaction, s.writes)) return `${w.writes} is not the softmax of the rows of ${s.writes}`
  const sum = product(o.interaction)
  const weights = sum?.find((t) => t.tensor === w.writes)
  const values = sum?.find((t) => t !== weights)
  const columns = weights && pairOf(weights)
  const valueDim = values && columns && rowsBy(values, columns[1])
  if (!weights || !values || !columns || !valueDim || o.interaction.reduced[0] !== columns[1] || rowsBy(o.interaction.output, columns[0]) !== valueDim || !isParam(o.interaction.epilogue, 'stat:0')) return `${o.writes} is not the weights times rows`
  const mod = scoreMod(s.interaction, i, j)
  if (typeof mod === 'string') return mod
  const [queries, keys] = [ownerOf(s.interaction, i), ownerOf(s.interaction, j)]
  if (axisOf(s.interaction, i).batch !== axisOf(s.interaction, j).batch) return 'its rows and columns belong to different batches'
  const plain = isParam(s.interaction.epilogue, 'stat:0')
  const algorithm: Algorithm = {
    kind: 'attention', name: p.name, layout: { queries: queries === keys ? 'self' : 'jagged', align: 'start', sharedKeys: false },
    captures: [...s.interaction.captures.filter((c) => topological(s.interaction.epilogue).some((e) => (e.kind === 'capture' || e.kind === 'table') && e.name === c.name)), ...mod.pairs],
    ...(!plain && { scoreMod: { name: 'scoreMod' as const, body: mod.body, span: s.interaction.spans.epilogue ?? s.interaction.span } }),
    normalizer: { kind: 'softmax' }, smScale: { kind: 'const', value: 1 }, span: s.interaction.span,
  }
  return deepFreeze({ algorithm, tensors: { q: x.tensor, k: y.tensor, v: values.tensor, out: o.writes }, axes: { queries, keys, headDim: dim, valueDim }, saved: [s.writes, w.writes] })
}
