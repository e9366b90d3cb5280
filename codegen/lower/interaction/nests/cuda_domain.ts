import { axisOf, type Interaction, tensorAxes } from '../../../ir/interaction/index.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at, param } from '../names.ts'
import { extent, walkedSequence } from '../place.ts'
import { one } from './cuda_walk.ts'

/** Steps over reduced axes, the last one fastest; with `inner`, a step is a vector of it. */
export interface Domain {
  /** Factors of the number of steps. */
  readonly factors: readonly string[]
  readonly steps: string
  /** Statements that give the coordinates from `step`. */
  readonly decode: readonly string[]
  /** Steps known when the kernel is made. */
  readonly known: number | undefined
}

/** How far an axis is walked in one sequence: to its length, or to the capacity where `padded`. */
export const boundOf = (l: Lowering, axis: string, padded: boolean): string => {
  if (axisOf(l.x, axis).kind !== 'jagged' || padded) return extent(l, { kind: 'axis', name: axis })
  return walkedSequence(l).length(axis)
}

export const domainOf = (l: Lowering, axes: readonly string[], inner: string | undefined, vector: number, padded: boolean): Domain => {
  const sizes = axes.map((a) => (a === inner ? String(staticSize(l, a)! / vector) : boundOf(l, a, padded)))
  const decode: string[] = axes.length > 1 ? ['long long place = step;'] : []
  const lines = axes.map((a, i) => {
    const size = sizes[i] === '0' ? '1' : sizes[i]!
    const name = a === inner ? `start_${at(a).slice(3)}` : at(a)
    const value = axes.length === 1 ? 'step' : i === 0 ? 'place' : `(place - quotient(place, ${size}) * ${size})`
    return [`const int ${name} = (int)${value}${a === inner && vector > 1 ? ` * ${vector}` : ''};`, ...(i > 0 ? [`place = quotient(place, ${size});`] : [])]
  })
  decode.push(...lines.reverse().flat())
  const numbers = sizes.filter((s) => /^\d+$/.test(s))
  return {
    factors: sizes, decode, steps: sizes.includes('0') ? '0' : sizes.length ? sizes.map((s, i) => (i === 0 && sizes.length > 1 ? `(long long)${s}` : s)).join(' * ') : '1',
    known: numbers.length === sizes.length ? numbers.reduce((a, s) => a * Number(s), 1) : undefined,
  }
}

/** Reduced axes but batch ones, in the order of the first input that has all of them, else of the definition. */
export const reducedAxes = (x: Interaction): readonly string[] => {
  const own = x.reduced.filter((a) => axisOf(x, a).kind !== 'batch')
  const order = x.inputs.map((t) => tensorAxes(t)).find((axes) => own.every((a) => axes.includes(a))) ?? own
  return [...own].sort((a, b) => order.indexOf(a) - order.indexOf(b))
}

/** What is walked where sequences are reduced too: packed rows of a jagged axis, or sequences where no jagged axis is reduced. */
export const sequencesDomain = (l: Lowering): { readonly axis: string | undefined; readonly rest: readonly string[] } => {
  const axes = reducedAxes(l.x)
  const axis = axes.find((a) => axisOf(l.x, a).kind === 'jagged' && !axisOf(l.x, a).index)
  return { axis, rest: axes.filter((a) => a !== axis) }
}
export { one, param }
