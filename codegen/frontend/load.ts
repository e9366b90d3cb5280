import { resolve } from 'node:path'
import type { ts } from 'ts-morph'
import type { AttentionDefinition } from '../../dsl/attention.ts'
import type { ChainDefinition } from '../../dsl/chain.ts'
import type { InteractionDefinition } from '../../dsl/interaction.ts'
import type { Algorithm } from '../ir/algorithm.ts'
import { diagnostic, type Diagnostic } from '../ir/diagnostics/index.ts'
import type { Interaction } from '../ir/interaction/types.ts'
import { definitionNode, exportNode } from './sites.ts'
import { readDefinition } from './definition.ts'
import { readChain, readInteraction, readOverrides, type ReadStep, selfCheckInteraction } from './interaction/index.ts'
import { Interpreter } from './interpreter.ts'
import { importFailure, importLive } from './live.ts'
import { type Binding, exportsOf, type Module, Modules } from './modules.ts'
import { bindingValue } from './names.ts'
import { brief, reason, shownPath, spanOf } from './place.ts'
import { parse, syntaxErrors } from './project.ts'
import { notSource } from './readable.ts'
import { Refusal } from './refusal.ts'
import { selfCheck } from './selfcheck.ts'
import { type DefinitionValue, describe } from './values.ts'

export interface LoadedDefinition {
  readonly exportName: string
  /** Other names that the file exports it under. */
  readonly aliases?: readonly string[]
  /** The live JavaScript object, for the reference. */
  readonly definition: AttentionDefinition
  readonly algorithm: Algorithm
}
export interface LoadedInteraction {
  readonly exportName: string
  readonly aliases?: readonly string[]
  /** The live JavaScript object, for the reference. */
  readonly definition: InteractionDefinition
  readonly interaction: Interaction
  /** Gradients that the author gives, by input; they replace the derived ones. */
  readonly overrides: Readonly<Record<string, Interaction>>
}
export interface LoadedChain {
  readonly exportName: string
  readonly aliases?: readonly string[]
  readonly definition: ChainDefinition
  readonly steps: readonly ReadStep[]
}
export interface LoadedFile {
  readonly file: string
  /** Attention. */
  readonly definitions: readonly LoadedDefinition[]
  readonly interactions: readonly LoadedInteraction[]
  readonly chains: readonly LoadedChain[]
  readonly diagnostics: readonly Diagnostic[]
}

const syntax = (path: string): readonly Diagnostic[] => {
  const source = parse(path)
  return syntaxErrors(source).map(({ message, start }) => {
    const { line, character } = source.getLineAndCharacterOfPosition(start)
    return diagnostic('SR1002', { reason: message }, { file: shownPath(path), line: line + 1, column: character + 1, text: source.text.split('\n')[line]!.trim() })
  })
}

type Definition = AttentionDefinition | InteractionDefinition | ChainDefinition
const isDefinition = (value: unknown): value is Definition => typeof value === 'object' && ['attention', 'interaction', 'chain'].includes((value as { kind?: unknown } | null)?.kind as string)

interface Export { readonly name: string; readonly module: Module; readonly binding: Binding; readonly live: Definition; readonly aliases: readonly string[] }

/** Exports that are definitions, in source order; one that is exported twice counts once, under a name rather than as default. */
const exportedDefinitions = (module: Module, live: Readonly<Record<string, unknown>>): Export[] => {
  const byObject = new Map<Definition, Export>()
  for (const [name, { module: from, binding }] of exportsOf(module)) {
    const value = live[name]
    if (!isDefinition(value)) continue
    const known = byObject.get(value)
    const first = !known || known.name === 'default'
    byObject.set(value, first ? { name, module: from, binding, live: value, aliases: known ? [known.name] : [] } : { ...known, aliases: [...known.aliases, name] })
  }
  return [...byObject.values()]
}

interface Read { readonly algorithm?: Algorithm; readonly interaction?: Interaction; readonly overrides?: Readonly<Record<string, Interaction>>; readonly steps?: readonly ReadStep[]; readonly diagnostics: readonly Diagnostic[] }

const readAttention = (I: Interpreter, live: AttentionDefinition, found: DefinitionValue, name: string, node: ts.Node): Read => {
  const algorithm = readDefinition(I, live, found, name, node)
  const differences = algorithm ? selfCheck(algorithm, live) : []
  return { ...(algorithm && !differences.length && { algorithm }), diagnostics: [...I.diagnostics, ...differences] }
}

