import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { type Interaction, type InteractionExtent, type InteractionProblem, type InteractionSchedule, type InteractionSource, ownerOf } from '../../codegen/ir/interaction/index.ts'
import type { InteractionDefinition } from '../../dsl/interaction.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import { type InteractionInputs, prepareInteraction } from '../../runtime/interaction/index.ts'
import { drawInteractionCase, type ExpectedInteraction, expectedInteraction, type InteractionCase, verifyInteraction } from '../../verify/interaction/index.ts'
import { warmMsOf } from '../clock.ts'
import { limitsOf } from '../limits.ts'
import type { Workbench } from '../workbench.ts'
import { flopsOf } from './count.ts'

export interface InteractionWork {
  /** One kernel: a definition's own, or a step of a gradient or a chain. */
  readonly x: Interaction
  /** Of the definition's own kernel: the author's functions, which the reference then runs. */
  readonly definition?: InteractionDefinition
  readonly problem: InteractionProblem
  readonly device: Device
  /** Of the timed launches. */
  readonly inputs: InteractionInputs
  readonly seed: number
}

export type InteractionWorkbench = Workbench<InteractionSchedule, InteractionSource, CompiledInteraction>

/** What every candidate is checked on: an empty sequence, a single row, lengths around the tiles; and a sequence that is summed in parts, where the reference is quick about it. */
const CHECKED: readonly (readonly number[])[] = [[33, 0, 1, 129, 70], [0, 1100, 3]]
/** Operations of a case that the reference runs in about two seconds. */
const MOST = 2e7

const lengthAxes = (x: Interaction): readonly string[] => x.axes.filter((a) => a.kind === 'jagged' && ownerOf(x, a.name) === a.name && !a.length).map((a) => a.name)

const casesOf = ({ x, problem, seed }: InteractionWork): readonly InteractionCase[] => {
  const axes = lengthAxes(x)
  return CHECKED.slice(0, axes.length ? 2 : 1).flatMap((list, i) => {
    const lengths = Object.fromEntries(axes.map((axis, at) => [axis, list.map((_, b) => list[(b + at) % list.length]!)]))
    const rough: InteractionExtent = { offsets: Object.fromEntries(axes.map((axis) => [axis, lengths[axis]!.reduce((sums: number[], l) => [...sums, sums.at(-1)! + l], [0])])), batches: {}, capacities: Object.fromEntries(axes.map((axis) => [axis, Math.max(...list)])), sizes: problem.sizes }
    return i && flopsOf(x, rough).value > MOST ? [] : [drawInteractionCase(seed + i, x, { dtype: problem.dtype, sizes: problem.sizes, lengths, sequences: list.length, maxLength: 129 })]
  })
}

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null)

/** A workbench for one kernel: candidates are checked with `verify` on drawn cases, then timed on the given inputs. */
export const interactionWorkbench = (work: InteractionWork): InteractionWorkbench => {
  const { x, definition, problem, device, inputs } = work
  const limits = limitsOf(device.info)
  let cases: readonly { readonly c: InteractionCase; readonly expected: ExpectedInteraction }[] | undefined
  return {
    emit: (schedule) => compileInteraction(x, problem, { target: device.info.target, schedule, limits }),
    load: (source) => device.compileInteraction(source),
    check: async (source, compiled) => {
      cases ??= casesOf(work).map((c) => ({ c, expected: expectedInteraction(c, definition) }))
      let largest = { max: 0 as number | null, allowed: 0 }
      for (const { c, expected } of cases) {
        const { ok, error, allowed, problems } = await verifyInteraction(device, compiled, source, c, definition, expected)
        if (!ok) return { ok, max: finite(error), allowed, reason: problems[0]! }
        if (error >= largest.max!) largest = { max: error, allowed }
      }
      return { ok: true, ...largest }
    },
    timer: (source, compiled) => {
      const { job } = prepareInteraction(source.manifest, inputs, { device: device.info })
      if (!job) return fail('SR7007', { count: 0, tokens: 0 })
      const warmMs = warmMsOf(device.info)
      return async (timing) => (await compiled.run({ ...job, outputs: [], timing: { warmMs, ...timing } })).times
    },
  }
}
