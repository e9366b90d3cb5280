import { type Expr, topological } from '../../../ir/hook.ts'
import { axisOf, type TensorSpec, tensorAxes } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { plainRead } from '../classify.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at, tensor } from '../names.ts'

/** How the products of a contraction are taken: 16-bit or TF32 tensor cores, or exact f32. */
export type Multiply = 'mma' | 'tf32' | 'fma'

/** One factor as the template stages it in shared memory: `rows` by `columns`, columns being neighbours in memory. */
export interface Operand {
  readonly name: 'left' | 'right'
  /** The k axis is the one whose neighbours are neighbours in memory. */
  readonly kUnit: boolean
  /** Copied 16 bytes at once, as it is; else element by element. */
  readonly vector: boolean
  /** Text: coordinates, statements before the value, the value; of a copy its buffer, place and conditions. */
  readonly atAxis: string
  readonly atK: string
  readonly lines: readonly string[]
  readonly value: string
  readonly buffer: string
  readonly index: string
  readonly guard: string
  /** Elements between rows in memory. */
  readonly rowStride: number
}

const specOf = (l: Lowering, name: string): TensorSpec => l.x.inputs.find((t) => t.name === name)!

/** The axis of an input whose elements are neighbours in memory. */
const unitAxis = (t: TensorSpec): string => { const last = t.axes.at(-1); return last === undefined ? '' : last.kind === 'axis' ? last.name : last.column }

const readsOf = (l: Lowering, e: Expr): readonly TensorSpec[] => topological(e).flatMap((n) => (n.kind === 'param' && n.name.startsWith('in:') ? [specOf(l, n.name.slice(3))] : []))

/** Whether an operand is one input whose elements are what shared memory holds, in whole 16-byte pieces. */
const copied = (l: Lowering, e: Expr, axes: readonly string[], vector: number): TensorSpec | undefined => {
  if (vector === 0) return undefined
  const name = plainRead(e)
  if (name === undefined) return undefined
  const t = specOf(l, name)
  const last = t.axes.at(-1)
  if (t.dtype !== 'element' || t.fill !== 0 || last?.kind !== 'axis' || !axes.includes(last.name)) return undefined
  if (t.axes.length !== 2 || t.axes[0]!.kind !== 'axis') return undefined
  const size = staticSize(l, last.name)
  return size !== undefined && size > 0 && size % vector === 0 && tensorAxes(t).every((a) => axisOf(l.x, a).index === undefined) ? t : undefined
}

/** True where factors are elements of the kernel's dtype, or 0, read or chosen: rounding them to 16 bits loses nothing. */
export const exactIn16 = (l: Lowering, ...sides: readonly Expr[]): boolean =>
  sides.every((e): boolean => {
    const name = plainRead(e)
    if (name !== undefined) return specOf(l, name).dtype === 'element'
    if (e.kind === 'const') return e.value === 0 || e.value === 1
    return e.kind === 'op' && (e.op === 'select' ? exactIn16(l, e.args[1]!, e.args[2]!) : e.op === 'neg' && exactIn16(l, e.args[0]!))
  })

/** `vector`: staged elements of 16 bytes; 0 where memory and shared memory differ in type. */
export const operand = (l: Lowering, name: Operand['name'], e: Expr, axis: string, k: string, vector: number): Operand => {
  const block = new Block(l)
  const t = copied(l, e, [axis, k], vector)
  const known = readsOf(l, e).filter((r) => [axis, k].includes(unitAxis(r)))
  const both = known.find((r) => [axis, k].every((a) => tensorAxes(r).includes(a))) ?? known[0]
  const common = { name, kUnit: both === undefined || unitAxis(both) === k, atAxis: at(axis), atK: at(k) }
  if (!t) {
    const value = block.call(`${name}_value`, e)
    return { ...common, vector: false, lines: block.before, value, buffer: '', index: '', guard: '', rowStride: 0 }
  }
  l.tensors.add(t.tensor)
  const { index, guards } = block.place(t)
  return { ...common, vector: true, lines: block.before, value: '', buffer: tensor(t.tensor), index, guard: guards.join(' && '), rowStride: staticSize(l, unitAxis(t))! }
}

/** True where rows of all sequences may be summed as those of one: nothing but packed rows along k is read. */
export const readsPackedRows = (l: Lowering, k: string, ...sides: readonly Expr[]): boolean =>
  sides.every((e) => topological(e).every((n) => {
    if (n.kind === 'table') return false
    if (n.kind === 'capture') return l.x.captures.some((c) => c.name === n.name && c.kind === 'scalar')
    if (n.kind !== 'param') return true
    if (!n.name.startsWith('in:')) return n.name.startsWith('size:') || n.name.startsWith('stat:')
    const t = specOf(l, n.name.slice(3))
    if (tensorAxes(t).some((a) => axisOf(l.x, a).index !== undefined)) return false
    const [head] = t.axes
    if (t.storage === 'dense') return t.batch === null && tensorAxes(t).every((a) => axisOf(l.x, a).kind === 'dense')
    return head?.kind === 'axis' && axisOf(l.x, head.name).like === axisOf(l.x, k).like
  }))

/** Whether both factors are rows of one tensor, so that a tile on the diagonal is staged once. */
export const sameTensor = (l: Lowering, left: Expr, right: Expr): boolean => {
  const [a, b] = [left, right].map((e) => { const name = plainRead(e); return name === undefined ? undefined : specOf(l, name) })
  if (!a || !b) return false
  const shape = (t: TensorSpec): string => JSON.stringify([t.tensor, t.storage, t.batch, t.fill, t.axes.map((x) => (x.kind === 'axis' ? axisOf(l.x, x.name).like : x))])
  return shape(a) === shape(b)
}
