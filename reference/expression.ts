import { type Expr, type ParamName, type TableNode, topological } from '../codegen/ir/hook.ts'
import { intrinsics } from '../codegen/ir/intrinsics/index.ts'
import type { BoundCapture, Cursor } from './captures.ts'

/** What an expression's leaves read. */
export interface Frame {
  readonly cursor: Cursor
  readonly bound: Readonly<Record<string, BoundCapture>>
  readonly frame: { score: number }
}

type Value = number | boolean

const params: Readonly<Partial<Record<ParamName, (f: Frame) => number>>> = {
  score: (f) => f.frame.score,
  b: (f) => f.cursor.b,
  h: (f) => f.cursor.h,
  q: (f) => f.cursor.q,
  kv: (f) => f.cursor.kv,
  qLen: (f) => f.cursor.view.qLen,
  kvLen: (f) => f.cursor.view.kvLen,
}

const read = (e: TableNode, slot: ReadonlyMap<Expr, number>, values: Value[], f: Frame): (() => Value) => {
  const i = slot.get(e.index)!
  const index = (): number => values[i] as number
  const { side, row } = e
  if (row) { const r = slot.get(row)!; return () => f.bound[e.name]!.clampedPair(values[r] as number, index()) }
  return side ? () => f.bound[e.name]!.clampedColumn(side, index()) : () => f.bound[e.name]!.clamped(index())
}

const step = (e: Expr, slot: ReadonlyMap<Expr, number>, values: Value[], f: Frame, round: (x: number) => number): (() => Value) => {
  if (e.kind === 'const') return () => (e.type === 'f32' ? round(e.value as number) : e.value)
  if (e.kind === 'param') return () => params[e.name]!(f)
  if (e.kind === 'capture') return () => f.bound[e.name]!.read(e.side)
  if (e.kind === 'table') return read(e, slot, values, f)
  const { js } = intrinsics[e.op]!
  const from = e.args.map((a) => slot.get(a)!)
  const types = e.args.map((a) => a.type)
  const args: Value[] = from.map(() => 0)
  const apply = (): Value => {
    for (let i = 0; i < from.length; i++) args[i] = values[from[i]!]!
    return js(args, types)
  }
  return e.type === 'f32' ? () => round(apply() as number) : apply
}

/** A function that evaluates an expression at the frame's current pair, as a kernel would: both sides of a choice are computed, table indices are limited. */
export const compileExpression = (root: Expr, f: Frame, round: (x: number) => number): (() => Value) => {
  const order = topological(root)
  const slot = new Map(order.map((e, i) => [e, i]))
  const values: Value[] = order.map(() => 0)
  const steps = order.map((e) => step(e, slot, values, f, round))
  return () => {
    for (let i = 0; i < steps.length; i++) values[i] = steps[i]!()
    return values[values.length - 1]!
  }
}