const readFeatures = (I: Interpreter, live: InteractionDefinition, found: DefinitionValue, name: string, node: ts.Node): Read => {
  const read = readInteraction(I, live, found, name, node)
  const differences = read ? selfCheckInteraction(read, live) : []
  const overrides = read && !differences.length ? readOverrides(I, live, found, name, node) : {}
  return { ...(read && !differences.length && { interaction: read.interaction, overrides }), diagnostics: [...I.diagnostics, ...differences] }
}

const readSteps = (I: Interpreter, live: ChainDefinition, found: DefinitionValue, name: string, node: ts.Node): Read => {
  const steps = readChain(I, live, found, name, node)
  return { ...(steps && { steps }), diagnostics: I.diagnostics }
}

/** How a definition of each kind is read. */
const readers: { readonly [K in Definition['kind']]: (I: Interpreter, live: Extract<Definition, { kind: K }>, found: DefinitionValue, name: string, node: ts.Node) => Read } = { attention: readAttention, interaction: readFeatures, chain: readSteps }

const read = (e: Export, node: ts.Node): Read => {
  const I = new Interpreter()
  try {
    const found = bindingValue(I, e.module, e.binding, e.name, node)
    if (found.kind !== 'definition' || found.what !== e.live.kind) I.refuse('SR1005', node, { name: e.name, part: 'definition', reason: `\`${brief(node)}\` is ${found.kind === 'definition' ? `of ${found.what}` : describe(found)}` })
    else {
      const at = definitionNode(found.node, node)
      return (readers[e.live.kind] as (I: Interpreter, live: Definition, found: DefinitionValue, name: string, node: ts.Node) => Read)(I, e.live, found, e.name, at)
    }
  } catch (error) {
    if (error instanceof Refusal) { if (error.diagnostic) I.report(error.diagnostic) }
    else if (error instanceof RangeError) I.report(diagnostic('SR1117', { what: 'definition', limit: 'its expressions are nested too deeply' }, spanOf(node)))
    else I.report(diagnostic('SR1100', { text: brief(node), reason: reason(error) }, spanOf(node)))
  }
  return { diagnostics: I.diagnostics }
}

/** Every exported definition of an author's file, read and imported. Problems come back as diagnostics; nothing is thrown. */
export const loadFile = async (path: string): Promise<LoadedFile> => {
  const file = resolve(path)
  const failed = (diagnostics: readonly Diagnostic[]): LoadedFile => ({ file, definitions: [], interactions: [], chains: [], diagnostics })
  try {
    const why = notSource(file)
    if (why) return failed([diagnostic('SR1009', { path: shownPath(file), ...why })])
    const errors = syntax(file)
    if (errors.length) return failed(errors)
  } catch (error) {
    return failed([diagnostic('SR1001', { path: shownPath(file), reason: reason(error) })])
  }
  let live: Readonly<Record<string, unknown>>
  try {
    live = await importLive(file)
  } catch (error) {
    return failed([importFailure(file, error)])
  }
  const module = new Modules().open(file)
  const found = exportedDefinitions(module, live)
  if (!found.length) return failed([diagnostic('SR1004', { path: shownPath(file) }, spanOf(module.source.statements[0] ?? module.source))])

  const definitions: LoadedDefinition[] = []
  const interactions: LoadedInteraction[] = []
  const chains: LoadedChain[] = []
  const diagnostics: Diagnostic[] = []
  const names = new Set<string>()
  for (const e of found) {
    const node = exportNode(e.binding)
    if (names.has(e.live.name)) diagnostics.push(diagnostic('SR1006', { name: e.live.name }, spanOf(node)))
    names.add(e.live.name)
    const { algorithm, interaction, overrides = {}, steps, diagnostics: own } = read(e, node)
    diagnostics.push(...own)
    const named = { exportName: e.name, ...(e.aliases.length && { aliases: e.aliases }) }
    if (algorithm) definitions.push({ ...named, definition: e.live as AttentionDefinition, algorithm })
    if (interaction) interactions.push({ ...named, definition: e.live as InteractionDefinition, interaction, overrides })
    if (steps) chains.push({ ...named, definition: e.live as ChainDefinition, steps })
  }
  return { file, definitions, interactions, chains, diagnostics }
}
