import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { drawInteractionCase } from '../../verify/interaction/index.ts'
import { verifyInteraction } from '../../verify/interaction/kernel.ts'
import { noCompiler } from './harness.ts'

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const named = (name: string): Interaction => interactions.find((i) => i.exportName === name)!.interaction
const gradient = (name: string): Interaction => deriveGradients(named(name)).steps.flatMap((s) => (s.kind === 'kernel' && s.writes === 'd_x' ? [s.interaction] : []))[0]!

/** 32 threads along a sequence and two vectors of each: a sequence of 100 rows passes what is staged. */
const cases: readonly (readonly [string, Interaction, Dtype, number, number])[] = [
  ['softmax over a sequence', named('jagged_softmax'), 'bf16', 64, 2], ['softmax over a sequence', named('jagged_softmax'), 'f32', 32, 8],
  ['its gradient, of two inputs', gradient('jagged_softmax'), 'f16', 64, 2], ['the norm of a sequence', named('layer_norm_sequence'), 'bf16', 24, 2],
]

describe.skipIf(noCompiler)('vectors kept in shared memory over all passes', () => {
  test.each(cases)('%s (%#)', async (_what, x, dtype, d, staged) => {
    const device = await openCudaCpu({})
    const problem = { dtype, sizes: { d } }
    const usual = defaultInteractionSchedule('cuda', x, problem)
    const source = compileInteraction(x, problem, { target: 'cuda', schedule: { ...usual, values: { ...usual.values, threads: 256, lanes: 8, staged } } })
    expect(source.text).toContain('cp_async_16(cache.in_')
    expect(source.text).toContain(`constexpr int STAGED = ${x.inputs.filter((t) => t.storage === 'jagged').length === 1 ? staged : staged / 2};`)
    const kernel = await device.compileInteraction(source)
    for (const seed of [1, 2]) {
      const c = drawInteractionCase(seed, x, { dtype, sizes: { d }, sequences: 3, maxLength: 100, set: seed === 1 ? 'full' : 'uniformFromZero' })
      expect((await verifyInteraction(device, kernel, source, c)).problems).toEqual([])
    }
    kernel.dispose()
    await device.close()
  })

  test('a text without the wait for its own copies is noticed', async () => {
    const device = await openCudaCpu({})
    const x = named('jagged_softmax'), problem = { dtype: 'bf16', sizes: { d: 64 } } as const
    const source = compileInteraction(x, problem, { target: 'cuda', schedule: { template: 'cuda_reduction', values: { ...defaultInteractionSchedule('cuda', x, problem).values, staged: 8 } } })
    const text = source.text.replace('  cp_async_wait<0>();\n', '')
    expect(text).not.toBe(source.text)
    const kernel = await device.compileInteraction({ ...source, text })
    expect((await verifyInteraction(device, kernel, source, drawInteractionCase(1, x, { dtype: 'bf16', sizes: { d: 64 }, sequences: 3, maxLength: 100, set: 'full' }))).problems).not.toEqual([])
    kernel.dispose()
    await device.close()
  })
})
