import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import type { Schedule } from '../../codegen/ir/schedule.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { wgslFma } from '../../codegen/schedule/templates/wgsl_fma.ts'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { check } from './check.ts'
import { generous, shipped } from './shipped.ts'

const schedule = (block_m: number, block_n: number, rows: number, lanes: number, chunk_d: number, stage_q: number, subgroups = 0): Schedule =>
  ({ template: 'wgsl_fma', values: { block_m, block_n, rows, lanes, chunk_d, stage_q, subgroups, split: 1, order: 0, pack: 0, gqa: 0, prefetch: 0 } })

describe('schedules on SwiftShader', () => {
  let device: Device
  beforeAll(async () => { device = await openWebGpu({ prefer: 'software' }) })
  afterAll(() => device.close())

  const cases: readonly (readonly [string, number, Schedule])[] = [
    ['8 keys a thread', 24, schedule(16, 32, 1, 4, 32, 1)],
    ['2 keys a thread, ragged columns', 40, schedule(32, 32, 4, 16, 32, 0)],
    ['1 key a thread, ragged chunks', 52, schedule(16, 8, 2, 8, 32, 1)],
    ['rows of 32 lanes', 20, schedule(16, 64, 8, 32, 32, 1)],
    ['subgroups of 4', 64, schedule(32, 16, 4, 4, 32, 0, 4)],
    ['subgroups of 4, scalar loads', 33, schedule(16, 16, 2, 4, 64, 1, 4)],
  ]
  for (const [what, headDim, one] of cases) {
    test(what, async () => {
      for (const name of one.values.subgroups ? ['causal'] : ['causal', 'hstu']) expect(await check(device, await shipped(name), { headDim, schedule: one, lengths: [[3, 0, 17, 70], [33]] })).toEqual([])
    })
  }
})

const facts = { tileMode: 'test', normalizer: 'softmax', buffers: 8 } as const
const why = (s: Schedule, headDim: number, limits = targetLimits.wgsl) => wgslFma.infeasible(s, { dtype: 'f32', headDim, lse: true }, facts, limits)

describe('feasibility', () => {
  test('the default fits WebGPU default limits for every head dim and dtype', () => {
    for (const dtype of ['f32', 'f16', 'bf16'] as const) {
      for (let headDim = 1; headDim <= 256; headDim++) {
        for (const limits of [targetLimits.wgsl, generous, { ...generous, sharedMemory: 32768, subgroupSize: 4 }]) {
          const problem = { dtype, headDim, lse: true }
          expect(wgslFma.infeasible(wgslFma.defaults(problem, facts, limits), problem, facts, limits), `${dtype} ${headDim}`).toBeNull()
        }
      }
    }
  })

  test('workgroup memory names the need, the limit and a change that helps', () => {
    const s = schedule(64, 64, 4, 16, 128, 1)
    const found = why(s, 128)!
    expect(found.reason).toBe('workgroup memory')
    expect(found.message).toMatch(/BLOCK_M=64, BLOCK_N=64, D=128 in f32 needs [\d,]+ B of workgroup memory; this device has 16,384 B/)
    const [, field, value] = /Try (\w+)=(\d+) /.exec(why(schedule(32, 64, 4, 8, 32, 0), 64)!.fix)!
    expect(why({ ...s, values: { ...schedule(32, 64, 4, 8, 32, 0).values, [field!]: Number(value) } }, 64)).toBeNull()
  })

  const refused: readonly (readonly [string, Schedule, number])[] = [
    ['divisibility', schedule(16, 8, 4, 16, 32, 1), 16],
    ['threads', schedule(128, 32, 1, 8, 16, 1), 16],
    ['subgroups', schedule(32, 32, 4, 8, 32, 1, 8), 32],
    ['redundant', schedule(32, 32, 4, 8, 32, 0), 32],
    ['head dim', schedule(32, 32, 4, 8, 32, 1), 257],
  ]
  for (const [reason, s, headDim] of refused) test(reason, () => expect(why(s, headDim)?.reason).toBe(reason))

  test('a refused schedule is a coded error', async () => {
    const { algorithm } = await shipped('full')
    expect(() => compileKernel(algorithm, defaultProblem(algorithm, 'f32', 128), { target: 'wgsl', schedule: schedule(128, 64, 8, 16, 128, 1) })).toThrow(/SR3001/)
  })
})
