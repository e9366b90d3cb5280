import type { NamedCapture } from '../ir/algorithm.ts'
import { captureNames, launchNames, PAIRS, snake } from '../ir/names.ts'
import { fieldWords } from '../ir/words.ts'

const OBJECT = new Set(['constructor', 'prototype', '__proto__'])

const nameProblem = (name: string): string | undefined => {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return 'not an identifier that starts with a letter'
  if (name.length > 64) return 'longer than 64 characters'
  if (OBJECT.has(name) || snake(name) === PAIRS || [name, snake(name)].some((n) => launchNames.has(n))) return 'reserved: every launcher has an argument or field of that name'
  if (fieldWords.has(snake(name)) || fieldWords.has(name)) return 'a word of WGSL or CUDA'
  return undefined
}

/** Why a capture cannot have its name beside `others`, or undefined when it can. */
export const captureProblem = (c: NamedCapture, others: readonly NamedCapture[]): string | undefined => {
  const problem = nameProblem(c.name)
  if (problem) return problem
  const mine = captureNames(c)
  const reserved = mine.find((n) => launchNames.has(n))
  if (reserved) return `reserved: a kernel has a parameter ${reserved}`
  for (const other of others) {
    const same = captureNames(other).find((n) => mine.includes(n))
    if (same) return same === snake(c.name) && same === snake(other.name) ? 'the same as another one in kernel text' : `too like \`${other.name}\`: both bring the name \`${same}\` to kernel text`
  }
  return undefined
}
