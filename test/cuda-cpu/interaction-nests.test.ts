import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { fusedGradients } from '../../codegen/fuse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Interaction, InteractionProblem } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import { type CudaCpuDevice, openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { drawInteractionCase, type InteractionShape, verifyInteraction } from '../../verify/interaction/index.ts'
import { noCompiler } from './harness.ts'

const file = fileURLToPath(new URL('../../kernels/interaction/index.ts', import.meta.url))

/** A definition's interaction, or the step that writes one input's gradient. */
const interactionOf = async (name: string): Promise<Interaction> => {
  const [definition, input] = name.split('.') as [string, string?]
  const { interaction } = (await loadFile(file)).interactions.find((i) => i.interaction.name === definition)!
  if (input === undefined) return interaction
  const { steps, results, apart } = fusedGradients(interaction)
  const step = [...steps, ...(apart?.steps ?? [])].find((s) => s.kind === 'kernel' && s.writes === results[input])
  if (step?.kind !== 'kernel') throw new Error(`no gradient of ${input}`)
  return step.interaction
}

const sizesOf = (x: Interaction, size: number): Readonly<Record<string, number>> =>
  Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => [a.name, size]))

const LENGTHS: readonly (readonly number[])[] = [[], [0], [1], [0, 0, 5, 0], [31, 32, 33], Array.from({ length: 40 }, (_, i) => i % 3), [130, 2]]
const movement = ['jagged_to_padded', 'padded_to_jagged', 'jagged_jagged_mul', 'concat', 'slice', 'jagged_index_select', 'permute', 'reverse', 'jagged2_to_padded', 'jagged_broadcast_add', 'segment_ids', 'jagged_self_subtraction'] as const
const reduction = ['layer_norm', 'rms_norm_silu', 'layer_norm_sequence', 'group_norm', 'jagged_softmax', 'jagged2_softmax', 'jagged2_softmax_columns', 'jagged_sum', 'jagged_mean', 'jagged_max', 'jagged_argmax', 'factorisation_machine', 'layer_norm.weight'] as const

describe.skipIf(noCompiler)('CUDA loop nests of movement and reduction on the CPU', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu() })
  afterAll(() => device.close())

  /** Checks one kernel on shapes: error, poison, repeat, leak, races, bounds. */
  const check = async (x: Interaction, problem: InteractionProblem, set: Readonly<Record<string, number>>, shapes: readonly Omit<InteractionShape, 'dtype' | 'sizes'>[]): Promise<string> => {
    const usual = defaultInteractionSchedule('cuda', x, problem)
    const source = compileInteraction(x, problem, { target: 'cuda', schedule: { ...usual, values: { ...usual.values, ...set } } })
    const compiled = await device.compileInteraction(source)
    for (const [seed, shape] of shapes.entries()) {
      const { problems } = await verifyInteraction(device, compiled, source, drawInteractionCase(seed, x, { ...shape, dtype: problem.dtype, sizes: problem.sizes }))
      expect(problems, `${source.manifest.kernel}, ${JSON.stringify(shape)}`).toEqual([])
    }
    compiled.dispose()
    return source.text
  }

  const shapesOf = (x: Interaction): readonly Omit<InteractionShape, 'dtype' | 'sizes'>[] => {
    const owners = x.axes.filter((a) => a.kind === 'jagged' && a.like === a.name && !a.length).map((a) => a.name)
    return LENGTHS.map((lengths) => ({ lengths: Object.fromEntries(owners.map((o, i) => [o, i === 0 ? lengths : lengths.map((n) => Math.min(n, 7))])), sequences: lengths.length }))
  }

  describe.each([['f32', reduction], ['bf16', movement]] as const)('%s', (dtype, names) => {
    test.each([...names])('%s at awkward lengths', async (name) => {
      const x = await interactionOf(name)
      await check(x, { dtype, sizes: sizesOf(x, name === 'group_norm' ? 12 : 16) }, {}, shapesOf(x))
    }, 120_000)
  })

  test.each([1, 3, 64, 130])('rows of %i elements', async (size) => {
    for (const name of ['concat', 'layer_norm', 'jagged_softmax', 'jagged_max', 'jagged_jagged_mul']) {
      const x = await interactionOf(name)
      await check(x, { dtype: 'bf16', sizes: sizesOf(x, size) }, {}, [{ sequences: 4, maxLength: 30 }])
    }
  }, 120_000)

  test('i32 moves', async () => {
    const x = await interactionOf('concat')
    await check(x, { dtype: 'i32', sizes: sizesOf(x, 5) }, {}, [{ sequences: 4, maxLength: 30 }])
  }, 60_000)

  test('a long sequence in parts, and one that does not fit into registers', async () => {
    const lengths = { l: [3, 1300, 512, 513] }
    const sum = await interactionOf('jagged_sum')
    const text = await check(sum, { dtype: 'f32', sizes: { d: 8 } }, { split: 512 }, [{ lengths }])
    expect(text).toContain('sequences of more than 512 rows in parts')
    const softmax = await interactionOf('jagged_softmax')
    expect(await check(softmax, { dtype: 'f32', sizes: { d: 8 } }, { items: 2, threads: 128, staged: 0 }, [{ lengths: { l: [3, 130, 127, 128, 300] } }])).toContain('stays in registers')
  }, 120_000)

  test('sums over all sequences in ranges', async () => {
    const x = await interactionOf('layer_norm.weight')
    expect(await check(x, { dtype: 'f32', sizes: { d: 24 } }, { parts: 66 }, [{ sequences: 7, maxLength: 50 }, { lengths: { l: [0, 0] } }])).toContain('in 66 ranges')
  }, 60_000)
})
