import type { RowTiles } from './classify.ts'
import type { TileClass } from './tiles.ts'

const MARKS: Readonly<Record<TileClass, string>> = { empty: '.', partial: '/', full: '#' }

/** A sequence's tiles as text, queries downwards: `.` not loaded, `/` masked, `#` full. */
export const drawTiles = (rows: readonly RowTiles[]): string =>
  rows.map((row) => `q ${String(row.q0).padStart(3)}  ${row.classes.map((c) => MARKS[c]).join(' ')}`).join('\n')
