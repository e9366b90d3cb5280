import { type Expr, ExprBuilder, type ScalarType } from '../ir/hook.ts'
import { intrinsics } from '../ir/intrinsics/index.ts'

type B = Expr
const value = (e: Expr): number | boolean | undefined => (e.kind === 'const' ? e.value : undefined)
const isTrue = (e: Expr): boolean => value(e) === true
const isFalse = (e: Expr): boolean => value(e) === false

/** Builds expressions, computing what is already known: constants of i32 and bool, `x && true`, `select(c, x, x)`. */
export class Fold {
  readonly builder = new ExprBuilder()
  readonly yes: Expr = this.builder.const('bool', true)
  readonly no: Expr = this.builder.const('bool', false)

  int(n: number): Expr { return this.builder.const('i32', n) }
  float(n: number): Expr { return this.builder.const('f32', n) }

  op(type: ScalarType, name: string, ...args: readonly Expr[]): Expr {
    const known = args.every((a) => a.kind === 'const' && a.type !== 'f32') && type !== 'f32'
    if (known) return this.builder.const(type, intrinsics[name]!.js(args.map((a) => value(a)!), args.map((a) => a.type)))
    return this.builder.op(type, name, args)
  }
  /** An operation whose result has the type of its first operand. */
  like(name: string, ...args: readonly Expr[]): Expr { return this.op(args[0]!.type, name, ...args) }

  add(a: Expr, b: Expr): Expr { return value(b) === 0 && b.type === 'i32' ? a : value(a) === 0 && a.type === 'i32' ? b : this.like('add', a, b) }
  sub(a: Expr, b: Expr): Expr { return value(b) === 0 && b.type === 'i32' ? a : this.like('sub', a, b) }
  min(a: Expr, b: Expr): Expr { return a === b ? a : this.like('min', a, b) }
  max(a: Expr, b: Expr): Expr { return a === b ? a : this.like('max', a, b) }

  compare(name: 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne', a: Expr, b: Expr): B {
    if (a === b && a.type === 'i32') return name === 'le' || name === 'ge' || name === 'eq' ? this.yes : this.no
    return this.op('bool', name, a, b)
  }
  not(a: B): B { return a.kind === 'op' && a.op === 'not' ? a.args[0]! : this.op('bool', 'not', a) }
  and(...parts: readonly B[]): B {
    return parts.reduce((a, b) => (isFalse(a) || isFalse(b) ? this.no : isTrue(a) || a === b ? b : isTrue(b) ? a : this.builder.op('bool', 'and', [a, b])), this.yes)
  }
  or(...parts: readonly B[]): B {
    return parts.reduce((a, b) => (isTrue(a) || isTrue(b) ? this.yes : isFalse(a) || a === b ? b : isFalse(b) ? a : this.builder.op('bool', 'or', [a, b])), this.no)
  }
  select(c: B, whenTrue: Expr, whenFalse: Expr): Expr {
    return isTrue(c) || whenTrue === whenFalse ? whenTrue : isFalse(c) ? whenFalse : this.builder.op(whenTrue.type, 'select', [c, whenTrue, whenFalse])
  }
}
