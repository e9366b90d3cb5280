import fc from 'fast-check'
import { expect } from 'vitest'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import type { NamedCapture, PointwisePart, SoftmaxPart } from '../../codegen/ir/algorithm.ts'
import type { PointwiseNormalizer, SoftmaxNormalizer } from '../../dsl/index.ts'
import { evaluate, type Leaves } from '../../codegen/ir/evaluate.ts'
import type { Hook } from '../../codegen/ir/hook.ts'

const entry = (c: NamedCapture, column: number, row = 0, side?: 'q' | 'kv'): number => {
  const index = column + 5 * row + (side === 'kv' ? 3 : 0)
  expect(Number.isInteger(index), `table ${c.name} read at ${index}`).toBe(true)
  return c.dtype === 'i32' ? Math.abs(index * 7) % 13 : Math.cos(index) * 2
}

const number = (c: NamedCapture): fc.Arbitrary<number> => {
  const [min, max] = c.range ?? [-20, 20]
  return c.dtype === 'i32' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true })
}

interface Point { readonly score: number; readonly length: number; readonly q: number; readonly kv: number; readonly b: number; readonly h: number; readonly values: Record<string, number> }

const points = (captures: readonly NamedCapture[]): fc.Arbitrary<Point> =>
  fc.record({
    score: fc.oneof(fc.double({ min: -20, max: 20, noNaN: true }), fc.integer({ min: -6, max: 6 })), length: fc.integer({ min: 1, max: 60 }), q: fc.nat(59), kv: fc.nat(59), b: fc.nat(5), h: fc.nat(7),
    values: fc.record(Object.fromEntries(captures.filter((c) => c.kind !== 'table' && c.kind !== 'pair' && !c.columns).flatMap((c): [string, fc.Arbitrary<number>][] =>
      c.kind === 'perToken' ? [[`${c.name}.q`, number(c)], [`${c.name}.kv`, number(c)]] : [[c.name, number(c)]]))),
  }).map((p) => ({ ...p, q: p.q % p.length, kv: p.kv % p.length }))

const seqOf = (captures: readonly NamedCapture[], p: Point): object => ({
  qLen: p.length, kvLen: p.length,
  ...Object.fromEntries(captures.map((c) => [
    c.name,
    c.kind === 'table' ? (i: number) => entry(c, i) : c.kind === 'pair' ? (row: number, column: number) => entry(c, column, row)
    : c.columns ? { q: (i: number) => entry(c, i, 0, 'q'), kv: (i: number) => entry(c, i, 0, 'kv') } : c.kind === 'perToken' ? { q: p.values[`${c.name}.q`], kv: p.values[`${c.name}.kv`] } : p.values[c.name],
  ])),
})

const leaves = (captures: readonly NamedCapture[], p: Point): Leaves => ({
  param: (name) => ({ score: p.score, b: p.b, h: p.h, q: p.q, kv: p.kv, qLen: p.length, kvLen: p.length })[name as 'q']!,
  capture: (name, side) => p.values[side ? `${name}.${side}` : name]!,
  table: (name, index, row, side) => entry(captures.find((c) => c.name === name)!, index, row, side),
})

const same = (kernel: number | boolean, js: unknown, hook: Hook): void => {
  if (typeof js === 'number' && typeof kernel === 'number') expect(Math.abs(kernel - js), `${hook.name} ${kernel} ${js}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(js)))
  else expect(kernel).toBe(js)
}

/** Every hook's expressions equal the live functions on random inputs. Divisions by an integer zero are the author's not to write. */
export const expectAgreement = ({ algorithm, definition }: LoadedDefinition, numRuns = 200): void => {
  const { captures, scoreMod, maskMod, normalizer } = algorithm
  fc.assert(fc.property(points(captures), (p) => {
    const seq = seqOf(captures, p)
    const at = leaves(captures, p)
    const scored = definition.scoreMod?.(p.score, p.b, p.h, p.q, p.kv, seq)
    const kept = definition.maskMod?.(p.b, p.h, p.q, p.kv, seq) ?? true
    if (scored !== undefined && scored !== -Infinity) same(evaluate([scoreMod!.body], at)[0]!, scored, scoreMod!)
    if (maskMod) same(evaluate([maskMod.body], at)[0]!, kept && scored !== -Infinity, maskMod)
    else expect(kept && scored !== -Infinity).toBe(true)
    const live = definition.normalizer
    const check = (hook: Hook | undefined, js: unknown): void => { if (hook) same(evaluate([hook.body], at)[0]!, typeof js === 'function' ? js() : js, hook) }
    const factor = (f: unknown) => (typeof f === 'function' ? f(seq) : f)
    const agree = (n: SoftmaxPart | PointwisePart, l: SoftmaxNormalizer | PointwiseNormalizer): void => {
      check(n.scale, factor(l.scale))
      if (n.kind === 'pointwise' && l.kind === 'pointwise') check(n.activation, l.activation(p.score))
      if (n.kind === 'softmax' && l.kind === 'softmax') {
        check(n.sink, factor(l.sink))
        check(n.keepAfter, () => l.keepAfter!(p.b, p.h, p.q, p.kv, seq as never))
      }
    }
    if (normalizer.kind === 'byHead' && live.kind === 'byHead') {
      check(normalizer.headCount, live.heads(seq))
      agree(normalizer.first, live.first)
      agree(normalizer.rest, live.rest)
    } else if (normalizer.kind !== 'byHead' && live.kind !== 'byHead') agree(normalizer, live)
  }), { numRuns })
}
