import { readdirSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { hashAlgorithm, printAlgorithm } from '../../codegen/ir/algorithm.ts'
import { operands, topological } from '../../codegen/ir/hook.ts'
import { expectAgreement } from './agree.ts'

const names = readdirSync('kernels').filter((f) => f.endsWith('.ts') && f !== 'index.ts').map((f) => f.slice(0, -3)).sort()
const all = loadFile('kernels/index.ts')
const byName = async (name: string) => (await all).definitions.find((d) => d.exportName === name)!

describe('shipped kernels', () => {
  it('all come through', async () => {
    const { definitions, diagnostics } = await all
    expect(diagnostics).toEqual([])
    expect(definitions.map((d) => d.exportName)).toEqual(names)
    expect(definitions.map((d) => d.algorithm.name)).toEqual(names)
  })

  it.each(names)('%s computes what its functions compute', async (name) => expectAgreement(await byName(name), 200))

  it.each(names)('%s is the same read alone as read through the index', async (name) => {
    const alone = await loadFile(`kernels/${name}.ts`)
    expect(hashAlgorithm(alone.definitions[0]!.algorithm)).toBe(hashAlgorithm((await byName(name)).algorithm))
  })

  it.each(['hstu', 'relative_bias'])('%s prints as it always has', async (name) => {
    expect(printAlgorithm((await byName(name)).algorithm)).toMatchSnapshot()
  })

  it('names and places what the author wrote', async () => {
    const { algorithm } = await byName('hstu')
    const labels = topological(algorithm.maskMod!.body).flatMap((e) => e.label ?? [])
    expect(labels).toEqual(['shift', 'idQ', 'maxId', 'idKv', 'near'].sort((a, b) => labels.indexOf(a) - labels.indexOf(b)))
    expect(algorithm.span).toMatchObject({ file: 'kernels/hstu.ts', line: 11, column: 1 })
    expect(algorithm.maskMod!.span).toMatchObject({ file: 'dsl/masks/hstu.ts', text: expect.stringMatching(/^\(_b: number[\s\S]+\}$/) })
    const window = (await byName('sliding_window')).algorithm.maskMod!
    expect(window.span).toMatchObject({ file: 'kernels/sliding_window.ts', line: 7, text: 'and(causal, slidingWindow)' })
    for (const e of topological(window.body)) if (operands(e).length) expect(e.span!.file).toMatch(/^dsl\//)
  })

  it('is frozen all the way down', async () => {
    const seen = new Set<unknown>()
    const check = (value: unknown): void => {
      if (!value || typeof value !== 'object' || seen.has(value)) return
      seen.add(value)
      expect(Object.isFrozen(value)).toBe(true)
      Object.values(value).forEach(check)
    }
    for (const d of (await all).definitions) check(d.algorithm)
  })

  it('loads all of them in 3 s cold, one in 50 ms warm (what a build is promised), in processor time so that a busy machine does not matter', async () => {
    const script = `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000 }
      const { loadFile } = await import('./codegen/frontend/index.ts'); await loadFile('kernels/index.ts'); const cold = used()
      const warm = []; for (let i = 0; i < 15; i++) { const s = used(); await loadFile('kernels/hstu.ts'); warm.push(used() - s) }
      console.log(JSON.stringify({ cold, warm: warm.sort((a, b) => a - b)[7] }))`
    const { cold, warm } = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }))
    expect(cold).toBeLessThan(3000)
    expect(warm).toBeLessThan(50)
  })
})
