import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KeyRange, keyRanges, plainMask } from '../../codegen/analyse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { evaluate, type Leaves } from '../../codegen/ir/evaluate.ts'
import { type Expr, printExpr } from '../../codegen/ir/hook.ts'
import { anyMask, anyValues, monotoneMask, type Values } from './random.ts'

const KEYS = 6
const sides = Array.from({ length: KEYS }, (_, i) => i)
const leavesAt = (values: Values, q: number, kv: number): Leaves => ({
  param: (name) => ({ b: 0, h: 1, q, kv, qLen: KEYS, kvLen: KEYS })[name]!,
  capture: (name, side) => (name === 'tok' ? values.tok[(side === 'q' ? q : kv) % 4]! : values[name as 'a']),
  table: (_name, index) => values.tab[Math.max(0, Math.min(2, index))]!,
})
const at = (e: Expr, leaves: Leaves): number => evaluate([e], leaves)[0] as number
const kept = (ranges: readonly KeyRange[], leaves: Leaves, kv: number): boolean =>
  ranges.some((r) => (r.at ? kv === at(r.at, leaves) : kv >= (r.from ? at(r.from, leaves) : 0) && kv < (r.below ? at(r.below, leaves) : KEYS)))

/** What a mask keeps of a row, by its ranges and by itself. */
const agree = (mask: Expr, ranges: readonly KeyRange[], values: Values): void => {
  for (const q of sides) for (const kv of sides) expect(kept(ranges, leavesAt(values, q, kv), kv), `q ${q}, kv ${kv}, ${JSON.stringify(values)}\n${printExpr(mask)}`).toBe(evaluate([mask], leavesAt(values, q, kv))[0])
}

const far = fc.constantFrom(-2147483648, -2147483647, -7, -1, 0, 1, 3, 5, 6, 2147483645, 2147483646, 2147483647)
const farValues = fc.tuple(anyValues, far, far, far).map(([v, a, c, d]) => ({ ...v, a, c, d }))

describe('the keys of a row as ranges', () => {
  test('are those that the mask keeps, whatever its captures', () => {
    let found = 0
    fc.assert(fc.property(fc.oneof(anyMask, monotoneMask), fc.array(fc.oneof(anyValues, farValues), { minLength: 6, maxLength: 6 }), (mask, cases) => {
      const ranges = keyRanges(mask)
      if (!ranges) return
      found++
      for (const values of cases) agree(mask, ranges, values)
    }), { numRuns: 3000, seed: 20261128 })
    expect(found).toBeGreaterThan(300)
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
