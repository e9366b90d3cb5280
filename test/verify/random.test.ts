import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { definitions } from '../../verify/arbitraries.ts'
import { drawCase, expectedOf, randomDefinition } from '../../verify/index.ts'
import { rmSync } from 'node:fs'

const folder = join(import.meta.dirname, '../../.serrate/random-test')
const load = async (name: string, source: string) => {
  const path = join(folder, `${name}.ts`)
  writeFileSync(path, source)
  return loadFile(path)
}
beforeAll(() => mkdirSync(folder, { recursive: true }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const seeds = Array.from({ length: 150 }, (_, i) => 1000 + i)

describe('random definitions', () => {
  test('the same seed gives the same text, seeds differ', () => {
    expect(randomDefinition(3)).toEqual(randomDefinition(3))
    expect(new Set(seeds.map((s) => randomDefinition(s, 'x').source)).size).toBeGreaterThan(140)
  })

  test('the front end reads every one, its hooks agree with the functions, and scores stay tame', async () => {
    const problems: string[] = []
    for (const seed of seeds) {
      const { name, source } = randomDefinition(seed)
      const { definitions: found, diagnostics } = await load(name, source)
      if (diagnostics.length || found.length !== 1) problems.push(`${seed}: ${diagnostics[0]?.message}`)
      for (const { definition, algorithm } of found) {
        const e = expectedOf(definition, drawCase(seed, algorithm, { lengths: [6, 0, 21], heads: 2, headDim: 8, dtype: 'f32' }))
        if (!(e.plainError.out < 2e-5 * Math.max(1, e.magnitude.out)) || !(e.plainError.lse < 1e-4)) problems.push(`${seed}: plain is off by ${e.plainError.out}, lse ${e.plainError.lse}`)
      }
    }
    expect(problems).toEqual([])
  })

  test('every capture, normalizer, combinator and form of hook comes up', () => {
    const texts = seeds.map((s) => randomDefinition(s).source).join('\n')
    const wanted = ['scalar(', 'perHead(', 'perSequence(', 'perToken(', 'table(', 'pointwise(', 'silu', 'and(', 'or(', 'not(', 'slidingWindow', 'softcap(', 'smScale', 'const distance', 'if (', 'mod(', 'floorDiv(', 'clamp(', 'perHead: true', ' ? ', 'const squash', 'const decay', 'seq.', ' }) =>', '.kv', '% ', '>> ', '& ',
      'softmax({', 'sink: ', 'scale: ', 'keepAfter: ', 'byHead(', 'seq.rowScale.q', 'columns: ', "pair('f32'", "pair('i32'", 'perHead: true })', "queries: 'dense'", "align: 'end'", "keys: 'shared'",
      'hstuMask', 'targetGroups', 'targets', 'semiLocal', 'local', 'contextual', 'intervals', 'blockDiagonal(']
    expect(wanted.filter((w) => !texts.includes(w))).toEqual([])
  })

  test('a failing definition shrinks to the part that fails', () => {
    const outcome = fc.check(fc.property(definitions(), ({ source }) => !source.includes('Math.tanh(')), { seed: 11, numRuns: 2000 })
    expect(outcome.failed).toBe(true)
    expect(outcome.counterexample![0].source.length).toBeLessThan(700)
    expect(outcome.counterexample![0].source).toContain('Math.tanh(')
  })
})
