import type { DeviceInfo } from '../../runtime/device.ts'
import { movieLensLengths, thinLengths } from '../../tune/lengths.ts'
import { type TimingLaunch, timingLaunch } from '../../tune/interaction/launch.ts'
import type { ElementDtype } from '../options.ts'
import { grouped, plural } from '../text.ts'
import type { Lengths } from '../values.ts'
import { capacitiesOf, lengthsOf } from './lengths.ts'
import { allSizesOf, SIZE } from './problem.ts'
import type { Task } from './task.ts'

/** A launch on software stays well under a second. */
const SOFTWARE_PAIRS = 1_000_000

export interface AskedLaunch {
  readonly dtype: ElementDtype
  readonly seed: number
  readonly lengths: Lengths | undefined
  readonly sizes: Readonly<Record<string, number>> | undefined
  readonly capacities: Readonly<Record<string, number>> | undefined
}

/** Lengths where none are given: the MovieLens histories, on software every k-th of them, and what they are in words. */
export const usualLengths = ({ software, name }: DeviceInfo): { readonly list: readonly number[]; readonly text: string } => {
  const all = movieLensLengths()
  const list = software ? thinLengths(all, SOFTWARE_PAIRS) : all
  const rows = grouped(list.reduce((sum, l) => sum + l, 0))
  return { list, text: list.length === all.length ? `all ${plural(all.length, 'MovieLens history')}, ${rows} rows` : `${list.length} of the ${all.length} MovieLens histories (${rows} rows), because ${name} is software` }
}

/** Sizes of every dense axis, those with an index map among them. Throws SR8062 for an axis that is none. */
export const everySize = ({ x }: Pick<Task, 'x'>, given: Readonly<Record<string, number>> | undefined): Readonly<Record<string, number>> => {
  const said = allSizesOf(x, given)
  return Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && a.like === a.name).map((a) => [a.name, said[a.name] ?? SIZE]))
}

/** A launch for timing on a device. Throws SR8062 and SR8064 for what does not fit the definition. */
export const launchFor = (task: Task, info: DeviceInfo, asked: AskedLaunch) => {
  const { x } = task
  const usual = asked.lengths === undefined ? usualLengths(info) : undefined
  const list = asked.lengths ?? usual!.list
  const lengths = lengthsOf(x, list, asked.lengths !== undefined)
  const launch: TimingLaunch = { dtype: asked.dtype, seed: asked.seed, lengths, sequences: Array.isArray(list) ? list.length : 1, sizes: everySize(task, asked.sizes), capacities: capacitiesOf(x, asked.capacities) }
  return { ...timingLaunch(x, task.given, launch), launch, note: usual?.text }
}
