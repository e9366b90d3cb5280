import { defaultProblem } from '../../codegen/compile.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import type { Device } from '../../runtime/device.ts'
import { movieLensLengths, progressLine, thinLengths, tune } from '../../tune/index.ts'
import { inProject } from '../paths.ts'
import { grouped, plural } from '../text.ts'
import type { Context } from '../types.ts'
import type { Tuned } from './types.ts'

/** Keeps a launch on a software adapter well under a second, so that a short search still tries many schedules. */
const SOFTWARE = { pairs: 1_000_000, heads: 1, dim: 16 }
const GPU = { pairs: Infinity, heads: 4, dim: 64 }

/** Tunes one definition on the adapter, over the MovieLens lengths or, on software, a thinned sample of them. */
export const tuneOn = async (device: Device, { definition, algorithm }: LoadedDefinition, budgetMs: number, context: Context): Promise<Tuned> => {
  const { pairs, heads, dim } = device.info.software ? SOFTWARE : GPU
  const all = movieLensLengths()
  const lengths = thinLengths(all, pairs)
  const tokens = lengths.reduce((sum, l) => sum + l, 0)
  const sample = lengths.length === all.length ? `all ${plural(all.length, 'MovieLens history')}` : `${lengths.length} of the ${all.length} MovieLens histories (every k-th by length, ${grouped(tokens)} tokens), because ${device.info.name} is software`
  const result = await tune({
    definition, algorithm, problem: defaultProblem(algorithm, 'f32', dim), device, lengths, heads, seed: 1, budgetMs,
    store: { winners: inProject('.serrate', 'winners.json'), journal: inProject('.serrate', 'journal') },
    onProgress: (p) => context.progress(`tuning ${algorithm.name}: ${progressLine(p)}`),
  })
  return { algorithm, result, lengths, heads, headDim: dim, sample }
}
