import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import type { EntryName } from '../../codegen/ir/plan.ts'
import type { CompiledKernel, Job, JobResult } from '../device.ts'
import { allocate, createBuffers, type DeviceBuffers } from './buffers.ts'
import { checkJob } from './check.ts'
import { ATTRIBUTES, type Driver, type Handle } from './driver.ts'
import type { CudaDeviceInfo } from './info.ts'
import { packParams } from './params.ts'
import { timeLaunches } from './timing.ts'

/** Shared memory that needs no asking. */
const FREE_SHARED = 48 * 1024

export interface Session {
  readonly driver: Driver
  readonly info: CudaDeviceInfo
  /** Makes the context current; throws SR4018 after close. */
  enter(): void
}

const loadFunction = (driver: Driver, module: Handle, name: string, sharedBytes: number): Handle => {
  const found = driver.get<Handle>('moduleFunction', module, name)
  if (sharedBytes > FREE_SHARED) driver.must('functionSet', found, ATTRIBUTES.functionShared, sharedBytes)
  return found
}

type Functions = Readonly<Partial<Record<EntryName, Handle>>>

/** Merging needs none. */
const sharedOf = ({ sharedBytes }: KernelManifest, entry: EntryName): number => (entry === 'merge' ? 0 : sharedBytes)

const launcher = ({ driver, info }: Session, manifest: KernelManifest, functions: Functions, job: Job, params: Buffer) => {
  const start = (entry: EntryName, blocks: number): void => {
    if (blocks > 0 && functions[entry]) driver.must('launch', functions[entry], blocks, 1, 1, manifest.threads[entry], 1, 1, sharedOf(manifest, entry), null, [params], null)
  }
  return (): void => {
    start('tiles', 1)
    const blocks = job.maxTiles * job.gridHeads * manifest.split
    start('attention', manifest.persistent ? Math.min(blocks, info.limits.multiprocessors!) : blocks)
    start('merge', blocks)
  }
}

const timed = (session: Session, manifest: KernelManifest, job: Job, launch: () => void): readonly number[] => {
  if (!job.timing) return []
  const { driver, info } = session
  const bytes = 2 * Math.max(info.limits.l2Bytes!, 32 << 20)
  const pointer = allocate(driver, info.name, manifest.kernel, 'cache flush', bytes)
  try {
    return timeLaunches({ driver, launch, flush: { pointer, bytes }, ...job.timing })
  } finally {
    driver.try('memFree', pointer)
  }
}

const runJob = (session: Session, manifest: KernelManifest, functions: Functions, job: Job): JobResult => {
  const { driver, info } = session
  checkJob(info, manifest, job)
  const memory: DeviceBuffers = createBuffers(driver, info.name, manifest, job)
  try {
    const launch = launcher(session, manifest, functions, job, packParams(manifest, memory.pointers, job.params))
    launch()
    driver.must('contextSynchronize')
    const buffers = Object.fromEntries(job.outputs.map((name) => [name, memory.read(name, job.buffers[name]!.length)]))
    return { buffers, times: timed(session, manifest, job, launch), findings: [] }
  } finally {
    memory.free()
  }
}

/** A module loaded from machine code. `run` copies in, launches on the default stream, copies out. */
export const loadKernel = (session: Session, manifest: KernelManifest, cubin: Buffer): CompiledKernel => {
  const { driver } = session
  session.enter()
  let module: Handle | null = driver.get<Handle>('moduleLoad', cubin)
  const load = (entry: EntryName): Functions => {
    const name = manifest.entryPoints[entry]
    return name === undefined ? {} : { [entry]: loadFunction(driver, module!, name, sharedOf(manifest, entry)) }
  }
  const functions: Functions = { ...load('tiles'), ...load('attention'), ...load('merge') }
  return {
    run: async (job) => {
      session.enter()
      if (module === null) fail('SR4018', { device: `${session.info.name} (${manifest.kernel} was disposed)` })
      return runJob(session, manifest, functions, job)
    },
    dispose: () => {
      if (module === null) return
      session.enter()
      driver.try('moduleUnload', module)
      module = null
    },
  }
}
