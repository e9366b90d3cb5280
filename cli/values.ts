import { existsSync, readFileSync, statSync } from 'node:fs'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { suggestion } from './suggest.ts'

export const shown = (text: string): string => (text === '' ? '"" (empty)' : text.length > 60 ? `${text.slice(0, 57)}...` : text)

export const oneOf = <const T extends string>(what: string, known: readonly T[]) => (text: string): T =>
  known.find((k) => k === text) ?? fail('SR8011', { what, value: shown(text), suggestion: suggestion(text, known), known: known.join(', ') })

export const listOf = <const T extends string>(what: string, known: readonly T[]) => (text: string): readonly T[] =>
  [...new Set(text.split(',').map((part) => oneOf(what, known)(part.trim())))]

export const integer = (low: number, high: number = 2 ** 31 - 1) => (text: string, flag: string): number => {
  const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!(value >= low && value <= high)) fail('SR8013', { option: flag, value: shown(text), wanted: `a whole number from ${low} to ${high}` })
  return value
}

export const integers = (low: number, high?: number) => (text: string, flag: string): readonly number[] =>
  [...new Set(text.split(',').map((part) => integer(low, high)(part, flag)))]

/** Milliseconds from `60s`, `2m`, `500ms` or plain seconds. */
export const duration = (text: string, flag: string): number => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim())
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's']!
  const value = match ? Number(match[1]) * unit : 0
  return value > 0 ? value : fail('SR8013', { option: flag, value: shown(text), wanted: 'a time above zero, as in 60s, 2m or 500ms' })
}

/** Whole fields of a schedule, checked against the loop nest later. */
export const scheduleFields = (text: string): Readonly<Record<string, number>> => {
  const unreadable = (why: string): never => fail('SR8040', { value: shown(text), why, template: 'the loop nest', known: 'see `serrate explain NAME`' })
  const fields: Record<string, number> = {}
  for (const part of text.split(',')) {
    const [, field, value] = /^\s*([A-Za-z]\w*)\s*=\s*(\d+)\s*$/.exec(part) ?? unreadable(`${shown(part)} is not key=number`)
    if (field! in fields) unreadable(`${field} stands there twice`)
    fields[field!] = Number(value)
  }
  return fields
}

/** A file that must exist; gives back its path. */
export const existingFile = (path: string): string =>
  existsSync(path) && statSync(path).isFile() ? path : fail('SR8014', { value: shown(path), cwd: process.cwd() })

/** JSON of a file, or a coded error naming it. */
export const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(existingFile(path), 'utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return fail('SR8015', { file: path, why: `not JSON (${error.message})`, fix: 'Give a JSON file.' })
  }
}

const checkLengths = (values: readonly unknown[], seen: string): readonly number[] => {
  let total = 0
  for (const [i, value] of values.entries()) {
    if (typeof value !== 'number' || !Number.isInteger(value)) fail('SR8012', { value: seen, why: `entry ${i} is ${JSON.stringify(value)}, no whole number` })
    if ((value as number) < 0) fail('SR8012', { value: seen, why: `entry ${i} is ${value}, below 0` })
    total += value as number
  }
  if (total > 2 ** 31 - 1) fail('SR8012', { value: seen, why: `they add up to ${total} rows, above 2147483647` })
  return values as readonly number[]
}

/** `d=128,k=64`: a number from 0 for each axis. */
export const axisNumbers = (text: string, flag: string): Readonly<Record<string, number>> => {
  const wrong = (): never => fail('SR8013', { option: flag, value: shown(text), wanted: 'AXIS=number for each axis once, whole numbers from 0 to 2147483647, as in d=128,k=64' })
  const found: Record<string, number> = {}
  for (const part of text.split(/[,;\s]+/)) {
    const [, axis, value] = /^([A-Za-z_]\w*)=(\d{1,10})$/.exec(part) ?? wrong()
    if (axis! in found || Number(value) > 2 ** 31 - 1) wrong()
    found[axis!] = Number(value)
  }
  return found
}

/** Lengths of one axis, or of each axis that is named. */
export type Lengths = readonly number[] | Readonly<Record<string, readonly number[]>>

/** `3,0,17` or a file; or by axis, `i=3,0 j=17,4`. */
export const axisLengths = (text: string): Lengths => {
  if (!/^\s*[A-Za-z_]\w*=/.test(text) || existsSync(text)) return lengths(text)
  const found: Record<string, readonly number[]> = {}
  for (const part of text.trim().split(/[;\s]+/)) {
    const [, axis, list] = /^([A-Za-z_]\w*)=(.+)$/.exec(part) ?? fail('SR8012', { value: shown(text), why: `${shown(part)} is not AXIS=lengths` })
    if (axis! in found) fail('SR8012', { value: shown(text), why: `${axis} stands there twice` })
    found[axis!] = lengths(list!)
  }
  return found
}

/** `3,0,17`, `none` for a batch of no sequences, or a JSON file: an array or `{ lengths }`. */
export const lengths = (text: string): readonly number[] => {
  if (text === 'none') return []
  if (/^[\s\d,+-]*$/.test(text) && !existsSync(text)) {
    const parts = text.split(',').map((p) => p.trim())
    const bad = parts.findIndex((p) => !/^[+-]?\d+$/.test(p))
    if (bad >= 0) fail('SR8012', { value: shown(text), why: text.trim() ? `entry ${bad} is ${shown(parts[bad]!)}` : 'there are none' })
    return checkLengths(parts.map(Number), shown(text))
  }
  if (!existsSync(text) && !/[./\\]/.test(text)) fail('SR8012', { value: shown(text), why: 'that is no number and no file' })
  const json = readJson(text) as { lengths?: unknown } | unknown[] | null
  const list = Array.isArray(json) ? json : json?.lengths
  return Array.isArray(list) ? checkLengths(list, text) : fail('SR8012', { value: text, why: 'the file holds no array and no { lengths }' })
}
