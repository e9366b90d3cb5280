import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { type Interaction, ownerOf } from '../../codegen/ir/interaction/index.ts'
import { suggestion } from '../suggest.ts'
import type { Lengths } from '../values.ts'

/** Jagged axes whose lengths a launch gives. */
export const lengthAxes = (x: Interaction): readonly string[] => x.axes.filter((a) => a.kind === 'jagged' && a.like === a.name && !a.length).map((a) => a.name)
/** Jagged axes that own their lengths, derived or given. */
const capacityAxes = (x: Interaction): readonly string[] => x.axes.filter((a) => a.kind === 'jagged' && a.like === a.name).map((a) => a.name)

const checkNames = (x: Interaction, option: string, names: readonly string[], known: readonly string[]): void => {
  const unknown = names.find((n) => !known.includes(n))
  if (unknown) fail('SR8062', { option, axis: unknown, name: x.name, suggestion: suggestion(unknown, known), known: known.join(', ') || 'none' })
}

const batchOf = (x: Interaction, axis: string): string => ownerOf(x, x.axes.find((a) => a.name === axis)!.batch ?? 'b')

/** Axes of the same sequences have as many lengths. Throws SR8064. */
const checkCounts = (x: Interaction, lengths: Readonly<Record<string, readonly number[]>>): void => {
  const seen = new Map<string, string>()
  for (const [axis, list] of Object.entries(lengths)) {
    const other = seen.get(batchOf(x, axis))
    if (other && lengths[other]!.length !== list.length) fail('SR8064', { axis, got: list.length, other, want: lengths[other]!.length })
    seen.set(batchOf(x, axis), axis)
  }
}

const turned = (list: readonly number[], by: number): readonly number[] => list.map((_, i) => list[(i + by) % list.length]!)

/**
 * Lengths by axis: a list that is given holds for every axis, one that is the default is turned by one from axis to axis so that axes differ.
 * Throws SR8062 for an axis that has none, SR8064 for lists of different sequences.
 */
export const lengthsOf = (x: Interaction, lengths: Lengths, given: boolean): Readonly<Record<string, readonly number[]>> => {
  const known = lengthAxes(x)
  if (Array.isArray(lengths)) return Object.fromEntries(known.map((axis, i) => [axis, given ? lengths : turned(lengths, i)]))
  const named = lengths as Readonly<Record<string, readonly number[]>>
  checkNames(x, '--lengths', Object.keys(named), known)
  checkCounts(x, named)
  return named
}

/** N by the axis that owns the lengths. Throws SR8062 for an axis that is not jagged or has the lengths of another. */
export const capacitiesOf = (x: Interaction, given: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => {
  checkNames(x, '--capacities', Object.keys(given), capacityAxes(x))
  return given
}
