import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { typeErrors } from '../../codegen/frontend/check.ts'
import { author } from './author.ts'

const misuse = join(import.meta.dirname, 'misuse.ts')

describe('in the editor', () => {
  it('accepts correct uses and marks each misuse', () => expect(typeErrors(misuse)).toEqual([]))

  it('each marked line is really an error', () => {
    const text = readFileSync(misuse, 'utf8')
    const marks = text.match(/@ts-expect-error/g)!.length
    expect(marks).toBeGreaterThan(12)
    const unmarked = typeErrors(author(text.replaceAll('// @ts-expect-error', '//')))
    expect(new Set(unmarked.map((d) => d.line)).size).toBe(marks)
  })

  it.each(['alibi', 'hstu', 'prefix_lm', 'relative_bias', 'sliding_window', 'softcap'])('kernels/%s.ts has no type error', (name) => {
    expect(typeErrors(join(import.meta.dirname, `../../kernels/${name}.ts`))).toEqual([])
  })
})
