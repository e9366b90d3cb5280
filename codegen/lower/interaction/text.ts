import type { ScalarType } from '../../ir/hook.ts'
import type { TargetName } from '../../ir/schedule.ts'
import { cudaDialect } from '../cuda-dialect.ts'
import type { Dialect } from '../printer.ts'
import { wgslDialect } from '../wgsl-dialect.ts'
import { at, param } from './names.ts'

/** How a target spells what surrounds an expression: buffers, integers that hold an element's place, declarations. */
export interface TargetText {
  readonly target: TargetName
  readonly dialect: Dialect
  readonly types: Readonly<Record<ScalarType, string>>
  /** The integer type of an element's place: 64 bits where the target has them. */
  readonly wide: string
  toWide(text: string): string
  buffer(name: string): string
  param(name: string): string
  declare(type: string, name: string, value: string): string
  /** A variable that an `if` may set. */
  variable(type: string, name: string, value: string): string
  /** An element of a tensor as a value. `kind`: how its buffer is typed. */
  load(buffer: string, index: string, kind: 'element' | 'f32' | 'i32'): string
  /** One offset of a segment. */
  offset(buffer: string, words: string, index: string): string
  perSequence(name: string, dtype: 'i32' | 'f32', batch: string): string
  table(name: string, index: string): string
}

const cuda: TargetText = Object.freeze({
  target: 'cuda', dialect: cudaDialect([]), types: { i32: 'int', f32: 'float', bool: 'bool' }, wide: 'long long',
  toWide: (text: string) => `(long long)${text}`,
  buffer: (name: string) => `params.${name}`,
  param: (name: string) => `params.${name}`,
  declare: (type: string, name: string, value: string) => `const ${type} ${name} = ${value};`,
  variable: (type: string, name: string, value: string) => `${type} ${name} = ${value};`,
  load: (buffer: string, index: string) => `load(params.${buffer}, ${index})`,
  offset: (buffer: string, words: string, index: string) => `offset_at(params.${buffer}, params.${words}, params.${words.replace('offset_words', 'rows')}, ${index})`,
  perSequence: (name: string, dtype: 'i32' | 'f32', batch: string) => `params.captures_${dtype}[params.${param.base(name)} + ${at(batch)}]`,
  table: (name: string, index: string) => `${name}(params, ${index})`,
})

const wgsl: TargetText = Object.freeze({
  target: 'wgsl', dialect: wgslDialect([]), types: { i32: 'i32', f32: 'f32', bool: 'bool' }, wide: 'i32',
  toWide: (text: string) => text,
  buffer: (name: string) => name,
  param: (name: string) => `params.${name}`,
  declare: (_type: string, name: string, value: string) => `let ${name} = ${value};`,
  variable: (type: string, name: string, value: string) => `var ${name}: ${type} = ${value};`,
  load: (buffer: string, index: string) => `load_${buffer}(${index})`,
  offset: (buffer: string, words: string, index: string) => `${buffer}[u32(${index}) * params.${words}]`,
  perSequence: (name: string, dtype: 'i32' | 'f32', batch: string) => `captures_${dtype}[params.${param.base(name)} + u32(${at(batch)})]`,
  table: (name: string, index: string) => `${name}(${index})`,
})

export const targetTexts: Readonly<Record<TargetName, TargetText>> = Object.freeze({ cuda, wgsl })
