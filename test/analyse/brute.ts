import type { TileClass } from '../../codegen/analyse/index.ts'

export type Keep = (q: number, kv: number) => boolean

/** The class of every tile by asking the mask about every pair. */
export const bruteTiles = (keep: Keep, length: number, blockM: number, blockN: number): TileClass[][] => {
  const rows: TileClass[][] = []
  for (let q0 = 0; q0 < length; q0 += blockM) {
    const row: TileClass[] = []
    for (let kv0 = 0; kv0 < length; kv0 += blockN) {
      let kept = 0, all = 0
      for (let q = q0; q < Math.min(q0 + blockM, length); q++) {
        for (let kv = kv0; kv < Math.min(kv0 + blockN, length); kv++, all++) if (keep(q, kv)) kept++
      }
      row.push(kept === 0 ? 'empty' : kept === all ? 'full' : 'partial')
    }
    rows.push(row)
  }
  return rows
}

/** mulberry32: the same draws on every machine. */
export const seeded = (seed: number): (() => number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
