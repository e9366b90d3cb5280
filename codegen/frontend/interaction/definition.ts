import type { ts } from 'ts-morph'
import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import { deepFreeze } from '../../ir/hash.ts'
import type { Expr, Span } from '../../ir/hook.ts'
import type { Axis, Interaction } from '../../ir/interaction/types.ts'
import type { Interpreter } from '../interpreter.ts'
import { spanOf } from '../place.ts'
import type { DefinitionValue, Value } from '../values.ts'
import { type Axes, ownerOf, readAxes } from './axes.ts'
import { checkMaps, checkReads } from './checks.ts'
import { Coordinates } from './coordinates.ts'
import { checkFields, constantsOf, interactionCaptures } from './fields.ts'
import { clash } from './names.ts'
import { Places } from './places.ts'
import { readReduced } from './reduce.ts'
import { readResults } from './results.ts'
import { readTensors } from './tensors.ts'

/** An interaction with the expressions of the author's own functions, for comparing the two. */
export interface ReadInteraction {
  readonly interaction: Interaction
  readonly value: readonly Expr[]
  readonly y: Value
  readonly indices: ReadonlyMap<string, Expr>
  readonly lengths: ReadonlyMap<string, Expr>
  readonly spans: Readonly<Record<string, Span>>
}

/** A length that is exactly another axis', or computed alike, in the same batch: the two share it. */
const share = (C: Coordinates, axes: Axes): void => {
  const first = new Map<Expr, string>()
  for (const [name, e] of C.lengths) {
    const alike = first.get(e)
    first.set(e, alike ?? name)
    if (alike === undefined && (e.kind !== 'param' || !e.name.startsWith('len:'))) continue
    const of = alike ?? (e as { name: string }).name.slice(4)
    if (axes.drafts.get(of)!.batch === axes.drafts.get(name)!.batch) axes.likes.set(name, of)
  }
}

const finished = (axes: Axes, C: Coordinates): readonly Axis[] =>
  [...axes.drafts].map(([name, { kind, batch }]) => {
    const index = C.indices.get(name)
    const length = axes.likes.has(name) ? undefined : C.lengths.get(name)
    return { name, kind, like: ownerOf(axes.likes, name), ...(batch && { batch }), ...(index && { index }), ...(length && { length }) }
  })

const spansOf = (P: Places, live: InteractionDefinition): Interaction['spans'] => {
  const span = (...path: readonly string[]): Span => spanOf(P.at(...path))
  return { value: span('value'), ...(live.epilogue && { epilogue: span('epilogue') }), ...(live.index && { index: span('index') }) }
}

const read = (P: Places, live: InteractionDefinition, node: ts.Node): ReadInteraction => {
  checkFields(P, live)
  const captures = interactionCaptures(P, live)
  const tensors = readTensors(P, live)
  const same = clash([...tensors.inputs.map((t) => t.name), ...captures.map((c) => c.name)])
  if (same) P.I.refuse('SR1502', P.at(same[1] in live.inputs ? 'inputs' : 'captures', same[1]), { what: same[1] in live.inputs ? 'input' : 'capture', name: same[1], why: `the same as ${same[0]} in kernel text`, suggestion: `${same[1]}2` })
  const axes = readAxes(P, live, tensors)
  checkMaps(P, live, axes, tensors)
  const reduced = readReduced(P, live, axes, tensors.output)
  const C = new Coordinates(P, live, axes, tensors.inputs, captures)
  for (const name of Object.keys(live.lengths ?? {})) C.length(name)
  share(C, axes)
  for (const name of Object.keys(live.index ?? {})) C.index(name)
  const { passes, epilogue, value, y } = readResults(P, C, live, tensors.output)
  const spans = spansOf(P, live)
  const interaction: Interaction = deepFreeze<Interaction>({
    kind: 'interaction', name: live.name, axes: finished(axes, C), inputs: tensors.inputs, output: tensors.output, captures, reduced, passes, epilogue,
    constants: constantsOf(P, live), span: spanOf(node), spans,
  })
  checkReads(P, interaction)
  const maps = Object.fromEntries([...Object.keys(live.index ?? {}).map((n) => ['index', n] as const), ...Object.keys(live.lengths ?? {}).map((n) => ['lengths', n] as const)].map(([field, n]) => [`${field}.${n}`, spanOf(P.at(field, n))]))
  return { interaction, value, y, indices: C.indices, lengths: C.lengths, spans: { ...spans, ...maps } }
}

/** The interaction of a definition, or undefined when something in it was refused (see the interpreter's diagnostics). */
export const readInteraction = (I: Interpreter, live: InteractionDefinition, found: DefinitionValue, exportName: string, node: ts.Node): ReadInteraction | undefined => {
  let result: ReadInteraction | undefined
  I.attempt(() => {
    result = read(new Places(I, found, exportName), live, node)
    return { kind: 'undefined' }
  })
  return I.diagnostics.some((d) => d.severity === 'error') ? undefined : result
}
