import { describe, expect, test } from 'vitest'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { batchCount, type Interaction, printProgram } from '../../codegen/ir/interaction/index.ts'
import { sums } from './drafts.ts'
import { againstFiniteDifferences, type Launch, waves } from './finite.ts'

const { interactions, diagnostics } = await loadFile('kernels/interaction/index.ts')

const LENGTHS = [[3, 0, 1, 4], [2, 1, 5, 0], [1, 2, 0, 3]]

/** Numbers for each axis and capture of a shipped definition; i32 tensors hold small whole numbers, duplicates among them. */
const launchOf = (x: Interaction, sequences: number): Launch => {
  const owners = x.axes.filter((a) => a.kind === 'jagged' && a.like === a.name && !a.length)
  const next = waves(5)
  const e = {
    offsets: Object.fromEntries(owners.map((a, i) => [a.name, sums(...LENGTHS[i % 3]!.slice(0, sequences))])),
    batches: Object.fromEntries(x.axes.filter((a) => a.kind === 'batch').map((a) => [a.name, a.name === 'b' && x.axes.some((o) => o.kind === 'batch' && o.index) ? sequences + 2 * Math.sign(sequences) : sequences])),
    capacities: Object.fromEntries(x.axes.filter((a) => a.kind === 'jagged').map((a) => [a.name, 4])),
    sizes: Object.fromEntries(x.axes.filter((a) => a.kind === 'dense').map((a, i) => [a.name, 2 + (i % 2)])),
  }
  const captures = Object.fromEntries(x.captures.map((c) => [c.name, c.kind === 'scalar' ? (c.dtype === 'i32' ? 1 : 0.25) : Array.from({ length: Math.max(8, batchCount(x, e, 'b')) }, (_, i) => (c.dtype === 'i32' ? i % 3 : next()))]))
  return { ...e, captures }
}

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

