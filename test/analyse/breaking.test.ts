import { beforeAll, describe, expect, test } from 'vitest'
import { analyseMask, leavesOf, mapTiles, type TileClass } from '../../codegen/analyse/index.ts'
import { type LoadedFile, loadFile } from '../../codegen/frontend/index.ts'
import { evaluate, type Leaves } from '../../codegen/ir/evaluate.ts'
import { type Expr, ExprBuilder, topological } from '../../codegen/ir/hook.ts'
import type { TileMode } from '../../codegen/ir/plan.ts'
import { bruteTiles } from './brute.ts'
import { algorithmOf as handmade } from './random.ts'

const lengths = [0, 1, 131, 70]
const total = 202
const given = {
  far: 2147483600, slope: NaN, open: Array.from({ length: 131 }, (_, i) => (i % 5 ? 1 : 0)), windows: [9, 40], doc: Array.from({ length: total }, (_, i) => i >> 4),
  window: [33, 0], prefix: [0, 1, 50, 80],
}

/** `tight`: nothing is left to the mask that could be proven. */
const cases: Readonly<Record<string, { mode: TileMode; tight?: true; only?: TileClass }>> = {
  wraps_far: { mode: 'bounds' },
  nan: { mode: 'masked', only: 'partial' },
  not_nan: { mode: 'masked', only: 'partial' },
  of_table: { mode: 'masked', only: 'partial' },
  causal_of_table: { mode: 'bounds' },
  window_per_head: { mode: 'bounds', tight: true },
  documents: { mode: 'bounds' },
  parity: { mode: 'test', tight: true },
  one_pair: { mode: 'test', tight: true },
  one_hole: { mode: 'test', tight: true },
  cross: { mode: 'test', tight: true },
  chain: { mode: 'bounds', tight: true },
  either: { mode: 'bounds', tight: true },
  blocks: { mode: 'test', tight: true },
  strided: { mode: 'test', tight: true },
  halves: { mode: 'bounds' },
  nothing: { mode: 'bounds', tight: true, only: 'empty' },
  everything: { mode: 'all', tight: true, only: 'full' },
}

let file: LoadedFile
beforeAll(async () => { file = await loadFile('test/analyse/masks/breaking.ts') })
const algorithmOf = (name: string) => {
  const found = file.definitions.find((d) => d.exportName === name)
  if (!found) throw new Error(`${name} did not load: ${JSON.stringify(file.diagnostics)}`)
  return found.algorithm
}

/** Tile classes, and those that asking every pair gives. */
const both = (name: string, blockM: number, blockN: number, head: number) => {
  const algorithm = algorithmOf(name), analysis = analyseMask(algorithm)
  const problem = { lengths, heads: 2, captures: given, blockM, blockN }
  const body = algorithm.maskMod!.body
  const used = new Set(topological(body).filter((e) => e.kind === 'capture' || e.kind === 'table').map((e) => e.name))
  const leaves = leavesOf(algorithm, problem, used)
  return {
    analysis,
    tiles: mapTiles(analysis, algorithm, problem, head).map((map) => map.map((row) => row.classes)),
    brute: lengths.map((length, b) => bruteTiles((q, kv) => evaluate([body], leaves(b, head, { q, kv }))[0] as boolean, length, blockM, blockN)),
  }
}

describe('masks made to break the proof', () => {
  test.each(Object.entries(cases))('%s', (name, { mode, tight, only }) => {
    for (const [blockM, blockN, head] of [[16, 32, 0], [64, 16, 1], [128, 128, 0], [7, 5, 1]] as const) {
      const { analysis, tiles, brute } = both(name, blockM, blockN, head)
      expect(analysis.mode).toBe(mode)
      if (tight) expect(tiles).toEqual(brute)
      for (const [i, c] of (tiles.flat(2) as TileClass[]).entries()) if (c !== 'partial') expect(c).toBe((brute.flat(2) as TileClass[])[i])
      if (only) expect(new Set(tiles.flat(2))).toEqual(new Set([only]))
    }
  })

  test('a part that cannot be proven still leaves the tiles that the other part empties', () => {
    const { tiles } = both('causal_of_table', 16, 16, 0)
    const causal = lengths.map((length) => bruteTiles((q, kv) => kv <= q, length, 16, 16))
    expect(tiles.flat(2)).toEqual((causal.flat(2) as TileClass[]).map((c) => (c === 'empty' ? 'empty' : 'partial')))
  })

  test('rows that could wrap are walked whole, the others are not', () => {
    const algorithm = algorithmOf('wraps_far'), analysis = analyseMask(algorithm)
    expect(analysis.monotoneOk).toBeDefined()
    const at = (far: number) => mapTiles(analysis, algorithm, { lengths: [64], heads: 1, captures: { far }, blockM: 16, blockN: 16 }).flat().flatMap((row) => row.classes)
    expect(new Set(at(2147483647))).toEqual(new Set(['partial']))
    expect(at(-16)).toContain('full')
    expect(at(16)).toContain('empty')
  })
})

