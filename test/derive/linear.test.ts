import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Algebra } from '../../codegen/derive/algebra.ts'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { linearSums } from '../../codegen/derive/linear.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { kernelsOf } from '../../codegen/ir/interaction/index.ts'

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const passesOf = (name: string, tensor = 'd_x'): readonly (readonly [string, number])[] => {
  const { interaction } = interactions.find((d) => d.exportName === name)!
  return kernelsOf(deriveGradients(interaction)).find((s) => s.writes === tensor)!.interaction.passes.map((p) => [p.op, p.values.length])
}

describe('sums whose factors wait for other sums', () => {
  test.each(['layer_norm', 'layer_norm_sequence'])('%s: both sums of its gradient are one pass, that of the differences from the mean is gone', (name) => {
    expect(passesOf(name)).toEqual([['mean', 1], ['mean', 1], ['sum', 2]])
  })
  test('a softmax adds up its weights and their products with d_out together', () => {
    expect(passesOf('jagged_softmax')).toEqual([['max', 1], ['sum', 2]])
  })
  test('results that an empty group writes too keep their sums whole', () => {
    const { interaction } = interactions.find((d) => d.exportName === 'layer_norm_sequence')!
    const x = kernelsOf(deriveGradients(interaction)).find((s) => s.writes === 'd_x')!.interaction
    const scaled = [...x.passes, { op: 'sum' as const, values: [x.epilogue] }]
    const rows = { ...x, output: { ...x.output, axes: x.output.axes.slice(1) } }
    expect(linearSums(new Algebra(), rows, scaled, []).passes).toBe(scaled)
    expect(linearSums(new Algebra(), x, scaled, []).passes).not.toBe(scaled)
  })
})
