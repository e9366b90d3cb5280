import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { Launchable, LaunchJob, LaunchPlan, LaunchResult } from '../launch.ts'
import type { BuiltKernel } from './build.ts'
import { decodeReply, encodeJob, failedJob, type JobSettings } from './job.ts'
import { type Runner, startRunner } from './runner.ts'
import { withPlaces } from './sites.ts'

/** A kernel with a process of its own, started at the first job and again when it died. Jobs wait for each other. */
export const openKernel = (program: string, built: BuiltKernel, plan: LaunchPlan, settings: JobSettings): Launchable => {
  let runner: Runner | undefined
  let disposed = false
  let last: Promise<unknown> = Promise.resolve()
  const run = async (job: LaunchJob): Promise<LaunchResult> => {
    if (disposed) fail('SR4505', { kernel: plan.kernel })
    const request = encodeJob(plan, built.launcher, job, settings)
    if (!runner?.alive) runner = startRunner(program, built.module)
    const reply = await runner.request(request)
    if (typeof reply === 'string') return failedJob(job, `fault: the process of ${plan.kernel} ${reply}`)
    const result = decodeReply(plan, job, reply)
    return result.findings.length === 0 ? result : { ...result, findings: await withPlaces(built.module, plan.kernel, result.findings) }
  }
  return {
    run: (job) => {
      const result = last.then(() => run(job))
      last = result.catch(() => {})
      return result
    },
    dispose: () => {
      disposed = true
      runner?.kill()
    },
  }
}
