import { describe, expect, test } from 'vitest'
import { cases } from './drafts.ts'
import { againstFiniteDifferences } from './finite.ts'

describe('derived gradients against central differences', () => {
  for (const { x, launches } of cases) {
    test(x.name, () => {
      const compared = launches.map((launch, i) => againstFiniteDifferences(x, launch, i + 1))
      expect(compared[0]).toBeGreaterThan(0)
    })
  }
})
