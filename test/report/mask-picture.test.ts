import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pictureFiles, pictures } from '../../cli/pictures.ts'
import { resolveDefinition } from '../../cli/resolve.ts'
import { analyseMask, mapPairs, mapTiles } from '../../codegen/analyse/index.ts'
import { sequenceView } from '../../codegen/ir/layout.ts'
import { root } from '../cli/program.ts'

const folder = join(root, 'docs', 'pictures')

describe('mask pictures', () => {
  it('docs/pictures holds what the compiler draws, and nothing else', async () => {
    const files = await pictureFiles()
    expect(readdirSync(folder).sort()).toEqual(files.map((f) => f.path.replace('pictures/', '')).sort())
    for (const { path, content } of files) expect(readFileSync(join(root, 'docs', path), 'utf8'), path).toBe(content)
  })

  it('every shipped mask has one', async () => {
    const drawn = new Set<string>(pictures.map((p) => p.kernel))
    for (const name of ['causal', 'sliding_window', 'local_window', 'semi_local', 'block_diagonal', 'prefix_lm', 'targets', 'target_groups', 'interval_lists', 'hstu', 'hstu_delta', 'cross_causal']) expect(drawn.has(name), name).toBe(true)
  })

  it.each(pictures)('$file: full tiles keep every pair, empty tiles none', async ({ kernel, keys, queries = keys, captures = {} }) => {
    const { algorithm } = await resolveDefinition(kernel)
    const view = sequenceView({ layout: { ...algorithm.layout, queries: 'jagged' }, sequences: 1, seqOffsets: [0, queries], kvOffsets: [0, keys], queryRows: 0 }, 0)
    const batch = { lengths: [keys], views: [view], heads: 1, captures }
    const runs = mapPairs(algorithm, batch)[0]!
    const tiles = mapTiles(analyseMask(algorithm), algorithm, { ...batch, blockM: 8, blockN: 8 })[0]!
    expect(runs.slice(0, view.dropped).flat()).toEqual([])
    let seen = 0
    for (const { q0, q1, classes } of tiles) classes.forEach((c, t) => {
      const [low, high] = [8 * t, Math.min(8 * t + 8, keys)]
      for (let q = q0; q <= q1; q++) {
        const kept = runs[q - view.position0]!.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, high) - Math.max(a, low)), 0)
        if (c !== 'partial') expect(kept, `${c} tile at q ${q}, kv ${low}`).toBe(c === 'full' ? high - low : 0)
        seen += kept
      }
    })
    expect(seen).toBe(runs.flat().reduce((sum, [a, b]) => sum + b - a, 0))
    expect(seen).toBeGreaterThan(0)
  })
})
