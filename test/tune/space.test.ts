import { expect, test } from 'vitest'
import { printSchedule } from '../../codegen/ir/schedule.ts'
import { enumerateSpace, orderCandidates, printSpace } from '../../codegen/schedule/space.ts'
import type { Facts, Limits } from '../../codegen/schedule/types.ts'
import { area, toyTemplate } from './fakes.ts'

const problem = { dtype: 'f32', headDim: 16, lse: true } as const
const facts: Facts = { tileMode: 'all', normalizer: 'softmax', buffers: 6 }
const limits: Limits = { sharedMemory: 16384, threads: 256, storageBuffers: 8, features: [], subgroupSize: 0 }
const space = enumerateSpace(toyTemplate, problem, facts, limits)

test('every point is feasible or counted under its reason', () => {
  expect(space.points).toBe(12)
  expect(space.infeasible).toEqual({ 'workgroup memory': 1, divisibility: 2 })
  expect(space.feasible).toHaveLength(9)
  expect(new Set(space.feasible.map(printSchedule)).size).toBe(9)
})

test('a field that the shape of a launch decides keeps its first value', () => {
  const template = { ...toyTemplate, space: { ...toyTemplate.space, launch: { values: [3, 4], tuned: false, about: '' } } } as const
  const { points, feasible } = enumerateSpace(template, problem, facts, limits)
  expect(points).toBe(12)
  expect(feasible.map((s) => s.values.launch)).toEqual(Array(9).fill(3))
})

test('the summary names reasons, the commonest first', () => {
  expect(printSpace({ points: 1152, infeasible: { divisibility: 38, 'workgroup memory': 812 } })).toBe('1,152 points, 850 infeasible: workgroup memory 812, divisibility 38')
  expect(printSpace({ points: 1, infeasible: {} })).toBe('1 point, all feasible')
  expect(printSpace(space)).toBe('12 points, 3 infeasible: divisibility 2, workgroup memory 1')
})

test('candidates: the default first and only once, then by cost', () => {
  const order = orderCandidates(toyTemplate, space, problem, limits, toyTemplate.defaults(problem, facts, limits))
  expect(order).toHaveLength(9)
  expect(order[0]!.values).toEqual({ block_m: 32, block_n: 16 })
  const costs = order.slice(1).map((s) => toyTemplate.cost(s, problem, limits))
  expect(costs).toEqual([...costs].sort((a, b) => a - b))
  expect(area(order[1]!)).toBe(2048)
})
