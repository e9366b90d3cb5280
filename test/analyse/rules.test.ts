import { describe, expect, test } from 'vitest'
import { evaluate, type Leaves } from '../../codegen/ir/evaluate.ts'
import { type Expr, ExprBuilder, operands, printExpr, type ScalarType, topological } from '../../codegen/ir/hook.ts'
import { intrinsics } from '../../codegen/ir/intrinsics/index.ts'
import { Fold } from '../../codegen/analyse/fold.ts'
import { type Box, rangesOf } from '../../codegen/analyse/ranges.ts'
import { ruleOf } from '../../codegen/analyse/rules/index.ts'
import { seeded } from './brute.ts'

type Random = () => number
const pick = <T>(r: Random, from: readonly T[]): T => from[Math.floor(r() * from.length)]!
const MIN = -2147483648, MAX = 2147483647

/** Numbers where wrap, saturation and sign changes happen. */
const number = (r: Random): number => pick(r, [
  () => Math.floor(r() * 7) - 3, () => Math.floor(r() * 100) - 50, () => MIN + Math.floor(r() * 3), () => MAX - Math.floor(r() * 3), () => 2 ** Math.floor(r() * 31), () => -(2 ** Math.floor(r() * 31)), () => Math.floor(r() * 2 ** 32) + MIN,
])()

/** scale · position + offset, a wrap of its own included, or a value per pair or per launch. */
const intOperand = (b: ExprBuilder, r: Random): Expr => {
  const int = (n: number) => b.const('i32', n)
  const kv = b.param('i32', 'kv'), q = b.param('i32', 'q')
  return pick(r, [
    () => kv, () => q, () => b.op('i32', 'sub', [q, kv]), () => int(number(r)), () => b.capture('i32', pick(r, ['a', 'c'])),
    () => b.op('i32', 'add', [pick(r, [q, kv]), int(number(r))]), () => b.op('i32', 'add', [pick(r, [q, kv]), b.capture('i32', 'a')]), () => b.op('i32', 'sub', [b.capture('i32', 'c'), kv]),
    () => b.op('i32', 'mul', [pick(r, [q, kv]), int(number(r))]), () => b.op('i32', 'min', [b.op('i32', 'sub', [kv, int(3)]), b.capture('i32', 'a')]), () => b.op('i32', 'max', [kv, int(number(r))]), () => b.capture('i32', 'tok', pick(r, ['q', 'kv'])),
  ])()
}
const floatOperand = (b: ExprBuilder, r: Random): Expr => {
  const float = (n: number) => b.const('f32', Math.fround(n))
  const whole = () => b.op('f32', 'toF32', [intOperand(b, r)])
  return pick(r, [whole, whole, () => float(r() * 20 - 10), () => float(number(r)), () => b.op('f32', 'mul', [whole(), float(pick(r, [0.1, -1 / 3, 1e-3, 7.7, 1e20]))]), () => b.op('f32', 'div', [whole(), float(3)]), () => b.capture('f32', 'f')])()
}
const boolOperand = (b: ExprBuilder, r: Random): Expr => b.op('bool', pick(r, ['lt', 'le', 'eq', 'ne']), [intOperand(b, r), intOperand(b, r)])
const operand = { i32: intOperand, f32: floatOperand, bool: boolOperand } as const satisfies Record<ScalarType, unknown>

/** Where the second operand decides: divisors and shifts, mostly small ones. */
const special: Readonly<Record<string, readonly number[]>> = {
  rem: [1, 2, 3, 4, 7, -1, -3, 0], mod: [1, 2, 3, 4, 7, -1, -3, 0], floorDiv: [1, 2, 3, 4, 7, -1, -3, 0, MIN], shl: [0, 1, 4, 30, 31, 32, -1], shr: [0, 1, 4, 31, 32, -1],
}
const operandsOf = (b: ExprBuilder, r: Random, op: string, args: readonly ScalarType[]): Expr[] =>
  args.map((t, i) => (i === 1 && t === 'i32' && special[op] && r() < 0.6 ? b.const('i32', pick(r, special[op])) : operand[t](b, r)))

