import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { prune } from '../../runtime/cuda-cpu/prune.ts'
import { shipped } from '../wgsl/shipped.ts'
import { noCompiler } from './harness.ts'

describe('the cache of compiled modules', () => {
  let folder = ''
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'serrate-prune-')) })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('past its size keeps the half used last, and the runner', async () => {
    for (let i = 0; i < 12; i++) {
      const name = join(folder, i === 0 ? 'runner-0' : `${i}.so`)
      writeFileSync(name, '')
      utimesSync(name, 1000 + i, 1000 + i)
    }
    await prune(folder, 11)
    expect(readdirSync(folder)).toHaveLength(12)
    await prune(folder, 10)
    expect(readdirSync(folder).sort()).toEqual(['10.so', '11.so', '7.so', '8.so', '9.so', 'runner-0'])
  })

  test.skipIf(noCompiler)('a module that is taken again counts as used', { timeout: 60_000 }, async () => {
    const { algorithm } = await shipped('full')
    const kernel = compileKernel(algorithm, defaultProblem(algorithm, 'f32', 8), { target: 'cuda' })
    const take = async (): Promise<string> => {
      const device = await openCudaCpu({ cacheDir: folder })
      await device.compile(kernel)
      await device.close()
      return join(folder, readdirSync(folder).find((f) => f.endsWith('.so') && !f.startsWith('unit-'))!)
    }
    const module = await take()
    utimesSync(module, 1000, 1000)
    await take()
    expect(Date.now() - statSync(module).mtimeMs).toBeLessThan(60_000)
  })
})
