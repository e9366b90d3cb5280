/**
 * Times WGSL schedules on this machine's GPU: `node bench/h100/wgsl.ts --candidates FILE [--cases mid,full,full64] [--dtypes f32] [--unsafe] [--out rows.json]`.
 * FILE is { f32: { d64: [{ schedule }] } }. `--unsafe` switches Dawn's robustness off. TFLOP/s count valid pairs; the first row of each case is the default schedule, and the others' outputs are compared with its.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import { printSchedule, type Schedule } from '../../codegen/ir/schedule.ts'
import type { Limits } from '../../codegen/schedule/types.ts'
import { encode, runAttention } from '../../runtime/index.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { findWorkload, workloadKernel, workloadLengths } from '../../tune/workloads.ts'

const { values } = parseArgs({
  options: { candidates: { type: 'string' }, cases: { type: 'string', default: 'mid,full,full64,tailc,movies' }, dtypes: { type: 'string', default: 'f32' }, unsafe: { type: 'boolean', default: false }, software: { type: 'boolean', default: false }, iterations: { type: 'string', default: '7' }, out: { type: 'string' } },
})
const candidates = values.candidates ? (JSON.parse(readFileSync(values.candidates, 'utf8')) as Record<string, Record<string, { schedule: Schedule }[]>>) : {}
const { definitions } = await loadFile(new URL('../../kernels/index.ts', import.meta.url).pathname)

const device = await openWebGpu({ prefer: values.software ? 'software' : 'gpu', ...(values.unsafe && { toggles: { enable: ['disable_robustness'] } }) })
const { info } = device
const limits: Limits = { sharedMemory: info.limits.maxComputeWorkgroupStorageSize!, threads: info.limits.maxComputeInvocationsPerWorkgroup!, storageBuffers: info.limits.maxStorageBuffersPerShaderStage!, features: info.features, subgroupSize: info.subgroupSize }
console.log(`${info.name}; workgroup memory ${limits.sharedMemory}, threads ${limits.threads}, subgroups ${limits.subgroupSize}; robustness ${values.unsafe ? 'off' : 'on'}`)
const rows: object[] = []

/** Values are drawn once for this many elements, then repeated. */
const PERIOD = 1 << 20
const repeated = <T extends ReturnType<typeof encode>>(period: T, length: number): T => {
  const all = new (period.constructor as new (n: number) => T)(length)
  for (let at = 0; at < length; at += period.length) all.set(period.subarray(0, Math.min(period.length, length - at)), at)
  return all
}

for (const name of values.cases.split(',')) {
  const workload = findWorkload(name)
  const { H, D, causal } = workload
  const lengths = workloadLengths(workload, 1)
  const offsets = Int32Array.from(lengths.reduce<number[]>((all, n) => [...all, all.at(-1)! + n], [0]))
  const total = offsets.at(-1)!
  const flops = 4 * H * D * lengths.reduce((sum, n) => sum + n * n, 0) * (causal ? 0.5 : 1)
  const { algorithm } = definitions.find((d) => d.exportName === workloadKernel(workload))!
  for (const dtype of values.dtypes.split(',') as Dtype[]) {
    const draw = (seed: number) => repeated(encode(dtype, Float64Array.from({ length: Math.min(total * H * D, PERIOD) }, (_, i) => ((Math.imul(i + seed, 2654435761) >>> 8) / 2 ** 24) * 2 - 1)), total * H * D)
    const inputs = { q: draw(1), k: draw(7), v: draw(13), rows: total, heads: H, seqOffsets: offsets }
    const problem = defaultProblem(algorithm, dtype, D)
    let first: Float64Array | undefined
    for (const schedule of [defaultSchedule('wgsl', algorithm, problem, limits), ...(candidates[dtype]?.[`d${D}`] ?? []).map((c) => c.schedule)]) {
      try {
        const kernel = compileKernel(algorithm, problem, { target: 'wgsl', limits, schedule })
        const started = performance.now()
        const compiled = await device.compile(kernel)
        const compileMs = performance.now() - started
        const { out, times } = await runAttention(compiled, kernel.manifest, inputs, { timing: { warmup: 1, warmMs: 500, iterations: Number(values.iterations) } })
        first ??= out
        let difference = 0
        for (let i = 0; i < out.length; i += 97) difference = Math.max(difference, Math.abs(out[i]! - first[i]!))
        const ms = [...times].sort((a, b) => a - b)[times.length >> 1]!
        const row = { case: name, dtype, minMs: Math.min(...times), tflops: flops / ms / 1e9, ms, difference, compileMs, schedule: printSchedule(schedule) }
        rows.push(row)
        console.log(`${name} ${dtype} ${row.tflops.toFixed(2)} TFLOP/s  ${ms.toFixed(3)} ms  diff ${difference.toExponential(1)}  compile ${compileMs.toFixed(0)} ms  ${row.schedule}`)
      } catch (error) {
        console.log(`${name} ${dtype} ${printSchedule(schedule)}: ${String((error as Error).message).split('\n')[0]}`)
      }
    }
  }
}
if (values.out) writeFileSync(values.out, JSON.stringify({ device: info.name, robustness: !values.unsafe, rows }, null, 1))
await device.close()
