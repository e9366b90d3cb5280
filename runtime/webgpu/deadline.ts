import { diagnostic, SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import type { LaunchJob, LaunchPlan } from '../launch.ts'
import type { OpenDevice } from './state.ts'

const DEFAULT_SECONDS = 120

/** SERRATE_LAUNCH_SECONDS where it is a positive number, else 120. */
export const launchSeconds = (env: NodeJS.ProcessEnv = process.env): number => {
  const named = Number(env.SERRATE_LAUNCH_SECONDS)
  return named > 0 ? named : DEFAULT_SECONDS
}

/** Waits for `launches` launches of a job. Throws SR4021 and gives the device up when they take longer than the device allows each. */
export const beforeDeadline = async <T>(device: OpenDevice, { kernel }: LaunchPlan, { shape }: LaunchJob, launches: number, work: Promise<T>): Promise<T> => {
  const seconds = device.launchSeconds * launches
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const found = diagnostic('SR4021', { kernel, shape, seconds, device: device.info.name })
      device.stall(found.message.replace(/\.$/, ''))
      reject(new SerrateError([found]))
    }, Math.min(seconds * 1000, 2 ** 31 - 1))
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
