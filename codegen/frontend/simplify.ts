import type { Expr, ExprBuilder, ScalarType, Span } from '../ir/hook.ts'
import { intrinsics } from '../ir/intrinsics/index.ts'

type Rule = (b: ExprBuilder, args: readonly Expr[], make: (op: string, ...args: Expr[]) => Expr) => Expr | undefined

const is = (e: Expr | undefined, value: number | boolean): boolean => e?.kind === 'const' && Object.is(e.value, value)
const isOp = (e: Expr, op: string): e is Expr & { kind: 'op' } => e.kind === 'op' && e.op === op
const reflexive = (value: boolean): Rule => (b, [x, y]) => (x === y && x!.type !== 'f32' ? b.const('bool', value) : undefined)

/** Identities that hold for every value, NaN, infinities and the sign of zero included. */
const rules: Readonly<Record<string, Rule>> = {
  add: (_b, [x, y]) => (x!.type !== 'i32' ? undefined : is(y, 0) ? x : is(x, 0) ? y : undefined),
  sub: (_b, [x, y]) => (is(y, 0) ? x : undefined),
  mul: (_b, [x, y]) => (is(y, 1) ? x : is(x, 1) ? y : x!.type === 'i32' && is(x, 0) ? x : y!.type === 'i32' && is(y, 0) ? y : undefined),
  div: (_b, [x, y]) => (is(y, 1) ? x : undefined),
  neg: (_b, [x]) => (isOp(x!, 'neg') ? x.args[0] : undefined),
  bitOr: (_b, [x, y]) => (is(y, 0) ? x : is(x, 0) ? y : undefined),
  min: (_b, [x, y]) => (x === y ? x : undefined),
  max: (_b, [x, y]) => (x === y ? x : undefined),
  and: (_b, [x, y]) => (is(x, true) || is(y, false) || x === y ? y : is(y, true) || is(x, false) ? x : undefined),
  or: (_b, [x, y]) => (is(x, false) || is(y, true) || x === y ? y : is(y, false) || is(x, true) ? x : undefined),
  not: (b, [x]) => (x!.kind === 'const' ? b.const('bool', !x.value) : isOp(x!, 'not') ? x.args[0] : undefined),
  eq: (b, args) => (args[0]!.type === 'bool' ? (is(args[1], true) ? args[0] : is(args[0], true) ? args[1] : undefined) : reflexive(true)(b, args, undefined as never)),
  ne: reflexive(false), lt: reflexive(false), gt: reflexive(false), le: reflexive(true), ge: reflexive(true),
  select: (b, [c, x, y], make) => {
    if (x === y) return x
    if (c!.kind === 'const') return c.value ? x : y
    if (is(x, true)) return make('or', c!, y!)
    if (is(y, false)) return make('and', c!, x!)
    if (is(x, false)) return make('and', make('not', c!), y!)
    if (is(y, true)) return make('or', make('not', c!), x!)
    return isOp(c!, 'not') ? make('select', c.args[0]!, y!, x!) : undefined
  },
  toF32: (b, [x], make) => {
    if (x!.kind === 'const') return b.const('f32', x.value)
    return isOp(x!, 'select') && x.args[1]!.kind === 'const' && x.args[2]!.kind === 'const'
      ? make('select', x.args[0]!, b.const('f32', x.args[1].value), b.const('f32', x.args[2].value)) : undefined
  },
  toI32: (_b, [x]) => (isOp(x!, 'toF32') ? x.args[0] : undefined),
}

const resultType = (op: string, args: readonly Expr[]): ScalarType => {
  const found = intrinsics[op]!.signatures.find((s) => s.args.length === args.length && s.args.every((t, i) => t === args[i]!.type))
  if (!found) throw new TypeError(`no form of ${op} takes ${args.map((a) => a.type).join(', ')}`)
  return found.result
}

/** The operation on these operands, or a simpler node with the same value. */
export const simplified = (b: ExprBuilder, op: string, args: readonly Expr[], span: Span): Expr => {
  const make = (name: string, ...operands: Expr[]): Expr => simplified(b, name, operands, span)
  return rules[op]?.(b, args, make) ?? b.op(resultType(op, args), op, args, { span })
}
