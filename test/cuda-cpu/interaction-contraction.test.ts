import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { fusedGradients } from '../../codegen/fuse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Interaction, InteractionProblem } from '../../codegen/ir/interaction/index.ts'
import { classify } from '../../codegen/lower/interaction/index.ts'
import { type CudaCpuDevice, openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { drawInteractionCase, verifyInteraction } from '../../verify/interaction/index.ts'
import { noCompiler } from './harness.ts'

const { interactions } = await loadFile('kernels/interaction/index.ts')

const stepsOf = (x: Interaction): readonly Interaction[] => {
  try { return fusedGradients(x).steps.flatMap((s) => (s.kind === 'kernel' ? [{ ...s.interaction, name: `${x.name}_${s.writes}` }] : [])) } catch { return [] }
}
/** Every shipped matrix product, and those of their gradients. */
const contractions = interactions.flatMap(({ interaction: x }) => [x, ...stepsOf(x)]).filter((x) => classify(x).class === 'contraction')

const LENGTHS: readonly (readonly number[])[] = [[], [0], [0, 0, 5, 0], [1], [15, 16, 17], [31, 0, 33, 2], [1, 2, 1, 3, 1, 0, 2, 1, 4, 1], [70]]
const SIZES = [1, 3, 16, 64, 130] as const

const owners = (x: Interaction, kind: string): readonly string[] => x.axes.filter((a) => a.kind === kind && a.like === a.name && !a.index).map((a) => a.name)

const textOf = (x: Interaction, problem: InteractionProblem, values: Readonly<Record<string, number>>): string => {
  const { schedule } = compileInteraction(x, problem, { target: 'cuda' }).manifest
  return compileInteraction(x, problem, { target: 'cuda', schedule: { ...schedule, values: { ...schedule.values, ...values } } }).text
}

/** Kernels of one definition, compiled at once. */
const check = async (device: CudaCpuDevice, x: Interaction, problems: readonly InteractionProblem[], values: Readonly<Record<string, number>> = {}): Promise<void> => {
  const sources = problems.map((p) => {
    const s = compileInteraction(x, p, { target: 'cuda' })
    return Object.keys(values).length ? compileInteraction(x, p, { target: 'cuda', schedule: { ...s.manifest.schedule, values: { ...s.manifest.schedule.values, ...values } } }) : s
  })
  const compiled = await device.compileInteractions(sources)
  for (const [i, kernel] of compiled.entries()) {
    const { dtype, sizes } = problems[i]!
    for (const [seed, lengths] of LENGTHS.entries()) {
      const jagged = owners(x, 'jagged').filter((n) => !x.axes.find((a) => a.name === n)!.length)
      const c = drawInteractionCase(seed, x, { dtype, sizes, lengths: Object.fromEntries(jagged.map((name, j) => [name, j ? [...lengths].reverse() : lengths])) })
      const verdict = await verifyInteraction(device, kernel, sources[i]!, c)
      expect(verdict.problems, `${x.name} ${dtype} ${JSON.stringify(sizes)} lengths ${lengths}`).toEqual([])
    }
    kernel.dispose()
  }
}

const problemsOf = (x: Interaction, dtypes: readonly InteractionProblem['dtype'][], turn: number): readonly InteractionProblem[] =>
  dtypes.map((dtype, i) => ({ dtype, sizes: Object.fromEntries(owners(x, 'dense').map((name, j) => [name, SIZES[(turn + i + 2 * j) % SIZES.length]!])) }))

describe.skipIf(noCompiler)('matrix products on CUDA on the CPU', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu() })
  afterAll(() => device.close())

  // Every other one: the fuzz draws from all of them.
  test.each(contractions.filter((_, i) => i % 2 === 0).map((x) => [x.name, x] as const))('%s', async (_name, x) => check(device, x, [...problemsOf(x, ['bf16', 'f32'], 3), ...problemsOf(x, ['f16', 'f32', 'bf16'], 0)]), 120_000)

  test('TF32: whole numbers are exact', async () => {
    for (const name of ['jagged_dense_bmm', 'jagged_jagged_bmm', 'jagged_jagged_bmm_jagged_out', 'jagged_dense_bmm_d_x']) {
      const x = named(name)
      for (const { sizes } of problemsOf(x, ['f32', 'f32'], 2)) {
        const source = compileInteraction(x, { dtype: 'f32', sizes, precision: 'tf32' }, { target: 'cuda' })
        const kernel = await device.compileInteraction(source)
        const c = drawInteractionCase(5, x, { dtype: 'f32', sizes, lengths: Object.fromEntries(owners(x, 'jagged').map((axis) => [axis, [3, 0, 40, 17, 1]])) })
        const whole = Object.fromEntries(Object.entries(c.inputs.tensors).map(([tensor, values]) => [tensor, (values as Float32Array).map((v) => Math.round(4 * v))]))
        const verdict = await verifyInteraction(device, kernel, source, { ...c, inputs: { ...c.inputs, tensors: whole }, data: { ...c.data, tensors: whole } })
        expect(verdict.problems, `${name} ${JSON.stringify(sizes)}`).toEqual([])
        expect(verdict.error).toBe(0)
        kernel.dispose()
      }
    }
  }, 120_000)

  const named = (name: string): Interaction => contractions.find((x) => x.name === name)!
  test('small tiles, short parts', async () => {
    for (const x of [named('jagged_jagged_bmm'), named('jagged_dense_bmm_shared_d_w')]) await check(device, x, problemsOf(x, ['bf16', 'f32'], 2), { block_m: 32, block_n: 16, block_k: 16, part_rows: 32, parts: 4, stages: 4 })
  }, 120_000)

  test('blocks that walk the rows: kept right factors, one for all and one a sequence, and sums over rows', async () => {
    const small = { persist: 1, block_m: 32, block_k: 16, stages: 3 }
    for (const name of ['jagged_dense_bmm', 'jagged_dense_bmm_shared', 'jagged_dense_bmm_add']) {
      const x = named(name)
      await check(device, x, [{ dtype: 'bf16', sizes: { d: 64, k: 64 } }, { dtype: 'f16', sizes: { d: 130, k: 3 } }, { dtype: 'f32', sizes: { d: 16, k: 16 } }], { ...small, block_n: 64 })
      await check(device, x, [{ dtype: 'bf16', sizes: { d: 8, k: 8 } }, { dtype: 'bf16', sizes: { d: 1, k: 16 } }], { ...small, block_n: 16, block_m: 16, stages: 8 })
    }
    const computed = { ...small, block_m: 32, block_n: 64, stages: 3 }
    expect(textOf(named('dcn_cross_d_x'), { dtype: 'f16', sizes: { d: 64 } }, computed)).toContain('exact f32')
    await check(device, named('dcn_cross_d_x'), [{ dtype: 'f16', sizes: { d: 64 } }, { dtype: 'bf16', sizes: { d: 64 } }], computed)
    for (const early of [0, 1]) await check(device, named('jagged_jagged_bmm'), [{ dtype: 'bf16', sizes: { d: 64, k: 64 } }, { dtype: 'f16', sizes: { d: 130, k: 3 } }, { dtype: 'f32', sizes: { d: 16, k: 16 } }], { ...small, block_n: 64, parts: early ? 32 : 4, early_merge: early })
  }, 240_000)

  test('a merge that begins early waits before it reads a part', () => {
    const merges: readonly (readonly [string, Readonly<Record<string, number>>])[] = [['jagged_jagged_bmm', { early_merge: 1 }], ['jagged_jagged_bmm', { early_merge: 1, persist: 1, parts: 32 }], ['jagged_dense_bmm_shared_d_w', { early_merge: 1 }]]
    for (const [name, set] of merges) {
      const text = textOf(named(name), { dtype: 'bf16', sizes: { d: 64, k: 64 } }, set)
      const body = text.slice(text.search(/extern "C" __global__ .*_merge\(/))
      const waits = body.indexOf('wait_for_previous();')
      expect(waits, name).toBeGreaterThan(0)
      // what comes after it in the stream may wait for it alone
      expect(body.slice(0, waits), name).not.toMatch(/partials|return;/)
      expect(body.slice(waits), name).toContain('partials')
    }
  })

  test('exact f32: warps of 4 by 8 and 8 by 4 threads, 8 by 16 sums a thread', async () => {
    for (const values of [{ block_m: 64, block_n: 128, lane_rows: 4, thread_n: 16 }, { block_m: 32, block_n: 32, lane_rows: 8, thread_n: 8 }]) for (const name of ['jagged_dense_bmm', 'jagged_jagged_bmm']) await check(device, named(name), problemsOf(named(name), ['f32', 'f32'], 2), { ...values, block_k: 32, stages: 2 })
  }, 240_000)
})
