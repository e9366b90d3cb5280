import { axisOf, type GridFactor, type LayoutAxis } from '../../../ir/interaction/index.ts'
import type { Lowering } from '../context.ts'
import { staticSize } from '../context.ts'
import { param } from '../names.ts'
import { walkedSequence } from '../place.ts'

/** How far an axis goes: the same number for every sequence (`source`: a launch parameter, absent where the number is known), or its sequence's length. */
export interface Extent {
  readonly text: string
  readonly uniform: boolean
  readonly size?: number
  readonly source?: `${'capacity' | 'size'}:${string}`
}

const number = (l: Lowering, name: string): string => (l.text.target === 'wgsl' ? `i32(params.${name})` : `(int)params.${name}`)

export const extentOfAxis = (l: Lowering, name: string): Extent => {
  const { kind, like } = axisOf(l.x, name)
  if (kind === 'jagged') {
    if (!l.padded.has(name)) return { text: walkedSequence(l).length(name), uniform: false }
    const source = `capacity:${like}` as const
    l.sources.add(source)
    return { text: number(l, param.capacity(like)), uniform: true, source }
  }
  const size = staticSize(l, name)
  if (size !== undefined) return { text: String(size), uniform: true, size }
  const source = `size:${like}` as const
  l.sources.add(source)
  return { text: number(l, param.size(like)), uniform: true, source }
}

/** Pieces of `per` elements along an axis that is the same for every sequence. */
export const pieces = (e: Extent, per: number): GridFactor =>
  e.size !== undefined ? { kind: 'const', value: Math.ceil(e.size / per) } : { kind: 'count', of: e.source!, per }

/** Elements of one packed row of the output: the product of the axes after its first. */
export const rowSize = (l: Lowering, axes: readonly LayoutAxis[]): string => {
  const texts = axes.slice(1).map((a) => (a.kind === 'axis' ? extentOfAxis({ ...l, padded: new Set([a.name]) }, a.name).text : `${extentOfAxis(l, a.row).text} * ${extentOfAxis(l, a.column).text}`))
  return texts.length ? texts.join(' * ') : '1'
}
