import type { ts } from 'ts-morph'
import type { Interpreter } from './interpreter.ts'
import { mathConstants, mathFunctions } from './math.ts'
import { numberType } from './typing.ts'
import { expr, intrinsic, number, UNDEFINED, type Value } from './values.ts'

const toNumber = (I: Interpreter, args: readonly Value[], node: ts.Node): Value => {
  const [v] = args
  if (args.length !== 1) I.refuse('SR1122', node, { given: args.length, takes: '1 argument' })
  if (v!.kind === 'boolean') return number(v!.value ? 1 : 0)
  if (v!.kind === 'expr' && v!.expr.type === 'bool') return expr(I.op('boolToI32', [v!.expr], node))
  numberType(I, v!, node)
  return v!
}

const fields = (values: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> => new Map(Object.entries(values))
const freeze = intrinsic('Object.freeze', (_I, [v]) => v ?? UNDEFINED)

/** `Number` is both a function and a holder of constants. */
const numberConstants = fields({
  POSITIVE_INFINITY: number(Infinity), NEGATIVE_INFINITY: number(-Infinity), EPSILON: number(Number.EPSILON),
  MAX_SAFE_INTEGER: number(Number.MAX_SAFE_INTEGER), MIN_SAFE_INTEGER: number(Number.MIN_SAFE_INTEGER), MAX_VALUE: number(Number.MAX_VALUE, true),
})

/** The JavaScript globals that have a meaning in a hook. */
export const globals: Readonly<Record<string, Value>> = Object.freeze({
  __proto__: null as never,
  Math: { kind: 'object', role: 'Math', fields: fields({ ...mathConstants, ...mathFunctions }) },
  Number: { ...intrinsic('Number', toNumber), fields: numberConstants },
  Object: { kind: 'object', role: 'Object', fields: fields({ freeze }) },
  Infinity: number(Infinity),
  undefined: UNDEFINED,
})
