import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { NamedCapture } from '../../ir/algorithm.ts'
import { diagnostic, type Diagnostic } from '../../ir/diagnostics/index.ts'
import { evaluate, type Leaves } from '../../ir/evaluate.ts'
import { type Expr, topological } from '../../ir/hook.ts'
import type { Interaction } from '../../ir/interaction/types.ts'
import { reason } from '../place.ts'
import type { Value } from '../values.ts'
import type { ReadInteraction } from './definition.ts'
import { mapsOf } from './names.ts'

const SAMPLES = 24

/** Numbers in [0, 1), the same in every run. */
const stream = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

interface Point { readonly leaves: Leaves; readonly params: ReadonlyMap<string, number>; readonly v: object; readonly at: object; readonly seq: object; readonly lengthsOnly: object }

const entry = (c: NamedCapture, index: number): number => (c.dtype === 'i32' ? ((Math.imul(index | 0, 7) % 11) + 11) % 11 : Math.sin(index * 1.7) + 1.2)

const pick = (names: readonly string[], of: (name: string) => number): Record<string, number> => Object.fromEntries(names.map((n) => [n, of(n)]))

/** One point of the functions' domain: small lengths, coordinates inside them, captures in their declared range. */
const draw = (x: Interaction, indices: ReadonlyMap<string, Expr>, random: () => number): Point => {
  const below = (n: number): number => Math.floor(random() * n)
  const one = (c: NamedCapture): number => {
    const [low, high] = c.range ?? (c.dtype === 'i32' ? [1, 12] : [0.1, 2])
    return c.dtype === 'i32' ? Math.min(high, low + below(high - low + 1)) : low + random() * (high - low)
  }
  const params = new Map<string, number>()
  for (const a of x.axes) params.set(`${a.kind === 'jagged' ? 'len' : 'size'}:${a.name}`, 1 + below(40))
  for (const a of x.axes) if (!a.index) params.set(`at:${a.name}`, below(40))
  for (const t of x.inputs) params.set(`in:${t.name}`, t.dtype === 'i32' ? below(12) : random() * 6 - 3)
  const stats = x.passes.reduce((n, p) => n + p.values.length, 0)
  if (x.scan) params.set('stat:0', x.scan.value.type === 'i32' ? below(40) : random() * 6 - 3)
  for (let n = 0; n < stats; n++) params.set(`stat:${n}`, 0.1 + random() * 2)
  const captures = new Map(x.captures.map((c) => [c.name, one(c)]))
  const leaves: Leaves = { param: (name) => params.get(name)!, capture: (name) => captures.get(name)!, table: (name, index) => entry(x.captures.find((c) => c.name === name)!, index) }
  for (const [name, e] of indices) params.set(`at:${name}`, evaluate([e], leaves)[0] as number)
  const owner = (name: string): string => { const a = x.axes.find((o) => o.name === name)!; const of = x.axes.find((o) => o.name === a.like)!; return of.batch === a.batch ? of.name : name }
  const fields = { ...Object.fromEntries(x.captures.map((c) => [c.name, c.kind === 'table' ? (i: number) => entry(c, i) : captures.get(c.name)!])) }
  const of = (kind: string): readonly string[] => x.axes.flatMap((a) => (a.kind === kind ? [a.name] : []))
  const sizes = pick(of('dense'), (n) => params.get(`size:${x.axes.find((a) => a.name === n)!.like}`)!)
  const lengths = pick(of('jagged'), (n) => params.get(`len:${owner(n)}`)!)
  const derived = (n: string): number => { const { length } = x.axes.find((a) => a.name === owner(n))!; return length ? (evaluate([length], leaves)[0] as number) : lengths[n]! }
  return {
    leaves, params, v: pick(x.inputs.map((t) => t.name), (n) => params.get(`in:${n}`)!), at: pick(x.axes.map((a) => a.name), (n) => params.get(`at:${n}`)!),
    seq: { ...fields, lengths, sizes }, lengthsOnly: { ...fields, sizes, lengths: pick(of('jagged'), derived) },
  }
}

/** Divisors of integer operations: a kernel defines division by zero, JavaScript gives NaN. */
const divisors = (roots: readonly Expr[]): readonly Expr[] => topological(...roots).flatMap((e) => (e.kind === 'op' && ['floorDiv', 'mod', 'rem'].includes(e.op) ? [e.args[1]!] : []))

/** A compiled result as the author's function receives it. */
const plain = (y: Value, p: Point): unknown => {
  if (y.kind === 'expr') return evaluate([y.expr], p.leaves)[0]
  if (y.kind === 'array') return y.items.map((i) => plain(i, p))
  if (y.kind === 'object') return Object.fromEntries([...y.fields].map(([name, field]) => [name, plain(field as Value, p)]))
  return (y as { value?: unknown }).value
}

const close = (js: unknown, kernel: number | boolean): boolean =>
  typeof js === 'number' && typeof kernel === 'number' ? !Number.isFinite(js) || Math.abs(js - kernel) <= 1e-6 * Math.max(1, Math.abs(js), Math.abs(kernel)) : js === kernel

const attempt = (call: () => unknown): unknown => {
  try {
    return call()
  } catch (error) {
    return `an error (${reason(error)})`
  }
}

interface Probe { readonly hook: string; readonly exprs: readonly Expr[]; readonly js: (p: Point) => unknown }

const probes = ({ interaction: x, value, y, indices, lengths }: ReadInteraction, live: InteractionDefinition): readonly Probe[] => [
  ...[...lengths].map(([n, e]): Probe => ({ hook: `lengths.${n}`, exprs: [e], js: (p) => live.lengths![n]!(p.lengthsOnly) })),
  ...[...indices].map(([n, e]): Probe => ({ hook: `${live.scatter?.[n] ? 'scatter' : 'index'}.${n}`, exprs: [e], js: (p) => mapsOf(live)[n]!(p.at, p.seq, p.v) })),
  { hook: 'value', exprs: value, js: (p) => live.value(p.v, p.at, p.seq) },
  ...(live.epilogue ? [{ hook: 'epilogue', exprs: [x.epilogue], js: (p: Point) => live.epilogue!(plain(y, p), p.v, p.at, p.seq) }] : []),
]

/** Runs the live functions and their compiled forms on the same points; the first disagreement of each function comes back. */
export const selfCheckInteraction = (read: ReadInteraction, live: InteractionDefinition): readonly Diagnostic[] => {
  const random = stream(20_240_917)
  const found = new Map<string, Diagnostic>()
  const all = probes(read, live)
  for (let i = 0; i < SAMPLES; i++) {
    const p = draw(read.interaction, read.indices, random)
    for (const { hook, exprs, js } of all) {
      if (found.has(hook)) continue
      const kernel = evaluate(exprs, p.leaves)
      if (evaluate(divisors(exprs), p.leaves).includes(0)) continue
      const given = attempt(() => js(p))
      const list = Array.isArray(given) ? given : [given]
      if (list.length === kernel.length && kernel.every((k, n) => close(list[n], k))) continue
      const at = [...p.params].filter(([n]) => topological(...exprs).some((e) => e.kind === 'param' && e.name === n))
      found.set(hook, diagnostic('SR1401', { hook, js: String(given), kernel: kernel.join(', '), at: at.map(([n, v]) => `${n} = ${Number.isInteger(v) ? v : v.toPrecision(4)}`).join(', ') || 'every point' }, read.spans[hook] ?? read.interaction.span))
    }
  }
  return [...found.values()]
}
