import { compileKernel, defaultProblem } from '../codegen/compile.ts'
import type { Algorithm, Dtype } from '../codegen/ir/algorithm.ts'
import { toolVersion } from '../codegen/emit/version.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { Schedule } from '../codegen/ir/schedule.ts'
import { prepareAttention } from '../runtime/attention.ts'
import type { Device } from '../runtime/device.ts'
import { warmMsOf } from './clock.ts'
import { timingInputs } from './inputs.ts'
import { limitsOf } from './limits.ts'
import { median } from './measure.ts'
import { workOf } from './work.ts'
import { type Workload, workloadLengths } from './workloads.ts'

export interface BenchOptions {
  readonly algorithm: Algorithm
  readonly workload: Workload
  readonly device: Device
  readonly dtype: Dtype
  /** Default: the loop nest's own. */
  readonly schedule?: Schedule
  readonly iterations?: number
  readonly warmup?: number
  /** Milliseconds of launches before the timed ones, which bring a GPU to its clock; default 500, 0 on a device in software. */
  readonly warmMs?: number
  readonly seed?: number
}

/** One timed kernel on one workload, as bench/results/ keeps it. */
export interface BenchRow {
  readonly workload: string
  readonly kernel: string
  readonly target: string
  readonly backend: string
  readonly device: string
  readonly dtype: Dtype
  readonly B: number
  readonly H: number
  readonly D: number
  readonly N: number
  readonly lengths: string
  readonly seed: number
  readonly tokens: number
  /** ΣL / (B·N). */
  readonly rho: number
  readonly causal: boolean
  readonly pairs: number
  readonly schedule: Schedule
  readonly source: string
  readonly tool: string
  readonly iterations: number
  /** Median, fastest and slowest launch, tile builder included. */
  readonly ms: number
  readonly minMs: number
  readonly maxMs: number
  readonly tflops: number
  readonly gbps: number
  /** Bytes of all buffers of the launch, workspace included. */
  readonly memory: number
}

const figures = (x: number): number => Number(x.toPrecision(5))

/** Times one definition on one workload. The result is not compared with the reference: `verify` does that. */
export const bench = async ({ algorithm, workload, device, dtype, schedule, iterations = 10, warmup = 2, warmMs = warmMsOf(device.info), seed = 1 }: BenchOptions): Promise<BenchRow> => {
  const problem = defaultProblem(algorithm, dtype, workload.D)
  const { target } = device.info
  const kernel = compileKernel(algorithm, problem, { target, limits: limitsOf(device.info), ...(schedule && { schedule }) })
  const lengths = workloadLengths(workload, seed)
  const { job } = prepareAttention(kernel.manifest, timingInputs(kernel.manifest, lengths, workload.H, seed), { timing: { warmup, warmMs, iterations } })
  const tokens = lengths.reduce((sum, l) => sum + l, 0)
  if (!job) return fail('SR7007', { count: lengths.length, tokens })
  const compiled = await device.compile(kernel)
  try {
    const { times } = await compiled.run(job)
    const ms = median(times)
    const work = workOf(lengths, { heads: workload.H, headDim: workload.D, dtype, lse: problem.lse }, workload.causal)
    return Object.freeze({
      workload: workload.name, kernel: algorithm.name, target, backend: device.info.backend, device: device.info.name, dtype,
      B: workload.B, H: workload.H, D: workload.D, N: workload.N, lengths: workload.lengths, seed, tokens, rho: figures(tokens / (workload.B * workload.N)), causal: workload.causal, pairs: work.pairs,
      schedule: kernel.manifest.schedule, source: kernel.manifest.hashes.source, tool: toolVersion, iterations: times.length,
      ms: figures(ms), minMs: figures(Math.min(...times)), maxMs: figures(Math.max(...times)),
      tflops: figures(work.flops / ms / 1e9), gbps: figures(work.bytes / ms / 1e6),
      memory: Object.values(job.buffers).reduce((sum, b) => sum + b.length, 0),
    })
  } finally {
    compiled.dispose()
  }
}
