import type { AxisPair, TensorLayout } from '../../../dsl/index.ts'
import type { NamedCapture } from '../../../codegen/ir/algorithm.ts'
import { type Expr, ExprBuilder, type ScalarType } from '../../../codegen/ir/hook.ts'
import { intrinsics } from '../../../codegen/ir/intrinsics/index.ts'
import type { Axis, Interaction, LayoutAxis, Pass, TensorSpec } from '../../../codegen/ir/interaction/index.ts'

/** Expressions by hand. */
export const kit = (whole: ReadonlySet<string> = new Set()) => {
  const b = new ExprBuilder()
  const op = (name: string, ...args: readonly Expr[]): Expr => b.op(intrinsics[name]!.signatures.find((s) => s.args.every((t, i) => t === args[i]!.type))!.result, name, args)
  return {
    b, op,
    in: (name: string): Expr => b.param(whole.has(name) ? 'i32' : 'f32', `in:${name}`),
    at: (name: string): Expr => b.param('i32', `at:${name}`),
    len: (name: string): Expr => b.param('i32', `len:${name}`),
    size: (name: string): Expr => b.param('i32', `size:${name}`),
    stat: (i: number, type: ScalarType = 'f32'): Expr => b.param(type, `stat:${i}`),
    f: (x: number): Expr => b.const('f32', x),
    i: (x: number): Expr => b.const('i32', x),
    capture: (name: string, type: ScalarType = 'f32'): Expr => b.capture(type, name),
    table: (name: string, index: Expr): Expr => b.table('f32', name, index),
    add: (x: Expr, y: Expr) => op('add', x, y), sub: (x: Expr, y: Expr) => op('sub', x, y), mul: (x: Expr, y: Expr) => op('mul', x, y), div: (x: Expr, y: Expr) => op('div', x, y),
    select: (c: Expr, x: Expr, y: Expr) => op('select', c, x, y), lt: (x: Expr, y: Expr) => op('lt', x, y), eq: (x: Expr, y: Expr) => op('eq', x, y),
  }
}
export type Kit = ReturnType<typeof kit>

export interface Draft {
  readonly name: string
  readonly inputs: Readonly<Record<string, TensorLayout<any>>>
  readonly output: TensorLayout<any>
  readonly captures?: readonly NamedCapture[]
  readonly reduced?: readonly string[]
  readonly index?: (k: Kit) => Readonly<Record<string, Expr>>
  readonly lengths?: (k: Kit) => Readonly<Record<string, Expr>>
  /** Axes that share lengths or size with another: name to owner. */
  readonly like?: Readonly<Record<string, string>>
  /** Batch axis of jagged axes, where it is not b. */
  readonly batches?: Readonly<Record<string, string>>
  /** Jagged axes that no jagged layout shows. */
  readonly jagged?: readonly string[]
  readonly body: (k: Kit) => { readonly passes?: readonly Pass[]; readonly epilogue: Expr }
  readonly constants?: readonly string[]
}

const names = (a: string | AxisPair): readonly string[] => (typeof a === 'string' ? [a] : [a.row, a.column])
const layoutAxis = (a: string | AxisPair): LayoutAxis => (typeof a === 'string' ? { kind: 'axis', name: a } : { kind: a.kind, row: a.row, column: a.column })

/** An Interaction by hand, with axes read off the layouts. */
export const build = (d: Draft): Interaction => {
  const layouts = [...Object.values(d.inputs), d.output]
  const k = kit(new Set(Object.entries(d.inputs).flatMap(([n, t]) => (t.options.dtype === 'i32' ? [n] : []))))
  const index = d.index?.(k) ?? {}
  const lengths = d.lengths?.(k) ?? {}
  const batches = new Set(['b', ...layouts.flatMap((t) => (t.options.batch ? [t.options.batch] : [])), ...Object.values(d.batches ?? {})])
  const jagged = new Set([...(d.jagged ?? []), ...layouts.flatMap((t) => (t.storage === 'jagged' ? names(t.axes[0]!) : [])), ...Object.keys(lengths)])
  const all = [...new Set([...batches, ...layouts.flatMap((t) => t.axes.flatMap(names)), ...jagged, ...(d.reduced ?? [])])]
  const axes = all.map((name): Axis => ({
    name, kind: batches.has(name) ? 'batch' : jagged.has(name) ? 'jagged' : 'dense', like: d.like?.[name] ?? name,
    ...(jagged.has(name) && { batch: d.batches?.[name] ?? 'b' }), ...(index[name] && { index: index[name] }), ...(lengths[name] && { length: lengths[name] }),
  }))
  const spec = (name: string, t: TensorLayout<any>): TensorSpec => {
    const own = t.axes.flatMap(names)
    const first = own[0]
    const batch = t.storage === 'jagged' ? (t.options.batch ?? 'b') : first && batches.has(first) ? first : null
    return { name, tensor: t.rereads ?? name, storage: t.storage, batch, axes: (batch && t.storage === 'dense' ? t.axes.slice(1) : t.axes).map(layoutAxis), dtype: t.options.dtype ?? 'element', fill: t.options.fill ?? 0 }
  }
  const { passes = [], epilogue } = d.body(k)
  return {
    kind: 'interaction', name: d.name, axes, inputs: Object.entries(d.inputs).map(([n, t]) => spec(n, t)), output: spec('out', d.output), captures: d.captures ?? [],
    reduced: d.reduced ?? [], passes, epilogue, constants: d.constants ?? [], span: { file: 'test', line: 1, column: 1, text: '' }, spans: {},
  }
}
