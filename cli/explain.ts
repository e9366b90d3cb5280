import { analyseMask, countTiles, viewsOf } from '../codegen/analyse/index.ts'
import { fail, formatDiagnostic } from '../codegen/ir/diagnostics/index.ts'
import { printSchedule } from '../codegen/ir/schedule.ts'
import { bytesOf } from '../runtime/dtypes.ts'
import { movieLensLengths } from '../tune/lengths.ts'
import { drawCaptures } from '../verify/captures.ts'
import { rngOf } from '../verify/random/rng.ts'
import { planFor } from './compile.ts'
import { resolveDefinition } from './resolve.ts'
import type { OptionsOf } from './table.ts'
import { grouped, plural } from './text.ts'
import type { Outcome } from './types.ts'

/** Flops of a head's executed tiles: q·k and p·v, padding of partial tiles included, and bytes that each launch must move at least. */
const predict = (executed: number, { blockM, blockN, heads, dim, tokens, elementBytes, lse }: { blockM: number; blockN: number; heads: number; dim: number; tokens: number; elementBytes: number; lse: boolean }) => ({
  flops: 4 * executed * blockM * blockN * dim * heads,
  bytes: tokens * heads * (4 * dim * elementBytes + (lse ? 4 : 0)),
  loadedBytes: executed * blockN * 2 * dim * elementBytes * heads,
})

/** Tiles are counted one by one. */
const MOST_TILES = 20_000_000
const checkTiles = (lengths: readonly number[], blockM: number, blockN: number): void => {
  const tiles = lengths.reduce((sum, l) => sum + Math.ceil(l / blockM) * Math.ceil(l / blockN), 0)
  if (tiles > MOST_TILES) fail('SR8012', { value: `of ${plural(lengths.length, 'sequence')}`, why: `they make ${grouped(tiles)} tiles a head, and explain counts at most ${grouped(MOST_TILES)} one by one` })
}

const percent = (part: number, whole: number): string => `${whole ? Math.round((100 * part) / whole) : 0}%`

/** Plan, tiles over the lengths, and predicted work. Captures are drawn from their ranges with the seed. */
export const explainKernel = async (ref: string, { target, dtype, dim, heads, lengths: given, seed, schedule }: OptionsOf<'explain'>): Promise<Outcome> => {
  const { algorithm } = await resolveDefinition(ref)
  const plan = planFor(algorithm, { target, dtype, dim, ...(schedule && { schedule }) })
  const analysis = analyseMask(algorithm)
  const lengths = given ?? movieLensLengths()
  const tokens = lengths.reduce((sum, l) => sum + l, 0)
  const drawn = drawCaptures(algorithm.captures.filter((c) => c.default === undefined), { heads, sequences: lengths.length, rows: tokens, end: tokens, views: viewsOf({ lengths }) }, rngOf(seed, 'capture', algorithm.name))
  const { block_m: blockM, block_n: blockN, threads, shared_bytes: sharedBytes } = plan.sizes as Record<'block_m' | 'block_n' | 'threads' | 'shared_bytes', number>
  checkTiles(lengths, blockM, blockN)
  const tiles = countTiles(analysis, algorithm, { lengths, heads, captures: drawn, blockM, blockN })
  const total = tiles.executed + tiles.empty
  const predicted = predict(tiles.executed, { blockM, blockN, heads, dim, tokens, elementBytes: bytesOf(dtype), lse: plan.lse })
  const scalars = Object.fromEntries(Object.entries(drawn).filter(([, v]) => typeof v === 'number'))
  return {
    ok: true,
    json: {
      name: algorithm.name, target, dtype, headDim: dim, heads, seed,
      lengths: { source: given ? 'given' : 'MovieLens histories', sequences: lengths.length, tokens, longest: lengths.reduce((a, b) => Math.max(a, b), 0) },
      plan: { kernel: plan.kernel, template: plan.template, schedule: plan.schedule, tileMode: plan.tileMode, blockM, blockN, threads, sharedBytes, buffers: plan.buffers.map((b) => b.name), requires: plan.requires, hash: plan.definition.hash },
      mask: { mode: analysis.mode, explanation: analysis.explanation, notes: analysis.notes },
      captures: scalars, tiles: { ...tiles, total, perHead: true }, predicted,
    },
    text: [
      `${algorithm.name} (${target}, ${dtype}, head dim ${dim})`,
      `  plan      ${printSchedule(plan.schedule)}`,
      `            query tile ${blockM}, key tile ${blockN}, ${threads} threads, ${grouped(sharedBytes)} B shared`,
      `  mask      ${analysis.mode}: ${analysis.explanation}`,
      ...analysis.notes.map((n) => formatDiagnostic(n).replace(/^/gm, '            ')),
      `  lengths   ${plural(lengths.length, 'sequence')}, ${grouped(tokens)} tokens${given ? '' : ' (MovieLens histories)'}`,
      ...(Object.keys(scalars).length ? [`  captures  drawn from seed ${seed}: ${Object.entries(scalars).map(([k, v]) => `${k} = ${v}`).join(', ')}`] : []),
      `  tiles     ${grouped(total)} a head: ${grouped(tiles.empty)} empty (${percent(tiles.empty, total)}), ${grouped(tiles.partial)} partial (${percent(tiles.partial, total)}), ${grouped(tiles.full)} full (${percent(tiles.full, total)})`,
      `  predicted ${grouped(predicted.flops)} flops; at least ${grouped(predicted.bytes)} bytes moved, ${grouped(predicted.loadedBytes)} bytes of k and v loaded by tiles`,
    ].join('\n'),
  }
}
