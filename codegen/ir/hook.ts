import { hash } from './hash.ts'
import type { Span } from './span.ts'

export type { Span } from './span.ts'

export type ScalarType = 'i32' | 'f32' | 'bool'

/** Names a leaf of a hook: the hook's own arguments (`score0`, `score1`: of an activation of two scores), and the corners of a tile (inclusive) in the analyses made from a mask. */
export type ParamName = 'score' | 'score0' | 'score1' | 'b' | 'h' | 'q' | 'kv' | 'qLen' | 'kvLen' | 'q0' | 'q1' | 'kv0' | 'kv1' | InteractionParam

/** Leaves of an interaction: an input's element, a coordinate, a sequence's length along a jagged axis, a dense axis' size (of a jagged one the capacity), the result of a pass. */
export type InteractionParam = `in:${string}` | `at:${string}` | `len:${string}` | `size:${string}` | `stat:${number}`

interface Node {
  readonly type: ScalarType
  /** Serial number inside the builder that made it: equal nodes of one builder are one object. */
  readonly id: number
  readonly span?: Span
  /** The author's name for this value, where it is a `const`. */
  readonly label?: string
}
export interface ConstNode extends Node { readonly kind: 'const'; readonly value: number | boolean }
export interface ParamNode extends Node { readonly kind: 'param'; readonly name: ParamName }
/** `side` only for perToken: whose row it is read at. */
export interface CaptureNode extends Node { readonly kind: 'capture'; readonly name: string; readonly side?: 'q' | 'kv' }
/** A capture read at computed indices: a table at `index`; a pair at `row` and `index` (its column); column `index` of a perToken with columns, at the row of `side`. */
export interface TableNode extends Node { readonly kind: 'table'; readonly name: string; readonly index: Expr; readonly row?: Expr; readonly side?: 'q' | 'kv' }
export interface OpNode extends Node { readonly kind: 'op'; readonly op: string; readonly args: readonly Expr[] }
export type Expr = ConstNode | ParamNode | CaptureNode | TableNode | OpNode

export type HookName = 'scoreMod' | 'maskMod' | 'activation' | 'scale' | 'sink' | 'keepAfter' | 'headCount'

/** One author function as a typed expression DAG. `activation` reads its argument as the param `score`. */
export interface Hook {
  readonly name: HookName
  readonly body: Expr
  readonly span: Span
}

const leafKey = (e: Expr): string => {
  if (e.kind === 'const') return `${e.type}:${Object.is(e.value, -0) ? '-0' : e.value}`
  if (e.kind === 'param') return `${e.type}:$${e.name}`
  if (e.kind === 'capture') return `${e.type}:@${e.name}${e.side ? `.${e.side}` : ''}`
  if (e.kind === 'table') return `${e.type}:@${e.name}${e.side ? `.${e.side}` : ''}[${e.row ? `${e.row.id},` : ''}${e.index.id}]`
  return `${e.type}:${e.op}(${e.args.map((a) => a.id).join(',')})`
}

type Meta = { readonly span?: Span; readonly label?: string }
const meta = ({ span, label }: Meta): Meta => ({ ...(span && { span }), ...(label && { label }) })

/** Makes frozen expression nodes; structurally equal nodes come back as the same object. */
export class ExprBuilder {
  readonly #nodes = new Map<string, Expr>()

  #intern<T extends Expr>(draft: Omit<T, 'id'>): T {
    const key = leafKey(draft as T)
    const known = this.#nodes.get(key)
    if (known) return known as T
    const node = Object.freeze({ ...draft, id: this.#nodes.size }) as T
    this.#nodes.set(key, node)
    return node
  }

  /** Gives the author's name to the node made last; any other node may already have users and keeps what it has. */
  labelled(e: Expr, label: string): Expr {
    if (e.id !== this.#nodes.size - 1 || e.label) return e
    const node = Object.freeze({ ...e, label }) as Expr
    this.#nodes.set(leafKey(e), node)
    return node
  }

  const(type: ScalarType, value: number | boolean, m: Meta = {}): ConstNode {
    return this.#intern<ConstNode>({ kind: 'const', type, value, ...meta(m) })
  }
  param(type: ScalarType, name: ParamName, m: Meta = {}): ParamNode {
    return this.#intern<ParamNode>({ kind: 'param', type, name, ...meta(m) })
  }
  capture(type: ScalarType, name: string, side?: 'q' | 'kv', m: Meta = {}): CaptureNode {
    return this.#intern<CaptureNode>({ kind: 'capture', type, name, ...(side && { side }), ...meta(m) })
  }
  table(type: ScalarType, name: string, index: Expr, m: Meta & { readonly row?: Expr | undefined; readonly side?: 'q' | 'kv' | undefined } = {}): TableNode {
    return this.#intern<TableNode>({ kind: 'table', type, name, index, ...(m.row && { row: m.row }), ...(m.side && { side: m.side }), ...meta(m) })
  }
  op(type: ScalarType, op: string, args: readonly Expr[], m: Meta = {}): OpNode {
    return this.#intern<OpNode>({ kind: 'op', type, op, args: Object.freeze([...args]), ...meta(m) })
  }
}

/** The operands of a node, in order. */
export const operands = (e: Expr): readonly Expr[] => (e.kind === 'op' ? e.args : e.kind === 'table' ? (e.row ? [e.row, e.index] : [e.index]) : [])

/** Every node under `roots`, each once, operands before users. */
export const topological = (...roots: readonly Expr[]): readonly Expr[] => {
  const seen = new Set<Expr>()
  const visit = (e: Expr): void => {
    if (seen.has(e)) return
    for (const operand of operands(e)) visit(operand)
    seen.add(e)
  }
  roots.forEach(visit)
  return [...seen]
}

/** One line a node, numbered in evaluation order: equal text means equal computation. */
export const printExpr = (root: Expr): string => {
  const names = new Map<Expr, string>()
  const lines: string[] = []
  const leaf = (e: Expr): string | undefined => {
    if (e.kind === 'const') return e.type === 'f32' && Number.isInteger(e.value) && !Object.is(e.value, -0) ? `${e.value}.0` : Object.is(e.value, -0) ? '-0.0' : String(e.value)
    if (e.kind === 'param') return e.name
    if (e.kind === 'capture') return `@${e.name}${e.side ? `.${e.side}` : ''}`
    return undefined
  }
  for (const e of topological(root)) {
    const text = leaf(e)
    if (text !== undefined) { names.set(e, text); continue }
    const name = `%${lines.length}`
    const rhs = e.kind === 'table' ? `@${e.name}${e.side ? `.${e.side}` : ''}[${e.row ? `${names.get(e.row)}, ` : ''}${names.get(e.index)}]` : e.kind === 'op' ? `${e.op} ${e.args.map((a) => names.get(a)).join(', ')}` : ''
    lines.push(`  ${name}: ${e.type} = ${rhs}`)
    names.set(e, name)
  }
  return [...lines, `  return ${names.get(root)}`].join('\n')
}

export const printHook = (hook: Hook): string => `${hook.name} {\n${printExpr(hook.body)}\n}`

/** Depends on what is computed, not on names, spans or the order of construction. */
export const hashHook = (hook: Hook): string => hash(printHook(hook))
