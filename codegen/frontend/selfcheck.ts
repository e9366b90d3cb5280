import type { AttentionDefinition } from '../../dsl/attention.ts'
import type { Normalizer, PointwiseNormalizer, SoftmaxNormalizer } from '../../dsl/normalizers.ts'
import type { Algorithm, AlgorithmNormalizer, NamedCapture, PointwisePart, SoftmaxPart } from '../ir/algorithm.ts'
import { diagnostic, type Diagnostic } from '../ir/diagnostics/index.ts'
import { evaluate, type Leaves } from '../ir/evaluate.ts'
import { type Expr, type Hook, topological } from '../ir/hook.ts'
import { reason } from './place.ts'

const SAMPLES = 24

/** Numbers in [0, 1), the same in every run. */
const stream = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

interface Sample { readonly params: Readonly<Record<string, number>>; readonly values: ReadonlyMap<string, number>; readonly table: Leaves['table']; readonly seq: object }

/** Entries differ from row to row and from side to side. */
const tableEntry = (c: NamedCapture, column: number, row = 0, side?: 'q' | 'kv'): number => {
  const index = column + 5 * row + (side === 'kv' ? 3 : 0)
  return c.dtype === 'i32' ? ((Math.imul(index | 0, 7) % 11) + 11) % 11 : Math.sin(index * 1.7) + 1.2
}

/** One point of the hooks' domain: small lengths, captures inside their declared range. */
const draw = (captures: readonly NamedCapture[], random: () => number): Sample => {
  const below = (n: number): number => Math.floor(random() * n)
  const length = 1 + below(40)
  const params = { score: random() * 6 - 3, b: below(4), h: below(4), q: below(length), kv: below(length), qLen: length, kvLen: length }
  const one = (c: NamedCapture): number => {
    const [low, high] = c.range ?? (c.dtype === 'i32' ? [1, 12] : [0.1, 2])
    return c.dtype === 'i32' ? Math.min(high, low + below(high - low + 1)) : low + random() * (high - low)
  }
  const values = new Map<string, number>()
  const table: Leaves['table'] = (name, index, row, side) => tableEntry(captures.find((c) => c.name === name)!, index, row, side)
  const fields = captures.map((c): [string, unknown] => {
    if (c.kind === 'table') return [c.name, (index: number) => table(c.name, index)]
    if (c.kind === 'pair') return [c.name, (row: number, column: number) => table(c.name, column, row)]
    if (c.columns) return [c.name, { q: (i: number) => table(c.name, i, undefined, 'q'), kv: (i: number) => table(c.name, i, undefined, 'kv') }]
    if (c.kind !== 'perToken') { const v = one(c); values.set(c.name, v); return [c.name, v] }
    const sides = { q: one(c), kv: one(c) }
    if (params.q === params.kv) sides.kv = sides.q
    values.set(`${c.name}.q`, sides.q).set(`${c.name}.kv`, sides.kv)
    return [c.name, sides]
  })
  return { params, values, table, seq: Object.freeze({ qLen: length, kvLen: length, ...Object.fromEntries(fields) }) }
}

/** Divisors of integer operations: a kernel defines division by zero, JavaScript gives NaN. */
const divisors = (root: Expr): readonly Expr[] => topological(root).flatMap((e) => (e.kind === 'op' && ['floorDiv', 'mod', 'rem'].includes(e.op) ? [e.args[1]!] : []))

const compiled = (hook: Hook, s: Sample): number | boolean | undefined => {
  const leaves: Leaves = { param: (name) => s.params[name]!, capture: (name, side) => s.values.get(side ? `${name}.${side}` : name)!, table: s.table }
  const [value, ...below] = evaluate([hook.body, ...divisors(hook.body)], leaves)
  return below.includes(0) ? undefined : value
}

const agree = (js: unknown, kernel: number | boolean): boolean =>
  typeof js === 'number' && typeof kernel === 'number' ? Math.abs(js - kernel) <= 1e-6 * Math.max(1, Math.abs(js), Math.abs(kernel)) : js === kernel

const attempt = (call: () => unknown): unknown => {
  try {
    return call()
  } catch (error) {
    return `an error (${reason(error)})`
  }
}

const mismatch = (hook: Hook, s: Sample, js: unknown, kernel: number | boolean): Diagnostic =>
  diagnostic('SR1401', {
    hook: hook.name, js: String(js), kernel: String(kernel),
    at: [...Object.entries(s.params).filter(([k]) => k !== 'score' || hook.name !== 'maskMod'), ...s.values].map(([k, v]) => `${k} = ${Number.isInteger(v) ? v : v.toPrecision(4)}`).join(', '),
  }, hook.span)

type Part = SoftmaxPart | PointwisePart
type LivePart = SoftmaxNormalizer | PointwiseNormalizer
/** Each part as compiled, with the author's. */
const pairs = (n: AlgorithmNormalizer, live: Normalizer): readonly (readonly [Part, LivePart])[] =>
  n.kind === 'byHead' && live.kind === 'byHead' ? [[n.first, live.first], [n.rest, live.rest]] : n.kind !== 'byHead' && live.kind !== 'byHead' ? [[n, live]] : []

/** Runs the live functions and their compiled forms on the same points; the first disagreement of each hook comes back. */
export const selfCheck = (algorithm: Algorithm, live: AttentionDefinition): readonly Diagnostic[] => {
  const captures = algorithm.captures.filter((c) => !(algorithm.smScale.kind === 'capture' && algorithm.smScale.name === c.name))
  const random = stream(20_240_917)
  const found = new Map<string, Diagnostic>()
  const check = (hook: Hook | undefined, s: Sample, js: () => unknown): void => {
    if (!hook || found.has(hook.name)) return
    const kernel = compiled(hook, s)
    if (kernel === undefined) return
    const value = attempt(js)
    if ((typeof value === 'number' && !Number.isFinite(value)) || agree(value, kernel)) return
    found.set(hook.name, mismatch(hook, s, value, kernel))
  }
  const parts = pairs(algorithm.normalizer, live.normalizer)
  for (let i = 0; i < SAMPLES; i++) {
    const s = draw(captures, random)
    const { score, b, h, q, kv } = s.params as Record<'score' | 'b' | 'h' | 'q' | 'kv', number>
    const scored = (): unknown => live.scoreMod!(score, b, h, q, kv, s.seq)
    check(algorithm.scoreMod, s, scored)
    check(algorithm.maskMod, s, () => {
      const kept: unknown = live.maskMod ? live.maskMod(b, h, q, kv, s.seq) : true
      return kept === true && live.scoreMod ? attempt(scored) !== -Infinity : kept
    })
    const factor = (f: unknown): unknown => (typeof f === 'function' ? f(s.seq) : f)
    if (algorithm.normalizer.kind === 'byHead' && live.normalizer.kind === 'byHead') {
      const { heads } = live.normalizer
      check(algorithm.normalizer.headCount, s, () => heads(s.seq))
    }
    for (const [part, author] of parts) {
      check(part.scale, s, () => factor(author.scale))
      if (part.kind === 'pointwise' && author.kind === 'pointwise') check(part.activation, s, () => author.activation(score))
      if (part.kind === 'softmax' && author.kind === 'softmax') {
        check(part.sink, s, () => factor(author.sink))
        check(part.keepAfter, s, () => author.keepAfter!(b, h, q, kv, s.seq as never))
      }
    }
  }
  return [...found.values()]
}
