import type { InteractionDefinition } from '../../dsl/interaction.ts'
import type { ReductionOp } from '../../dsl/reductions.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { Frame } from './frame.ts'
import type { InteractionHooks, PassHooks } from './hooks.ts'

const getters = (names: readonly string[], read: (name: string) => () => number): object =>
  Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { enumerable: true, get: read(name) }])))

const places = (f: Frame): string => f.x.axes.filter((a) => !a.index).map((a) => `${a.name} = ${f.at[f.slot.get(a.name)!]}`).join(', ')

/** `seq` of the author's functions: lengths, sizes, captures. */
const seqOf = (f: Frame): object => {
  const of = (kind: string) => f.x.axes.filter((a) => a.kind === kind).map((a) => a.name)
  const seq = { lengths: getters(of('jagged'), (n) => f.length(n)), sizes: getters(of('dense'), (n) => f.bound(n)) }
  const b = f.slot.has('b') ? f.coordinate('b') : () => 0
  for (const c of f.x.captures) {
    const values = f.captures[c.name]!
    const entry = (index: number): number =>
      Number.isInteger(index) && index >= 0 && index < values.length ? values[index]! : fail('SR6008', { table: c.name, index, last: values.length - 1, length: values.length, at: places(f) })
    if (c.kind === 'table') Object.defineProperty(seq, c.name, { value: entry })
    else Object.defineProperty(seq, c.name, { get: c.kind === 'perSequence' ? () => values[b()] ?? 0 : () => values[0]! })
  }
  return seq
}

type Value = () => number | readonly number[]
/** Passes of a reduction and what its epilogue receives, from the value at the frame's coordinates. */
type Lowered = { readonly passes: readonly PassHooks[]; readonly y: () => unknown }

const one = (value: Value) => (): number => value() as number
const pass = (op: PassHooks['op'], value: () => number, whole = false): PassHooks => ({ op, count: 1, whole, values: (into) => { into[0] = value() } })

const listed = (op: 'sum' | 'mean' | 'max') => (f: Frame, value: Value): Lowered => {
  const count = Math.max(1, f.x.passes[0]?.values.length ?? 1)
  let list = false
  const values = (into: Float64Array): void => {
    const v = value()
    list = typeof v !== 'number'
    if (typeof v === 'number') into[0] = v
    else for (let i = 0; i < count; i++) into[i] = v[i]!
  }
  return { passes: [{ op, count, whole: false, values }], y: () => (list || count > 1 ? [...f.stats.subarray(0, count)] : f.stats[0]) }
}

const reductions: Readonly<Record<ReductionOp, (f: Frame, value: Value, axes: readonly string[]) => Lowered>> = {
  prefixSum: (f) => ({ passes: [], y: () => f.stats[0] }),
  sum: listed('sum'), mean: listed('mean'), max: listed('max'),
  argmax: (f, value, axes) => {
    const at = f.coordinate(axes[0]!)
    return { passes: [pass('max', one(value)), pass('min', () => (value() === f.stats[0] ? at() : 2147483647), true)], y: () => f.stats[1] }
  },
  softmax: (f, value) => ({
    passes: [pass('max', one(value)), pass('sum', () => Math.exp((value() as number) - f.stats[0]!))],
    y: () => Math.exp((value() as number) - f.stats[0]!) / f.stats[1]!,
  }),
  moments: (f, value) => {
    const v = one(value)
    return {
      passes: [pass('mean', v), pass('mean', () => (v() - f.stats[0]!) ** 2), pass('mean', () => v() ** 2)],
      y: () => ({ get value() { return v() }, mean: f.stats[0], variance: f.stats[1], meanSquare: f.stats[2] }),
    }
  },
}

/** The author's own functions; `round` is applied to what each returns. A table read out of range throws SR6008. */
export const liveHooks = (f: Frame, d: InteractionDefinition, round: (x: number) => number): InteractionHooks => {
  const v = getters(f.x.inputs.map((t) => t.name), (name) => f.input(name))
  const at = getters([...new Set(['b', ...f.x.axes.map((a) => a.name)])], (name) => (f.slot.has(name) ? f.coordinate(name) : () => 0))
  const seq = seqOf(f)
  for (const [name, index] of Object.entries({ ...d.index, ...d.scatter })) f.index[name] = () => index(at, seq, v)
  const value: Value = () => { const r = d.value(v, at, seq); return typeof r === 'number' ? round(r) : r.map(round) }
  const { passes, y }: Lowered = d.reduce ? reductions[d.reduce.op](f, value, d.reduce.axes) : { passes: [], y: value }
  const { epilogue } = d
  return {
    lengths: Object.fromEntries(Object.entries(d.lengths ?? {}).map(([name, length]) => [name, () => length(seq)])),
    passes, sums: [],
    ...(f.x.scan && { scan: one(value) }),
    epilogue: epilogue ? () => round(epilogue(y(), v, at, seq)) : () => y() as number,
  }
}
