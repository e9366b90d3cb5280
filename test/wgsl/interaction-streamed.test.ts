import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import type { InteractionProblem } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule, nestFor } from '../../codegen/lower/interaction/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { drawInteractionCase, verifyInteraction } from '../../verify/interaction/index.ts'
import { shippedInteractions } from './interaction-kernels.ts'

const all = await shippedInteractions()
const shipped = (label: string) => all.find((k) => k.label === label)!.interaction
const made = (label: string, problem: InteractionProblem, set: Readonly<Record<string, number>> = {}) => {
  const x = shipped(label)
  const usual = defaultInteractionSchedule('wgsl', x, problem)
  return compileInteraction(x, problem, { target: 'wgsl', schedule: { ...usual, values: { ...usual.values, ...set } } })
}
const why = (label: string, problem: InteractionProblem, set: Readonly<Record<string, number>>): string | undefined => {
  const x = shipped(label)
  const nest = nestFor('wgsl', x)
  return nest.infeasible({ ...nest.defaults(x, problem, targetLimits.wgsl), flight: 2, ...set }, x, problem, targetLimits.wgsl)?.message
}

/** Nothing, one row, as many rows as lanes have under way, kept rows and rows past them. */
const LENGTHS: readonly (readonly number[])[] = [[], [0], [1], [0, 0, 7, 0], [15, 16, 17, 33], [64, 65, 3], [200, 1]]

describe('reductions of vectors under way together, WGSL', () => {
  let device: Device
  beforeAll(async () => { device = await openWebGpu({ prefer: 'software' }) })
  afterAll(() => device.close())

  test.each([
    ['jagged_sum', 'bf16', 24, { flight: 8, lanes: 4, threads: 64 }], ['jagged_mean', 'f32', 12, { flight: 1, lanes: 1, threads: 64 }], ['jagged_max', 'f16', 20, { flight: 4, lanes: 64, threads: 64 }],
    ['factorisation_machine', 'f32', 8, { flight: 2, lanes: 8, threads: 128 }], ['jagged_argmax', 'bf16', 8, { flight: 2, lanes: 8, threads: 64, keep: 2 }],
    ['jagged_softmax', 'f32', 8, { flight: 2, lanes: 8, threads: 64, keep: 2 }], ['jagged_softmax', 'bf16', 16, { flight: 4, lanes: 16, threads: 64, keep: 0 }],
    ['layer_norm_sequence', 'f32', 12, { flight: 2, lanes: 64, threads: 64, keep: 2 }], ['layer_norm_sequence', 'bf16', 24, { flight: 4, lanes: 8, threads: 64, keep: 1 }],
    ['layer_norm', 'bf16', 40, { flight: 2, lanes: 2, threads: 64, keep: 2 }], ['rms_norm', 'f16', 72, { flight: 1, lanes: 4, threads: 64, keep: 0 }],
  ] as const)('%s, %s, %i columns, %o', async (label, dtype, d, set) => {
    const x = shipped(label)
    const source = made(label, { dtype, sizes: { d } }, set)
    const compiled = await device.compileInteraction(source)
    for (const [seed, l] of LENGTHS.entries()) {
      const { problems } = await verifyInteraction(device, compiled, source, drawInteractionCase(seed, x, { dtype, sizes: { d }, lengths: { l }, sequences: l.length }))
      expect(problems, `lengths ${l.join()}`).toEqual([])
    }
    compiled.dispose()
  }, 120_000)

  test('the header says what is under way and what stays in registers', () => {
    const path = (label: string, problem: InteractionProblem, set?: Readonly<Record<string, number>>): string => /^\/\/ path +(.*)$/m.exec(made(label, problem, set).text)![1]!
    expect(path('jagged_sum', { dtype: 'bf16', sizes: { d: 128 } })).toBe('columns, vectors of 8 along d, 4 of a thread under way; results are written by their groups')
    expect(path('jagged_softmax', { dtype: 'f32', sizes: { d: 128 } })).toBe('columns, vectors of 4 along d, 4 of a thread under way; sequences are written by their groups, from registers up to 2 vectors of a thread')
    expect(path('layer_norm', { dtype: 'f32', sizes: { d: 128 } })).toBe('rows, vectors of 4 along d, 4 of a thread under way; rows are written by their groups, from registers')
    expect(path('jagged_sum', { dtype: 'f32', sizes: { d: 5 } })).toBe('columns; results are written by their groups')
  })

  test('a packed row needs no search for its sequence', () => {
    expect(made('layer_norm', { dtype: 'f32', sizes: { d: 64 } }).text).not.toMatch(/sequence_of_l|load_sequence/)
    expect(made('layer_norm', { dtype: 'f32', sizes: { d: 64 } }, { flight: 0, keep: 0 }).text).toMatch(/sequence_of_l/)
  })

  test('where it does not apply, it says why', () => {
    expect(why('jagged_sum', { dtype: 'f32', sizes: { d: 5 } }, {})).toBe('flight=2, but d=5 is no whole number of vectors')
    expect(why('dense_sum', { dtype: 'f32', sizes: { d: 64 } }, {})).toBe('flight=2, but a group cannot write what it makes in vectors')
    expect(why('jagged2_softmax', { dtype: 'f32', sizes: {} }, {})).toBe('flight=2, but no dense axis of known size lies innermost')
    expect(why('jagged_sum', { dtype: 'bf16', sizes: { d: 128 } }, { threads: 64, lanes: 128 })).toBe('128 threads a group, a workgroup has 64')
    expect(why('jagged_argmax', { dtype: 'f32', sizes: { d: 128 } }, { threads: 256 })).toBeUndefined()
  })
})
