import type { Algorithm, NamedCapture } from '../ir/algorithm.ts'
import { fail } from '../ir/diagnostics/index.ts'
import type { Leaves } from '../ir/evaluate.ts'
import type { ParamName } from '../ir/hook.ts'
import { selfExtent, type SequenceView, sequenceViews } from '../ir/layout.ts'

type Values = ArrayLike<number>
/** One capture as at launch: a number, its values packed, both sides of a perToken, or a pair with its shape. */
export type CaptureInput = number | Values | { readonly q: Values; readonly kv: Values } | { readonly values: Values; readonly rows?: number; readonly columns?: number }

/** A batch: perHead [heads], perSequence [B], perToken [ΣL], table [length] or [heads, length]. */
export interface Batch {
  /** Of self-attention; unused where `views` say where queries and keys lie. */
  readonly lengths: ArrayLike<number>
  readonly views?: readonly SequenceView[]
  readonly heads: number
  readonly captures: Readonly<Record<string, CaptureInput>>
}

/** The sequences of a batch. */
export const viewsOf = ({ lengths, views }: Pick<Batch, 'lengths' | 'views'>): readonly SequenceView[] => {
  if (views) return views
  const offsets = [0]
  for (let b = 0; b < lengths.length; b++) offsets.push(offsets[b]! + lengths[b]!)
  return sequenceViews(selfExtent(offsets))
}

/** What a hook sees for one sequence and head; `at` holds the params that change from call to call. */
export type LeavesOf = (b: number, h: number, at: Partial<Record<ParamName, number>>) => Leaves

type Pair = Extract<CaptureInput, { readonly values: Values }>
type Sides = Extract<CaptureInput, { readonly q: Values }>
/** Arrays have a method called `values`. */
const isPair = (x: CaptureInput | undefined): x is Pair => typeof x === 'object' && typeof (x as Pair).values === 'object'
const isSides = (x: CaptureInput | undefined): x is Sides => typeof x === 'object' && 'kv' in x

const valuesOf = (input: CaptureInput | undefined, fallback: number | undefined): Values =>
  typeof input === 'number' ? [input] : isPair(input) ? input.values : isSides(input) ? input.q : ((input as Values | undefined) ?? (fallback === undefined ? [] : [fallback]))

const clampTo = (last: number, index: number): number => Math.max(0, Math.min(last, index))

/** Where a read is: `position` of the side's row, `index` of a table or column, `row` of a pair. */
interface Read { readonly b: number; readonly h: number; readonly side?: 'q' | 'kv' | undefined; readonly position: number; readonly index: number; readonly row: number }
type Reader = (r: Read) => number
interface Shape { readonly text: string; readonly count: number; readonly read: (data: Values) => Reader }

const pairReader = (c: NamedCapture, input: Pair | undefined, heads: number, views: readonly SequenceView[]) => (data: Values): Reader => {
  const dense = c.layout === 'dense'
  const sums = [0]
  for (const v of views) sums.push(sums.at(-1)! + v.qLen * v.kvLen)
  const one = dense ? views.length * input!.rows! * input!.columns! : sums.at(-1)!
  const arrays = Math.max(1, one ? data.length / one : 1)
  return ({ b, h, row, index }) => {
    const rows = dense ? input!.rows! : views[b]!.qLen, columns = dense ? input!.columns! : views[b]!.kvLen
    const head = c.perHead ? Math.floor(h / (heads / arrays)) : 0
    return data[(dense ? (b * arrays + head) * rows * columns : head * one + sums[b]!) + clampTo(rows - 1, row) * columns + clampTo(columns - 1, index)]!
  }
}

const shapeOf = (c: NamedCapture, batch: Batch, views: readonly SequenceView[], input: CaptureInput | undefined, given: number): Shape => {
  const n = c.columns ?? 1
  const total = views.reduce((end, v) => Math.max(end, v.qRow0 + v.qLen, v.kvRow0 + v.kvLen), 0) * n
  const keys = isSides(input) ? input.kv : undefined
  const tableRows = c.perHead ? batch.heads : 1
  const shapes: Readonly<Record<NamedCapture['kind'], Shape>> = {
    scalar: { text: 'a number', count: 1, read: (data) => () => data[0]! },
    perHead: { text: `[heads] = [${batch.heads}]`, count: batch.heads, read: (data) => ({ h }) => data[h]! },
    perSequence: { text: `[sequences] = [${views.length}]`, count: views.length, read: (data) => ({ b }) => data[b]! },
    perToken: {
      text: `[tokens] = [${total}]`, count: keys ? given : total,
      read: (data) => ({ b, side, position, index }) => {
        const v = views[b]!
        return side === 'kv' ? (keys ?? data)[(v.kvRow0 + position) * n + index]! : data[(v.qRow0 + position - v.position0) * n + index]!
      },
    },
    table: {
      text: c.perHead ? `[heads, length], heads = ${batch.heads}` : '[length]', count: Math.max(1, Math.ceil(given / tableRows)) * tableRows,
      read: (data) => { const length = data.length / tableRows; return ({ h, index }) => data[(c.perHead ? h * length : 0) + clampTo(length - 1, index)]! },
    },
    pair: { text: 'any', count: given, read: pairReader(c, isPair(input) ? input : undefined, batch.heads, views) },
  }
  return shapes[c.kind]
}

/** Reads captures as a kernel does: indices clamp. Only the captures in `used` have to be given. */
export const leavesOf = (algorithm: Algorithm, batch: Batch, used: ReadonlySet<string>): LeavesOf => {
  const views = viewsOf(batch)
  const readers = new Map<string, Reader>()
  const columns = new Map(algorithm.captures.map((c) => [c.name, c.columns ?? 1]))
  for (const c of algorithm.captures.filter((c) => used.has(c.name))) {
    const input = batch.captures[c.name]
    const data = valuesOf(input, c.default)
    const shape = shapeOf(c, batch, views, input, data.length)
    if (data.length !== shape.count) fail('SR2003', { capture: c.name, kind: c.kind, name: algorithm.name, got: data.length, expected: shape.count, shape: shape.text })
    readers.set(c.name, shape.read(data))
  }
  return (b, h, at) => {
    const { qLen, kvLen } = views[b]!
    const known: Partial<Record<ParamName, number>> = { b, h, qLen, kvLen }
    const none = { b, h, position: 0, index: 0, row: 0 }
    return {
      param: (name) => at[name as ParamName] ?? known[name as ParamName]!,
      capture: (name, side) => readers.get(name)!(side === undefined ? none : { ...none, side, position: at[side]! }),
      table: (name, index, row, side) =>
        readers.get(name)!(side ? { ...none, side, position: at[side]!, index: clampTo(columns.get(name)! - 1, index) } : { ...none, index, row: row ?? 0 }),
    }
  }
}
