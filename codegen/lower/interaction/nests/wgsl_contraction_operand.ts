import { type Expr, topological } from '../../../ir/hook.ts'
import { axisOf, type TensorSpec, tensorAxes } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at } from '../names.ts'
import { prune } from './wgsl_common.ts'
import { QUAD } from './wgsl_contraction_tiles.ts'

/** One factor as the template stages it: vectors along `unit`, whose neighbours are neighbours in memory. */
export interface WgslOperand {
  readonly name: 'left' | 'right'
  readonly kUnit: boolean
  /** Vectors are read at once; else element by element. */
  readonly vector: boolean
  /** Text: the coordinate that all elements of a vector have, theirs along it, and the first of these. */
  readonly atFixed: string
  readonly atUnit: string
  readonly start: string
  /** The fixed coordinate and the vector's own are ends of k: names of their limits. */
  readonly fixedEnd: string
  readonly unitEnd: string
  /** Statements of a vector, then of each of its elements, and an element's value. */
  readonly outer: readonly string[]
  readonly lane: readonly string[]
  readonly value: string
  /** The element's statements read its coordinate. */
  readonly readsUnit: boolean
  /** Buffers that are read as vectors. */
  readonly buffers: readonly string[]
  readonly text: string
}

const inputsOf = (l: Lowering, e: Expr): readonly TensorSpec[] =>
  topological(e).flatMap((n) => (n.kind === 'param' && n.name.startsWith('in:') ? [l.x.inputs.find((t) => t.name === n.name.slice(3))!] : []))

const unitAxis = (t: TensorSpec): string => { const last = t.axes.at(-1); return last === undefined ? '' : last.kind === 'axis' ? last.name : last.column }

/** The inputs whose last axis is a dense one of a known size in whole vectors. */
const wholeVectors = (l: Lowering, t: TensorSpec, axis: string): boolean => {
  const last = t.axes.at(-1)
  const size = staticSize(l, axis)
  return last?.kind === 'axis' && last.name === axis && !(t.storage === 'jagged' && t.axes.length === 1) && axisOf(l.x, axis).kind === 'dense' && size !== undefined && size > 0 && size % QUAD === 0
}

export const wgslOperand = (l: Lowering, name: WgslOperand['name'], e: Expr, axis: string, k: string): WgslOperand => {
  const known = inputsOf(l, e).filter((t) => [axis, k].includes(unitAxis(t)))
  const widest = known.find((t) => [axis, k].every((a) => tensorAxes(t).includes(a))) ?? known[0]
  const unit = widest === undefined ? k : unitAxis(widest)
  const fixed = unit === k ? axis : k
  const vector = widest !== undefined && wholeVectors(l, widest, unit)
  const block = new Block(l, vector ? unit : undefined)
  const value = block.call(`${name}_value`, e)
  const start = `start_${at(unit).slice(3)}`
  const loads = block.vectors.flatMap((v) => {
    const all = `vector_${v.name}`
    const load = `load_${v.buffer}_vector(${v.index})`
    if (!v.guard) return [`var ${all} = ${load};`]
    const fill = `array<${v.type}, ${QUAD}>(${Array(QUAD).fill(v.fill).join(', ')})`
    return [`var ${all} = ${fill};`, `if (${v.guard}) { ${all} = ${load}; }`]
  })
  const lane = prune([...block.vectors.map((v) => `let ${v.name} = vector_${v.name}[i];`), ...(vector ? block.lane : block.before)], value)
  const outer = vector ? prune([...block.before, ...loads], [...lane, value].join('\n')) : []
  const text = [...outer, ...lane, value].join('\n')
  return {
    name, kUnit: unit === k, vector, atFixed: at(fixed), atUnit: at(unit), start, fixedEnd: unit === k ? 'i_end' : 'k_end', unitEnd: unit === k ? 'k_end' : 'i_end',
    outer, lane, value, readsUnit: new RegExp(`\\b${at(unit)}\\b`).test([...lane, value].join('\n')), buffers: block.vectors.map((v) => v.buffer), text,
  }
}
