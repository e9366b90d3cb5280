import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { LoadedChain, LoadedInteraction } from '../../codegen/frontend/index.ts'
import type { Device } from '../../runtime/device.ts'
import { type InteractionInputs, runProgram } from '../../runtime/interaction/index.ts'
import { type InteractionBenchRow, interactionRow } from '../../tune/interaction/bench.ts'
import { copyTime } from '../../tune/interaction/copy.ts'
import { warmMsOf } from '../../tune/clock.ts'
import { type InteractionWorkload, interactionSizes, interactionLengths } from '../../tune/workloads.ts'
import { deviceSummary, devices, withDevice } from '../devices.ts'
import { isInteraction } from '../families.ts'
import type { OptionsOf } from '../table.ts'
import { columns, figure, grouped, milliseconds } from '../text.ts'
import type { Context, Outcome } from '../types.ts'
import { winnersFiles } from '../winners.ts'
import { byTensor, type PickedSchedule, withKernels } from './kernels.ts'
import { launchFor } from './launch.ts'
import { allSizesOf, checkPrecision, type WantedInteraction } from './problem.ts'
import { gradientsTask, type Task, taskOf } from './task.ts'

/** A copy of this many bytes is as fast as a longer one, and fits what any device binds. */
const MOST_COPIED = 120 << 20

type Row = InteractionBenchRow & { readonly name: string; readonly part: 'forward' | 'gradient'; readonly picked: PickedSchedule }

/** The definition itself or the gradient asked for; with --gradients both it and the steps of all of its gradients. */
const tasksOf = (loaded: LoadedInteraction | LoadedChain, { gradient, gradients }: Pick<OptionsOf<'bench'>, 'gradient' | 'gradients'>): readonly { readonly part: Row['part']; readonly task: Task }[] => {
  const own = { part: gradient === undefined ? ('forward' as const) : ('gradient' as const), task: taskOf(loaded, gradient) }
  const all = gradients && gradient === undefined && isInteraction(loaded) ? gradientsTask(loaded) : undefined
  return [own, ...(all ? [{ part: 'gradient' as const, task: all }] : [])]
}

const total = (rows: readonly Row[], part: Row['part']): number => rows.filter((r) => r.part === part).reduce((sum, r) => sum + r.ms, 0)

const table = (rows: readonly Row[]): string =>
  columns([
    ['writes', 'class', 'median', 'from .. to', 'GB/s', 'of a copy', 'TFLOP/s', 'schedule'],
    ...rows.map((r) => [r.writes, r.class, milliseconds(r.ms), `${figure(r.minMs)} .. ${figure(r.maxMs)}`, figure(r.gbps), r.ofCopy === undefined ? '' : `${figure(100 * r.ofCopy)} %`, r.tflops === null ? '' : figure(r.tflops), r.picked.from === 'winner' ? r.picked.reason : r.picked.from]),
  ]).replace(/^/gm, '  ')

/** Times the kernels of an interaction, a chain or a gradient on a workload, each beside a plain copy of as many bytes. Throws SR8036 for one gradient and all of them. */
export const benchInteractionCommand = async (loaded: LoadedInteraction | LoadedChain, workload: InteractionWorkload, options: OptionsOf<'bench'>, context: Context): Promise<Outcome> => {
  const { target, dtype, seed, iterations, precision } = options
  if (options.gradients && options.gradient !== undefined) fail('SR8036', { option: '--gradients', other: '--gradient', what: 'times the forward kernel and the steps of all gradients' })
  const tasks = tasksOf(loaded, options)
  const { name, x } = tasks[0]!.task
  if (isInteraction(loaded)) checkPrecision(x, dtype, precision)
  const lengths = options.lengths ?? interactionLengths(workload, seed)
  const sizes = { ...interactionSizes(workload, x), ...allSizesOf(x, options.sizes) }
  return withDevice(target, async (device: Device) => {
    if (device.info.software) context.note(`${device.info.name} is software: these times say nothing about a GPU`)
    const timing = { warmup: 2, iterations, warmMs: warmMsOf(device.info) }
    const copies = new Map<number, ReturnType<typeof copyTime>>()
    const copy = (bytes: number): ReturnType<typeof copyTime> => {
      const half = Math.min(Math.ceil(bytes / 2), MOST_COPIED)
      const known = copies.get(half) ?? copyTime(device, half, timing)
      copies.set(half, known)
      return known
    }
    const rows: Row[] = []
    let rowsOf: Readonly<Record<string, { readonly sequences: number; readonly rows: number }>> = {}
    for (const { part, task } of tasks) {
      const { inputs, launch } = launchFor(task, device.info, { dtype, seed, lengths, sizes, capacities: options.capacities })
      rowsOf = Object.fromEntries(Object.entries(launch.lengths).map(([axis, list]) => [axis, { sequences: list.length, rows: list.reduce((a, b) => a + b, 0) }]))
      const wanted: WantedInteraction = { target: devices[target].source, dtype, sizes: launch.sizes, precision }
      const recorded = { paths: winnersFiles(options.winners), lengths: launch.lengths, context }
      rows.push(...(await withKernels(device, task.program, wanted, async (kernels, program) => {
        const seen: Record<string, InteractionInputs> = {}
        const { steps } = await runProgram(program, byTensor(kernels), inputs, { device: device.info, timing }, (writes, own) => { seen[writes] = own; context.progress(`timing ${writes} on ${device.info.name}`) })
        const made: Row[] = []
        for (const { writes, interaction, manifest, picked } of kernels) {
          const { times } = steps[writes]!
          if (!times.length) fail('SR7007', { count: Object.values(rowsOf)[0]?.sequences ?? launch.sequences, tokens: Object.values(rowsOf)[0]?.rows ?? 0 })
          context.progress(`timing a copy beside ${writes}`)
          made.push({ name, part, ...(await interactionRow(device, { writes, interaction, manifest, inputs: seen[writes]!, times }, copy)), picked })
        }
        return made
      }, recorded)))
    }
    const [forwardMs, gradientMs] = [total(rows, 'forward'), total(rows, 'gradient')]
    const said = [...Object.entries(rowsOf).map(([axis, n]) => `${axis}: ${grouped(n.sequences)} sequences, ${grouped(n.rows)} rows`), ...Object.entries(rows[0]!.sizes).map(([axis, size]) => `${axis}=${size}`), dtype].join(', ')
    return {
      ok: true,
      json: { workload: workload.name, target, device: deviceSummary(device.info), dtype, lengths: rowsOf, seed, rows, ...(forwardMs > 0 && { forwardMs }), ...(gradientMs > 0 && { gradientMs }) },
      text: [
        `${name}${options.gradient === undefined ? '' : `, gradient of ${options.gradient},`} on ${options.lengths === undefined ? workload.name : 'the given lengths'} (${said}), ${device.info.name}`, table(rows),
        ...(forwardMs > 0 && gradientMs > 0 ? [`  gradients ${milliseconds(gradientMs)}, ${figure(gradientMs / forwardMs)} x the forward kernel`] : []),
      ].join('\n'),
    }
  })
}
