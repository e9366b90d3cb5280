import type { TileClass } from '../../codegen/analyse/index.ts'
import type { TileMap } from '../data.ts'
import { grouped, percent, slug } from '../format.ts'
import { type Html, html } from '../html.ts'
import { px } from '../svg.ts'

const GAP = 36

interface Placed { readonly x: number; readonly y: number; readonly side: number; readonly index: number }

interface Free { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** Packs squares, the largest first, each into the smallest free rectangle that holds it; about twice as wide as high. */
const place = (sides: readonly number[]): { readonly placed: readonly Placed[]; readonly width: number; readonly height: number } => {
  const order = sides.map((side, index) => ({ side, index })).sort((a, b) => b.side - a.side)
  const width = Math.max(order[0]?.side ?? 1, Math.sqrt(1.9 * sides.reduce((sum, s) => sum + (s + GAP) ** 2, 0)))
  let free: readonly Free[] = [{ x: 0, y: 0, width, height: Infinity }]
  const placed = order.map(({ side, index }): Placed => {
    const at = free.filter((f) => f.width >= side && f.height >= side).reduce((best, f) => (Math.min(f.width, f.height) < Math.min(best.width, best.height) ? f : best))
    const step = side + GAP
    const rest: readonly Free[] = [{ x: at.x + step, y: at.y, width: at.width - step, height: side }, { x: at.x, y: at.y + step, width: at.width, height: at.height - step }]
    free = [...free.filter((f) => f !== at), ...rest.filter((f) => f.width > 0 && f.height > 0)]
    return { x: at.x, y: at.y, side, index }
  })
  return { placed, width: Math.max(...placed.map((p) => p.x + p.side)), height: Math.max(...placed.map((p) => p.y + p.side)) }
}

/** Backticks in a sentence become code. */
const prose = (text: string): Html => html`${text.split('`').map((piece, i) => (i % 2 ? html`<code>${piece}</code>` : piece))}`

/** One path a class, a run of equal tiles a rectangle; tiles at the end are as short as the sequence. */
const tilePaths = (map: TileMap, { x, y, index }: Placed): Html => {
  const { length, rows } = map.drawn[index]!
  const paths: Record<TileClass, string> = { empty: '', partial: '', full: '' }
  for (const [m, row] of rows.entries()) {
    const top = m * map.blockM
    const bottom = Math.min(top + map.blockM, length)
    for (let n = 0; n < row.length;) {
      let end = n + 1
      while (end < row.length && row[end] === row[n]) end++
      const right = Math.min(end * map.blockN, length)
      paths[row[n]!] += `M${px(x + n * map.blockN)} ${px(y + top)}H${px(x + right)}V${px(y + bottom)}H${px(x + n * map.blockN)}Z`
      n = end
    }
  }
  return html`${(['empty', 'partial', 'full'] as const).map((c) => paths[c] && html`<path class="tile-${c}" d="${paths[c]}"/>`)}`
}

const grid = (map: TileMap, { x, y, side }: Placed): Html => {
  const lines: string[] = []
  for (let at = map.blockM; at < side; at += map.blockM) lines.push(`M${px(x)} ${px(y + at)}h${px(side)}`)
  for (let at = map.blockN; at < side; at += map.blockN) lines.push(`M${px(x + at)} ${px(y)}v${px(side)}`)
  return html`<path class="grid" d="${lines.join('')}"/>`
}

const picture = (map: TileMap): Html => {
  const { placed, width, height } = place(map.drawn.map((s) => s.length))
  const unit = width / 520
  return html`<svg class="tiles" viewBox="0 0 ${px(width)} ${px(height + 16 * unit)}" role="img" aria-label="Tiles of ${map.kernel} over ${map.drawn.length} sequences" style="--unit:${px(unit)}">
    ${placed.map((p) => html`<g>${tilePaths(map, p)}${grid(map, p)}<rect class="outline" x="${px(p.x)}" y="${px(p.y)}" width="${px(p.side)}" height="${px(p.side)}"/><text class="size" x="${px(p.x)}" y="${px(p.y + p.side + 12 * unit)}" style="font-size:${px(10 * unit)}px">${p.side}</text><title>${p.side} tokens</title></g>`)}
  </svg>`
}

const shares = (map: TileMap): Html => {
  const { counts, padded } = map
  const parts = [['full', counts.full], ['partial', counts.partial], ['empty', counts.empty], ['padding', padded - counts.full - counts.partial - counts.empty]] as const
  return html`<div class="stack" role="img" aria-label="Share of the padded grid">${parts.map(([c, n]) => n > 0 && html`<span class="tile-${c}" style="flex-grow:${px((1000 * n) / padded)}" title="${c} ${grouped(n)}"></span>`)}</div>`
}

const card = (map: TileMap): Html => html`
  <figure class="card" id="tiles-${slug(map.kernel)}">
    <figcaption><h3>${map.kernel}</h3><span class="aside">${map.blockM} × ${map.blockN} tiles</span></figcaption>
    ${picture(map)}
    ${shares(map)}
    <dl class="counts">
      <div><dt><i class="tile-full"></i>full</dt><dd>${grouped(map.counts.full)}</dd></div>
      <div><dt><i class="tile-partial"></i>partial</dt><dd>${grouped(map.counts.partial)}</dd></div>
      <div><dt><i class="tile-empty"></i>empty</dt><dd>${grouped(map.counts.empty)}</dd></div>
      <div class="lead"><dt>of the padded grid skipped</dt><dd>${percent(map.padded ? 1 - map.counts.executed / map.padded : 0)}</dd></div>
    </dl>
    <p class="small">${prose(map.explanation)}</p>
  </figure>`

/** Which tiles each kernel loads: pictures to scale, counts over the whole batch. */
export const tileMaps = (maps: readonly TileMap[]): Html => html`
  <p>Query tiles run down, key tiles across, each square one sequence drawn to scale with its length below. <b class="key"><i class="tile-full"></i>full</b> tiles run without the mask,
  <b class="key"><i class="tile-partial"></i>partial</b> ones evaluate it, <b class="key"><i class="tile-empty"></i>empty</b> ones are never loaded.
  Counts are for one head over all ${grouped(maps[0]!.sequences)} sequences; the bar is the grid that padding to ${grouped(maps[0]!.longest)} would need, the padding hatched.</p>
  <div class="cards">${maps.map(card)}</div>`
