import type { ts } from 'ts-morph'
import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { Interaction } from '../../ir/interaction/types.ts'
import type { Interpreter } from '../interpreter.ts'
import type { DefinitionValue, Value } from '../values.ts'
import { readInteraction } from './definition.ts'
import { selfCheckInteraction } from './selfcheck.ts'

const field = (I: Interpreter, v: Value | undefined, name: string): Value | undefined => {
  const found = v?.kind === 'object' ? v.fields.get(name) : undefined
  return found && I.force(found)
}

/** Gradients that the author gives as definitions of their own, by input: each reads the inputs and `d_out`. */
export const readOverrides = (I: Interpreter, live: InteractionDefinition, found: DefinitionValue, exportName: string, node: ts.Node): Readonly<Record<string, Interaction>> => {
  const written = field(I, found.spec, 'gradient')
  const read: Record<string, Interaction> = {}
  for (const [input, how] of Object.entries(live.gradient ?? {})) {
    if (typeof how !== 'object') continue
    const value = field(I, written, input)
    if (value?.kind !== 'definition' || value.what !== 'interaction') { I.refuse('SR1518', node, { input, found: 'not written as a definition', fix: 'Write `defineInteraction(...)` or the name of a const that is one.' }); continue }
    const own = Object.keys(how.inputs).find((n) => n !== 'd_out' && !(n in live.inputs))
    if (own) I.refuse('SR1518', value.node, { input, found: `a definition that reads ${own}`, fix: `Read ${[...Object.keys(live.inputs), 'd_out'].join(', ')}.` })
    const made = readInteraction(I, how, value, `${exportName}.gradient.${input}`, value.node)
    if (!made) continue
    selfCheckInteraction(made, how).forEach((d) => I.report(d))
    read[input] = made.interaction
  }
  return read
}
