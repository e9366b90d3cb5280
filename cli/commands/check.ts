import { type LoadedChain, type LoadedDefinition, type LoadedInteraction, loadFile } from '../../codegen/frontend/index.ts'
import { type Diagnostic, formatDiagnostic, placeOf, SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { analyseMask } from '../../codegen/analyse/index.ts'
import type { Span } from '../../codegen/ir/hook.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import { planFor } from '../compile.ts'
import { definitionName, isChain, isInteraction, kindOf } from '../families.ts'
import type { Handler } from '../handlers.ts'
import { chainSizes, fusedOf } from '../interaction/chain.ts'
import { fittedTo, gradientsOf, kernelSteps } from '../interaction/gradient.ts'
import { interactionPlan, sizesOf } from '../interaction/problem.ts'
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

const placed = (span: Span, work: () => unknown, severity: Diagnostic['severity'] = 'error'): readonly Diagnostic[] => {
  try {
    work()
    return []
  } catch (error) {
    if (!(error instanceof SerrateError)) throw error
    return error.diagnostics.map((d) => ({ ...placeOf(span), ...d, severity }))
  }
}

const plan = (x: Interaction, sizes: Readonly<Record<string, number>>): void => sourceTargets.forEach((target) => { interactionPlan(x, { target, dtype: 'f32', sizes }) })

/** An interaction is planned once for each target, and so is every step of its gradient: what keeps a gradient away is a warning, since the definition itself can be used. */
const interactionDiagnostics = (loaded: LoadedInteraction): readonly Diagnostic[] => {
  const { interaction: x } = loaded
  const sizes = sizesOf(x)
  const gradients = (): void => {
    const program = gradientsOf(loaded)
    for (const target of sourceTargets) {
      const wanted = { target, dtype: 'f32', sizes } as const
      kernelSteps(fittedTo(program, wanted).program).forEach((s) => interactionPlan(s.interaction, wanted))
    }
  }
  return [...placed(x.span, () => plan(x, sizes)), ...placed(x.span, gradients, 'warning')]
}

const chainDiagnostics = (chain: LoadedChain): readonly Diagnostic[] =>
  placed(chain.steps[0]!.interaction.span, () => {
    const { program } = fusedOf(chain)
    const sizes = chainSizes(program, undefined)
    kernelSteps(program).forEach((s) => plan(s.interaction, sizes))
  })

export const run: Handler<'check'> = async (refs) => {
  const references = refs.map(parseReference)
  const loaded = await Promise.all(references.map(({ path }) => loadFile(path)))
  const found = loaded.flatMap(({ definitions, interactions, chains, file }) => [...definitions, ...interactions, ...chains].map((d) => ({ d, file })))
  const own = found.flatMap(({ d }) => (isInteraction(d) ? interactionDiagnostics(d) : isChain(d) ? chainDiagnostics(d) : [...maskNotes(d), ...planDiagnostics(d)]))
  const diagnostics = distinct([...loaded.flatMap((l) => l.diagnostics), ...own])
  const ok = !diagnostics.some((d) => d.severity === 'error')
  const files = references.map(({ path }) => display(path))
  return {
    ok,
    json: { files, definitions: found.map(({ d, file }) => ({ name: definitionName(d), family: kindOf(d), export: d.exportName, file: display(file) })), diagnostics },
    text: [...diagnostics.map(formatDiagnostic), `${files.join(', ')}: ${plural(found.length, 'definition')}, ${plural(diagnostics.length, 'diagnostic')}`].join('\n'),
  }
}
