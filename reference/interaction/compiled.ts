import { type Expr, topological } from '../../codegen/ir/hook.ts'
import { intrinsics } from '../../codegen/ir/intrinsics/index.ts'
import type { Frame } from './frame.ts'
import type { InteractionHooks } from './hooks.ts'

type Value = number | boolean

const params: Readonly<Record<string, (f: Frame, name: string) => () => Value>> = {
  in: (f, name) => f.input(name),
  at: (f, name) => f.coordinate(name),
  len: (f, name) => f.length(name),
  size: (f, name) => f.size(name),
  stat: (f, name) => { const i = Number(name); return () => f.stats[i]! },
}

const captured = (f: Frame, e: Expr & { kind: 'capture' }): (() => Value) => {
  const values = f.captures[e.name]!
  if (f.x.captures.find((c) => c.name === e.name)!.kind !== 'perSequence') return () => values[0]!
  const b = f.coordinate('b')
  return () => values[b()] ?? 0
}

/** The products and sums of an inner loop, without an argument list. */
const plain: Readonly<Record<string, (x: number, y: number) => number>> = { add: (x, y) => x + y, sub: (x, y) => x - y, mul: (x, y) => x * y, div: (x, y) => x / y }

const node = (e: Expr, slot: ReadonlyMap<Expr, number>, values: Value[], f: Frame, round: (x: number) => number): (() => Value) => {
  if (e.kind === 'const') { const value = e.type === 'f32' ? round(e.value as number) : e.value; return () => value }
  if (e.kind === 'param') { const [kind, name] = e.name.split(':') as [string, string]; return params[kind]!(f, name) }
  if (e.kind === 'capture') return captured(f, e)
  if (e.kind === 'table') {
    const [table, i] = [f.captures[e.name]!, slot.get(e.index)!]
    return () => table[Math.max(0, Math.min(values[i] as number, table.length - 1))]!
  }
  const from = e.args.map((a) => slot.get(a)!)
  if (e.type === 'f32' && plain[e.op]) {
    const [op, i, j] = [plain[e.op]!, from[0]!, from[1]!]
    return () => round(op(values[i] as number, values[j] as number))
  }
  const { js } = intrinsics[e.op]!
  const types = e.args.map((a) => a.type)
  const args: Value[] = from.map(() => 0)
  const apply = (): Value => {
    for (let i = 0; i < from.length; i++) args[i] = values[from[i]!]!
    return js(args, types)
  }
  return e.type === 'f32' ? () => round(apply() as number) : apply
}

/** Evaluates expressions at the frame's coordinates as a kernel would: both sides of a choice are computed, table indices are limited. */
const compile = (roots: readonly Expr[], f: Frame, round: (x: number) => number): { readonly run: () => void; readonly result: (i: number) => Value } => {
  const order = topological(...roots)
  const slot = new Map(order.map((e, i) => [e, i]))
  const values: Value[] = order.map(() => 0)
  const steps = order.map((e) => node(e, slot, values, f, round))
  const results = roots.map((r) => slot.get(r)!)
  return { run: () => { for (let i = 0; i < steps.length; i++) values[i] = steps[i]!() }, result: (i) => values[results[i]!]! }
}

/** The expressions of an Interaction; `round` is applied to every f32 result. */
export const compiledHooks = (f: Frame, round: (x: number) => number): InteractionHooks => {
  const number = (e: Expr): (() => number) => {
    const c = compile([e], f, round)
    return () => { c.run(); return Number(c.result(0)) }
  }
  for (const a of f.x.axes) if (a.index) f.index[a.name] = number(a.index)
  return {
    lengths: Object.fromEntries(f.x.axes.flatMap((a) => (a.length ? [[a.name, number(a.length)] as const] : []))),
    passes: f.x.passes.map((p) => {
      const c = compile(p.values, f, round)
      return { op: p.op, count: p.values.length, whole: p.values.every((v) => v.type === 'i32'), values: (into) => { c.run(); for (let i = 0; i < p.values.length; i++) into[i] = Number(c.result(i)) } }
    }),
    ...(f.x.scan && { scan: number(f.x.scan.value) }),
    epilogue: number(f.x.epilogue),
    sums: (f.x.sums ?? []).map((s) => number(s.value)),
  }
}
