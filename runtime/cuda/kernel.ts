import { FREE_SHARED } from '../../codegen/ir/cuda.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { gridOf, type Launchable, type LaunchEntry, type LaunchJob, type LaunchPlan, type LaunchResult } from '../launch.ts'
import { allocate, createBuffers, type DeviceBuffers } from './buffers.ts'
import { checkJob } from './check.ts'
import { ATTRIBUTES, type Driver, type Handle } from './driver.ts'
import type { CudaDeviceInfo } from './info.ts'
import { packParams } from './params.ts'
import { timeLaunches } from './timing.ts'

export interface Session {
  readonly driver: Driver
  readonly info: CudaDeviceInfo
  /** Makes the context current; throws SR4018 after close. */
  enter(): void
}

/** The entries in launch order. */
type Functions = readonly { readonly entry: LaunchEntry; readonly handle: Handle }[]

const loadFunctions = (driver: Driver, module: Handle, { entries }: LaunchPlan): Functions =>
  entries.map((entry) => {
    const handle = driver.get<Handle>('moduleFunction', module, entry.entryPoint)
    if (entry.sharedBytes > FREE_SHARED) driver.must('functionSet', handle, ATTRIBUTES.functionShared, entry.sharedBytes)
    return { entry, handle }
  })

const launcher = ({ driver, info }: Session, functions: Functions, job: LaunchJob, params: Buffer) => (): void => {
  for (const [i, { entry, handle }] of functions.entries()) {
    const blocks = gridOf(entry, job.grids[i]!, info.limits.multiprocessors!)
    if (blocks > 0) driver.must('launch', handle, blocks, 1, 1, entry.threads, 1, 1, entry.sharedBytes, null, [params], null)
  }
}

const timed = (session: Session, { kernel }: LaunchPlan, job: LaunchJob, launch: () => void): readonly number[] => {
  if (!job.timing) return []
  const { driver, info } = session
  const bytes = 2 * Math.max(info.limits.l2Bytes!, 32 << 20)
  const pointer = allocate(driver, info.name, kernel, 'cache flush', bytes)
  try {
    return timeLaunches({ driver, launch, flush: { pointer, bytes }, ...job.timing })
  } finally {
    driver.try('memFree', pointer)
  }
}

const runJob = (session: Session, plan: LaunchPlan, functions: Functions, job: LaunchJob): LaunchResult => {
  const { driver, info } = session
  checkJob(info, plan, job)
  const memory: DeviceBuffers = createBuffers(driver, info.name, plan, job)
  try {
    const launch = launcher(session, functions, job, packParams(plan, memory.pointers, job.params))
    launch()
    driver.must('contextSynchronize')
    const buffers = Object.fromEntries(job.outputs.map((name) => [name, memory.read(name, job.buffers[name]!.length)]))
    return { buffers, times: timed(session, plan, job, launch), findings: [] }
  } finally {
    memory.free()
  }
}

/** A module loaded from machine code. `run` copies in, launches on the default stream, copies out. */
export const loadKernel = (session: Session, plan: LaunchPlan, cubin: Buffer): Launchable => {
  const { driver } = session
  session.enter()
  let module: Handle | null = driver.get<Handle>('moduleLoad', cubin)
  const functions = loadFunctions(driver, module!, plan)
  return {
    run: async (job) => {
      session.enter()
      if (module === null) fail('SR4018', { device: `${session.info.name} (${plan.kernel} was disposed)` })
      return runJob(session, plan, functions, job)
    },
    dispose: () => {
      if (module === null) return
      session.enter()
      driver.try('moduleUnload', module)
      module = null
    },
  }
}
