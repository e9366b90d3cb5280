import { analyseMask, type CaptureInput, mapPairs, mapTiles, type RowTiles, type Runs } from '../codegen/analyse/index.ts'
import type { Algorithm } from '../codegen/ir/algorithm.ts'
import type { SequenceView } from '../codegen/ir/layout.ts'
import { type Html, html } from './html.ts'
import { px } from './svg.ts'

export interface MaskPictureOptions {
  readonly algorithm: Algorithm
  /** The sequence drawn: its rows, keys and positions. */
  readonly view: SequenceView
  readonly captures: Readonly<Record<string, CaptureInput>>
  readonly blockM: number
  readonly blockN: number
  readonly title: string
}

/** Pixels of a pair's side. */
const UNIT = 3
const LEFT = 58
const TOP = 62
const GAP = 14
const MARK = 11
const colours = { full: '#2f6fb5', kept: '#e08a1e', partial: '#fdeccf', empty: '#ffffff', line: '#b9c0c8', edge: '#4a525c', text: '#1f2328', dim: '#59626d' }

interface Frame { readonly view: SequenceView; readonly blockM: number; readonly blockN: number }

const box = (row: number, kv: number, rows: number, keys: number, fill: string): Html =>
  html`<rect x="${px(LEFT + kv * UNIT)}" y="${px(TOP + row * UNIT)}" width="${px(keys * UNIT)}" height="${px(rows * UNIT)}" fill="${fill}"/>`

/** Query rows of a tile, counted in the sequence's rows. */
const rowsOf = ({ q0, q1 }: RowTiles, { position0 }: SequenceView) => ({ row: q0 - position0, rows: q1 - q0 + 1 })

const tileRects = (map: readonly RowTiles[], { view, blockN }: Frame): readonly Html[] =>
  map.flatMap((tiles) => {
    const { row, rows } = rowsOf(tiles, view)
    return tiles.classes.flatMap((c, t) => (c === 'empty' ? [] : [box(row, t * blockN, rows, Math.min(blockN, view.kvLen - t * blockN), colours[c])]))
  })

/** Kept pairs inside partial tiles; runs that rows share are one rectangle. */
const pairRects = (map: readonly RowTiles[], runs: readonly Runs[], { view, blockN }: Frame): readonly Html[] =>
  map.flatMap((tiles) => {
    const { row, rows } = rowsOf(tiles, view)
    return tiles.classes.flatMap((c, t) => {
      if (c !== 'partial') return []
      const [low, high] = [t * blockN, Math.min((t + 1) * blockN, view.kvLen)]
      const clipped = (r: number) => (runs[r] ?? []).map(([a, b]) => [Math.max(a, low), Math.min(b, high)] as const).filter(([a, b]) => a < b)
      const rects: Html[] = []
      for (let r = row, same: number; r < row + rows; r = same) {
        const key = JSON.stringify(clipped(r))
        for (same = r + 1; same < row + rows && JSON.stringify(clipped(same)) === key; same++);
        rects.push(...clipped(r).map(([a, b]) => box(r, a, same - r, b - a, colours.kept)))
      }
      return rects
    })
  })

const line = (x1: number, y1: number, x2: number, y2: number): Html => html`<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}" stroke="${colours.line}" stroke-width="0.6"/>`

const grid = (map: readonly RowTiles[], { view, blockN }: Frame): readonly Html[] => {
  const [right, bottom] = [LEFT + view.kvLen * UNIT, TOP + view.qLen * UNIT]
  const columns = Array.from({ length: Math.ceil(view.kvLen / blockN) - 1 }, (_, i) => LEFT + (i + 1) * blockN * UNIT)
  const rows = map.map((t) => rowsOf(t, view).row).filter((r) => r > 0).map((r) => TOP + r * UNIT)
  return [...columns.map((x) => line(x, TOP, x, bottom)), ...rows.map((y) => line(LEFT, y, right, y))]
}

const label = (x: number, y: number, anchor: 'start' | 'middle' | 'end', text: string | number, fill = colours.dim): Html =>
  html`<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="${fill}">${text}</text>`

/** Numbers every other tile, so that they do not touch; queries count positions. */
const ticks = (map: readonly RowTiles[], { view, blockM, blockN }: Frame): readonly Html[] => {
  const every = (block: number): number => (block * UNIT < 36 ? 2 : 1)
  const columns = Array.from({ length: Math.ceil(view.kvLen / blockN) }, (_, i) => i * blockN).filter((_, i) => i % every(blockN) === 0)
  const rows = map.filter((_, i) => i % (blockM * UNIT < 18 ? 2 : 1) === 0).map((t) => ({ q: t.q0, y: TOP + rowsOf(t, view).row * UNIT }))
  return [
    label(LEFT, TOP - 22, 'start', 'kv →'), label(LEFT - 44, TOP + 10, 'start', 'q ↓'),
    ...columns.map((kv) => label(LEFT + kv * UNIT, TOP - 6, 'start', kv)), ...rows.map(({ q, y }) => label(LEFT - 6, y + 10, 'end', q)),
  ]
}

const legendRows = ['full', 'partial', 'empty'] as const
const legend = (counts: Readonly<Record<(typeof legendRows)[number], number>>, y: number): readonly Html[] =>
  legendRows.map((c, i) => {
    const x = LEFT + i * 104
    const dot = c === 'partial' ? html`<rect x="${x}" y="${px(y + MARK / 2)}" width="${MARK}" height="${px(MARK / 2)}" fill="${colours.kept}"/>` : html``
    return html`<rect x="${x}" y="${px(y)}" width="${MARK}" height="${MARK}" fill="${colours[c]}" stroke="${colours.edge}" stroke-width="0.6"/>${dot}${label(x + MARK + 5, y + MARK - 1, 'start', `${counts[c]} ${c}`, colours.text)}`
  })

/** One sequence under a mask as an SVG document: tiles as kernels class them, and in partial tiles the pairs that the mask keeps. */
export const maskPicture = ({ algorithm, view, captures, blockM, blockN, title }: MaskPictureOptions): string => {
  const batch = { lengths: [view.kvLen], views: [view], heads: 1, captures }
  const map = mapTiles(analyseMask(algorithm), algorithm, { ...batch, blockM, blockN })[0]!
  const runs = mapPairs(algorithm, batch)[0]!
  const counts = { full: 0, partial: 0, empty: 0 }
  for (const row of map) for (const c of row.classes) counts[c]++
  const frame: Frame = { view, blockM, blockN }
  const [width, height] = [view.kvLen * UNIT, view.qLen * UNIT]
  const total = { width: Math.max(LEFT + width + GAP, LEFT + 3 * 104, title.length * 7.6 + 20), height: TOP + height + GAP + MARK + 12 }
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(total.width)} ${px(total.height)}" width="${px(total.width)}" height="${px(total.height)}" font-family="Helvetica, Arial, sans-serif" font-size="12" role="img" aria-label="${title}: ${counts.full} full, ${counts.partial} partial, ${counts.empty} empty tiles">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="10" y="20" font-size="14" font-weight="bold" fill="${colours.text}">${title}</text>
${tileRects(map, frame)}
${pairRects(map, runs, frame)}
${grid(map, frame)}
<rect x="${LEFT}" y="${TOP}" width="${px(width)}" height="${px(height)}" fill="none" stroke="${colours.edge}"/>
${ticks(map, frame)}
${legend(counts, TOP + height + GAP)}
</svg>
`.text
}
