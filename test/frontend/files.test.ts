import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { serrate } from '../cli/program.ts'

const base = mkdtempSync(join(tmpdir(), 'serrate-files-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const TEXT = `import { causal, defineAttention } from 'serrate'
import { near } from './parts/near.ts'
export const mine = defineAttention({ name: 'mine', scoreMod: (score, b, h, q, kv) => score * near(q - kv), maskMod: causal })
`
const write = (path: string, text: string | Uint8Array): string => {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}
const copyOf = (name: string): string => {
  const root = join(base, name)
  write(join(root, 'package.json'), '{}')
  write(join(root, 'variants', 'parts', 'near.ts'), 'export const near = (d: number): number => (d < 4 ? 1 : 0.5)\n')
  write(join(root, 'variants', 'mine.ts'), TEXT)
  return root
}

describe('the same file gives the same bytes', () => {
  const first = copyOf('one')
  const second = join(base, 'deep', 'er', 'two')
  cpSync(first, second, { recursive: true })
  const runs = [[base, 'one/variants/mine.ts'], [join(first, 'variants'), 'mine.ts'], [second, join(second, 'variants/mine.ts')], [first, '../deep/er/two/variants/mine.ts']] as const

  it.each(['hooks', 'algorithm', 'plan', 'source'])('from every folder and of every copy: %s', async (level) => {
    const target = level === 'source' ? 'cuda' : 'wgsl'
    const outputs = await Promise.all(runs.map(([cwd, file]) => serrate(['emit', file, '--level', level, '--target', target], { cwd })))
    for (const { code, stdout } of outputs) {
      expect(code).toBe(0)
      expect(stdout).toBe(outputs[0]!.stdout)
      expect(stdout).not.toContain(base)
    }
    if (level === 'source') expect(outputs[0]!.stdout).toContain('variants/mine.ts:3')
  })

  it('and build writes the same folder', async () => {
    const [a, b] = await Promise.all(runs.slice(1, 3).map(([cwd, file], i) => serrate(['build', file, '--out', join(base, `out${i}`), '--json'], { cwd })))
    expect([a!.code, b!.code]).toEqual([0, 0])
    const again = await serrate(['build', 'one/variants/mine.ts', '--out', join(base, 'out1'), '--json'], { cwd: base })
    expect(again.json.written).toEqual([])
    expect(again.json.unchanged).toHaveLength(again.json.files.length)
  })

  it('and a diagnostic shows a path that opens from there', async () => {
    write(join(first, 'bad.ts'), TEXT.replace("'mine'", "'no name'"))
    for (const [cwd, shown] of [[base, 'one/bad.ts'], [first, 'bad.ts'], [second, join(first, 'bad.ts')]] as const) {
      const { code, json } = await serrate(['check', join(first, 'bad.ts'), '--json'], { cwd })
      expect(code).toBe(1)
      expect(json.diagnostics[0].file).toBe(shown)
    }
  })
})

describe('files that hold no definition', () => {
  it.each([
    ['package.json', '{}', 'ends in .json'], ['notes.txt', 'text', 'ends in .txt'], ['noending', TEXT, 'no ending'], ['types.d.ts', 'export declare const a: number', 'types and no values'],
    ['view.tsx', TEXT, 'cannot import .tsx'], ['old.cts', TEXT, 'CommonJS'], ['old.cjs', TEXT, 'CommonJS'], ['binary.ts', Uint8Array.of(0x7f, 0x45, 0, 1), 'no text'], ['binary.wasm', Uint8Array.of(0, 1), '.wasm'],
  ] as const)('SR1009 %s', async (name, content, why) => {
    const { definitions, diagnostics } = await loadFile(write(join(base, 'kinds', name), content))
    expect(definitions).toEqual([])
    expect(diagnostics.map((d) => d.code)).toEqual(['SR1009'])
    expect(diagnostics[0]!.message).toContain(why)
    expect(diagnostics[0]!.fix).not.toMatch(/undefined|\{\w+\}/)
  })

  it.each([['empty.ts', '', 'SR1004'], ['comment.ts', '// nothing', 'SR1004'], ['syntax.ts', 'export const a = {', 'SR1002'], ['enum.ts', 'export enum E { A }', 'SR1003']])('%s', async (name, content, code) => {
    const { diagnostics } = await loadFile(write(join(base, 'kinds', name), content))
    expect(diagnostics[0]).toMatchObject({ code, line: 1 })
  })

  it.each(['ts', 'mts', 'js', 'mjs'])('a .%s file is read', async (ending) => {
    const { definitions, diagnostics } = await loadFile(write(join(base, 'kinds', `plain.${ending}`), `import { causal, defineAttention } from 'serrate'\nexport const a = defineAttention({ name: 'a', maskMod: causal })\n`))
    expect(diagnostics).toEqual([])
    expect(definitions).toHaveLength(1)
  })

  it('exits 2 for wrong use, and finds what a file exports under any name', async () => {
    const cwd = base
    write(join(base, 'default.ts'), `import { defineAttention } from 'serrate'\nconst a = defineAttention({ name: 'a' })\nexport default a\nexport { a, a as b }\n`)
    const emit = async (ref: string) => { const { code, json } = await serrate(['emit', ref, '--level', 'hooks', '--json'], { cwd }); return [code, json.error?.code ?? json.name] }
    expect(await emit('one/package.json')).toEqual([2, 'SR1009'])
    expect(await emit('one')).toEqual([2, 'SR8015'])
    expect(await emit('default.ts#missing')).toEqual([2, 'SR8016'])
    for (const name of ['default', 'a', 'b']) expect(await emit(`default.ts#${name}`)).toEqual([0, 'a'])
  })
})
