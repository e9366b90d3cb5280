import type { LoadedDefinition, LoadedInteraction } from '../codegen/frontend/index.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { dtypes, type ElementDtype } from './options.ts'
import type { CommandSpec, Family, OptionSpec } from './types.ts'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import type { Lengths } from './values.ts'

/** One definition of either family. */
export type Loaded = LoadedDefinition | LoadedInteraction

export const isInteraction = (d: Loaded): d is LoadedInteraction => 'interaction' in d
export const definitionName = (d: Loaded): string => (isInteraction(d) ? d.interaction.name : d.algorithm.name)
export const placeOf = (d: Loaded) => (isInteraction(d) ? d.interaction.span : d.algorithm.span)

const families: Readonly<Record<Family, string>> = { attention: 'attention', interaction: 'a feature interaction' }
const familyOf = (d: Loaded): Family => (isInteraction(d) ? 'interaction' : 'attention')

/** What help says of an option: with its family, where the command has options of both. */
export const aboutOf = ({ options }: CommandSpec, option: OptionSpec): string => {
  const kinds = new Set(Object.values(options).map((o) => o.only).filter(Boolean))
  return option.only && kinds.size > 1 ? `${option.about} (${option.only})` : option.about
}

/** Throws SR8060 for an option on the command line that has no meaning for the definition's family. */
export const checkOptions = (spec: CommandSpec, d: Loaded, given: readonly string[]): void => {
  const family = familyOf(d)
  const flags = Object.entries(spec.options).filter(([, o]) => !o.only || o.only === family).map(([, o]) => o.flag.split(' ')[0]!)
  for (const key of given) {
    const option = spec.options[key]
    if (option?.only && option.only !== family) fail('SR8060', { option: option.flag.split(' ')[0]!, name: definitionName(d), family: families[family], known: flags.join(', ') })
  }
}

/** The element type of an attention kernel. Throws SR8011 for i32. */
export const attentionDtype = (dtype: ElementDtype): Dtype => (dtype === 'i32' ? fail('SR8011', { what: 'dtype', value: 'i32', suggestion: '', known: dtypes.join(', ') }) : dtype)

/** The one list of an attention's sequences. Throws SR8062 where axes are named. */
export const plainLengths = (d: LoadedDefinition, lengths: Lengths): readonly number[] =>
  Array.isArray(lengths) ? lengths : fail('SR8062', { option: '--lengths', axis: Object.keys(lengths)[0]!, name: d.algorithm.name, suggestion: '', known: 'all sequences at once, as in --lengths 3,0,17' })
