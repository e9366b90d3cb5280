import { fieldWords } from '../ir/words.ts'

/** Names that a launcher or the parameters of every kernel already use, in snake case. */
const LAUNCHER = new Set([
  'q', 'k', 'v', 'out', 'lse', 'seq_offsets', 'tiles', 'q_len', 'kv_len', 'row0', 'num_sequences', 'num_heads', 'num_rows', 'max_tiles', 'offset_words', 'sm_scale',
  'captures_i32', 'captures_f32', 'constructor', 'prototype', '__proto__',
])

export const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** Why a name cannot be a capture, or undefined when it can. */
export const nameProblem = (name: string): string | undefined => {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return 'not an identifier that starts with a letter'
  if (name.length > 64) return 'longer than 64 characters'
  if (LAUNCHER.has(snake(name)) || LAUNCHER.has(name)) return 'reserved: every launcher has an argument or field of that name'
  if (/^(base|length)_/.test(snake(name))) return 'reserved: `base_` and `length_` start the names of table parameters'
  if (fieldWords.has(snake(name)) || fieldWords.has(name)) return 'a word of WGSL or CUDA'
  return undefined
}
