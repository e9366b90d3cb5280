import { compileKernel } from '../codegen/compile.ts'
import { type Algorithm, hashAlgorithm } from '../codegen/ir/algorithm.ts'
import type { RecordedKernel } from '../codegen/emit/generate.ts'
import { limitsOf } from '../tune/limits.ts'
import type { Winner } from '../tune/records.ts'
import { whyUnusable } from '../tune/choose.ts'
import { listWinners } from '../tune/winners.ts'

/** What a launcher can tell apart: lengths and heads are not known to it. */
const slot = ({ key: k }: Winner): string => [k.target, k.device.name, k.dtype, k.headDim, k.lse].join(' ')

const problemOf = ({ key }: Winner) => ({ dtype: key.dtype, headDim: key.headDim, lse: key.lse })

const emitted = (algorithm: Algorithm, winner: Winner): RecordedKernel => {
  const { key, schedule, ms, default: usual } = winner
  return { source: compileKernel(algorithm, problemOf(winner), { target: key.target, limits: limitsOf(key.device), schedule }), device: key.device.name, ms, defaultMs: usual.ms }
}

/**
 * The recorded kernels of a definition: one a device, dtype and head dim, the one measured on the most tokens. Entries for another text of the
 * definition, or whose schedule can no longer be emitted, are left out.
 */
export const recordedKernels = (path: string): ((algorithm: Algorithm) => readonly RecordedKernel[]) => {
  const { winners } = listWinners(path)
  return (algorithm) => {
    const own = winners.filter((w) => w.key.definition.name === algorithm.name && w.key.definition.hash === hashAlgorithm(algorithm))
    const usable = own.filter((w) => !whyUnusable(w, algorithm, problemOf(w), limitsOf(w.key.device)))
    const kept = new Map<string, Winner>()
    for (const w of usable) if (w.lengths.tokens > (kept.get(slot(w))?.lengths.tokens ?? 0)) kept.set(slot(w), w)
    return [...kept.values()].map((w) => emitted(algorithm, w))
  }
}
