import type { BufferName } from '../codegen/ir/plan.ts'
import type { Prepared } from './attention.ts'
import type { JobResult } from './device.ts'
import { bytesOf } from './dtypes.ts'
import { brokenCanary, changedInput, isPoison } from './guards.ts'
import { elementAt, isPacked, type Placed, spanOf } from './strides.ts'

/** What was written outside its buffer, one sentence each; needs a job prepared with canaries. */
export const checkCanaries = (prepared: Prepared, result: JobResult): readonly string[] =>
  Object.entries(prepared.lengths).flatMap(([name, length]) => brokenCanary(name as BufferName, result.buffers[name as BufferName], length) ?? [])

/** Inputs that the launch changed; needs a job prepared with canaries. */
export const checkInputs = (prepared: Prepared, result: JobResult): readonly string[] =>
  (['q', 'k', 'v', 'seq_offsets', 'kv_offsets', 'kv_index', 'captures_i32', 'captures_f32'] as const).flatMap((name) =>
    changedInput(name, prepared.job?.buffers[name], result.buffers[name], prepared.lengths[name] ?? 0) ?? [])

/** True at every element of the tensor, false in the gaps between. */
const elementsOf = (p: Placed): Uint8Array => {
  const mine = new Uint8Array(spanOf(p))
  if (isPacked(p)) return mine.fill(1)
  for (let r = 0; r < p.rows; r++) for (let h = 0; h < p.heads; h++) mine.fill(1, elementAt(p, r, h), elementAt(p, r, h) + p.dim)
  return mine
}

const placeOf = (p: Placed, i: number): string => {
  for (let r = 0; r < p.rows; r++) for (let h = 0; h < p.heads; h++) { const d = i - elementAt(p, r, h); if (d >= 0 && d < p.dim) return `row ${r}, head ${h}${p.dim > 1 ? `, dim ${d}` : ''}` }
  return `element ${i}`
}

/** Output elements that the launch never wrote, and gaps between a view's rows that it did; needs a job prepared with poison. */
export const checkPoison = (prepared: Prepared, result: JobResult): readonly string[] =>
  (['out', 'lse'] as const).flatMap((name) => {
    if (prepared.lengths[name] === undefined) return []
    const placed = prepared.placed[name]
    const mine = elementsOf(placed)
    const size = name === 'lse' ? 4 : bytesOf(prepared.manifest.dtype)
    const untouched = (i: number): boolean => isPoison(result.buffers[name]!, i * size, size)
    const missing = mine.findIndex((m, i) => m === 1 && untouched(i))
    const gap = mine.findIndex((m, i) => m === 0 && !untouched(i))
    return [...(missing >= 0 ? [`${name} was not written at ${placeOf(placed, missing)}`] : []), ...(gap >= 0 ? [`${name}: element ${gap}, between the rows of its view, was overwritten`] : [])]
  })
