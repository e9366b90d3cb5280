import type { LoadedDefinition } from '../codegen/frontend/index.ts'
import { analyseMask, countTiles } from '../codegen/analyse/index.ts'
import { fail, formatDiagnostic } from '../codegen/ir/diagnostics/index.ts'
import { type AttentionExtent, type SequenceView, sequenceViews } from '../codegen/ir/layout.ts'
import { tileQueries } from '../codegen/ir/manifest.ts'
import type { Plan } from '../codegen/ir/plan.ts'
import { printSchedule } from '../codegen/ir/schedule.ts'
import { bytesOf } from '../runtime/dtypes.ts'
import { movieLensLengths } from '../tune/lengths.ts'
import { drawCaptures } from '../verify/captures.ts'
import { drawExtent } from '../verify/index.ts'
import { rngOf } from '../verify/random/rng.ts'
import { decisionsFor, planFor } from './compile.ts'
import { attentionDtype, plainLengths } from './families.ts'
import type { OptionsOf } from './table.ts'
import { grouped, plural } from './text.ts'
import type { Outcome } from './types.ts'
import { nameOf, whereOf } from './where.ts'
import { checkMaxSeqLen } from './longest.ts'

interface Work {
  /** Of each head that has tiles of its own. */
  readonly executed: number
  readonly gridHeads: number
  readonly blockM: number
  readonly blockN: number
  readonly heads: number
  readonly kvHeads: number
  readonly dim: number
  readonly valueDim: number
  readonly qRows: number
  readonly rows: number
  readonly kvRows: number
  readonly elementBytes: number
  readonly lse: boolean
}

/** Flops of the executed tiles: q·k and p·v, padding of partial tiles included; bytes that each launch must move at least. */
const predict = (w: Work) => ({
  flops: 2 * w.executed * w.blockM * w.blockN * (w.dim + w.valueDim) * w.gridHeads,
  bytes: w.elementBytes * (w.heads * (w.qRows * w.dim + w.rows * w.valueDim) + w.kvRows * w.kvHeads * (w.dim + w.valueDim)) + (w.lse ? 4 * w.rows * w.heads : 0),
  loadedBytes: w.executed * w.blockN * (w.dim + w.valueDim) * w.elementBytes * w.gridHeads,
})

/** Tiles are counted one by one. */
const MOST_TILES = 20_000_000
const checkTiles = (views: readonly SequenceView[], blockM: number, blockN: number): void => {
  const tiles = views.reduce((sum, v) => sum + Math.ceil(v.qLen / blockM) * Math.ceil(v.kvLen / blockN), 0)
  if (tiles > MOST_TILES) fail('SR8012', { value: `of ${plural(views.length, 'sequence')}`, why: `they make ${grouped(tiles)} tiles a head, and explain counts at most ${grouped(MOST_TILES)} one by one` })
}

/** Where queries and keys lie, in a line. */
const layoutLine = ({ layout: { queries, align, sharedKeys } }: AttentionExtent, heads: number, kvHeads: number): string =>
  [`${nameOf(queries)} queries`, ...(align === 'end' ? ['positions from the end'] : []), ...(sharedKeys ? ['shared keys'] : []), ...(kvHeads < heads ? [`${plural(kvHeads, 'key head')} for ${heads}`] : [])].join(', ')

/** Why this loop nest: what the text runs on, and what one architecture would change. */
const whyTemplate = ({ template, requires: { architectures } }: Plan, arch: string | undefined): string => {
  if (architectures.length === 0) return `${template}: any WebGPU device with its features`
  const where = `${template}: runs on ${architectures.join(', ')}`
  return arch === undefined ? `${where}${architectures.length > 1 ? '; --arch sm_90a takes cuda_wgmma where the head dim allows' : ''}` : `${where}, asked for ${arch}`
}

const percent = (part: number, whole: number): string => `${whole ? Math.round((100 * part) / whole) : 0}%`