const inF32 = (root: Expr, leaves: Leaves): number => {
  const values = new Map<Expr, number | boolean>()
  for (const e of topological(root)) {
    const raw = e.kind === 'op' ? intrinsics[e.op]!.js(operands(e).map((o) => values.get(o)!), e.args.map((a) => a.type)) : evaluate([e], leaves)[0]!
    values.set(e, e.type === 'f32' ? Math.fround(raw as number) : raw)
  }
  return Number(values.get(root))
}
const inDoubles = (root: Expr, leaves: Leaves): number => Number(evaluate([root], leaves)[0])

const fold = new Fold()
const corner = (n: 'q0' | 'q1' | 'kv0' | 'kv1') => fold.builder.param('i32', n)
const box: Box = { q0: corner('q0'), q1: corner('q1'), kv0: corner('kv0'), kv1: corner('kv1') }

const cases = Object.entries(intrinsics).flatMap(([op, i]) => i.signatures.filter((s) => ruleOf(op, s.args[op === 'select' ? 1 : 0])).map((s) => ({ name: `${op} ${s.args.join(',')}`, op, ...s })))

describe('the bounds of every rule hold its values', () => {
  test.each(cases)('$name', ({ op, args, result }) => {
    const r = seeded(op.length * 1000 + args.length)
    let bounded = 0
    for (let n = 0; n < 1200; n++) {
      const b = new ExprBuilder()
      const e = b.op(result, op, operandsOf(b, r, op, args))
      const { ranges, checks } = rangesOf(fold, box, e)
      const range = ranges.get(e)!
      const big = r() < 0.2, from = () => (big ? MAX - 14 : 0) + Math.floor(r() * 10)
      const q0 = from(), kv0 = from(), at = { q0, q1: q0 + Math.floor(r() * 3), kv0, kv1: kv0 + Math.floor(r() * 4), qLen: MAX - 1, kvLen: MAX - 1, b: 0, h: 0 }
      const values: Readonly<Record<string, number>> = { a: number(r), c: number(r), f: pick(r, [NaN, 3.5, -1e9, Infinity]) }
      const leaves = (extra: object): Leaves => ({ param: (p) => ({ ...at, ...extra })[p as 'q0'], capture: (c, side) => values[c] ?? ((({ ...at, ...extra }) as Record<string, number>)[side!]! * 7919) % 5 - 2, table: () => 0 })
      const run = n % 2 ? inF32 : inDoubles
      const ask = (x: Expr) => run(x, leaves({}))
      const say = (q: number, kv: number, v: number) => `${printExpr(e)}\n q=${q} kv=${kv} is ${v}; ${JSON.stringify({ at, values })}`
      const directed = checks.every(ask)
      for (let q = at.q0; q <= at.q1; q++) {
        let last: number | undefined
        for (let kv = at.kv0; kv <= at.kv1; kv++) {
          const v = run(e, leaves({ q, kv }))
          if (range.type === 'bool') {
            if (ask(range.always)) { bounded++; if (v !== 1) throw new Error(`always: ${say(q, kv, v)}`) }
            if (ask(range.never)) { bounded++; if (v !== 0) throw new Error(`never: ${say(q, kv, v)}`) }
            continue
          }
          if (range.unknown || !ask(range.ok)) continue
          bounded++
          const [lo, hi] = [ask(range.lo), ask(range.hi)]
          if (!(lo <= v && v <= hi && range.min <= v && v <= range.max)) throw new Error(`${lo}..${hi}, static ${range.min}..${range.max}: ${say(q, kv, v)}`)
          if (directed && last !== undefined && ((range.direction === 'flat' && v !== last) || (range.direction === 'up' && v < last) || (range.direction === 'down' && v > last))) throw new Error(`not ${range.direction}: ${say(q, kv, v)}`)
          last = v
        }
      }
    }
    expect(bounded).toBeGreaterThan(300)
  })

  test('operations with no rule are those on floats that masks do not need', () => {
    const without = Object.entries(intrinsics).flatMap(([op, i]) => i.signatures.filter((s) => !ruleOf(op, s.args[op === 'select' ? 1 : 0])).map((s) => `${op} ${s.args.join(',')}`))
    expect(without.every((n) => n.includes('f32'))).toBe(true)
    expect(without).toContain('exp f32')
  })
})
