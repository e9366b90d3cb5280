import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { Interaction, InteractionSource } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { type CudaCpuDevice, openCudaCpu, POLICIES } from '../../runtime/cuda-cpu/index.ts'
import { drawInteractionCase } from '../../verify/interaction/index.ts'
import { verifyInteraction } from '../../verify/interaction/kernel.ts'
import { shippedSums } from '../derive/norms.ts'
import { mutate, noCompiler } from './harness.ts'

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const named = (name: string): Interaction => interactions.find((i) => i.exportName === name)!.interaction
const gradient = (name: string): Interaction => deriveGradients(named(name)).steps.flatMap((s) => (s.kind === 'kernel' && s.writes === 'd_x' ? [s.interaction] : []))[0]!

const compiled = (x: Interaction, dtype: Dtype, d: number, set: Readonly<Record<string, number>>): InteractionSource => {
  const problem = { dtype, sizes: { d, h: 3, f: 2 } }
  const usual = defaultInteractionSchedule('cuda', x, problem)
  return compileInteraction(x, problem, { target: 'cuda', schedule: { ...usual, values: { ...usual.values, ...set } } })
}
const cases: readonly (readonly [string, Interaction, Dtype, number, Readonly<Record<string, number>>])[] = [
  ['softmax over a sequence, staged', named('jagged_softmax'), 'bf16', 64, { cluster: 4, threads: 128, staged: 2 }],
  ['softmax over a sequence, registers, slabs', named('jagged_softmax'), 'f32', 64, { cluster: 2, threads: 128, lanes: 4, items: 2 }],
  ['its gradient', gradient('jagged_softmax'), 'f16', 64, { cluster: 8, threads: 128, staged: 2 }],
  ['the norm of a sequence', named('layer_norm_sequence'), 'bf16', 24, { cluster: 4, threads: 128, staged: 2 }],
  ['the norm of a sequence with the sums of its parameters', shippedSums('layer_norm_sequence'), 'f32', 16, { cluster: 2, threads: 128, staged: 2 }],
  ['sums', named('jagged_sum'), 'bf16', 128, { cluster: 4, threads: 128 }], ['a mean', named('jagged_mean'), 'f32', 20, { cluster: 8, threads: 128 }], ['a maximum', named('jagged_max'), 'f16', 32, { cluster: 2, threads: 128 }],
]

describe.skipIf(noCompiler)('a cluster of blocks a group', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu({}) })
  afterAll(() => device.close())

  test.each(cases)('%s (%#)', async (_what, x, dtype, d, set) => {
    const source = compiled(x, dtype, d, set)
    expect(source.text).toContain(`__cluster_dims__(CLUSTER, 1, 1) __launch_bounds__`)
    expect(source.text).toContain(`for sm_90, or`)
    expect(source.manifest.requires.architectures).toEqual(['sm_90'])
    const kernel = await device.compileInteraction(source)
    for (const [seed, l] of [[], [0], [0, 0, 5, 0], [300, 1, 0, 97], [31, 32, 33]].entries())
      expect((await verifyInteraction(device, kernel, source, drawInteractionCase(seed, x, { dtype, sizes: { d, h: 3, f: 2 }, lengths: { l }, sequences: l.length }))).problems, l.join()).toEqual([])
    kernel.dispose()
  }, 120_000)

  const softmax = compiled(named('jagged_softmax'), 'f32', 32, { cluster: 2, threads: 128 })
  const sum = compiled(named('jagged_sum'), 'f32', 32, { cluster: 2, threads: 128 })
  test.each([
    ['the barrier before a read of another block', softmax, '  cluster_arrive();\n  cluster_wait();\n', '', /race|uninitialised/],
    ['an arrival before the wait', softmax, '  cluster_arrive();\n  cluster_wait();\n', '  cluster_wait();\n', /waits and has not arrived/],
    ['a wait between two arrivals', sum, '  cluster_arrive();\n  cluster_wait();\n', '  cluster_arrive();\n', /arrives again|race|uninitialised|may have gone on/],
    ['the barrier before a block returns', sum, '  cluster_wait();  // no block', '  // no block', /cluster: block .* returned|which has returned/],
    ['a place of its own for each result', softmax, '(1 + STAT)', '1', /race/],
    ['the rank of a block in its rows', softmax, ' + (int)(blockIdx.x % CLUSTER) * (TEAM / COLUMNS)', '', /./],
    ['a block of the cluster', softmax, 'rank < CLUSTER', 'rank < CLUSTER - 1', /./],
    ['a block that is there', softmax, 'rank < CLUSTER', 'rank <= CLUSTER', /of a cluster of 2/],
  ])('a text without %s is noticed', async (_what, source, from, to, finding) => {
    const found: string[] = []
    for (const policy of POLICIES) {
      const other = await openCudaCpu({ policy, seed: 3 })
      const kernel = await other.compileInteraction({ ...source, text: mutate(source.text, from, to) })
      const x = named(source.manifest.definition)
      found.push((await verifyInteraction(other, kernel, source, drawInteractionCase(1, x, { dtype: 'f32', sizes: { d: 32 }, lengths: { l: [300, 4, 90] }, sequences: 3 }))).problems.join('\n'))
      kernel.dispose()
      await other.close()
    }
    for (const text of found) expect(text).toMatch(finding)
  }, 120_000)

  test('a device with little shared memory gets a default that fits', () => {
    const problem = { dtype: 'f32', sizes: { d: 256, h: 3, f: 2 } } as const
    const limits = { ...targetLimits.cuda, architecture: 'sm_120', sharedMemory: 99 * 1024 }
    for (const x of [shippedSums('layer_norm_sequence'), named('layer_norm_sequence'), named('jagged_softmax'), gradient('jagged_softmax')]) {
      const { manifest } = compileInteraction(x, problem, { target: 'cuda', limits, schedule: defaultInteractionSchedule('cuda', x, problem, limits) })
      expect(manifest.requires.limits.sharedMemoryPerBlock).toBeLessThanOrEqual(limits.sharedMemory)
    }
  })

  test('what has no cluster to share says why', () => {
    expect(() => compiled(named('layer_norm'), 'f32', 32, { cluster: 2 })).toThrow(/is not all of one block's/)
    const problem = { dtype: 'f32', sizes: { d: 32 } } as const
    const usual = defaultInteractionSchedule('cuda', named('jagged_softmax'), problem)
    expect(() => compileInteraction(named('jagged_softmax'), problem, { target: 'cuda', limits: { ...targetLimits.cuda, architecture: 'sm_80' }, schedule: { ...usual, values: { ...usual.values, cluster: 2 } } })).toThrow(/sm_80 has no clusters/)
  })
})
