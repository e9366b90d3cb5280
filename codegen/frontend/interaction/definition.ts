import type { ts } from 'ts-morph'
import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { NamedCapture } from '../../ir/algorithm.ts'
import { deepFreeze } from '../../ir/hash.ts'
import type { Expr, Span } from '../../ir/hook.ts'
import type { Axis, Interaction, TensorSpec } from '../../ir/interaction/types.ts'
import type { Interpreter } from '../interpreter.ts'
import { spanOf } from '../place.ts'
import { type DefinitionValue, UNDEFINED, type Value } from '../values.ts'
import { type Axes, ownerOf, readAxes } from './axes.ts'
import { checkMaps, checkReads, checkScatter } from './checks.ts'
import { Coordinates } from './coordinates.ts'
import { checkFields, constantsOf, interactionCaptures } from './fields.ts'
import { clash, mapsOf } from './names.ts'
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

/** Tensors beside captures: names of one launch. */
const checkNames = (P: Places, live: InteractionDefinition, inputs: readonly TensorSpec[], captures: readonly NamedCapture[]): void => {
  const same = clash([...inputs.map((t) => t.name), ...captures.map((c) => c.name)])
  if (!same) return
  const what = same[1] in live.inputs ? 'input' : 'capture'
  P.I.refuse('SR1502', P.at(`${what}s`, same[1]), { what, name: same[1], why: `the same as ${same[0]} in kernel text`, suggestion: `${same[1]}2` })
}

const mapSpans = (P: Places, live: InteractionDefinition): Readonly<Record<string, Span>> =>
  Object.fromEntries((['index', 'scatter', 'lengths'] as const).flatMap((field) => Object.keys(live[field] ?? {}).map((n) => [`${field}.${n}`, spanOf(P.at(field, n))])))

/** Reads one definition; what can be read beside a refusal is read on, so that all problems are reported. */
const read = (P: Places, live: InteractionDefinition, node: ts.Node): ReadInteraction | undefined => {
  const { I } = P
  const part = <T>(make: () => T): T | undefined => {
    let made: T | undefined
    I.attempt(() => { made = make(); return UNDEFINED })
    return made
  }
  checkFields(P, live)
  const captures = part(() => interactionCaptures(P, live)) ?? []
  const constants = part(() => constantsOf(P, live)) ?? []
  const tensors = readTensors(P, live)
  part(() => checkNames(P, live, tensors.inputs, captures))
  const axes = readAxes(P, live, tensors)
  checkMaps(P, live, axes, tensors)
  const reduced = readReduced(P, live, axes, tensors.output)
  const C = new Coordinates(P, live, axes, tensors.inputs, captures)
  for (const name of Object.keys(live.lengths ?? {})) part(() => C.length(name))
  share(C, axes)
  for (const name of Object.keys(mapsOf(live))) part(() => C.index(name))
  const { passes, scan, epilogue, value, y } = readResults(P, C, live, tensors.output)
  if (I.diagnostics.some((d) => d.severity === 'error')) return undefined
  const spans = spansOf(P, live)
  const interaction = deepFreeze<Interaction>({
    kind: 'interaction', name: live.name, axes: finished(axes, C), inputs: tensors.inputs, output: tensors.output, captures, reduced, passes, ...(scan && { scan }), epilogue, constants, span: spanOf(node), spans,
  })
  checkScatter(P, interaction, live)
  checkReads(P, interaction)
  return { interaction, value, y, indices: C.indices, lengths: C.lengths, spans: { ...spans, ...mapSpans(P, live) } }
}

/** The interaction of a definition, or undefined when something in it was refused (see the interpreter's diagnostics). */
export const readInteraction = (I: Interpreter, live: InteractionDefinition, found: DefinitionValue, exportName: string, node: ts.Node): ReadInteraction | undefined => {
  let result: ReadInteraction | undefined
  I.attempt(() => { result = read(new Places(I, found, exportName), live, node); return UNDEFINED })
  return result
}
