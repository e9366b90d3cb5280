import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { loadFile, type LoadedInteraction } from '../../codegen/frontend/index.ts'
import type { InteractionProblem, InteractionSource } from '../../codegen/ir/interaction/index.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import { limitsOf } from '../../tune/limits.ts'
import { drawInteractionCase, type InteractionCase, type InteractionShape, verifyInteraction } from '../../verify/interaction/index.ts'
import type { InteractionVerdict } from '../../verify/interaction/index.ts'
import { edgeDevices } from './devices.ts'

const { interactions, diagnostics } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
type Many = Device & { readonly compileInteractions?: (sources: readonly InteractionSource[]) => Promise<readonly CompiledInteraction[]> }

interface Edge {
  readonly name: string
  readonly shape: Omit<InteractionShape, 'dtype' | 'sizes'>
  readonly seeds?: readonly number[]
  /** What one of the cases must have shown, of operators that can show it. */
  readonly shows?: (c: InteractionCase, v: InteractionVerdict) => boolean
}

const TILES = [15, 16, 17, 31, 32, 33, 63, 64, 65]
/** operators.md section 6, the universal edge cases, for every shipped operator. */
const edges: readonly Edge[] = [
  { name: 'U1: B = 0', shape: { sequences: 0 } },
  { name: 'U1: ΣL = 0', shape: { sequences: 3, set: 'allEmpty' } },
  { name: 'U2: the first, the last, consecutive sequences are empty', shape: { sequences: 6, set: 'emptyRun', maxLength: 9 } },
  { name: 'U2: empty at both ends', shape: { sequences: 5, set: 'emptyBoth', maxLength: 9 } },
  { name: 'U3: L = 1', shape: { sequences: 4, set: 'ones' } },
  { name: 'U3: L around tiles', shape: { sequences: TILES.length, set: 'tileEdges', maxLength: 66 } },
  { name: 'U4: L > N and L < N of padded tensors', shape: { sequences: 4, maxLength: 12 }, seeds: [1, 2] },
  { name: 'U5: rows past off[-1] are never read and come out 0', shape: { sequences: 3, maxLength: 7 }, seeds: [5, 6] },
  { name: 'U6: i32 and i64 offsets', shape: { sequences: 3, maxLength: 7 }, seeds: [8, 9, 11] },
  { name: 'U10: one giant among short ones', shape: { sequences: 9, set: 'onegiant', maxLength: 70 } },
  { name: 'U10: Zipf', shape: { sequences: 8, set: 'zipf', maxLength: 40 } },
  { name: 'U10: all equal', shape: { sequences: 4, set: 'full', maxLength: 8 } },
  { name: 'U11: no sequence reaches another', shape: { sequences: 4, set: 'uniform', maxLength: 10 }, seeds: [3] },
  { name: 'U14: a repeated launch is bit-equal', shape: { sequences: 5, set: 'uniform', maxLength: 40 } },
]

const sizesOf = ({ interaction: x }: LoadedInteraction, size: (i: number) => number): Readonly<Record<string, number>> =>
  Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a, i) => [a.name, size(i)]))

const sized = (x: LoadedInteraction): boolean => Object.keys(sizesOf(x, () => 1)).length > 0
/** U8 and U13 on one operator of each loop nest and way of walking. */
const representatives = ['jagged_dense_bmm', 'jagged_jagged_bmm', 'jagged_softmax', 'layer_norm', 'jagged_sum', 'jagged_to_padded', 'concat', 'jagged_index_select', 'dot_interaction_dense', 'jagged_cumsum', 'masked_rows']
const sizes = { wgsl: [0, 1, 7, 64, 130], cuda: [0, 1, 130] } as const

test('every shipped interaction is read', () => {
  expect(diagnostics).toEqual([])
  expect(interactions.length).toBeGreaterThan(50)
})

describe.each(edgeDevices)('$name', ({ target, open }) => {
  let device: Many
  let compiled = new Map<string, CompiledInteraction>()
  const sources = new Map<string, InteractionSource>()
  const keyOf = (name: string, p: InteractionProblem): string => `${name} ${p.dtype} ${JSON.stringify(p.sizes)}`
  const problems = (d: LoadedInteraction): readonly InteractionProblem[] => [
    { dtype: 'f32', sizes: sizesOf(d, (i) => 5 + 3 * i) },
    ...(representatives.includes(d.exportName) ? [...sizes[target].map((s): InteractionProblem => ({ dtype: 'f32', sizes: sizesOf(d, (i) => (i === 0 ? s : Math.min(s, 8))) })), ...(['bf16', 'f16'] as const).slice(target === 'cuda' ? 1 : 0).map((dtype): InteractionProblem => ({ dtype, sizes: sizesOf(d, (i) => 7 + i) }))] : []),
  ]

  beforeAll(async () => {
    device = await open()
    for (const d of interactions) for (const p of problems(d)) sources.set(keyOf(d.exportName, p), compileInteraction(d.interaction, p, { target, limits: limitsOf(device.info) }))
    const all = [...sources]
    if (device.compileInteractions) {
      const made = await device.compileInteractions(all.map(([, s]) => s))
      compiled = new Map(all.map(([key], i) => [key, made[i]!]))
    } else for (const [key, s] of all) compiled.set(key, await device.compileInteraction(s))
  }, 600_000)
  afterAll(async () => { await device?.close() })

  const run = async (d: LoadedInteraction, p: InteractionProblem, shape: Edge['shape'], seed: number): Promise<InteractionVerdict> => {
    const c = drawInteractionCase(seed, d.interaction, { ...shape, dtype: p.dtype, sizes: p.sizes })
    const key = keyOf(d.exportName, p)
    return verifyInteraction(device, compiled.get(key)!, sources.get(key)!, c, d.definition)
  }

  describe.each(interactions.map((d) => [d.exportName, d] as const))('%s', (_name, d) => {
    test('edge cases U1 to U6, U10, U11, U14', async () => {
      for (const e of edges) for (const seed of e.seeds ?? [1]) expect((await run(d, problems(d)[0]!, e.shape, seed)).problems, `${e.name}, seed ${seed}`).toEqual([])
    })
  })

  test.each(representatives)('U8, U13: sizes and dtypes of %s', async (name) => {
    const d = interactions.find((k) => k.exportName === name)!
    expect(sized(d)).toBe(true)
    for (const p of problems(d).slice(1)) for (const seed of [1, 2]) expect((await run(d, p, { sequences: 4, maxLength: 21 }, seed)).problems, JSON.stringify(p)).toEqual([])
  })

  // On the CPU 66,000 blocks of a reduction take long; they are counted as those of a product.
  const many = ['jagged_dense_bmm', ...(target === 'wgsl' ? ['jagged_softmax', 'jagged_sum'] : []), 'jagged_to_padded', 'concat', 'jagged_cumsum']
  test.each(many)('U9: B = 66,000 tiny sequences of %s', async (name) => {
    const d = interactions.find((k) => k.exportName === name)!
    const verdict = await run(d, problems(d).find((p) => p.dtype === 'f32' && Object.values(p.sizes)[0] === 1)!, { sequences: 66_000, set: 'tiny' }, 1)
    expect(verdict.problems).toEqual([])
  })
})
