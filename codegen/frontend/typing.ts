import type { ts } from 'ts-morph'
import type { Expr } from '../ir/hook.ts'
import type { Interpreter } from './interpreter.ts'
import { brief } from './place.ts'
import { Refusal } from './refusal.ts'
import { describe, expr, type Value } from './values.ts'

/** `whole`: a constant that becomes i32 or f32 beside its partner. */
export type NumberType = 'whole' | 'i32' | 'f32'

const SMALLEST_F32 = 2 ** -126

/** Reports a value that no kernel scalar can hold. */
export const refuseOperand = (I: Interpreter, v: Value, node: ts.Node): never => {
  const found = describe(v)
  if (v.kind === 'poison') throw new Refusal()
  if (v.kind === 'perToken') I.refuse('SR1302', node, { name: v.name })
  if (v.kind === 'table') I.refuse('SR1303', node, { name: v.name })
  if (v.kind === 'string') I.refuse('SR1110', node)
  if (v.kind === 'masked') I.refuse('SR1208', node)
  if (v.kind === 'nothing') I.refuse('SR1116', node, { name: brief(node) })
  const fixes: Partial<Record<Value['kind'], string>> = { closure: 'Call it with its arguments.', intrinsic: 'Call it with its arguments.', undefined: 'Pass a value for it.' }
  return I.refuse('SR1211', node, { found, fix: fixes[v.kind] ?? 'Read one of its fields.' })
}

/** The number type of an operand; booleans and everything else are refused. */
export const numberType = (I: Interpreter, v: Value, node: ts.Node): NumberType => {
  if (v.kind === 'number') return v.float ? 'f32' : 'whole'
  if (v.kind === 'expr' && v.expr.type !== 'bool') return v.expr.type
  if (v.kind === 'expr' || v.kind === 'boolean') I.refuse('SR1201', node, { found: 'a boolean' })
  return refuseOperand(I, v, node)
}

const constant = (I: Interpreter, value: number, type: 'i32' | 'f32', node: ts.Node): Expr => {
  if (Number.isNaN(value)) I.refuse('SR1109', node)
  if (!Number.isFinite(value)) I.refuse('SR1208', node)
  if (type === 'i32') {
    if (value >= 2 ** 31 || value < -(2 ** 31)) I.refuse('SR1207', node, { value, type: 'i32', fix: `Keep whole numbers below 2147483648, or write a float: \`${value}.0\`.` })
    return I.constant('i32', value | 0)
  }
  if (!Number.isFinite(Math.fround(value))) I.refuse('SR1207', node, { value, type: 'f32', fix: 'Keep it within 3.4e38.' })
  if (value !== 0 && Math.abs(value) < SMALLEST_F32) I.refuse('SR1207', node, { value, type: 'f32', fix: 'Keep it above 1.2e-38, or use 0.' })
  return I.constant('f32', value)
}

export const asNumber = (I: Interpreter, v: Value, type: 'i32' | 'f32', node: ts.Node): Expr => {
  const from = numberType(I, v, node)
  if (v.kind === 'number') return constant(I, v.value, type, node)
  const e = (v as { expr: Expr }).expr
  return from === 'i32' && type === 'f32' ? I.op('toF32', [e], node) : e
}

export const asF32 = (I: Interpreter, v: Value, node: ts.Node): Expr => asNumber(I, v, 'f32', node)

/** One type for numbers that meet: f32 if any is, else i32. */
export const common = (I: Interpreter, values: readonly Value[], node: (i: number) => ts.Node): 'i32' | 'f32' =>
  values.map((v, i) => numberType(I, v, node(i))).includes('f32') ? 'f32' : 'i32'

