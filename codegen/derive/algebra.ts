import { type Expr, ExprBuilder, operands, type ScalarType, topological } from '../ir/hook.ts'
import { intrinsics } from '../ir/intrinsics/index.ts'

const is = (e: Expr | undefined, value: number | boolean): boolean => e?.kind === 'const' && e.value === value
const isOp = (e: Expr, op: string): e is Expr & { kind: 'op' } => e.kind === 'op' && e.op === op

type Rule = (a: Algebra, args: readonly Expr[]) => Expr | undefined

/** Identities of real numbers: a gradient's terms are finite wherever its formula is. */
const rules: Readonly<Record<string, Rule>> = {
  add: (_a, [x, y]) => (is(y, 0) ? x : is(x, 0) ? y : undefined),
  sub: (a, [x, y]) => (is(y, 0) ? x : is(x, 0) ? a.op('neg', y!) : x === y ? a.zero(x!.type) : isOp(y!, 'neg') ? a.op('add', x!, y.args[0]!) : undefined),
  mul: (a, [x, y]) => {
    if (is(x, 0) || is(y, 0)) return a.zero(x!.type)
    if (is(y, 1)) return x
    if (is(x, 1)) return y
    if (is(x, -1)) return a.op('neg', y!)
    if (is(y, -1)) return a.op('neg', x!)
    if (isOp(x!, 'neg')) return a.op('neg', a.op('mul', x.args[0]!, y!))
    if (isOp(y!, 'neg')) return a.op('neg', a.op('mul', x!, y.args[0]!))
    if (isOp(y!, 'div') && is(y.args[0], 1)) return a.op('div', x!, y.args[1]!)
    for (const [s, other] of [[y!, x!], [x!, y!]] as const) {
      if (isOp(s, 'select') && is(s.args[1], 1) && is(s.args[2], 0)) return a.op('select', s.args[0]!, other, a.zero(other.type))
      if (isOp(s, 'select') && is(s.args[1], 0) && is(s.args[2], 1)) return a.op('select', s.args[0]!, a.zero(other.type), other)
    }
    return undefined
  },
  div: (a, [x, y]) => (is(y, 1) ? x : is(x, 0) ? a.zero('f32') : undefined),
  neg: (a, [x]) => (isOp(x!, 'neg') ? x.args[0] : x!.kind === 'const' ? a.b.const(x!.type, x!.value === 0 ? 0 : -(x!.value as number)) : undefined),
  and: (_a, [x, y]) => (is(x, true) || x === y ? y : is(y, true) ? x : is(x, false) ? x : is(y, false) ? y : undefined),
  or: (_a, [x, y]) => (is(x, false) || x === y ? y : is(y, false) ? x : is(x, true) ? x : is(y, true) ? y : undefined),
  select: (a, [c, x, y]) => {
    if (x === y) return x
    if (c!.kind === 'const') return c!.value ? x : y
    return isOp(c!, 'not') ? a.op('select', c.args[0]!, y!, x!) : undefined
  },
}

/** Makes expressions in their simplest form, all in one builder: equal ones are one object. */
export class Algebra {
  readonly b = new ExprBuilder()

  zero(type: ScalarType = 'f32'): Expr { return this.b.const(type, 0) }
  f(x: number): Expr { return this.b.const('f32', x) }
  i(x: number): Expr { return this.b.const('i32', x) }
  isZero(e: Expr | undefined): boolean { return e === undefined || is(e, 0) }

  op(name: string, ...args: readonly Expr[]): Expr {
    const form = intrinsics[name]!.signatures.find((s) => s.args.length === args.length && s.args.every((t, i) => t === args[i]!.type))
    if (!form) throw new TypeError(`no form of ${name} takes ${args.map((x) => x.type).join(', ')}`)
    const known = form.result !== 'f32' && args.every((x) => x.kind === 'const')
    if (known) return this.b.const(form.result, intrinsics[name]!.js(args.map((x) => (x as Expr & { kind: 'const' }).value), form.args))
    return rules[name]?.(this, args) ?? this.b.op(form.result, name, args)
  }
  sum(...terms: readonly (Expr | undefined)[]): Expr {
    return terms.reduce<Expr>((total, t) => (t === undefined ? total : this.op('add', total, t)), this.zero())
  }

  /** The same expression in this builder with some leaves replaced; simplified where `simplify` is set. */
  rewrite(root: Expr, leaf: (e: Expr) => Expr | undefined, simplify = false): Expr {
    const made = new Map<Expr, Expr>()
    for (const e of topological(root)) {
      const args = operands(e).map((x) => made.get(x)!)
      const label = e.label ? { label: e.label } : {}
      made.set(e, leaf(e)
        ?? (e.kind === 'const' ? this.b.const(e.type, e.value)
          : e.kind === 'param' ? this.b.param(e.type, e.name)
          : e.kind === 'capture' ? this.b.capture(e.type, e.name, e.side)
          : e.kind === 'table' ? this.b.table(e.type, e.name, args[args.length - 1]!)
          : simplify ? this.op(e.op, ...args) : this.b.op(e.type, e.op, args, label)))
    }
    return made.get(root)!
  }
}

/** The number of a result of the passes; undefined: it is none. */
export const statOf = (e: Expr | undefined): number | undefined => (e?.kind === 'param' && e.name.startsWith('stat:') ? Number(e.name.slice(5)) : undefined)

/** The results that an expression reads. */
export const statsIn = (e: Expr): readonly number[] => topological(e).flatMap((n) => statOf(n) ?? [])

/** Names of an expression's params. */
export const leavesOf = (...roots: readonly Expr[]): readonly string[] => topological(...roots).flatMap((e) => (e.kind === 'param' ? [e.name] : []))

/** Computed by products, sums and choices of reads only: 0 wherever the reads that it multiplies are. */
export const isPolynomial = (e: Expr): boolean =>
  topological(e).every((n) => n.kind !== 'op' || n.type !== 'f32' || ['add', 'sub', 'mul', 'neg', 'select', 'toF32'].includes(n.op))
