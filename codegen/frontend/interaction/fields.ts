import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { NamedCapture } from '../../ir/algorithm.ts'
import { readCaptures } from '../captures.ts'
import type { Places } from './places.ts'

const FIELDS = ['name', 'captures', 'inputs', 'output', 'axes', 'index', 'scatter', 'lengths', 'value', 'reduce', 'epilogue', 'gradient']

const isObject = (v: unknown): v is object => typeof v === 'object' && v !== null && !Array.isArray(v)
const isFunctions = (v: unknown): boolean => v === undefined || (isObject(v) && Object.values(v).every((f) => typeof f === 'function'))
const isFunction = (v: unknown): boolean => typeof v === 'function'

/** What each field must be in the live object. */
const wanted: Readonly<Record<string, readonly [is: (v: unknown) => boolean, what: string]>> = {
  inputs: [isObject, 'an object of layouts'], output: [isObject, 'a layout'], value: [isFunction, 'a function'],
  captures: [isObject, 'an object of captures'], index: [isFunctions, 'an object of functions'], scatter: [isFunctions, 'an object of functions'], lengths: [isFunctions, 'an object of functions'],
  epilogue: [(v) => v === undefined || isFunction(v), 'a function'],
  axes: [(v) => v === undefined || (Array.isArray(v) && v.every((a) => typeof a === 'string')), 'a list of names'],
  reduce: [(v) => v === undefined || (v as { kind?: unknown } | null)?.kind === 'reduction', 'a reduction such as `sum(\'d\')`'],
  gradient: [(v) => v === undefined || isObject(v), 'an object'],
}

const shown = (v: unknown): string => (v === undefined ? 'missing' : v === null ? 'null' : Array.isArray(v) ? 'a list' : `a ${typeof v}`)

/** Refuses unknown fields and fields of the wrong kind. */
export const checkFields = (P: Places, live: InteractionDefinition): void => {
  const { I, name } = P
  const given = live.name as unknown
  if (typeof given !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(given)) {
    const suggestion = String(given ?? '').replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '').replace(/^(\d)/, '_$1').slice(0, 64) || 'my_interaction'
    I.refuse('SR1007', P.at('name'), { value: JSON.stringify(given) ?? 'undefined', suggestion })
  }
  for (const key of Object.keys(live)) if (key !== 'kind' && !FIELDS.includes(key)) I.refuse('SR1008', P.at(key), { field: key, name, found: 'not a field of a definition', wanted: `one of ${FIELDS.join(', ')}` })
  for (const [key, [is, what]] of Object.entries(wanted)) {
    const value = (live as unknown as Record<string, unknown>)[key]
    if (!is(value)) I.refuse('SR1008', P.at(key), { field: key, name, found: shown(value), wanted: what })
  }
}

const SUPPORTED = ['scalar', 'perSequence', 'table']
const RESERVED = ['lengths', 'sizes']

/** Captures that an interaction can read. */
export const interactionCaptures = (P: Places, live: InteractionDefinition): readonly NamedCapture[] => {
  const read = readCaptures(P.I, live.captures, (name) => P.at('captures', name))
  for (const c of read) {
    const at = P.at('captures', c.name)
    if (!SUPPORTED.includes(c.kind) || c.perHead) P.I.refuse('SR1515', at, { name: c.name, kind: SUPPORTED.includes(c.kind) ? `${c.kind} of heads` : `${c.kind} capture` })
    if (RESERVED.includes(c.name)) P.I.refuse('SR1010', at, { name: c.name, why: `reserved: \`seq.${c.name}\` is of the axes`, suggestion: `${c.name}Value` })
  }
  return read
}

/** Inputs that the author says have no gradient. */
export const constantsOf = (P: Places, live: InteractionDefinition): readonly string[] =>
  Object.entries(live.gradient ?? {}).flatMap(([input, how]) => {
    if (how === undefined) return []
    if (!(input in live.inputs)) P.I.refuse('SR1518', P.at('gradient', input), { input, found: 'of no input', fix: `Name one of ${Object.keys(live.inputs).join(', ')}.` })
    if (how !== 'none' && (how as { kind?: unknown } | null)?.kind !== 'interaction') P.I.refuse('SR1518', P.at('gradient', input), { input, found: 'neither \'none\' nor a definition', fix: 'Write \'none\' where an input has no gradient, or a definition that reads the inputs and `d_out`; every other gradient is derived.' })
    return how === 'none' ? [input] : []
  })
