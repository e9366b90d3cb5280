import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkFile, type LoadedInteraction, loadFile } from '../../../codegen/frontend/index.ts'
import { hashInteraction, printInteraction } from '../../../codegen/ir/interaction/index.ts'
import { expectAgreement } from './agree.ts'

const folder = 'kernels/interaction'
const names = readdirSync(folder).filter((f) => f !== 'index.ts').map((f) => f.slice(0, -3)).sort()
const all = loadFile(`${folder}/index.ts`)
const byName = async (name: string): Promise<LoadedInteraction> => (await all).interactions.find((x) => x.exportName === name)!

const codeLines = (text: string): number => text.split('\n').filter((l) => l.trim() && !/^\s*(\/\/|\/\*|\*|import )/.test(l)).length

describe('shipped interactions', () => {
  it('all come through', async () => {
    const { definitions, interactions, diagnostics } = await all
    expect(diagnostics).toEqual([])
    expect(definitions).toEqual([])
    expect(interactions.map((x) => x.exportName).sort()).toEqual(names)
    expect(interactions.map((x) => x.interaction.name).sort()).toEqual(names)
  })

  it('have names that no attention kernel has', async () => {
    const { definitions } = await loadFile('kernels/index.ts')
    expect(definitions.map((d) => d.exportName).filter((n) => names.includes(n))).toEqual([])
  })

  it.each(names)('%s has at most 12 lines and says what it is', (name) => {
    const text = readFileSync(`${folder}/${name}.ts`, 'utf8')
    expect(codeLines(text)).toBeLessThanOrEqual(12)
    expect(text).toMatch(/^\/\*\* .{20,} \*\/$/m)
  })

  it.each(names)('%s computes what its functions compute', async (name) => expectAgreement(await byName(name)))

  it.each(names)('%s is the same read alone as read through the index', async (name) => {
    const { interactions } = await loadFile(`${folder}/${name}.ts`)
    expect(interactions.map((x) => hashInteraction(x.interaction))).toEqual([hashInteraction((await byName(name)).interaction)])
  })

  it.each(names)('%s prints as it always has', async (name) => expect(printInteraction((await byName(name)).interaction)).toMatchSnapshot())

  it('have the types that TypeScript accepts', async () => expect(await checkFile(`${folder}/index.ts`, { types: true })).toEqual([]))

  it('are frozen all the way down', async () => {
    const seen = new Set<unknown>()
    const check = (value: unknown): void => {
      if (!value || typeof value !== 'object' || seen.has(value)) return
      seen.add(value)
      expect(Object.isFrozen(value)).toBe(true)
      Object.values(value).forEach(check)
    }
    for (const { interaction } of (await all).interactions) check(interaction)
  })
})