/** Plan, tiles over the lengths, and predicted work. Captures are drawn from their ranges with the seed. */
export const explainKernel = (loaded: LoadedDefinition, options: OptionsOf<'explain'>): Outcome => {
  const { target, dim, heads, seed, schedule, valueDim = dim, maxSeqLen, arch } = options
  const { algorithm } = loaded
  const dtype = attentionDtype(options.dtype)
  const given = options.lengths && plainLengths(loaded, options.lengths)
  const analysis = analyseMask(algorithm)
  const lengths = given ?? movieLensLengths()
  const { kvHeads = heads, ...where } = whereOf(algorithm, { lengths, heads }, options)
  const extent = drawExtent(seed, algorithm, { lengths, ...where })
  const views = sequenceViews(extent)
  checkMaxSeqLen(maxSeqLen, views.flatMap((v) => [v.qLen, v.kvLen]))
  const { queries } = extent.layout
  const rows = views.reduce((sum, v) => sum + v.qLen, 0)
  const kvRows = extent.kvOffsets.at(-1)!
  const qRows = queries === 'broadcast' ? extent.queryRows : rows
  const shape = { queries, sequences: lengths.length, heads, kvHeads, rows, kvRows, ...(maxSeqLen !== undefined && { maxSeqLen }) }
  const wanted = { target, dtype, dim, valueDim, shape, ...(schedule && { schedule }), ...(arch && { architecture: arch }) }
  const plan = planFor(algorithm, wanted)
  const decisions = decisionsFor(algorithm, wanted)
  const longest = views.reduce((most, v) => Math.max(most, v.kvLen), 0)
  const sizes = { heads, sequences: lengths.length, rows: qRows, end: qRows, views, longest, ...(queries !== 'self' && { kv: { rows: kvRows, end: kvRows } }) }
  const drawn = drawCaptures(algorithm.captures.filter((c) => c.default === undefined), sizes, rngOf(seed, 'capture', algorithm.name))
  const { block_m: blockM, block_n: blockN, threads, shared_bytes: sharedBytes } = plan.sizes as Record<'block_m' | 'block_n' | 'threads' | 'shared_bytes', number>
  const gqa = plan.schedule.values.gqa === 1
  const group = heads / kvHeads
  if (gqa && group > blockM) fail('SR5041', { kernel: plan.kernel, blockM, heads, kvHeads, group })
  const queriesOfTile = tileQueries({ blockM, gqa }, group)
  checkTiles(views, queriesOfTile, blockN)
  const tiles = countTiles(analysis, algorithm, { lengths, views, heads, captures: drawn, blockM: queriesOfTile, blockN })
  const total = tiles.executed + tiles.empty
  const predicted = predict({ executed: tiles.executed, gridHeads: gqa ? kvHeads : heads, blockM, blockN, heads, kvHeads, dim, valueDim, qRows, rows, kvRows, elementBytes: bytesOf(dtype), lse: plan.lse })
  const scalars = Object.fromEntries(Object.entries(drawn).filter(([, v]) => typeof v === 'number'))
  return {
    ok: true,
    json: {
      name: algorithm.name, target, dtype, headDim: dim, valueDim, heads, kvHeads, seed, layout: extent.layout,
      lengths: { source: given ? 'given' : 'MovieLens histories', sequences: lengths.length, queries: rows, keys: kvRows, longest },
      plan: { kernel: plan.kernel, template: plan.template, schedule: plan.schedule, tileMode: plan.tileMode, blockM, blockN, threads, sharedBytes, buffers: plan.buffers.map((b) => b.name), requires: plan.requires, hash: plan.definition.hash },
      planner: { shape, decisions, template: whyTemplate(plan, arch) },
      mask: { mode: analysis.mode, explanation: analysis.explanation, notes: analysis.notes },
      captures: scalars, tiles: { ...tiles, total, perHead: true }, predicted,
    },
    text: [
      `${algorithm.name} (${target}, ${dtype}, head dim ${dim}${valueDim === dim ? '' : `, value dim ${valueDim}`})`,
      `  plan      ${printSchedule(plan.schedule)}`,
      `            ${whyTemplate(plan, arch)}`,
      `            query tile ${gqa ? `${queriesOfTile} x ${group} heads` : blockM}, key tile ${blockN}, ${threads} threads, ${grouped(sharedBytes)} B shared`,
      ...decisions.map((d) => `            ${d.field}=${d.value}${d.taken ? '' : ' not taken'}: ${d.reason}`),
      `  mask      ${analysis.mode}: ${analysis.explanation}`,
      ...analysis.notes.map((n) => formatDiagnostic(n).replace(/^/gm, '            ')),
      `  layout    ${layoutLine(extent, heads, kvHeads)}`,
      `  lengths   ${plural(lengths.length, 'sequence')}, ${queries === 'self' ? `${grouped(rows)} tokens` : `${grouped(rows)} query rows, ${grouped(kvRows)} key rows`}${given ? '' : ' (MovieLens histories)'}`,
      ...(Object.keys(scalars).length ? [`  captures  drawn from seed ${seed}: ${Object.entries(scalars).map(([k, v]) => `${k} = ${v}`).join(', ')}`] : []),
      `  tiles     ${grouped(total)} a head: ${grouped(tiles.empty)} empty (${percent(tiles.empty, total)}), ${grouped(tiles.partial)} partial (${percent(tiles.partial, total)}), ${grouped(tiles.full)} full (${percent(tiles.full, total)})`,
      `  predicted ${grouped(predicted.flops)} flops; at least ${grouped(predicted.bytes)} bytes moved, ${grouped(predicted.loadedBytes)} bytes of k and v loaded by tiles`,
    ].join('\n'),
  }
}
