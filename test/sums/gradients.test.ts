import { describe, expect, test } from 'vitest'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { classify } from '../../codegen/lower/interaction/index.ts'
import { againstFiniteDifferences } from '../derive/finite.ts'
import { launchOf } from '../derive/launches.ts'

const { interactions } = await loadFile('test/sums/definitions.ts')
const classes = (name: string): readonly string[] => deriveGradients(interactions.find((d) => d.exportName === name)!.interaction).steps.flatMap((s) => (s.kind === 'kernel' ? [classify(s.interaction).class] : []))

describe('gradients of running sums and scatters equal finite differences', () => {
  test.each(interactions.map((d) => [d.exportName, d.interaction] as const))('%s', (_name, x) => {
    for (const sequences of [4, 3, 1]) expect(againstFiniteDifferences(x, launchOf(x, sequences), sequences)).toBeGreaterThan(0)
  })
})

test('a sum that one input feeds is one running sum from the other end', () => {
  expect(classes('complete')).toEqual(['scan'])
  expect(classes('squares')).toEqual(['scan'])
  expect(classes('weighted')).toEqual(['scan', 'scan', 'movement', 'reduction'])
  expect(classes('placed')).toEqual(['movement', 'reduction'])
})
