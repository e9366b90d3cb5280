import type { Algorithm, NamedCapture } from '../ir/algorithm.ts'
import { fail } from '../ir/diagnostics/index.ts'
import type { Leaves } from '../ir/evaluate.ts'
import type { ParamName } from '../ir/hook.ts'

/** One capture as at launch: a number, or its values packed. */
export type CaptureInput = number | ArrayLike<number>

/** A batch: perHead [heads], perSequence [B], perToken [ΣL], table [length] or [heads, length]. */
export interface Batch {
  readonly lengths: ArrayLike<number>
  readonly heads: number
  readonly captures: Readonly<Record<string, CaptureInput>>
}

/** What a hook sees for one sequence and head; `at` holds the params that change from call to call. */
export type LeavesOf = (b: number, h: number, at: Partial<Record<ParamName, number>>) => Leaves

const values = (input: CaptureInput | undefined, fallback: number | undefined): ArrayLike<number> =>
  typeof input === 'number' ? [input] : (input ?? (fallback === undefined ? [] : [fallback]))

const clampTo = (last: number, index: number): number => Math.max(0, Math.min(last, index))

type Reader = (b: number, h: number, index: number) => number
interface Shape { readonly text: string; readonly count: number; readonly read: (data: ArrayLike<number>) => Reader }

const shapeOf = (c: NamedCapture, batch: Batch, begins: readonly number[], given: number): Shape => {
  const total = begins[begins.length - 1]!
  const tableRows = c.perHead ? batch.heads : 1
  const shapes: Readonly<Record<NamedCapture['kind'], Shape>> = {
    scalar: { text: 'a number', count: 1, read: (data) => () => data[0]! },
    perHead: { text: `[heads] = [${batch.heads}]`, count: batch.heads, read: (data) => (_b, h) => data[h]! },
    perSequence: { text: `[sequences] = [${batch.lengths.length}]`, count: batch.lengths.length, read: (data) => (b) => data[b]! },
    perToken: { text: `[tokens] = [${total}]`, count: total, read: (data) => (b, _h, row) => data[begins[b]! + row]! },
    table: {
      text: c.perHead ? `[heads, length], heads = ${batch.heads}` : '[length]', count: Math.max(1, Math.ceil(given / tableRows)) * tableRows,
      read: (data) => { const length = data.length / tableRows; return (_b, h, index) => data[(c.perHead ? h * length : 0) + clampTo(length - 1, index)]! },
    },
  }
  return shapes[c.kind]
}

/** Reads captures as a kernel does: table indices clamp. Only the captures in `used` have to be given. */
export const leavesOf = (algorithm: Algorithm, batch: Batch, used: ReadonlySet<string>): LeavesOf => {
  const begins = [0]
  for (let b = 0; b < batch.lengths.length; b++) begins.push(begins[b]! + batch.lengths[b]!)
  const readers = new Map<string, Reader>()
  for (const c of algorithm.captures.filter((c) => used.has(c.name))) {
    const data = values(batch.captures[c.name], c.default)
    const shape = shapeOf(c, batch, begins, data.length)
    if (data.length !== shape.count) fail('SR2003', { capture: c.name, kind: c.kind, name: algorithm.name, got: data.length, expected: shape.count, shape: shape.text })
    readers.set(c.name, shape.read(data))
  }
  return (b, h, at) => {
    const length = batch.lengths[b]!
    const known: Partial<Record<ParamName, number>> = { b, h, qLen: length, kvLen: length }
    return {
      param: (name) => at[name as ParamName] ?? known[name as ParamName]!,
      capture: (name, side) => readers.get(name)!(b, h, side === undefined ? 0 : at[side]!),
      table: (name, index) => readers.get(name)!(b, h, index),
    }
  }
}
