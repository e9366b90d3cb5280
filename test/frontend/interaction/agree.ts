import fc from 'fast-check'
import { expect } from 'vitest'
import type { LoadedInteraction } from '../../../codegen/frontend/index.ts'
import { evaluate, type Leaves } from '../../../codegen/ir/evaluate.ts'
import type { Expr } from '../../../codegen/ir/hook.ts'
import type { Interaction } from '../../../codegen/ir/interaction/index.ts'

/** A number of its own for every name and seed. */
const drawn = (seed: number, name: string, low: number, high: number): number => {
  let h = seed | 0
  for (const c of name) h = Math.imul(h ^ c.charCodeAt(0), 16_777_619)
  return low + ((h >>> 8) % (high - low + 1))
}

const lengthOwner = (x: Interaction, name: string): string => {
  const axis = x.axes.find((a) => a.name === name)!
  const owner = x.axes.find((a) => a.name === axis.like)!
  return owner.batch === axis.batch ? owner.name : name
}

/** What the author's functions are given at one point, and the leaves of the same point. */
const point = (x: Interaction, seed: number): { leaves: Leaves; v: object; at: Record<string, number>; seq: object } => {
  const params: Record<string, number> = {}
  for (const a of x.axes) params[`size:${a.name}`] = drawn(seed, `size ${a.name}`, 1, 20)
  for (const a of x.axes) if (a.kind === 'jagged' && !a.length) params[`len:${a.name}`] = drawn(seed, `len ${a.name}`, 0, 20)
  for (const a of x.axes) if (!a.index) params[`at:${a.name}`] = drawn(seed, `at ${a.name}`, 0, 20)
  for (const t of x.inputs) params[`in:${t.name}`] = drawn(seed, `in ${t.name}`, -99, 99) / (t.dtype === 'i32' ? 1 : 16)
  const captures = Object.fromEntries(x.captures.map((c) => [c.name, c.dtype === 'i32' ? drawn(seed, c.name, ...(c.range ?? [-3, 25] as const)) : drawn(seed, c.name, 1, 99) / 16]))
  const leaves: Leaves = { param: (n) => params[n] ?? expect.fail(`no value for ${n}`), capture: (n) => captures[n]!, table: (_n, i) => Math.cos(i) }
  for (const a of x.axes) if (a.length) params[`len:${a.name}`] = evaluate([a.length], leaves)[0] as number
  for (const a of x.axes) if (a.index) params[`at:${a.name}`] = evaluate([a.index], leaves)[0] as number
  const of = (what: string, kind: string, name: (n: string) => string): object => Object.fromEntries(x.axes.filter((a) => a.kind === kind).map((a) => [a.name, params[`${what}:${name(a.name)}`]]))
  return {
    leaves, v: Object.fromEntries(x.inputs.map((t) => [t.name, params[`in:${t.name}`]])), at: Object.fromEntries(x.axes.map((a) => [a.name, params[`at:${a.name}`]!])),
    seq: { ...captures, lengths: of('len', 'jagged', (n) => lengthOwner(x, n)), sizes: of('size', 'dense', (n) => x.axes.find((a) => a.name === n)!.like) },
  }
}

const close = (kernel: number, js: unknown, what: string): void => expect(Math.abs(kernel - (js as number)), `${what}: ${kernel} ${String(js)}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(kernel)))

/** Index maps, lengths and the values of the first pass equal the live functions on random points. */
export const expectAgreement = ({ interaction: x, definition }: LoadedInteraction, numRuns = 200): void => {
  fc.assert(fc.property(fc.nat(), (seed) => {
    const { leaves, v, at, seq } = point(x, seed)
    const one = (e: Expr): number => evaluate([e], leaves)[0] as number
    for (const a of x.axes) {
      if (a.index) close(one(a.index), (definition.index?.[a.name] ?? definition.scatter![a.name]!)(at, seq, v), `index ${a.name}`)
      if (a.length) close(one(a.length), definition.lengths![a.name]!(seq), `length ${a.name}`)
    }
    const live = definition.value(v, at, seq)
    const [pass] = x.passes
    if (x.scan) close(one(x.scan.value), live, 'value')
    if (!pass && !x.scan && !definition.epilogue) close(one(x.epilogue), live, 'value')
    if (pass && definition.reduce!.op !== 'moments') pass.values.forEach((e, i) => close(one(e), typeof live === 'number' ? live : live[i], `value ${i}`))
  }), { numRuns })
}
