import { type LoadedDefinition, loadFile } from '../../codegen/frontend/index.ts'
import { type Diagnostic, formatDiagnostic, placeOf, SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { analyseMask } from '../../codegen/analyse/index.ts'
import { planFor } from '../compile.ts'
import type { Handler } from '../handlers.ts'
import { sourceTargets } from '../options.ts'
import { display } from '../paths.ts'
import { parseReference } from '../resolve.ts'
import { plural } from '../text.ts'

const DIM = 64

/** Warnings about masks whose tiles cannot be proven. */
const maskNotes = ({ algorithm }: LoadedDefinition): readonly Diagnostic[] => analyseMask(algorithm).notes

/** A definition that reads well can still not fit a target: planned once for each, placed at the definition. */
const planDiagnostics = ({ algorithm }: LoadedDefinition): readonly Diagnostic[] =>
  sourceTargets.flatMap((target) => {
    try {
      planFor(algorithm, { target, dtype: 'f32', dim: DIM })
      return []
    } catch (error) {
      if (!(error instanceof SerrateError)) throw error
      return error.diagnostics.map((d) => ({ ...placeOf(algorithm.span), ...d }))
    }
  })

const distinct = (all: readonly Diagnostic[]): readonly Diagnostic[] => [...new Map(all.map((d) => [formatDiagnostic(d), d])).values()]

export const run: Handler<'check'> = async (refs) => {
  const references = refs.map(parseReference)
  const loaded = await Promise.all(references.map(({ path }) => loadFile(path)))
  const definitions = loaded.flatMap(({ definitions: all, file }) => all.map((d) => ({ ...d, file })))
  const interactions = loaded.flatMap(({ interactions: all, file }) => all.map((x) => ({ name: x.interaction.name, export: x.exportName, file: display(file) })))
  const diagnostics = distinct([...loaded.flatMap((l) => l.diagnostics), ...definitions.flatMap(maskNotes), ...definitions.flatMap(planDiagnostics)])
  const ok = !diagnostics.some((d) => d.severity === 'error')
  const files = references.map(({ path }) => display(path))
  return {
    ok,
    json: { files, definitions: definitions.map((d) => ({ name: d.algorithm.name, export: d.exportName, file: display(d.file) })), interactions, diagnostics },
    text: [...diagnostics.map(formatDiagnostic), `${files.join(', ')}: ${plural(definitions.length + interactions.length, 'definition')}, ${plural(diagnostics.length, 'diagnostic')}`].join('\n'),
  }
}
