import type { BufferName } from '../codegen/ir/plan.ts'
import type { Prepared } from './attention.ts'
import type { JobResult } from './device.ts'
import { bytesOf } from './dtypes.ts'
import { brokenCanary, findPoison } from './guards.ts'

/** What was written outside its buffer, one sentence each; needs a job prepared with canaries. */
export const checkCanaries = (prepared: Prepared, result: JobResult): readonly string[] =>
  Object.entries(prepared.lengths).flatMap(([name, length]) => brokenCanary(name as BufferName, result.buffers[name as BufferName], length) ?? [])

/** Inputs that the launch changed; needs a job prepared with canaries. */
export const checkInputs = (prepared: Prepared, result: JobResult): readonly string[] =>
  (['q', 'k', 'v', 'seq_offsets', 'captures_i32', 'captures_f32'] as const).flatMap((name) => {
    const before = prepared.job?.buffers[name]
    const after = result.buffers[name]
    const length = prepared.lengths[name] ?? 0
    if (!before || !after) return []
    for (let i = 0; i < length; i++) if (before[i] !== after[i]) return [`${name}: byte ${i} of an input changed`]
    return []
  })

/** Output elements that the launch never wrote; needs a job prepared with poison. */
export const checkPoison = (prepared: Prepared, result: JobResult): readonly string[] => {
  const { heads, manifest: { headDim, dtype } } = prepared
  const place = { out: (i: number) => `row ${Math.floor(i / (heads * headDim))}, head ${Math.floor(i / headDim) % heads}, dim ${i % headDim}`, lse: (i: number) => `row ${Math.floor(i / heads)}, head ${i % heads}` }
  return (['out', 'lse'] as const).flatMap((name) => {
    const length = prepared.lengths[name]
    if (length === undefined) return []
    const at = findPoison(result.buffers[name]!, length, name === 'lse' ? 4 : bytesOf(dtype))
    return at < 0 ? [] : [`${name} was not written at ${place[name](at)}`]
  })
}
