import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyseMask, classifyTiles, type LeavesOf } from '../../codegen/analyse/index.ts'
import { evaluate, type Leaves } from '../../codegen/ir/evaluate.ts'
import { type Expr, operands, type ParamName, printExpr, topological } from '../../codegen/ir/hook.ts'
import { intrinsics } from '../../codegen/ir/intrinsics/index.ts'
import { bruteTiles } from './brute.ts'
import { algorithmOf, anyMask, anyValues, monotoneMask, type Values } from './random.ts'

const leavesFor = (values: Values, length: number): LeavesOf => (b, h, at) => {
  const all: Partial<Record<ParamName, number>> = { b, h, qLen: length, kvLen: length }
  return {
    param: (name) => at[name as ParamName] ?? all[name as ParamName]!,
    capture: (name, side) => (name === 'tok' ? values.tok[at[side!]! % 4]! : values[name as 'a']),
    table: (_name, index) => values.tab[Math.max(0, Math.min(2, index))]!,
  }
}

/** As a GPU computes: every float result rounded to f32. */
const evaluateF32 = (roots: readonly Expr[], leaves: Leaves): readonly (number | boolean)[] => {
  const values = new Map<Expr, number | boolean>()
  for (const e of topological(...roots)) {
    const raw = e.kind === 'op' ? intrinsics[e.op]!.js(operands(e).map((o) => values.get(o)!), e.args.map((a) => a.type)) : evaluate([e], { ...leaves, table: (n) => leaves.table(n, values.get((e as { index: Expr }).index) as number) })[0]!
    values.set(e, e.type === 'f32' ? Math.fround(raw as number) : raw)
  }
  return roots.map((r) => values.get(r)!)
}

const side = fc.integer({ min: 0, max: 5 })
const start = fc.oneof(fc.nat(40), fc.integer({ min: 2147483600, max: 2147483640 }), fc.nat(2147483640))
const aBox = fc.tuple(start, start, side, side, fc.nat(6)).map(([q0, kv0, dq, dkv, more]) => {
  const length = Math.min(2147483646, Math.max(q0 + dq, kv0 + dkv) + 1 + more)
  return { q0, q1: Math.min(q0 + dq, length - 1), kv0, kv1: Math.min(kv0 + dkv, length - 1), length }
})

describe('soundness', () => {
  test.each([['in doubles', evaluate], ['in f32', evaluateF32]] as const)('what a box test proves holds for every pair, computed %s', (_how, run) => {
    const proven = { always: 0, never: 0 }
    fc.assert(fc.property(fc.oneof(anyMask, monotoneMask), fc.array(fc.tuple(anyValues, aBox), { minLength: 4, maxLength: 8 }), (mask, cases) => {
      const analysis = analyseMask(algorithmOf(mask))
      const parts = [analysis, analysis.rising, analysis.falling].filter((p) => p?.always && p.never)
      for (const [values, box] of cases) {
        const leaves = leavesFor(values, box.length)
        const claims = analysis.mode === 'all' ? [[true, false]] : parts.map((p) => run([p!.always!, p!.never!], leaves(0, 1, { ...box })))
        const never = claims.some((c) => c[1]), always = analysis.mode === 'all' || (claims.length > 0 && claims[0]![0] === true)
        if (!always && !never) continue
        proven[always ? 'always' : 'never']++
        for (let q = box.q0; q <= box.q1; q++) for (let kv = box.kv0; kv <= box.kv1; kv++) {
          const kept = run([mask], leaves(0, 1, { q, kv }))[0]
          if (kept ? never : always) throw new Error(`${always ? 'always' : 'never'} is wrong at q=${q}, kv=${kv} of ${JSON.stringify(box)}, ${JSON.stringify(values)}\n${printExpr(mask)}`)
        }
      }
    }), { numRuns: 3000, seed: 5 })
    expect(proven.always).toBeGreaterThan(500)
    expect(proven.never).toBeGreaterThan(500)
  })

  test.each([['any mask', anyMask], ['mostly monotone masks', monotoneMask]] as const)('tiles of %s: no kept pair is skipped, no full tile holds a dropped pair', (which, masks) => {
    const modes: Record<string, number> = { all: 0, bounds: 0, test: 0, masked: 0 }
    const found = { full: 0, empty: 0, wrapped: 0 }
    fc.assert(fc.property(masks, fc.array(fc.tuple(anyValues, fc.nat(26), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })), { minLength: 3, maxLength: 5 }), (mask, cases) => {
      const analysis = analyseMask(algorithmOf(mask))
      modes[analysis.mode]!++
      if (analysis.monotoneOk) found.wrapped++
      for (const [values, length, blockM, blockN] of cases) {
        const leaves = leavesFor(values, length)
        const tiles = classifyTiles(analysis, mask, { b: 0, h: 1, length, blockM, blockN, leaves }).map((row) => row.classes)
        const brute = bruteTiles((q, kv) => evaluate([mask], leaves(0, 1, { q, kv }))[0] as boolean, length, blockM, blockN)
        tiles.forEach((row, m) => row.forEach((c, n) => {
          if (c === 'partial') return
          found[c]++
          if (brute[m]![n] !== c) throw new Error(`tile ${m},${n} of ${blockM}x${blockN}, length ${length}: ${c}, is ${brute[m]![n]}; ${JSON.stringify(values)}\n${analysis.mode}\n${printExpr(mask)}`)
        }))
      }
    }), { numRuns: 1500, seed: 7 })
    if (which !== 'any mask') { expect(modes.bounds).toBeGreaterThan(400); expect(found.wrapped).toBeGreaterThan(30) }
    expect(modes.test).toBeGreaterThan(30)
    expect(Math.min(found.full, found.empty)).toBeGreaterThan(2000)
  })
})
