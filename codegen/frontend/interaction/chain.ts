import type { ts } from 'ts-morph'
import type { ChainDefinition } from '../../../dsl/chain.ts'
import type { Interaction } from '../../ir/interaction/types.ts'
import type { Interpreter } from '../interpreter.ts'
import { type DefinitionValue, describe, type Value } from '../values.ts'
import { readInteraction } from './definition.ts'
import { selfCheckInteraction } from './selfcheck.ts'

/** One step of a chain: its interaction, and which tensor each input is. */
export interface ReadStep {
  readonly name: string
  readonly interaction: Interaction
  readonly wires: Readonly<Record<string, string>>
}

const field = (I: Interpreter, v: Value | undefined, name: string): Value | undefined => {
  const found = v?.kind === 'object' ? v.fields.get(name) : undefined
  return found && I.force(found)
}

/** The steps of a chain, or undefined where one was refused (see the interpreter's diagnostics). */
export const readChain = (I: Interpreter, live: ChainDefinition, found: DefinitionValue, exportName: string, node: ts.Node): readonly ReadStep[] | undefined => {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(String(live.name))) I.refuse('SR1007', node, { value: JSON.stringify(live.name) ?? 'undefined', suggestion: 'my_chain' })
  const names = Object.keys(live.steps ?? {})
  if (!names.length) I.refuse('SR1530', node, { name: exportName, what: 'no step', fix: "Give at least one: `steps: { y: step(jagged_softmax, { x: 'x' }) }`." })
  const written = field(I, found.spec, 'steps')
  const steps = names.map((name): ReadStep | undefined => {
    const step = live.steps[name]
    if (step?.kind !== 'step' || step.of?.kind !== 'interaction') return I.refuse('SR1530', node, { name: exportName, what: `a step ${name} that is not \`step(definition, { input: 'tensor' })\``, fix: 'Write `step(...)` of a definition made by defineInteraction.' })
    for (const input of Object.keys(step.inputs)) {
      if (!(input in step.of.inputs)) I.refuse('SR1530', node, { name: exportName, what: `a step ${name} that wires ${input}, and ${step.of.name} has the inputs ${Object.keys(step.of.inputs).join(', ')}`, fix: 'Wire inputs of the definition.' })
    }
    const of = field(I, field(I, written, name), 'of')
    if (of?.kind !== 'definition' || of.what !== 'interaction') return I.refuse('SR1005', node, { name: exportName, part: `step ${name}`, reason: `it is ${of ? describe(of) : 'not written as `step(...)`'}` })
    const read = readInteraction(I, step.of, of, `${exportName}.${name}`, of.node)
    if (!read) return undefined
    selfCheckInteraction(read, step.of).forEach((d) => I.report(d))
    return { name, interaction: read.interaction, wires: step.inputs }
  })
  return steps.every((s) => s !== undefined) && !I.diagnostics.some((d) => d.severity === 'error') ? steps : undefined
}
