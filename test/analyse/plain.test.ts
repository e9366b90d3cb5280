import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainMask } from '../../codegen/analyse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { evaluate, type Leaves } from '../../codegen/ir/evaluate.ts'
import { type Expr, ExprBuilder, printExpr, topological } from '../../codegen/ir/hook.ts'
import { anyMask, anyValues, monotoneMask, type Values } from './random.ts'

const pairLeaves = (values: Values, q: number, kv: number): Leaves => ({
  param: (name) => ({ b: 0, h: 1, q, kv, qLen: 6, kvLen: 6 })[name]!,
  capture: (name, side) => (name === 'tok' ? values.tok[(side === 'q' ? q : kv) % 4]! : values[name as 'a']),
  table: (_name, index) => values.tab[Math.max(0, Math.min(2, index))]!,
})
const sides = [0, 1, 2, 3, 4, 5]
const pairs = sides.flatMap((q) => sides.map((kv) => [q, kv] as const))

/** One operation on masks of any builders. */
const joined = (op: string, ...args: readonly Expr[]): Expr => new ExprBuilder().op('bool', op, args)
const conditions: readonly Expr[] = ['a', 'c', 'd'].flatMap((name) => {
  const b = new ExprBuilder()
  return (['le', 'gt', 'eq'] as const).map((op) => b.op('bool', op, [b.capture('i32', name), b.const('i32', 0)]))
})
/** Masks with conditions of the sequence somewhere in them. */
const conditionedMask = fc.tuple(fc.oneof(anyMask, monotoneMask), fc.array(fc.tuple(fc.constantFrom('or', 'and', 'not', 'mask'), fc.constantFrom(...conditions), fc.oneof(anyMask, monotoneMask)), { minLength: 1, maxLength: 6 }))
  .map(([first, steps]) => steps.reduce((mask, [op, condition, other]) => (op === 'not' ? joined('not', mask) : op === 'mask' ? joined('and', other, mask) : joined(op, condition, mask)), first as Expr))

describe('the short text of a mask', () => {
  test('is the mask for every pair of a sequence where its condition holds', () => {
    const met = { short: 0, holds: 0 }
    fc.assert(fc.property(conditionedMask, fc.array(anyValues, { minLength: 6, maxLength: 6 }), (mask, cases) => {
      const plain = plainMask(mask)
      if (!plain) return
      met.short++
      for (const values of cases) {
        for (const [q, kv] of pairs) {
          const [when, body, all] = [plain.when, plain.body, mask].map((e: Expr) => evaluate([e], pairLeaves(values, q, kv))[0])
          if (!when) continue
          met.holds++
          expect(body, printExpr(mask)).toBe(all)
        }
      }
    }), { numRuns: 2000, seed: 20261127 })
    expect(met.short).toBeGreaterThan(40)
    expect(met.holds).toBeGreaterThan(1000)
  })

  test('of hstu has neither window nor contextual tokens; masks without such conditions have none', async () => {
    const { definitions } = await loadFile('kernels/index.ts')
    const maskOf = (name: string) => definitions.find((d) => d.exportName === name)!.algorithm.maskMod!.body
    const { when, body } = plainMask(maskOf('hstu'))!
    const captures = (e: Expr) => topological(e).flatMap((n) => (n.kind === 'capture' ? [n.name] : [])).sort()
    expect(captures(when)).toEqual(['contextual', 'maxAttnLen'])
    expect(captures(body)).toEqual(['contextual', 'numTargets'])
    for (const name of ['causal', 'sliding_window', 'prefix_lm']) expect(plainMask(maskOf(name))).toBeUndefined()
  })
})
