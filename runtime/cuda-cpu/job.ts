import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { gridOf, type LaunchField, type LaunchJob, type LaunchPlan, type LaunchResult } from '../launch.ts'

/** In what order threads, warps and blocks take their turns: lowest first; any ready thread; or some warps far ahead of others. */
export const POLICIES = Object.freeze(['in-order', 'random', 'warp-skewed'] as const)
export type Policy = (typeof POLICIES)[number]

export interface JobSettings {
  readonly policy: Policy
  readonly seed: number
  readonly checks: boolean
  /** Seconds a job may take. */
  readonly timeLimit: number
}

const u32 = (value: number): Uint8Array => Buffer.from(Uint32Array.of(value).buffer)
const u64 = (value: number): Uint8Array => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
const text = (value: string): Uint8Array => Buffer.concat([u32(Buffer.byteLength(value)), Buffer.from(value)])

const writers: Readonly<Record<LaunchField['type'], (value: number) => Uint8Array>> = {
  u32: (value) => u32(value),
  i32: (value) => Buffer.from(Int32Array.of(value).buffer),
  f32: (value) => Buffer.from(Float32Array.of(value).buffer),
}

/** A request as src/job.cpp reads it. Throws SR4012, SR4013, SR4019. */
export const encodeJob = ({ kernel, buffers, params }: LaunchPlan, launcher: string, job: LaunchJob, settings: JobSettings): Uint8Array => {
  const contents = buffers.map(({ name }) => job.buffers[name] ?? fail('SR4012', { kernel, name, names: buffers.map((b) => b.name).join(', ') }))
  contents.forEach((bytes, i) => bytes.length % 4 !== 0 && fail('SR4013', { kernel, name: buffers[i]!.name, length: bytes.length }))
  const values = params.map((p) => writers[p.type](job.params[p.name] ?? fail('SR4019', { kernel, name: p.name, names: params.map((f) => f.name).join(', ') })))
  const body = Buffer.concat([
    u32(POLICIES.indexOf(settings.policy)), u64(settings.seed),
    ...[Number(settings.checks), job.count, job.timing?.warmup ?? 0, job.timing?.iterations ?? 0, settings.timeLimit].map(u32),
    text(launcher), u32(buffers.length),
    ...buffers.flatMap(({ name }, i) => [text(name), u32(Number(job.outputs.includes(name))), u64(contents[i]!.length)]),
    u32(4 * params.length), ...values, ...contents,
  ])
  return Buffer.concat([u64(body.length), body])
}

/** A launcher computes its grids from the params, a device that calls kernels itself from the manifest: they must agree. */
const gridFinding = ({ kernel, entries }: LaunchPlan, job: LaunchJob, started: readonly number[], broken: boolean): readonly string[] => {
  const told = entries.findIndex((e) => e.indirect) // what follows an indirect grid is the device's own affair
  if (broken || job.grids.length !== entries.length || (told >= 0 && started.length !== entries.length)) return []
  const wanted = entries.map((e, i) => gridOf(e, job.grids[i]!, job.count)).slice(0, told < 0 ? undefined : told).filter((n) => n > 0)
  return wanted.join() === (told < 0 ? started : started.slice(0, wanted.length)).join() ? [] : [`launch: the launcher of ${kernel} starts ${started.join(', ') || 'no'} blocks, its manifest says ${wanted.join(', ') || 'none'}`]
}

/** The reply to that request; findings still hold their sites as «site:N». */
export const decodeReply = (plan: LaunchPlan, job: LaunchJob, reply: Buffer): LaunchResult => {
  let at = 0
  const next = (size: number): Buffer => reply.subarray(at, (at += size))
  const count = (): number => next(4).readUInt32LE()
  const times = Array.from({ length: count() }, () => next(8).readDoubleLE())
  const findings = Array.from({ length: count() }, () => next(count()).toString())
  const grids = Array.from({ length: count() }, count)
  const outputs = plan.buffers.filter(({ name }) => job.outputs.includes(name))
  const buffers = Object.fromEntries(outputs.map(({ name }) => [name, Uint8Array.from(next(job.buffers[name]!.length))]))
  return { buffers, times, findings: [...findings, ...gridFinding(plan, job, grids, findings.length > 0)] }
}

/** What a job gives when its process died: its buffers as they went in, and the reason. */
export const failedJob = (job: LaunchJob, finding: string): LaunchResult => ({
  buffers: Object.fromEntries(job.outputs.map((name) => [name, Uint8Array.from(job.buffers[name]!)])),
  times: [],
  findings: [finding],
})
