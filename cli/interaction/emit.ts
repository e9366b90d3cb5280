import type { LoadedInteraction } from '../../codegen/frontend/index.ts'
import { printInteractionPlan } from '../../codegen/emit/interaction.ts'
import { printExpr } from '../../codegen/ir/hook.ts'
import { hashInteraction, type Interaction, type InteractionProgram, printInteraction, printProgram } from '../../codegen/ir/interaction/index.ts'
import type { Level } from '../options.ts'
import type { OptionsOf } from '../table.ts'
import type { Outcome } from '../types.ts'
import { apartText, fittedTo, gradientOf, kernelSteps } from './gradient.ts'
import { checkPrecision, interactionPlan, interactionSource, sizesOf, type WantedInteraction } from './problem.ts'

const block = (name: string, text: string): string => `${name} {\n${text.replace(/^/gm, '  ')}\n}`

/** Every expression of the definition that is computed for an element. */
const printFunctions = (x: Interaction): string =>
  [
    ...x.axes.flatMap((a) => [...(a.index ? [block(`index ${a.name}`, printExpr(a.index))] : []), ...(a.length ? [block(`length ${a.name}`, printExpr(a.length))] : [])]),
    ...x.passes.flatMap((p) => p.values.map((v) => block(`${p.op} over ${x.reduced.join(', ')}`, printExpr(v)))),
    block('epilogue', printExpr(x.epilogue)),
    ...(x.sums ?? []).map((s) => block(`${s.output.tensor}, the sum of`, printExpr(s.value))),
  ].join('\n\n')

type Printed = { readonly text: string } & Readonly<Record<string, unknown>>

const forward: Readonly<Record<Level, (x: Interaction, wanted: WantedInteraction) => Printed>> = {
  hooks: (x) => ({ text: printFunctions(x) }),
  algorithm: (x) => ({ text: printInteraction(x), hash: hashInteraction(x) }),
  plan: (x, wanted) => { const plan = interactionPlan(x, wanted); return { text: printInteractionPlan(plan), plan } },
  source: (x, wanted) => { const { text, manifest } = interactionSource(x, wanted); return { text, source: text, manifest } },
}

/** Steps one after another, as the target has them; what a list step does stands in the algorithm. */
export const steps = (program: InteractionProgram, level: Level, wanted: WantedInteraction): Printed => {
  if (level === 'algorithm') return { text: printProgram(program) }
  const fitted = fittedTo(program, wanted)
  const printed = kernelSteps(fitted.program).map((s) => ({ writes: s.writes, ...forward[level](s.interaction, wanted) }))
  return { text: [...apartText(fitted).map((t) => `// ${t}`), ...printed.map((p) => `// ${p.writes}\n${p.text.trimEnd()}`)].join('\n\n'), steps: printed.map(({ text: _text, ...rest }) => rest) }
}

export const emitInteraction = (loaded: LoadedInteraction, { level, target, dtype, sizes: given, precision, schedule, gradient, arch }: OptionsOf<'emit'>): Outcome => {
  const { interaction: x } = loaded
  const sizes = sizesOf(x, given)
  if (level === 'plan' || level === 'source') checkPrecision(x, dtype, precision)
  const wanted: WantedInteraction = { target, dtype, sizes, precision, ...(schedule && { schedule }), ...(arch && { architecture: arch }) }
  const printed = gradient === undefined ? forward[level](x, wanted) : steps(gradientOf(loaded, gradient), level, wanted)
  return { ok: true, json: { name: x.name, level, target, dtype, sizes, ...(gradient !== undefined && { gradient }), ...printed }, text: printed.text }
}
