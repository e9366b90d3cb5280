import type { LoadedChain, LoadedInteraction } from '../../codegen/frontend/index.ts'
import { printInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import type { Device } from '../../runtime/device.ts'
import { drawInteractionCase, type InteractionCase, inputsOfProgram, verifyInteraction, verifyProgram } from '../../verify/interaction/index.ts'
import { verifyGradient } from '../../verify/interaction/gradient.ts'
import { deviceSummary, devices, withDevice } from '../devices.ts'
import type { OptionsOf } from '../table.ts'
import { figure } from '../text.ts'
import type { Context, Outcome } from '../types.ts'
import { chainSizes, fusedOf } from './chain.ts'
import { gradientOf } from './gradient.ts'
import { byTensor, scheduleTexts, withKernels } from './kernels.ts'
import { capacitiesOf, lengthsOf } from './lengths.ts'
import { sizesOf, type WantedInteraction } from './problem.ts'
import { forwardProgram } from './task.ts'

interface Found {
  readonly ok: boolean
  readonly error: number
  readonly allowed: number
  readonly problems: readonly string[]
  readonly notes?: readonly string[]
  readonly checks?: unknown
  readonly schedules: readonly string[]
  readonly hashes: unknown
}

const forward = ({ interaction: x, definition }: LoadedInteraction, device: Device, wanted: WantedInteraction, c: InteractionCase): Promise<Found> =>
  withKernels(device, forwardProgram(x), wanted, async ([kernel]) => {
    const { manifest, compiled, source } = kernel!
    const verdict = await verifyInteraction(device, compiled, source, c, definition)
    return { ...verdict, schedules: [printInteractionSchedule(manifest.schedule)], hashes: manifest.hashes }
  })

const backward = (loaded: LoadedInteraction, input: string, device: Device, wanted: WantedInteraction, c: InteractionCase): Promise<Found> =>
  withKernels(device, gradientOf(loaded, input), wanted, async (kernels, program) => ({
    ...(await verifyGradient(device, program, byTensor(kernels), c, loaded.overrides[input] !== undefined)),
    schedules: scheduleTexts(kernels),
    hashes: Object.fromEntries(kernels.map((k) => [k.writes, k.manifest.hashes])),
  }))

const byAxis = (values: Readonly<Record<string, unknown>>, between: string): string => Object.entries(values).map(([k, v]) => `${k}=${String(v) || 'none'}`).join(between)

/** The command that runs the same case again. */
const again = (ref: string, { target, dtype, seed, gradient, schedule }: OptionsOf<'verify'>, c: InteractionCase): string =>
  [
    `npx serrate verify ${ref} --target ${target}`,
    ...(Object.keys(c.shape.lengths ?? {}).length ? [`--lengths '${byAxis(c.shape.lengths!, ' ')}'`] : []),
    ...(Object.keys(c.shape.sizes).length ? [`--sizes ${byAxis(c.shape.sizes, ',')}`] : []),
    ...(Object.keys(c.shape.capacities ?? {}).length ? [`--capacities ${byAxis(c.shape.capacities!, ',')}`] : []),
    `--dtype ${dtype} --seed ${seed}`,
    ...(schedule ? [`--schedule ${byAxis(schedule, ',')}`] : []),
    ...(gradient === undefined ? [] : [`--gradient ${gradient}`]),
  ].join(' ')

/** One definition, or the steps of one gradient, on a device against the definition in f64. */
export const verifyInteractionCommand = async (loaded: LoadedInteraction, ref: string, options: OptionsOf<'verify'>, context: Context): Promise<Outcome> => {
  const { target, dtype, seed, schedule, gradient } = options
  const { interaction: x } = loaded
  const sizes = sizesOf(x, options.sizes)
  const lengths = lengthsOf(x, options.lengths, context.given.includes('lengths'))
  const capacities = capacitiesOf(x, options.capacities)
  if (gradient !== undefined) gradientOf(loaded, gradient)
  const c = drawInteractionCase(seed, x, { dtype, sizes, lengths, capacities })
  const wanted: WantedInteraction = { target: devices[target].source, dtype, sizes, ...(schedule && { schedule }) }
  return withDevice(target, async (device) => {
    context.progress(`comparing ${x.name} on ${device.info.name}`)
    const found = await (gradient === undefined ? forward(loaded, device, wanted, c) : backward(loaded, gradient, device, wanted, c))
    const { ok, error, allowed, problems, notes = [], checks, schedules, hashes } = found
    const what = gradient === undefined ? x.name : `${x.name}, gradient of ${gradient},`
    const repro = again(ref, options, c)
    return {
      ok,
      json: { name: x.name, target, device: deviceSummary(device.info), dtype, sizes, lengths, seed, ...(gradient !== undefined && { gradient }), schedules, hashes, error, allowed, ...(checks !== undefined && { checks }), problems, ...(notes.length && { notes }), repro },
      text: [
        `${ok ? 'ok' : 'MISMATCH'}  ${what} ${[dtype, ...Object.entries(sizes).map(([k, v]) => `${k}=${v}`)].join(' ')} on ${device.info.name}`,
        `  out error ${figure(error)} of ${figure(allowed)} allowed`,
        ...schedules.map((s) => `  ${s}`),
        ...problems.map((p) => `  ${p}`),
        ...notes.slice(0, 1).map((n) => `  note: the gradient is the author's own; ${n}`),
        ...(ok ? [] : [`  again: ${repro}`]),
      ].join('\n'),
    }
  })
}

/** The kernels of a chain, one after another, on a device against its definitions in f64. */
export const verifyChainCommand = async (chain: LoadedChain, ref: string, options: OptionsOf<'verify'>, context: Context): Promise<Outcome> => {
  const { target, dtype, seed } = options
  const { program } = fusedOf(chain)
  const x = inputsOfProgram(program)
  const sizes = chainSizes(program, options.sizes)
  const lengths = lengthsOf(x, options.lengths, context.given.includes('lengths'))
  const c = drawInteractionCase(seed, x, { dtype, sizes, lengths, capacities: capacitiesOf(x, options.capacities) })
  return withDevice(target, async (device) => {
    context.progress(`comparing ${program.name} on ${device.info.name}`)
    const { problems, schedules } = await withKernels(device, program, { target: devices[target].source, dtype, sizes }, async (kernels) => ({
      problems: await verifyProgram(device, { program, kernels: byTensor(kernels) }, c, false),
      schedules: scheduleTexts(kernels),
    }))
    const ok = problems.length === 0
    const repro = again(ref, options, c)
    return {
      ok,
      json: { name: program.name, target, device: deviceSummary(device.info), dtype, sizes, lengths, seed, schedules, problems, repro },
      text: [
        `${ok ? 'ok' : 'MISMATCH'}  ${program.name} ${[dtype, ...Object.entries(sizes).map(([k, v]) => `${k}=${v}`)].join(' ')} on ${device.info.name}`,
        ...schedules.map((line) => `  ${line}`), ...problems.map((p) => `  ${p}`), ...(ok ? [] : [`  again: ${repro}`]),
      ].join('\n'),
    }
  })
}
