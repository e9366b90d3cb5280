import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const texts = readdirSync(import.meta.dirname).filter((f) => f.endsWith('.ts')).map((f) => readFileSync(join(import.meta.dirname, f), 'utf8')).join('\n')
/** Names of tests and of cases: quoted text that begins with a number of one of the lists, or goes on with another after a semicolon. */
const named = [...texts.matchAll(/'((?:U?\d+)(?::| |, )[^'\n]*)'|`((?:U\d+): [^`\n]*)`/g)].map((m) => m[1] ?? m[2]!)
const numbers = (of: RegExp): readonly number[] => [...new Set(named.flatMap((name) => name.split('; ').flatMap((part) => (of.exec(part)?.[1] ?? '').split(/, /).filter(Boolean).map(Number))))].sort((a, b) => a - b)

test('every universal edge case of a forward kernel, U1 to U15, is a named test', () => {
  expect(numbers(/^U(\d+): /)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1))
})

test('every thread elsewhere that concerns forward attention is a named test; 19 is dropout, which has no forward kernel here', () => {
  const rows = Array.from({ length: 35 }, (_, i) => i + 1).filter((row) => row !== 19)
  expect(numbers(/^(\d+(?:, \d+)*) [a-zA-Z0-9]/)).toEqual(expect.arrayContaining(rows))
})
