import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { fusedGradients } from '../../codegen/fuse/index.ts'
import { runInteraction, runProgram } from '../../reference/interaction/index.ts'
import { againstDifferences } from '../../verify/interaction/differences.ts'
import { drawInteractionCase } from '../../verify/interaction/index.ts'
import { rngOf } from '../../verify/random/rng.ts'

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const smooth = ['layer_norm', 'jagged_softmax', 'dcn_cross', 'dot_interaction', 'jagged_cumsum', 'jagged_to_padded', 'jagged_dense_bmm_add']

test.each(smooth)('%s: a gradient passes, one of its elements moved does not', (name) => {
  const { interaction: x } = interactions.find((i) => i.exportName === name)!
  const { data } = drawInteractionCase(5, x, { dtype: 'f32', sizes: Object.fromEntries(x.axes.filter((a) => a.kind === 'dense').map((a, i) => [a.name, 2 + i])), sequences: 3, maxLength: 6, set: 'full' })
  const d_out = Float64Array.from(runInteraction(x, data), (_, i) => Math.cos(1 + i))
  const whole = { ...data, tensors: { ...data.tensors, d_out } }
  for (const [input, gradient] of Object.entries(runProgram(fusedGradients(x), whole))) {
    expect(againstDifferences(x, whole, input, gradient, rngOf('a'))).toEqual([])
    expect(againstDifferences(x, whole, input, gradient.map((v) => v + 0.1), rngOf('a')).length).toBeGreaterThan(0)
  }
})
