import { formatDiagnostic } from '../../codegen/ir/diagnostics/index.ts'
import { printSchedule } from '../../codegen/ir/schedule.ts'
import { printSpace } from '../../codegen/schedule/space.ts'
import type { LoadedChain, LoadedInteraction } from '../../codegen/frontend/index.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import type { Device } from '../../runtime/device.ts'
import { type InteractionInputs, runProgram } from '../../runtime/interaction/index.ts'
import { tuneInteraction, type InteractionTuneResult } from '../../tune/interaction/tune.ts'
import { progressLine } from '../../tune/progress.ts'
import type { TuneStore } from '../../tune/tune.ts'
import { deviceSummary, devices, withDevice } from '../devices.ts'
import { isInteraction } from '../families.ts'
import { display } from '../paths.ts'
import type { OptionsOf } from '../table.ts'
import { figure, milliseconds } from '../text.ts'
import type { Context, Outcome } from '../types.ts'
import { byTensor, withKernels } from './kernels.ts'
import { launchFor } from './launch.ts'
import { checkPrecision, problemOf, type WantedInteraction } from './problem.ts'
import { type Task, taskOf } from './task.ts'

/** The kernels of a program and what each is given in a launch: the program is run once with default schedules. */
const stepsOn = (device: Device, task: Task, wanted: WantedInteraction, inputs: InteractionInputs): Promise<readonly { readonly writes: string; readonly interaction: Interaction; readonly inputs: InteractionInputs }[]> =>
  withKernels(device, task.program, wanted, async (kernels, program) => {
    const seen: Record<string, InteractionInputs> = {}
    await runProgram(program, byTensor(kernels), inputs, { device: device.info }, (writes, own) => { seen[writes] = own })
    return kernels.map(({ writes, interaction }) => ({ writes, interaction, inputs: seen[writes]! }))
  })

const speedupOf = ({ best, default: usual }: InteractionTuneResult): number | null => (best?.ms && usual?.ms ? usual.ms / best.ms : null)

const lines = (title: string, r: InteractionTuneResult): readonly string[] => {
  const speedup = speedupOf(r)
  const counts = r.measurements.reduce<Record<string, number>>((all, m) => ({ ...all, [m.status]: (all[m.status] ?? 0) + 1 }), {})
  return [
    `${title}: ${printSpace(r.space)}`,
    `  ${r.measurements.length} tried${r.remembered ? ` (${r.remembered} remembered)` : ''}, ended: ${r.end}; ${Object.entries(counts).map(([status, n]) => `${status} ${n}`).join(', ')}`,
    ...(r.default ? [`  default ${r.default.ms ? milliseconds(r.default.ms) : r.default.status}: ${printSchedule(r.default.schedule)}`] : []),
    ...(r.best ? [`  best    ${milliseconds(r.best.ms!)}: ${printSchedule(r.best.schedule)}${speedup ? ` (${figure(speedup)} x the default)` : ''}`] : []),
    ...r.diagnostics.map(formatDiagnostic),
  ]
}

const document = (writes: string, r: InteractionTuneResult) => ({
  writes, definition: r.key.definition, ended: r.end, space: r.space, candidates: r.measurements, remembered: r.remembered,
  winner: r.winner ? { schedule: r.winner.schedule, ms: r.winner.ms } : null, default: r.default ? { schedule: r.default.schedule, ms: r.default.ms ?? null } : null, speedup: speedupOf(r),
})

/** Searches the loop nest of each kernel of a definition, a chain or a gradient, one after another, each with its part of what is left of the budget. */
export const tuneInteractionCommand = async (loaded: LoadedInteraction | LoadedChain, options: OptionsOf<'tune'>, store: TuneStore, context: Context): Promise<Outcome> => {
  const { target, dtype, seed, precision, gradient, budget, limit, fresh } = options
  const task = taskOf(loaded, gradient)
  const { name, x } = task
  if (isInteraction(loaded)) checkPrecision(x, dtype, precision)
  const stop = new AbortController()
  const interrupt = (): void => { context.note('stopping after this candidate; the same command continues'); stop.abort() }
  process.once('SIGINT', interrupt)
  try {
    return await withDevice(target, async (device) => {
      const { inputs, launch, note } = launchFor(task, device.info, options)
      if (note && Object.keys(launch.lengths).length) context.note(`lengths: ${note}`)
      const wanted: WantedInteraction = { target: devices[target].source, dtype, sizes: launch.sizes, precision }
      const steps = await stepsOn(device, task, wanted, inputs)
      const started = performance.now()
      const results: { readonly writes: string; readonly result: InteractionTuneResult }[] = []
      for (const [i, step] of steps.entries()) {
        if (stop.signal.aborted) break
        const budgetMs = Math.max(1, (budget - (performance.now() - started)) / (steps.length - i))
        const which = steps.length > 1 ? `${step.writes} (${i + 1} of ${steps.length}): ` : ''
        const result = await tuneInteraction({
          x: step.interaction, ...(isInteraction(loaded) && gradient === undefined && { definition: loaded.definition }), problem: problemOf(step.interaction, wanted), device, inputs: step.inputs, lengths: launch.lengths, seed, budgetMs, store, fresh,
          signal: stop.signal, ...(limit !== undefined && { limit }), onProgress: (p) => context.progress(`${which}${progressLine(p)}`),
        })
        results.push({ writes: step.writes, result })
        if (result.end === 'device') break
      }
      const diagnostics = results.flatMap((r) => r.result.diagnostics)
      const errors = diagnostics.filter((d) => d.severity === 'error')
      const recorded = results.some((r) => r.result.winner)
      const title = `${name}${gradient === undefined ? '' : `, gradient of ${gradient},`} on ${device.info.name}`
      return {
        ok: errors.length === 0,
        json: {
          name, target, device: deviceSummary(device.info), ...(gradient !== undefined && { gradient }), dtype, sizes: launch.sizes, seed,
          lengths: Object.fromEntries(Object.entries(launch.lengths).map(([axis, list]) => [axis, { sequences: list.length, rows: list.reduce((a, b) => a + b, 0) }])),
          kernels: results.map((r) => document(r.writes, r.result)), winners: display(store.winners), diagnostics, ...(errors.length && { error: errors[0] }),
        },
        text: [...results.flatMap((r) => lines(steps.length > 1 ? `${title} ${r.writes}` : title, r.result)), ...(recorded ? [`  recorded in ${display(store.winners)}`] : [])].join('\n'),
      }
    })
  } finally {
    process.off('SIGINT', interrupt)
  }
}
