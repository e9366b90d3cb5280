import { describe, expect, it } from 'vitest'
import { BISECT_BUDGET, BISECT_DEPTH } from '../../codegen/analyse/index.ts'
import type { Problem } from '../../codegen/ir/algorithm.ts'
import { CLASSIFY, paddedStride } from '../../codegen/schedule/templates/cuda_common.ts'
import { cudaFma } from '../../codegen/schedule/templates/cuda_fma.ts'
import { cudaMma } from '../../codegen/schedule/templates/cuda_mma.ts'
import type { Facts } from '../../codegen/schedule/types.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'

const facts: Facts = { tileMode: 'test', normalizer: 'softmax', buffers: 7 }
const dims = Array.from({ length: 128 }, (_, i) => i + 1)
const limits = { a100: targetLimits.cuda, consumer: { ...targetLimits.cuda, sharedMemory: 99 * 1024 } }

describe.each([['cuda_mma', cudaMma, 'f16'], ['cuda_fma', cudaFma, 'f32']] as const)('%s', (_name, template, dtype) => {
  const problem = (headDim: number): Problem => ({ dtype, headDim, lse: true })

  it.each(Object.entries(limits))('has a feasible default for every head dim on %s', (_device, l) => {
    for (const dim of dims) expect(template.infeasible(template.defaults(problem(dim), facts, l), problem(dim), facts, l), `d${dim}`).toBeNull()
  })

  it('refuses a head dim it cannot hold, and a schedule that is too large, naming value and limit', () => {
    const schedule = template.defaults(problem(64), facts, limits.a100)
    expect(template.infeasible(schedule, problem(129), facts, limits.a100)).toMatchObject({ reason: 'head dim', message: 'head dim 129 is outside 1 to 128' })
    expect(template.infeasible(schedule, problem(64), facts, { ...limits.a100, sharedMemory: 1000 })).toMatchObject({ reason: 'shared memory', message: expect.stringContaining('1,000 B') })
    expect(template.infeasible(schedule, problem(64), facts, { ...limits.a100, threads: 32 })).toMatchObject({ reason: 'threads' })
  })

  it('orders schedules by a positive cost', () => {
    const schedule = template.defaults(problem(64), facts, limits.a100)
    expect(template.cost(schedule, problem(64), limits.a100)).toBeGreaterThan(0)
  })
})

describe('shared memory', () => {
  it('puts 8 rows on 8 different 16-byte banks, whatever the head dim', () => {
    for (const columns of dims.map((d) => Math.ceil(d / 16) * 16)) {
      const stride = paddedStride(columns, 2) * 2
      expect(new Set(Array.from({ length: 8 }, (_, row) => ((row * stride) / 16) % 8)).size, `${columns} columns`).toBe(8)
    }
  })
})

it('classifies tiles with the budget of the mask analysis', () => {
  expect(CLASSIFY).toEqual({ budget: BISECT_BUDGET, depth: BISECT_DEPTH })
})