describe('masks that the front end refuses, made by hand', () => {
  const b = new ExprBuilder()
  const q = b.param('i32', 'q'), kv = b.param('i32', 'kv')
  const huge = (e: Expr) => b.op('f32', 'mul', [b.op('f32', 'mul', [b.op('f32', 'toF32', [e]), b.const('f32', 1e30)]), b.const('f32', 1e30)])
  const classes = (mask: Expr, length: number) =>
    mapTiles(analyseMask(handmade(mask)), handmade(mask), { lengths: [length], heads: 1, captures: {}, blockM: 16, blockN: 16 }).flat().flatMap((row) => row.classes)

  test('kv * 65536 * 65536 <= q keeps every pair, because the product wraps to 0', () => {
    const far = b.const('i32', 65536)
    const mask = b.op('bool', 'le', [b.op('i32', 'mul', [b.op('i32', 'mul', [kv, far]), far]), q])
    const at = (kvAt: number): Leaves => ({ param: (n) => (n === 'kv' ? kvAt : 5), capture: () => 0, table: () => 0 })
    expect([0, 1, 40].map((n) => evaluate([mask], at(n))[0])).toEqual([true, true, true])
    expect(analyseMask(handmade(mask)).mode).toBe('bounds')
    expect(new Set(classes(mask, 64))).toEqual(new Set(['partial']))
    expect(classes(mask, 1)).toEqual(['full'])
  })

  test('infinity minus infinity is NaN on the device: nothing is claimed', () => {
    const mask = b.op('bool', 'le', [b.op('f32', 'sub', [huge(q), huge(kv)]), b.const('f32', 0.5)])
    expect(analyseMask(handmade(mask)).mode).toBe('masked')
    expect(new Set(classes(mask, 64))).toEqual(new Set(['partial']))
  })
})

describe('what an author is told', () => {
  test('each mode says in a sentence why, naming the parts as written', async () => {
    const text = (name: string) => analyseMask(algorithmOf(name)).explanation
    expect(text('chain')).toBe('As kv grows, `q - kv <= seq.window` can only turn true and not (kv > q) can only turn false: each query tile finds its first and last key tile, and the full ones between, by binary search.')
    expect(text('wraps_far')).toContain('could wrap')
    expect(text('causal_of_table')).toContain('Nothing is provable of `seq.open(kv) > 0`')
    expect(text('of_table')).toContain('it reads a table')
    expect(text('nan')).toContain('may be NaN')
    expect(text('blocks')).toContain('not monotone')
    const { definitions } = await loadFile('kernels/prefix_lm.ts')
    expect(analyseMask(definitions[0]!.algorithm).explanation).toContain('`kv <= q or kv < seq.prefix`')
  })

  test('SR2001 for a mask with nothing to prove, SR2002 for one that keeps nothing', () => {
    const notes = (name: string) => analyseMask(algorithmOf(name)).notes.map((n) => [n.code, n.severity, n.message])
    expect(notes('of_table')).toEqual([['SR2001', 'warning', 'nothing can be proven about the mask of of_table: every tile is loaded and masked']])
    expect(notes('nothing').map((n) => n[0])).toEqual(['SR2002'])
    expect(notes('chain')).toEqual([])
  })

  test.each([
    ['SR2003', { captures: { window: [1] } }, 'capture window (perHead) of chain has 1 values where 2 are needed'],
    ['SR2003', { captures: {} }, 'has 0 values'],
    ['SR2004', { lengths: [3, -1] }, 'lengths[1] = -1'],
    ['SR2004', { blockM: 0 }, 'blockM = 0'],
    ['SR2004', { heads: 1.5 }, 'heads = 1.5'],
  ])('%s: counting tiles refuses %o', (code, wrong, says) => {
    const algorithm = algorithmOf('chain')
    const count = () => mapTiles(analyseMask(algorithm), algorithm, { lengths: [3], heads: 2, captures: { window: [1, 2] }, blockM: 16, blockN: 16, ...wrong })
    expect(count).toThrow(code)
    expect(count).toThrow(says)
  })
})
