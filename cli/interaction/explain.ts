import type { LoadedInteraction } from '../../codegen/frontend/index.ts'
import { type Diagnostic, formatDiagnostic, SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { type Interaction, type InteractionEntry, type InteractionProgram, printTensor } from '../../codegen/ir/interaction/index.ts'
import { movieLensLengths } from '../../tune/lengths.ts'
import type { OptionsOf } from '../table.ts'
import { grouped, plural } from '../text.ts'
import type { Outcome } from '../types.ts'
import { classOf } from './class.ts'
import { bytesMoved, flopsOf } from '../../tune/interaction/count.ts'
import { extentOf } from './extent.ts'
import { apartText, fittedTo, gradientsOf, stepsOf, sumsOf } from './gradient.ts'
import { capacitiesOf, lengthsOf } from './lengths.ts'
import { checkPrecision, interactionPlan, sizesOf, type WantedInteraction } from './problem.ts'

interface StepSummary { readonly writes: string; readonly kind: string; readonly reads: readonly string[]; readonly reduced: readonly string[]; readonly sums?: readonly string[] }
interface GradientSummary { readonly input: string; readonly tensor: string; readonly steps: readonly StepSummary[]; readonly intermediates: readonly string[] }

const summaryOf = (step: InteractionProgram['steps'][number]): StepSummary =>
  step.kind === 'lists' ? { writes: step.name, kind: 'lists', reads: [step.keys], reduced: [] }
  : { writes: step.writes, kind: classOf(step.interaction).class, reads: [...new Set(step.interaction.inputs.map((t) => t.tensor))], reduced: step.interaction.reduced, ...(step.interaction.sums && { sums: sumsOf(step) }) }

/** The steps of every gradient, or why none can be derived. */
const gradientSummaries = (loaded: LoadedInteraction, wanted: WantedInteraction): { readonly gradients: readonly GradientSummary[]; readonly apart: readonly string[]; readonly refused: readonly Diagnostic[] } => {
  try {
    const fitted = fittedTo(gradientsOf(loaded), wanted)
    const { program } = fitted
    return {
      refused: [], apart: apartText(fitted),
      gradients: Object.entries(program.results).map(([input, tensor]) => {
        const steps = stepsOf(program, tensor).map(summaryOf)
        return { input, tensor, steps, intermediates: steps.map((s) => s.writes).filter((w) => w !== tensor && !steps.some((s) => s.writes === w && s.sums?.includes(tensor))) }
      }),
    }
  } catch (error) {
    if (!(error instanceof SerrateError)) throw error
    return { gradients: [], apart: [], refused: error.diagnostics }
  }
}

const stepText = ({ writes, kind, reads, reduced, sums }: StepSummary): string =>
  `${writes}: ${kind} of ${reads.join(', ') || 'coordinates'}${reduced.length ? ` over ${reduced.join(', ')}` : ''}${sums ? `; beside it, column by column, ${sums.join(' and ')}` : ''}`

/** A gradient that another's kernel adds up is named, not explained again. */
const gradientText = ({ input, tensor, steps }: GradientSummary): readonly string[] => {
  const host = steps.find((s) => s.sums?.includes(tensor))
  if (host) return [`  gradient  of ${input}: ${tensor}, added up beside ${host.writes}`]
  return [`  gradient  of ${input}: ${stepText(steps[0]!)}`, ...steps.slice(1).map((s) => `            then ${stepText(s)}`)]
}

const fusionOf = (x: Interaction, entries: readonly InteractionEntry[], partials: boolean): string => {
  if (x.scan) return `the running sum along ${x.scan.axis} and the epilogue in ${plural(entries.length, 'launch').replace('launchs', 'launches')} (${entries.map((e) => e.name).join(', ')}): sums of blocks are written and added in order`
  const parts = [...(x.passes.length ? [`${plural(x.passes.length, 'pass').replace('passs', 'passes')} over ${x.reduced.join(', ')}`] : []), 'the epilogue']
  if (partials) return `${parts.join(' and ')} in ${plural(entries.length, 'launch').replace('launchs', 'launches')} (${entries.map((e) => e.name).join(', ')}): parts of a sum in f32 are written and added in order`
  return `${x.passes.length ? `${parts.join(' and ')} in ` : ''}one kernel${entries.length > 1 ? ` of ${entries.length} entries (${entries.map((e) => e.name).join(', ')})` : ''}; no intermediate is written`
}

/** Class, loop nest, schedule, predicted work over the lengths, and the steps of each gradient. */
export const explainInteraction = (loaded: LoadedInteraction, options: OptionsOf<'explain'>): Outcome => {
  const { interaction: x } = loaded
  const { target, dtype, seed, schedule, precision, arch } = options
  const sizes = sizesOf(x, options.sizes)
  checkPrecision(x, dtype, precision)
  const given = options.lengths !== undefined
  const histories = options.lengths ?? movieLensLengths()
  const lengths = lengthsOf(x, histories, true)
  const sequences = Array.isArray(histories) ? histories.length : 0
  const wanted: WantedInteraction = { target, dtype, sizes, precision, ...(schedule && { schedule }), ...(arch && { architecture: arch }) }
  const plan = interactionPlan(x, wanted)
  const { manifest: m } = plan
  const extent = extentOf(x, { seed, sequences, lengths, sizes, capacities: capacitiesOf(x, options.capacities) })
  const predicted = { bytes: bytesMoved(x, extent, dtype), flops: flopsOf(x, extent) }
  const found = classOf(x)
  const fused = fusionOf(x, m.entries, m.partials !== undefined)
  const { gradients, apart, refused } = gradientSummaries(loaded, wanted)
  const lengthText = Object.entries(lengths).map(([axis, list]) => `${axis}: ${plural(list.length, 'sequence')}, ${grouped(list.reduce((a, b) => a + b, 0))} rows`).join('; ')
  const sizeText = Object.entries(sizes).map(([axis, size]) => `, ${axis}=${size}`).join('')
  const entries = m.entries.map(({ name, threads, sharedBytes }) => ({ name, threads, sharedBytes }))
  return {
    ok: true,
    json: {
      name: x.name, target, dtype, sizes, seed, ...found,
      inputs: x.inputs.map((t) => ({ name: t.name, layout: printTensor(t) })), output: printTensor(x.output),
      lengths: Object.fromEntries(Object.entries(lengths).map(([axis, list]) => [axis, { sequences: list.length, rows: list.reduce((a, b) => a + b, 0), longest: list.reduce((a, b) => Math.max(a, b), 0) }])),
      plan: { kernel: m.kernel, schedule: m.schedule, entries, buffers: m.buffers.map((b) => b.name), requires: m.requires }, fused, predicted,
      gradients, ...(apart.length && { apart }), ...(refused.length && { diagnostics: refused }),
    },
    text: [
      `${x.name} (${target}, ${dtype}${sizeText})`,
      `  class     ${found.class}: ${found.why}`,
      `  layouts   ${x.inputs.map((t) => `${t.name} ${printTensor(t)}`).join(', ') || 'no inputs'} -> ${printTensor(x.output)}`,
      `  plan      ${plan.scheduleText}`,
      ...entries.map((e) => `            ${e.name}: ${plural(e.threads, 'thread')}, ${grouped(e.sharedBytes)} B shared`),
      `  fused     ${fused}`,
      `  lengths   ${lengthText || `none, B = ${sequences}`}${given ? '' : ' (MovieLens histories)'}`,
      `  predicted ${grouped(predicted.flops.value)} flops = ${predicted.flops.text}`,
      `            at least ${grouped(predicted.bytes.value)} bytes moved = ${predicted.bytes.text}`,
      ...gradients.flatMap(gradientText),
      ...apart.map((t) => `            ${t}`),
      ...(gradients.length || refused.length ? [] : ['  gradient  none']),
      ...refused.map((d) => formatDiagnostic(d).replace(/^/gm, '            ')),
    ].join('\n'),
  }
}
