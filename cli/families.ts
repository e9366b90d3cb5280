import type { LoadedChain, LoadedDefinition, LoadedInteraction } from '../codegen/frontend/index.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { dtypes, type ElementDtype } from './options.ts'
import type { CommandSpec, Family, OptionSpec } from './types.ts'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import type { Lengths } from './values.ts'

/** One definition of any family. */
export type Loaded = LoadedDefinition | LoadedInteraction | LoadedChain

export const isInteraction = (d: Loaded): d is LoadedInteraction => 'interaction' in d
export const isChain = (d: Loaded): d is LoadedChain => 'steps' in d
export const isNotAttention = (d: Loaded): d is LoadedInteraction | LoadedChain => !isAttention(d)
export const isAttention = (d: Loaded): d is LoadedDefinition => 'algorithm' in d
export const definitionName = (d: Loaded): string => d.definition.name
export const placeOf = (d: Loaded) => (isInteraction(d) ? d.interaction.span : isChain(d) ? d.steps[0]!.interaction.span : d.algorithm.span)

/** Options that a single interaction takes and a chain of them does not. */
const notOfChains: readonly string[] = ['gradient', 'gradients']
const families: Readonly<Record<Kind, string>> = { attention: 'attention', interaction: 'a feature interaction', chain: 'a chain of interactions' }
export type Kind = Family | 'chain'
export const kindOf = (d: Loaded): Kind => (isInteraction(d) ? 'interaction' : isChain(d) ? 'chain' : 'attention')
const takes = (kind: Kind, key: string, only: Family | undefined): boolean => (kind === 'chain' ? only !== 'attention' && !notOfChains.includes(key) : !only || only === kind)

/** What help says of an option: with its family, where the command has options of both. */
export const aboutOf = ({ options }: CommandSpec, option: OptionSpec): string => {
  const kinds = new Set(Object.values(options).map((o) => o.only).filter(Boolean))
  return option.only && kinds.size > 1 ? `${option.about} (${option.only})` : option.about
}

/** Throws SR8060 for an option on the command line that has no meaning for the definition's family. */
export const checkOptions = (spec: CommandSpec, d: Loaded, given: readonly string[]): void => {
  const kind = kindOf(d)
  const flags = Object.entries(spec.options).filter(([key, o]) => takes(kind, key, o.only)).map(([, o]) => o.flag.split(' ')[0]!)
  for (const key of given) {
    const option = spec.options[key]
    if (option && !takes(kind, key, option.only)) fail('SR8060', { option: option.flag.split(' ')[0]!, name: definitionName(d), family: families[kind], known: flags.join(', ') })
  }
}

/** The element type of an attention kernel. Throws SR8011 for i32. */
export const attentionDtype = (dtype: ElementDtype): Dtype => (dtype === 'i32' ? fail('SR8011', { what: 'dtype', value: 'i32', suggestion: '', known: dtypes.join(', ') }) : dtype)

/** The one list of an attention's sequences. Throws SR8062 where axes are named. */
export const plainLengths = (d: LoadedDefinition, lengths: Lengths): readonly number[] =>
  Array.isArray(lengths) ? lengths : fail('SR8062', { option: '--lengths', axis: Object.keys(lengths)[0]!, name: d.algorithm.name, suggestion: '', known: 'all sequences at once, as in --lengths 3,0,17' })
