import { describe, expect, it } from 'vitest'
import { checkFile, loadFile } from '../../codegen/frontend/index.ts'
import { frontend } from '../../codegen/ir/diagnostics/frontend.ts'
import { author, loadText } from './author.ts'
import { interactionRefusals } from './interaction/refusals.ts'
import { MARK, refusals as attentionRefusals } from './refusals.ts'

const refusals = [...attentionRefusals, ...interactionRefusals]

const place = (text: string): { line: number; column: number } => {
  const end = text.indexOf(MARK) + MARK.length
  const before = text.slice(0, text[end] === '\n' ? end + 1 : end).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

describe('every front end diagnostic', () => {
  it('has a file that causes it', () => {
    const covered = new Set(['SR1001', 'SR1009', 'SR1900', ...refusals.map(([code]) => code)])
    expect(Object.keys(frontend).filter((code) => !covered.has(code))).toEqual([])
  })

  it.each(refusals.map(([code, text], i) => ({ code, text, i, shown: text.split('\n').find((l) => l.includes(MARK))!.trim().slice(0, 90) })))('$code $i: $shown', async ({ code, text }) => {
    expect(text.split(MARK)).toHaveLength(2)
    const { definitions, interactions, diagnostics } = await loadText(text)
    expect(diagnostics[0], JSON.stringify(diagnostics)).toMatchObject({ code, severity: 'error', ...place(text) })
    for (const d of diagnostics) {
      expect(d.file).toMatch(/variant_\d+\.ts$/)
      expect(d.text).toBeTruthy()
      expect(`${d.message} ${d.fix}`).not.toMatch(/(?<!\$)\{\w+\}|undefined\b(?! is|,)|\n\s+at /)
      expect(d.fix.length).toBeGreaterThan(5)
    }
    if (code !== 'SR1006') expect([...definitions, ...interactions]).toEqual([])
  })

  it('SR1001: a file that is not there, and a folder', async () => {
    for (const path of ['nowhere/variant.ts', '/']) {
      const { diagnostics } = await loadFile(path)
      expect(diagnostics.map((d) => d.code)).toEqual(['SR1001'])
    }
  })

  it('SR1900: what TypeScript says, only when asked', async () => {
    const path = author(`import { causal, defineAttention } from 'serrate'\nconst n: number = 'text'\nexport const a = defineAttention({ name: 'a', maskMod: causal })\n`)
    expect(await checkFile(path)).toEqual([])
    expect(await checkFile(path, { types: true })).toMatchObject([{ code: 'SR1900', line: 2, column: 7, message: expect.stringContaining('TS2322') }])
  })

  it('collects every problem of a file', async () => {
    const { diagnostics } = await loadText(`
import { defineAttention, scalar } from 'serrate'
export const one = defineAttention({
  name: 'one!',
  captures: { window: scalar('i32') },
  scoreMod: (score, b, h, q, kv, seq: any) => {
    let x = 1
    const y = seq.windw + x
    if (y) return Math.random()
    return new Date() as any
  },
  maskMod: (b, h, q, kv) => (q - kv) as any,
})
export const two = defineAttention({ name: 'two', maskMod: (b, h, q) => q & 1.5 as any })
`)
    expect(diagnostics.map((d) => d.code)).toEqual(['SR1007', 'SR1102', 'SR1301', 'SR1108', 'SR1106', 'SR1205', 'SR1209'])
  })
})
