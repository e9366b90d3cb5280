import { describe, expect, it } from 'vitest'
import { expectAgreement } from './agree.ts'
import { loadText } from './author.ts'
import { hookText, preamble, refused, type Row, supported } from './page.ts'

const file = (r: Row): string => `${preamble}\nexport const variant = defineAttention({\n  name: 'variant',\n  captures,\n  ${r.hook.split(' ').at(-1)}: ${hookText(r)},\n})\n`

describe('docs/syntax.md', () => {
  it('holds the tables', () => {
    expect(supported.length).toBeGreaterThan(50)
    expect(refused.length).toBeGreaterThan(30)
  })

  it.each(supported)('$hook: $name', async (row) => {
    const { definitions, diagnostics } = await loadText(file(row))
    expect(diagnostics).toEqual([])
    expectAgreement(definitions[0]!)
  })

  it.each(refused)('refuses $name: $code', async (row) => {
    const { definitions, diagnostics } = await loadText(file(row))
    expect(diagnostics.map((d) => d.code)).toEqual([row.name])
    expect(definitions).toEqual([])
    const [found] = diagnostics
    expect(found!.fix).not.toMatch(/^$|(?<!\$)\{\w+\}/)
    expect(found!.message).not.toMatch(/(?<!\$)\{\w+\}/)
    expect(found!.line).toBeGreaterThan(preamble.split('\n').length)
    expect(hookText(row)).toContain(found!.text!)
  })
})
