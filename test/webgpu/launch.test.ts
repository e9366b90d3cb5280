import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import { prepareAttention, readAttention } from '../../runtime/attention.ts'
import type { CompiledKernel, Device, Job } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { generous, shipped } from '../wgsl/shipped.ts'

const HEADS = 2
const DIM = 8

let device: Device
let kernel: KernelSource
let compiled: CompiledKernel
beforeAll(async () => {
  device = await openWebGpu({ prefer: 'software', defaultLimits: true, features: { subgroups: false } })
  const { algorithm } = await shipped('full')
  kernel = compileKernel(algorithm, defaultProblem(algorithm, 'f32', DIM), { target: 'wgsl' })
  compiled = await device.compile(kernel)
})
afterAll(() => device.close())

const jobOf = (lengths: readonly number[], rows: number, options = {}): { prepared: ReturnType<typeof prepareAttention>; job: Job } => {
  const offsets = Int32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0))])
  const values = Float32Array.from({ length: rows * HEADS * DIM }, (_, i) => Math.sin(i))
  const prepared = prepareAttention(kernel.manifest, { rows, heads: HEADS, q: values, k: values, v: values, seqOffsets: offsets } as never, options)
  return { prepared, job: prepared.job! }
}
const withOffsets = (job: Job, offsets: Int32Array, words = 1): Job =>
  ({ ...job, buffers: { ...job.buffers, seq_offsets: new Uint8Array(offsets.buffer) }, params: { ...job.params, num_sequences: offsets.length / words - 1, offset_words: words }, outputs: ['out', 'lse', 'tiles'] })
const without = (job: Job, name: string): Job => ({ ...job, buffers: Object.fromEntries(Object.entries(job.buffers).filter(([n]) => n !== name)) })

describe('refusals', () => {
  const launches: readonly (readonly [string, (job: Job) => Job, RegExp])[] = [
    ['SR4011', (job) => ({ ...job, buffers: { ...job.buffers, q: new Uint8Array(134217728 + 4) } }), /q of full_f32_d8 needs 134217732 bytes.*134217728/],
    ['SR4012', (job) => without(job, 'k'), /has no buffer k/],
    ['SR4013', (job) => ({ ...job, buffers: { ...job.buffers, v: new Uint8Array(7) } }), /v of full_f32_d8 has 7 bytes/],
    ['SR4017', (job) => ({ ...job, gridHeads: 65536, maxTiles: 65536 }), /needs 4294967296 workgroups/],
    ['SR4019', (job) => ({ ...job, params: {} }), /no value for the param num_sequences/],
  ]
  for (const [code, change, message] of launches) {
    test(code, async () => {
      const error = await compiled.run(change(jobOf([5], 5).job)).catch((e) => e)
      expect(error.code).toBe(code)
      expect(error.message).toMatch(message)
    })
  }

  test('what the device lacks: SR4007, SR4008, SR4009, SR4016, SR4022; bad text: SR4010', async () => {
    const { algorithm } = await shipped('full')
    const emit = (dtype: 'f32' | 'f16', limits?: typeof generous) => compileKernel(algorithm, defaultProblem(algorithm, dtype, 64), { target: 'wgsl', ...(limits && { limits }) })
    const codeOf = (k: KernelSource) => device.compile(k).then(() => 'compiled', (e) => e.code)
    const change = (manifest: object): KernelSource => ({ ...kernel, manifest: { ...kernel.manifest, ...manifest } })
    expect(await codeOf(emit('f16'))).toBe('SR4007')
    expect(await codeOf(emit('f32', { ...generous, subgroupSize: 0 }))).toBe('SR4008')
    expect(await codeOf(change({ requires: { ...kernel.manifest.requires, subgroupLanes: 8 } }))).toBe('SR4009')
    expect(await codeOf(change({ requires: { ...kernel.manifest.requires, subgroupMatrix: { m: 16, n: 16, k: 16, lanes: 32 } } }))).toBe('SR4022')
    expect(await codeOf(change({ target: 'cuda' }))).toBe('SR4016')
    expect(await codeOf({ ...kernel, text: kernel.text.replace('fn attention', 'fn attention_') })).toBe('SR4010')
    expect(await codeOf({ ...kernel, text: `${kernel.text}fn f() -> i32 { return 1.5; }` })).toBe('SR4010')
  })

  test('a closed device is SR4018', async () => {
    const other = await openWebGpu({ prefer: 'software' })
    await other.close()
    await other.close()
    expect(await other.compile(kernel).catch((e) => e.code)).toBe('SR4018')
  })
})

describe('launches', () => {
  test('are timed by the device', async () => {
    const { prepared, job } = jobOf([5, 40], 45, { timing: { warmup: 1, iterations: 3 } })
    const result = await compiled.run(job)
    expect(result.times).toHaveLength(3)
    for (const ms of result.times) expect(ms).toBeGreaterThan(0)
    expect(readAttention(prepared, result).out).toHaveLength(45 * HEADS * DIM)
  })

  test('load the device for warmMs before they are timed', async () => {
    const took = async (warmMs: number): Promise<number> => {
      const { job } = jobOf([5, 40], 45, { timing: { warmup: 1, iterations: 1, warmMs } })
      const begin = performance.now()
      expect((await compiled.run(job)).times).toHaveLength(1)
      return performance.now() - begin
    }
    expect(await took(400)).toBeGreaterThan(400)
    expect(await took(0)).toBeLessThan(400)
  })

  test('offsets of 64 bits give the same as 32', async () => {
    const { job } = jobOf([5, 0, 40], 50)
    const narrow = await compiled.run(withOffsets(job, Int32Array.of(0, 5, 5, 45)))
    const wide = await compiled.run(withOffsets(job, Int32Array.of(0, 0, 5, 0, 5, 0, 45, 0), 2))
    expect(wide.buffers).toEqual(narrow.buffers)
  })

  const bad: readonly (readonly [string, Int32Array, number])[] = [
    ['that fall', Int32Array.of(0, 30, 10, 50), 1],
    ['below 0', Int32Array.of(-7, 20, -1, 50), 1],
    ['past the rows', Int32Array.of(0, 20, 9999, 2147483647), 1],
    ['past 2^32', Int32Array.of(0, 0, 20, 1, 30, -1, 50, 0), 2],
  ]
  for (const [what, offsets, words] of bad) {
    test(`offsets ${what} stay inside the buffers and end`, async () => {
      const { job } = jobOf([50], 50, { canary: 256 })
      const result = await compiled.run(withOffsets(job, offsets, words))
      for (const name of ['out', 'lse', 'tiles'] as const) {
        const before = job.buffers[name]!
        expect(result.buffers[name]!.subarray(before.length - 256)).toEqual(before.subarray(before.length - 256))
      }
      const count = new Uint32Array(result.buffers.tiles!.buffer)[3]!
      expect(count).toBeLessThanOrEqual(job.maxTiles)
    })
  }

  test('many in flight at once', async () => {
    const { job } = jobOf([5, 40], 45)
    const results = await Promise.all(Array.from({ length: 6 }, () => compiled.run(job)))
    for (const r of results) expect(r.buffers).toEqual(results[0]!.buffers)
  })
})
