import { utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { printAlgorithm } from '../../codegen/ir/algorithm.ts'
import { expectAgreement } from './agree.ts'
import { author, loadText } from './author.ts'

const S = `import { and, causal, defineAttention, perHead, pointwise, scalar, silu, softcap, table } from 'serrate'\n`
const names = async (text: string) => {
  const loaded = await loadText(text)
  expect(loaded.diagnostics).toEqual([])
  loaded.definitions.forEach((d) => expectAgreement(d, 50))
  return loaded.definitions.map((d) => d.exportName)
}

describe('where definitions come from', () => {
  it('every kind of export, in source order', async () => {
    expect(await names(`${S}const c = defineAttention({ name: 'c', maskMod: causal })
export const b = defineAttention({ name: 'b' }), a = defineAttention({ name: 'a' })
export { c as third }
export const notOne = { kind: 'something else' }
export default defineAttention({ name: 'd' })`)).toEqual(['b', 'a', 'third', 'default'])
  })

  it('one definition under two names is one', async () => {
    expect(await names(`${S}const c = defineAttention({ name: 'c' })\nexport default c\nexport { c }`)).toEqual(['c'])
  })

  it('re-exports, renamed and starred, and imported names', async () => {
    author(`${S}export const one = defineAttention({ name: 'one', maskMod: causal })\nexport const two = defineAttention({ name: 'two' })\nexport default 3`, 'parts.ts')
    author(`export * from './parts.ts'`, 'star.ts')
    expect(await names(`export { one as first } from './parts.ts'`)).toEqual(['first'])
    expect(await names(`export * from './star.ts'`)).toEqual(['one', 'two'])
    expect(await names(`import { two } from './star.ts'\nexport { two }`)).toEqual(['two'])
    expect(await names(`import * as parts from './parts.ts'\nexport const again = parts.one`)).toEqual(['again'])
  })

  it('factories, spread specs, patterns and methods', async () => {
    expect(await names(`${S}const make = (window: number, name = 'w' + window) => defineAttention({ name, maskMod: and(causal, (b, h, q, kv) => q - kv <= window) })
const base = { captures: { slope: perHead('f32') }, maskMod: causal }
export const w4 = make(4)
export const w8 = make(8)
export const { x } = { x: defineAttention({ name: 'x', ...base, scoreMod(score, b, h, q, kv, seq) { return score * seq.slope } }) }`)).toEqual(['w4', 'w8', 'x'])
  })

  it('functions, constants and namespaces from other files', async () => {
    author(`export const SIZE = 4\nexport default function block(n: number) { return Math.floor(n / SIZE) }\nexport const bend = (x: number) => x * 0.5`, 'helpers.ts')
    expect(await names(`${S}import block, { SIZE, bend as half } from './helpers.ts'
import * as helpers from './helpers.ts'
import * as serrate from 'serrate'
export const a = serrate.defineAttention({
  name: 'a',
  maskMod: (b, h, q, kv) => block(q) === helpers.default(kv) || q - kv < SIZE,
  scoreMod: (score) => half(serrate.sigmoid(score)) + helpers.bend(helpers.SIZE),
})`)).toEqual(['a'])
  })

  it('a changed file is read again, and so is what it imports', async () => {
    author(`export const N = 3`, 'changing.ts')
    const path = author(`${S}import { N } from './changing.ts'\nexport const a = defineAttention({ name: 'a', scoreMod: (s) => s * N })`)
    const print = async () => { const { definitions } = await loadFile(path); expectAgreement(definitions[0]!, 20); return printAlgorithm(definitions[0]!.algorithm) }
    expect(await print()).toContain('mul score, 3.0')
    const changed = author(`export const N = 40`, 'changing.ts')
    utimesSync(changed, new Date(), new Date(Date.now() + 5000))
    writeFileSync(path, `${S}import { N } from './changing.ts'\nexport const a = defineAttention({ name: 'a', scoreMod: (s) => s * N  })`)
    expect(await print()).toContain('mul score, 40.0')
  })
})

describe('what a definition holds', () => {
  const one = async (fields: string) => {
    const { definitions, diagnostics } = await loadText(`${S}export const a = defineAttention({ name: 'a', ${fields} })`)
    expect(diagnostics).toEqual([])
    expectAgreement(definitions[0]!, 50)
    return definitions[0]!.algorithm
  }

  it('smScale: a number, a capture under its launch name, or the default', async () => {
    expect((await one('')).smScale).toEqual({ kind: 'default' })
    expect((await one('smScale: 1 / Math.sqrt(64)')).smScale).toEqual({ kind: 'const', value: 0.125 })
    const named = await one(`captures: { window: scalar('i32') }, smScale: scalar('f32', { name: 'alpha', default: 0.5 })`)
    expect(named.smScale).toEqual({ kind: 'capture', name: 'alpha' })
    expect(named.captures.map((c) => c.name)).toEqual(['window', 'alpha'])
    expect(named.captures[1]).toMatchObject({ kind: 'scalar', dtype: 'f32', default: 0.5 })
    expect((await one(`smScale: scalar('f32')`)).smScale).toEqual({ kind: 'capture', name: 'smScale' })
  })

  it('a pointwise scale: a number, a function, or none', async () => {
    expect((await one('normalizer: pointwise(silu)')).normalizer).not.toHaveProperty('scale')
    expect((await one('normalizer: pointwise((x) => x * x, 0.25)')).normalizer).toMatchObject({ scale: { body: { kind: 'const', type: 'f32', value: 0.25 } } })
    expect((await one('normalizer: pointwise(silu, ({ qLen }) => 1 / qLen)')).normalizer).toMatchObject({ scale: { body: { op: 'div' } } })
  })

  it('-Infinity under softmax becomes mask, alone or with the author\'s', async () => {
    const alone = await one('scoreMod: (s, b, h, q, kv) => (q > kv ? -Infinity : s * 2)')
    expect(printAlgorithm(alone)).toContain('maskMod {\n    %0: bool = gt q, kv\n    %1: bool = not %0')
    const both = await one('maskMod: causal, scoreMod: (s, b, h, q, kv) => { if (h === 1) { if (q === kv) return -Infinity } return s }')
    expect(both.maskMod!.body).toMatchObject({ op: 'and' })
    expect(both.scoreMod!.body).toMatchObject({ kind: 'param', name: 'score' })
    expect((await one('scoreMod: () => -Infinity')).maskMod!.body).toMatchObject({ kind: 'const', value: false })
  })

  it('captures in declaration order, with what verify needs', async () => {
    const { captures } = await one(`captures: { bias: table('i32', { perHead: true, length: 9, range: [-2, 2] }), slope: perHead('f32') }`)
    expect(captures).toEqual([
      { name: 'bias', kind: 'table', dtype: 'i32', perHead: true, length: 9, range: [-2, 2] }, { name: 'slope', kind: 'perHead', dtype: 'f32', perHead: false },
    ])
  })
})
