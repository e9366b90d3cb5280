import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import { snake } from '../../ir/names.ts'
import { fieldWords } from '../../ir/words.ts'

const BUFFERS = ['out', 'captures_i32', 'captures_f32', 'partials', 'params', 'tiles']
const OBJECT = ['constructor', 'prototype', '__proto__']

/** Why an axis or an input cannot have its name, or undefined when it can. */
export const nameProblem = (name: string, what: 'axis' | 'input'): string | undefined => {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return 'not an identifier that starts with a letter'
  if (name.length > 32) return 'longer than 32 characters'
  if (OBJECT.includes(name)) return 'reserved by JavaScript'
  if (what === 'axis') return undefined
  if (BUFFERS.includes(snake(name)) || snake(name).startsWith('offsets_')) return 'reserved: every launcher has an argument of that name'
  return fieldWords.has(name) || fieldWords.has(snake(name)) ? 'a word of WGSL or CUDA' : undefined
}

/** The functions that compute axes of inputs and of the output. */
export const mapsOf = ({ index, scatter }: Pick<InteractionDefinition, 'index' | 'scatter'>): Readonly<Record<string, (at: any, seq: any, v: any) => number>> => ({ ...index, ...scatter })

/** The first of two names that are one in kernel text. */
export const clash = (names: readonly string[]): readonly [string, string] | undefined => {
  const seen = new Map<string, string>()
  for (const name of names) {
    const known = seen.get(snake(name))
    if (known !== undefined) return [known, name]
    seen.set(snake(name), name)
  }
  return undefined
}
