import type { ScalarType } from '../../../ir/hook.ts'
import { axisOf, type GridFactor, type Interaction, type LayoutAxis, segmentOf, type TensorSpec, tensorAxes } from '../../../ir/interaction/index.ts'
import { dynamicSize, type Lowering, staticSize } from '../context.ts'

/** The groups that passes run for, laid out as the output is without its reduced axes: a group's index is its place. */
export const keptSpec = (x: Interaction): TensorSpec => {
  const reduced = (name: string): boolean => x.reduced.includes(name)
  const keep = (a: LayoutAxis): readonly LayoutAxis[] => {
    if (a.kind === 'axis') return reduced(a.name) ? [] : [a]
    const left = [a.row, a.column].filter((n) => !reduced(n))
    return left.length === 2 ? [a] : left.map((name) => ({ kind: 'axis', name }))
  }
  const { output } = x
  const batch = output.batch === null || reduced(output.batch) ? null : output.batch
  const axes = output.axes.flatMap(keep)
  const jagged = output.storage === 'jagged' && keep(output.axes[0]!).length > 0 && batch !== null
  return { ...output, name: 'stats', tensor: 'stats', batch, axes, storage: jagged ? 'jagged' : 'dense' }
}

/** Factors of the number of elements of a tensor. */
export const elementFactors = (l: Lowering, t: TensorSpec): readonly GridFactor[] => {
  const count = (of: string): GridFactor => ({ kind: 'count', of: of as 'elements', per: 1 })
  const along = (a: LayoutAxis): GridFactor => {
    if (a.kind !== 'axis') {
      const rows = staticSize(l, a.row)!
      return { kind: 'const', value: a.kind === 'outer' ? rows * staticSize(l, a.column)! : (rows * (rows - 1)) / 2 }
    }
    const axis = axisOf(l.x, a.name)
    const size = staticSize(l, a.name)
    return axis.kind === 'jagged' ? count(`capacity:${axis.like}`) : size === undefined ? count(dynamicSize(l, a.name).source) : { kind: 'const', value: size }
  }
  const segment = segmentOf(l.x, t)
  if (segment) return [count(`rows:${segment.name}`), ...t.axes.slice(1).map(along)]
  return [...(t.batch === null ? [] : [count(`batch:${t.batch}`)]), ...t.axes.map(along)]
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** Workgroups for `per` elements each: at least as many as are needed. */
export const workgroups = (factors: readonly GridFactor[], per: number): readonly GridFactor[] => {
  const known = factors.reduce((n, f) => (f.kind === 'const' ? n * f.value : n), 1)
  const counts = factors.filter((f) => f.kind === 'count')
  if (!counts.length) return [{ kind: 'const', value: Math.ceil(known / per) }]
  const shared = gcd(known || 1, per)
  return [...counts.map((f, i) => (i ? f : { ...f, per: per / shared })), { kind: 'const', value: known / shared }]
}

/** The results of the passes: `stat_N`, its operation and type. */
export const statsOf = (x: Interaction): readonly { readonly op: 'sum' | 'mean' | 'max' | 'min'; readonly type: ScalarType }[] => x.passes.flatMap((p) => p.values.map((v) => ({ op: p.op, type: v.type })))

/** Whether neighbouring groups are neighbouring elements of what the passes read. */
export const isColumns = (x: Interaction): boolean => {
  const [first] = x.inputs.filter((t) => t.dtype !== 'i32')
  const last = first && tensorAxes(first).at(-1)
  return last !== undefined && !x.reduced.includes(last) && axisOf(x, last).index === undefined
}
