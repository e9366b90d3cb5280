import { type Expr, type ParamName, topological } from '../ir/hook.ts'
import type { Fold } from './fold.ts'
import { type Context, INT_MAX, INT_MIN, ruleOf, unknown } from './rules/index.ts'
import type { BoolRange, NumberRange, Range } from './types.ts'

/** The corners that q and kv run between, inclusive. */
export interface Box { readonly q0: Expr; readonly q1: Expr; readonly kv0: Expr; readonly kv1: Expr }

/** The corners of a tile, as a kernel names them. */
export const tileBox = (fold: Fold): Box => {
  const corner = (name: 'q0' | 'q1' | 'kv0' | 'kv1') => fold.builder.param('i32', name)
  return { q0: corner('q0'), q1: corner('q1'), kv0: corner('kv0'), kv1: corner('kv1') }
}

const LENGTH_MAX = INT_MAX - 1

const exactInt = (cx: Context, e: Expr, min: number, max: number): NumberRange => ({ type: 'i32', lo: e, hi: e, ok: cx.fold.yes, min, max, direction: 'flat', exact: e })
const exactBool = (cx: Context, e: Expr): BoolRange => ({ type: 'bool', always: e, never: cx.fold.not(e), direction: 'flat', exact: e })

const position = (cx: Context, lo: Expr, hi: Expr, direction: 'flat' | 'up'): NumberRange => ({ type: 'i32', lo, hi, ok: cx.fold.yes, min: 0, max: LENGTH_MAX, direction })

const paramRange = (cx: Context, name: ParamName, box: Box): Range =>
  name === 'q' ? position(cx, box.q0, box.q1, 'flat')
  : name === 'kv' ? position(cx, box.kv0, box.kv1, 'up')
  : exactInt(cx, cx.fold.builder.param('i32', name), 0, LENGTH_MAX)

/** A value that is the same for every pair is not bounded but computed, wrap included. */
const exactOf = (cx: Context, e: Expr, args: readonly Range[]): Range | undefined => {
  if (e.kind === 'table') return e.type === 'i32' && !e.side && !e.row && args[0]!.exact ? exactInt(cx, cx.fold.builder.table('i32', e.name, args[0]!.exact), INT_MIN, INT_MAX) : undefined
  if (e.kind !== 'op' || e.type === 'f32' || !args.every((a) => a.exact)) return undefined
  const value = cx.fold.op(e.type, e.op, ...args.map((a) => a.exact!))
  if (e.type === 'bool') return exactBool(cx, value)
  if (value.kind === 'const') return exactInt(cx, value, value.value as number, value.value as number)
  const throwaway: Context = { fold: cx.fold, checks: new Set() }
  const bounds = ruleOf(e.op, e.args[0]?.type)?.(throwaway, args, e.type) as NumberRange | undefined
  const bounded = bounds && bounds.ok === cx.fold.yes
  return exactInt(cx, value, bounded ? bounds.min : INT_MIN, bounded ? bounds.max : INT_MAX)
}

const leafRange = (cx: Context, e: Expr, box: Box): Range => {
  if (e.kind === 'const') {
    if (e.type === 'bool') return exactBool(cx, cx.fold.builder.const('bool', e.value))
    const n = e.value as number
    if (e.type === 'i32') return exactInt(cx, cx.fold.int(n), n, n)
    const c = cx.fold.float(n)
    return Number.isFinite(n) && Math.abs(n) < 1e37 ? { type: 'f32', lo: c, hi: c, ok: cx.fold.yes, min: n, max: n, direction: 'flat' } : unknown(cx, 'f32')
  }
  if (e.kind === 'param' && e.name !== 'score') return paramRange(cx, e.name, box)
  if (e.kind === 'capture' && e.type === 'i32' && e.side === undefined) return exactInt(cx, cx.fold.builder.capture('i32', e.name), INT_MIN, INT_MAX)
  if (e.kind === 'capture' && e.side === 'kv') return { ...unknown(cx, e.type), direction: 'none' }
  return unknown(cx, e.type)
}

/** Bounds of every node under `roots` while q and kv run over the box. `checks` are the conditions under which no bound wrapped. */
export const rangesOf = (fold: Fold, box: Box, ...roots: readonly Expr[]): { readonly ranges: ReadonlyMap<Expr, Range>; readonly checks: readonly Expr[] } => {
  const cx: Context = { fold, checks: new Set() }
  const ranges = new Map<Expr, Range>()
  for (const e of topological(...roots)) {
    const args = (e.kind === 'op' ? e.args : e.kind === 'table' ? [e.index] : []).map((a) => ranges.get(a)!)
    const known = e.kind === 'op' || e.kind === 'table'
      ? exactOf(cx, e, args) ?? (e.kind === 'op' ? ruleOf(e.op, e.args[e.op === 'select' ? 1 : 0]?.type)?.(cx, args, e.type) : undefined) ?? unknown(cx, e.type, args)
      : leafRange(cx, e, box)
    ranges.set(e, known)
  }
  return { ranges, checks: [...cx.checks] }
}
