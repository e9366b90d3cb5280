import type { TileClass } from '../../codegen/analyse/index.ts'
import type { TileMap } from '../data.ts'
import { grouped, percent, slug } from '../format.ts'
import { type Html, html } from '../html.ts'
import { px } from '../svg.ts'

const GAP = 36

interface Placed { readonly x: number; readonly y: number; readonly side: number; readonly index: number }

/** Squares in shelves from the top left, the largest first; the width is what makes the picture about 3 : 2. */
const place = (sides: readonly number[]): { readonly placed: readonly Placed[]; readonly width: number; readonly height: number } => {
  const order = sides.map((side, index) => ({ side, index })).sort((a, b) => b.side - a.side)
  const area = sides.reduce((sum, s) => sum + (s + GAP) ** 2, 0)
  const width = Math.max(order[0]?.side ?? 1, Math.sqrt(area * 1.9))
  const placed: Placed[] = []
  let x = 0, y = 0, shelf = 0, column = 0, below = 0
  for (const { side, index } of order) {
    if (column > 0 && below + side <= shelf) {
      placed.push({ x: column, y: y + below, side, index })
      below += side + GAP
      x = Math.max(x, column + side + GAP)
      continue
    }
    if (x > 0 && x + side > width) {
      y += shelf + GAP
      x = 0
      shelf = 0
    }
    placed.push({ x, y, side, index })
    shelf = Math.max(shelf, side)
    column = x
    below = side + GAP
    x += side + GAP
  }
  return { placed, width: Math.max(...placed.map((p) => p.x + p.side)), height: Math.max(...placed.map((p) => p.y + p.side)) }
}

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
    <p class="small">${map.explanation}</p>
  </figure>`

/** Which tiles each kernel loads: pictures to scale, counts over the whole batch. */
export const tileMaps = (maps: readonly TileMap[]): Html => html`
  <p>Query tiles run down, key tiles across, each square one sequence drawn to scale with its length below. <b class="key"><i class="tile-full"></i>full</b> tiles run without the mask,
  <b class="key"><i class="tile-partial"></i>partial</b> ones evaluate it, <b class="key"><i class="tile-empty"></i>empty</b> ones are never loaded.
  Counts are for one head over all ${grouped(maps[0]!.sequences)} sequences; the bar is the grid that padding to ${grouped(maps[0]!.longest)} would need.</p>
  <div class="cards">${maps.map(card)}</div>`
