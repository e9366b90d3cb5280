import { describe, expect, it } from 'vitest'
import { compileInteraction } from '../../../codegen/compile-interaction.ts'
import { loadFile } from '../../../codegen/frontend/index.ts'
import type { InteractionProblem } from '../../../codegen/ir/interaction/index.ts'

const { interactions } = await loadFile('test/cuda/read-once/definitions.ts')
const text = (name: string, problem: InteractionProblem): string => compileInteraction(interactions.find((i) => i.interaction.name === name)!.interaction, problem, { target: 'cuda' }).text

describe('what a kernel reads once is worth no place in a cache', () => {
  it.each([['total', true], ['adjacent', false], ['routed', false], ['mixed', false], ['weighted', false]] as const)('loads of %s: %s', (name, once) => {
    expect(text(name, { dtype: 'bf16', sizes: { d: 64 } }).includes('L1::no_allocate')).toBe(once)
  })
  it.each([['product', 64, true], ['product', 512, false], ['places', 64, false], ['gram', 64, false]] as const)('copies of %s, %d columns: %s', (name, k, once) => {
    expect(text(name, { dtype: 'bf16', sizes: { d: 64, k } }).includes('L2::evict_first')).toBe(once)
  })
  it('copies of 16-bit products fetch a line of 256 bytes', () => {
    expect(text('product', { dtype: 'bf16', sizes: { d: 64, k: 64 } })).toContain('L2::256B')
    expect(text('product', { dtype: 'f32', sizes: { d: 64, k: 64 } })).not.toContain('L2::256B')
  })
})
