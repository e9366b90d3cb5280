import { describe, expect, test } from 'vitest'
import { applyMutation, mutateKernel, type Mutation, mutationSets } from '../../verify/mutations.ts'
import { subjectOf } from './suite.ts'

describe.each(mutationSets)('$template', (set) => {
  test.each(set.mutations)('$name finds its text in $kernel', async (mutation) => {
    const { kernel } = await subjectOf(set, mutation)
    const broken = mutateKernel(kernel, mutation)
    expect(broken.text).not.toBe(kernel.text)
    expect(broken.manifest.hashes.source).not.toBe(kernel.manifest.hashes.source)
  })
  test('at least 12 breakages, all of different names', () => {
    expect(set.mutations.length).toBeGreaterThanOrEqual(12)
    expect(new Set(set.mutations.map((m) => m.name)).size).toBe(set.mutations.length)
  })
})

test('a pattern that does not occur, or changes nothing, is refused by name', () => {
  const mutation = (over: Partial<Mutation>): Mutation => ({ name: 'none', kernel: 'full', find: 'abc', replace: '', ...over })
  expect(() => applyMutation('xyz', mutation({}))).toThrow('SR6004: The mutation none finds nothing to break in full: abc does not occur.')
  expect(() => applyMutation('abc', mutation({ replace: 'abc' }))).toThrow('SR6004')
  expect(applyMutation('abc abc', mutation({ replace: '$1' }))).toBe('$1 $1')
  expect(applyMutation('abc', mutation({ find: /a(b)/, replace: '$1' }))).toBe('bc')
})
