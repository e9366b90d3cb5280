import { describe, expect, test } from 'vitest'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { printProgram } from '../../codegen/ir/interaction/index.ts'
import { againstFiniteDifferences } from './finite.ts'
import { launchOf } from './launches.ts'

const { interactions, diagnostics } = await loadFile('kernels/interaction/index.ts')

test('every shipped definition is read', () => {
  expect(diagnostics).toEqual([])
  expect(interactions.length).toBeGreaterThan(30)
})

describe('derived gradients of the shipped definitions against central differences', () => {
  for (const { exportName, interaction: x } of interactions) {
    test(exportName, () => {
      againstFiniteDifferences(x, launchOf(x, 4))
      againstFiniteDifferences(x, launchOf(x, 1), 2)
      againstFiniteDifferences(x, launchOf(x, 0), 3)
      const differentiable = x.output.dtype !== 'i32' && x.inputs.some((t) => t.dtype !== 'i32' && !x.constants.includes(t.name))
      expect(Object.keys(deriveGradients(x).results).length > 0).toBe(differentiable)
    })
  }
})

describe('readable programs', () => {
  test.each(['jagged_dense_bmm', 'jagged_softmax', 'layer_norm', 'concat'])('%s', (name) => {
    expect(printProgram(deriveGradients(interactions.find((i) => i.exportName === name)!.interaction))).toMatchSnapshot()
  })
})

