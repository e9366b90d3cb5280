import { describe, expect, test } from 'vitest'
import { loadFile } from '../../../codegen/frontend/index.ts'
import type { Interaction } from '../../../codegen/ir/interaction/index.ts'
import { type InteractionData, runInteraction } from '../../../reference/interaction/index.ts'
import { drawn } from '../../derive/finite.ts'
import { launchOf } from '../../derive/launches.ts'
import { layerNorm, type Matrix, rmsNorm } from './formulas.ts'

const { interactions } = await loadFile('kernels/interaction/index.ts')

describe('the author\'s functions and the compiled expressions agree', () => {
  for (const { exportName, interaction: x, definition } of interactions) {
    test(exportName, () => {
      for (const sequences of [4, 1, 0]) {
        const data = drawn(x, launchOf(x, sequences), sequences + 1)
        const [compiled, live] = [runInteraction(x, data), runInteraction(x, data, { definition })]
        expect(live.length).toBe(compiled.length)
        live.forEach((v, i) => expect(Math.abs(v - compiled[i]!), `element ${i}: ${v}, compiled ${compiled[i]}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(v))))
      }
    })
  }
})

const row = (x: ArrayLike<number>, d: number, i: number): readonly number[] => Array.from({ length: d }, (_, j) => x[i * d + j]!)
const shipped = (name: string): { readonly x: Interaction; readonly run: (more?: Partial<InteractionData>) => { readonly data: ReturnType<typeof drawn>; readonly out: Float64Array } } => {
  const { interaction: x, definition } = interactions.find((i) => i.exportName === name)!
  return { x, run: (more = {}) => { const data = { ...drawn(x, { ...launchOf(x, 4), ...more }, 3) }; return { data, out: runInteraction(x, data, { definition }) } } }
}
const nearRows = (out: Float64Array, want: Matrix): void => want.flat().forEach((w, i) => expect(Math.abs(out[i]! - w)).toBeLessThan(1e-9))

describe('published formulas of shipped definitions', () => {
  test('layer_norm', () => {
    const { data: { tensors: t, sizes, captures }, out } = shipped('layer_norm').run()
    const d = sizes!['d']!
    nearRows(out, Array.from({ length: out.length / d }, (_, i) => layerNorm(row(t['x']!, d, i), [...t['weight']!], [...t['bias']!], captures!['eps'] as number)))
  })
  test('rms_norm', () => {
    const { data: { tensors: t, sizes, captures }, out } = shipped('rms_norm').run()
    const d = sizes!['d']!
    nearRows(out, Array.from({ length: out.length / d }, (_, i) => rmsNorm(row(t['x']!, d, i), [...t['weight']!], captures!['eps'] as number)))
  })
  test('jagged_argmax takes the first of equal values', () => {
    const { x } = shipped('jagged_argmax')
    const data = { offsets: Object.fromEntries(x.axes.filter((a) => a.kind === 'jagged').map((a) => [a.name, [0, 4, 4, 5]])), sizes: { d: 1 }, tensors: { x: [1, 3, 3, 2, -5] } }
    expect([...runInteraction(x, data)]).toEqual([1, 0, 0])
  })
})
