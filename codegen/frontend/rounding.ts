import type { ts } from 'ts-morph'
import type { Expr } from '../ir/hook.ts'
import type { Interpreter } from './interpreter.ts'
import { isWhole } from './typing.ts'

type Rounding = 'floor' | 'ceil' | 'trunc' | 'round'
type Op = (name: string, ...args: Expr[]) => Expr

const integer = (I: Interpreter, e: Expr): Expr | undefined => {
  if (e.kind === 'op' && e.op === 'toF32') return e.args[0]
  if (e.kind === 'const' && Number.isInteger(e.value) && Math.abs(e.value as number) < 2 ** 31) return I.constant('i32', e.value)
  return undefined
}

/** Quotients of integers, exact where a float division could round to the wrong side. */
const quotients: Readonly<Record<Rounding, (op: Op, x: Expr, y: Expr, whole: (n: number) => Expr) => Expr>> = {
  floor: (op, x, y) => op('floorDiv', x, y),
  ceil: (op, x, y) => op('neg', op('floorDiv', op('neg', x), y)),
  trunc: (op, x, y, whole) => {
    const size = op('floorDiv', op('abs', x), op('abs', y))
    const positive = y.kind === 'const' && (y.value as number) > 0
    const negative = positive ? op('lt', x, whole(0)) : op('ne', op('lt', x, whole(0)), op('lt', y, whole(0)))
    return op('select', negative, op('neg', size), size)
  },
  round: (op, x, y, whole) => op('floorDiv', op('add', op('mul', whole(2), x), y), op('mul', whole(2), y)),
}

/** Rounds a run-time number; an integer, or a quotient of two integers, gives an i32. */
export const rounding = (I: Interpreter, how: Rounding, e: Expr, node: ts.Node): Expr => {
  const op: Op = (name, ...args) => I.op(name, args, node)
  if (e.type === 'i32') return e
  if (e.kind === 'op' && e.op === 'toF32') return e.args[0]!
  if (e.kind === 'op' && e.op === 'div') {
    const [x, y] = e.args.map((a) => integer(I, a))
    if (x && y) return quotients[how](op, x, y, (n) => I.constant('i32', n))
  }
  if (isWhole(e)) return e
  return how === 'round' ? op('floor', op('add', e, I.constant('f32', 0.5))) : op(how, e)
}
