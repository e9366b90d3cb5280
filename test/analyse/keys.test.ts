import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KeyRange, keyRanges, plainMask } from '../../codegen/analyse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { evaluate, type Leaves } from '../../codegen/ir/evaluate.ts'
import { type Expr, ExprBuilder, printExpr } from '../../codegen/ir/hook.ts'
import { anyMask, anyValues, monotoneMask, type Values } from './random.ts'

const leavesAt = (values: Values, q: number, kv: number, keys: number): Leaves => ({
  param: (name) => ({ b: 0, h: 1, q, kv, qLen: keys, kvLen: keys })[name]!,
  capture: (name, side) => (name === 'tok' ? values.tok[(side === 'q' ? q : kv) % 4]! : values[name as 'a']),
  table: (_name, index) => values.tab[Math.max(0, Math.min(2, index))]!,
})
const at = (e: Expr, leaves: Leaves): number => evaluate([e], leaves)[0] as number
/** What a mask keeps of each row, by its ranges and by itself; every bound lies in the sequence. */
const agree = (mask: Expr, ranges: readonly KeyRange[], values: Values, keys: number): void => {
  const sides = Array.from({ length: keys }, (_, i) => i)
  for (const q of sides) {
    const bounds = ranges.map((r) => ({ at: r.at && at(r.at, leavesAt(values, q, 0, keys)), from: r.from ? at(r.from, leavesAt(values, q, 0, keys)) : 0, below: r.below ? at(r.below, leavesAt(values, q, 0, keys)) : keys }))
    for (const b of bounds) for (const x of [b.at ?? -1, b.from, b.below]) expect(x >= -1 && x <= keys, `${x} of ${keys}\n${printExpr(mask)}`).toBe(true)
    for (const kv of sides) {
      const kept = bounds.some((b) => (b.at === undefined ? kv >= b.from && kv < b.below : kv === b.at))
      expect(kept, `q ${q}, kv ${kv} of ${keys}, ${JSON.stringify(values)}\n${printExpr(mask)}`).toBe(evaluate([mask], leavesAt(values, q, kv, keys))[0])
    }
  }
}

/** Comparisons of kv under sums, differences, minima and maxima, either way round, joined: what authors write, nested deeper. */
const nested = fc.tuple(fc.array(fc.tuple(fc.nat(7), fc.nat(8)), { minLength: 1, maxLength: 4 }), fc.nat(5), fc.nat(8), fc.nat(2), fc.nat(5), fc.nat(8)).map(([steps, op, bound, join, op2, bound2]) => {
  const b = new ExprBuilder()
  const fixed = [b.param('i32', 'q'), b.param('i32', 'kvLen'), b.capture('i32', 'a'), ...[0, 1, -1, 3, 100, -7].map((n) => b.const('i32', n))]
  const names = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'], [kv, small] = [b.param('i32', 'kv'), (n: number) => fixed[n]!]
  const inner = steps.reduce((e: Expr, [kind, n]) => {
    const ops = ['add', 'sub', 'min', 'max', 'sub', 'sub', 'min', 'max']
    const args = kind >= 4 ? [small(n), e] : [e, small(n)]
    return b.op('i32', ops[kind]!, args)
  }, kv)
  const first = b.op('bool', names[op]!, [inner, small(bound)])
  return join === 0 ? first : b.op('bool', join === 1 ? 'and' : 'or', [first, b.op('bool', names[op2]!, [kv, small(bound2)])])
})

const far = fc.constantFrom(-2147483648, -2147483647, -7, -1, 0, 1, 3, 5, 6, 2147483645, 2147483646, 2147483647)
const farValues = fc.tuple(anyValues, far, far, far).map(([v, a, c, d]) => ({ ...v, a, c, d }))

describe('the keys of a row as ranges', () => {
  test('are those that the mask keeps, whatever its captures', () => {
    let found = 0
    fc.assert(fc.property(fc.oneof(anyMask, monotoneMask, nested), fc.array(fc.oneof(anyValues, farValues), { minLength: 6, maxLength: 6 }), fc.integer({ min: 1, max: 7 }), (mask, cases, keys) => {
      const ranges = keyRanges(mask)
      if (!ranges) return
      found++
      for (const values of cases) agree(mask, ranges, values, keys)
    }), { numRuns: 6000, seed: 20261128 })
    expect(found).toBeGreaterThan(800)
  })

  test('are right where a falling value is moved again: q - kv - 1 < a, kvLen - kv - 1 < a, 0 - (1 - kv) > a, min(q - kv, 100) + 3 < 6', () => {
    const b = new ExprBuilder()
    const [q, kv, n, a] = [b.param('i32', 'q'), b.param('i32', 'kv'), b.param('i32', 'kvLen'), b.capture('i32', 'a')], c = (x: number) => b.const('i32', x)
    const op = (name: string, x: Expr, y: Expr) => b.op('i32', name, [x, y])
    const masks = [
      b.op('bool', 'lt', [op('sub', op('sub', q, kv), c(1)), a]), b.op('bool', 'lt', [op('sub', op('sub', n, kv), c(1)), a]),
      b.op('bool', 'gt', [op('sub', c(0), op('sub', c(1), kv)), a]), b.op('bool', 'lt', [op('add', op('min', op('sub', q, kv), c(100)), c(3)), c(6)]),
    ]
    for (const mask of masks) {
      const ranges = keyRanges(mask)
      expect(ranges, printExpr(mask)).toBeDefined()
      for (const keys of [1, 2, 6]) for (let x = -4; x <= 7; x++) agree(mask, ranges!, { a: x, c: 0, d: 0, s: 0, tok: [0, 0, 0, 0], tab: [0, 0, 0] } as unknown as Values, keys)
    }
  })

  test('are given up where a mask would have too many, at once', () => {
    const b = new ExprBuilder()
    const parts = Array.from({ length: 24 }, (_, i) => b.op('bool', 'ne', [b.param('i32', 'kv'), b.const('i32', 2 * i)]))
    const started = performance.now()
    expect(keyRanges(parts.reduce((x, y) => b.op('bool', 'and', [x, y])))).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test('of shipped masks: one bound for causal, two for a window, the row itself and one bound for HSTU', async () => {
    const { definitions } = await loadFile('kernels/index.ts')
    const fields = (name: string) => {
      const { body } = definitions.find((d) => d.exportName === name)!.algorithm.maskMod!
      return keyRanges(plainMask(body)?.body ?? body)?.map((r) => Object.keys(r).sort().join())
    }
    expect(fields('causal')).toEqual(['below'])
    expect(fields('sliding_window')).toEqual(['below,from'])
    expect(fields('hstu')).toEqual(['at', 'below'])
    expect(fields('block_diagonal')).toBeUndefined()
  })
})
