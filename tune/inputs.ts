import type { Dtype, NamedCapture } from '../codegen/ir/algorithm.ts'
import type { KernelManifest } from '../codegen/ir/manifest.ts'
import type { AttentionInputs, CaptureArgument } from '../runtime/attention.ts'
import { encode, type TensorBits } from '../runtime/dtypes.ts'
import { offsetsOf } from '../runtime/offsets.ts'
import { drawCaptures } from '../verify/captures.ts'
import { rngOf } from '../verify/random/rng.ts'

/** Values are drawn once for this many elements, then repeated: drawing a hundred million normal numbers takes longer than timing them. */
const PERIOD = 65_521

const tensor = (dtype: Dtype, elements: number, seed: number, name: string): TensorBits => {
  const rng = rngOf(seed, name)
  const period = encode(dtype, Array.from({ length: Math.min(PERIOD, elements) }, rng.normal))
  const out = dtype === 'f32' ? new Float32Array(elements) : new Uint16Array(elements)
  for (let at = 0; at < elements; at += PERIOD) out.set(period.subarray(0, Math.min(PERIOD, elements - at)), at)
  return out
}

/** A scalar that has to be given stands at the upper end of its range: a window as wide as its author expects, not an empty one. */
const scalarFor = (c: NamedCapture): number => c.range?.[1] ?? 1

const timingCaptures = (captures: readonly NamedCapture[], sizes: Parameters<typeof drawCaptures>[1], seed: number): Readonly<Record<string, CaptureArgument>> => {
  const needed = captures.filter((c) => c.default === undefined)
  const scalars = needed.filter((c) => c.kind === 'scalar').map((c) => [c.name, scalarFor(c)] as const)
  return { ...drawCaptures(needed.filter((c) => c.kind !== 'scalar'), sizes, rngOf(seed, 'captures')), ...Object.fromEntries(scalars) }
}

/** Inputs for timing: unit normal q, k, v from the seed; captures that are not given are at their default, else drawn from their range. */
export const timingInputs = (
  manifest: Pick<KernelManifest, 'dtype' | 'headDim' | 'captures'>, lengths: readonly number[], heads: number, seed: number, captures: Readonly<Record<string, CaptureArgument>> = {},
): AttentionInputs => {
  const seqOffsets = offsetsOf(lengths)
  const rows = seqOffsets.at(-1)!
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensor(manifest.dtype, rows * heads * manifest.headDim, seed, name)) as [TensorBits, TensorBits, TensorBits]
  const drawn = timingCaptures(manifest.captures, { heads, sequences: lengths.length, rows, end: rows }, seed)
  return { q, k, v, rows, heads, seqOffsets, captures: { ...drawn, ...captures } }
}