/** A condition: known now, or a bool expression. */
export const asCondition = (I: Interpreter, v: Value, node: ts.Node): boolean | Expr => {
  if (v.kind === 'boolean' || v.kind === 'string') return Boolean(v.value)
  if (v.kind === 'number') return Boolean(v.value)
  if (v.kind === 'undefined') return false
  if (v.kind === 'expr') return v.expr.type === 'bool' ? v.expr : I.refuse('SR1202', node, { found: 'a number' })
  return refuseOperand(I, v, node)
}

/** A boolean operand as an expression; constants too. */
export const asBool = (I: Interpreter, v: Value, node: ts.Node): Expr => {
  if (v.kind === 'boolean') return I.constant('bool', v.value)
  if (v.kind === 'expr' && v.expr.type === 'bool') return v.expr
  if (v.kind === 'expr' || v.kind === 'number') I.refuse('SR1202', node, { found: 'a number' })
  return refuseOperand(I, v, node)
}

/** f32 expressions whose value is always a whole number. */
export const isWhole = (e: Expr): boolean => {
  if (e.type === 'i32') return true
  if (e.kind === 'const') return Number.isInteger(e.value)
  if (e.kind !== 'op') return false
  if (['floor', 'ceil', 'trunc', 'roundEven', 'toF32'].includes(e.op)) return true
  if (['add', 'sub', 'mul', 'rem', 'neg', 'abs', 'min', 'max', 'sign'].includes(e.op)) return e.args.every(isWhole)
  return e.op === 'select' && isWhole(e.args[1]!) && isWhole(e.args[2]!)
}

/** An integer operand: i32 as it is, a rounded float converted; undefined where the value may have a fraction. */
export const asIndex = (I: Interpreter, v: Value, node: ts.Node): Expr | undefined => {
  if (v.kind === 'number') return Number.isInteger(v.value) ? constant(I, v.value, 'i32', node) : undefined
  numberType(I, v, node)
  const e = (v as { expr: Expr }).expr
  return e.type === 'i32' ? e : isWhole(e) ? I.op('toI32', [e], node) : undefined
}

/** A run-time choice between two results of one kind. */
export const join = (I: Interpreter, condition: Expr, yes: Value, no: Value, node: ts.Node): Value => {
  if (yes.kind === 'poison' || no.kind === 'poison') throw new Refusal()
  const dropped = (v: Value): boolean => v.kind === 'number' && v.value === -Infinity
  if (dropped(yes) && dropped(no)) return yes
  if (dropped(yes) || dropped(no) || yes.kind === 'masked' || no.kind === 'masked') {
    const part = (v: Value) => (dropped(v) ? { keep: false } : v.kind === 'masked' ? v : { value: v, keep: true })
    const [a, b] = [part(yes), part(no)]
    const value = a.value && b.value ? join(I, condition, a.value, b.value, node) : (a.value ?? b.value)!
    const bool = (keep: Expr | boolean): Expr => (typeof keep === 'boolean' ? I.constant('bool', keep) : keep)
    return { kind: 'masked', value, keep: I.op('select', [condition, bool(a.keep), bool(b.keep)], node) }
  }
  if (yes.kind === 'nothing' || no.kind === 'nothing') I.refuse('SR1116', node, { name: I.frames.at(-1)?.closure.name || 'The function' })
  const isBool = (v: Value): boolean => v.kind === 'boolean' || (v.kind === 'expr' && v.expr.type === 'bool')
  if (isBool(yes) && isBool(no)) return expr(I.op('select', [condition, asBool(I, yes, node), asBool(I, no, node)], node))
  const scalar = (v: Value): boolean => v.kind === 'number' || v.kind === 'expr' || v.kind === 'boolean'
  if (!scalar(yes)) refuseOperand(I, yes, node)
  if (!scalar(no)) refuseOperand(I, no, node)
  if (isBool(yes) || isBool(no)) I.refuse('SR1204', node, { left: describe(yes), right: describe(no) })
  const type = common(I, [yes, no], () => node)
  return expr(I.op('select', [condition, asNumber(I, yes, type, node), asNumber(I, no, type, node)], node))
}
