import { describe, expect, test } from 'vitest'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import { drawCase, verifyKernel } from '../../verify/index.ts'
import { manifestOf } from '../runtime-inputs/manifest.ts'
import { type Fault, fakeDevice } from './fake-device.ts'
import { shipped } from './shipped.ts'

const manifestFor = ({ algorithm, definition }: LoadedDefinition, dtype: Dtype, headDim: number): KernelManifest =>
  manifestOf({ kernel: algorithm.name, definition: algorithm.name, dtype, headDim, captures: algorithm.captures, smScale: algorithm.smScale, normalizer: definition.normalizer.kind, lse: definition.normalizer.kind === 'softmax' })

const verifyFake = async (name: string, options: { fault?: Fault; lengths?: number[]; dtype?: Dtype; seed?: number; headDim?: number } = {}) => {
  const loaded = await shipped(name)
  const { dtype = 'f32', lengths = [3, 0, 17, 6], seed = 2, headDim = 8 } = options
  const kernel = { text: '', manifest: manifestFor(loaded, dtype, headDim) }
  const device = fakeDevice(loaded.definition, options.fault)
  return verifyKernel(device, await device.compile(kernel), kernel, loaded.definition, drawCase(seed, loaded.algorithm, { lengths, heads: 2, headDim, dtype }))
}

describe('an honest kernel passes', () => {
  const names = ['full', 'causal', 'sliding_window', 'alibi', 'softcap', 'relative_bias', 'prefix_lm', 'hstu']
  for (const dtype of ['f32', 'f16', 'bf16'] as const) {
    test.each(names)(`%s in ${dtype}`, async (name) => {
      for (const seed of [1, 2, 3, 4]) expect((await verifyFake(name, { dtype, seed })).problems).toEqual([])
    })
  }
  test.each([[[]], [[0, 0]], [[1]], [[0, 9, 0]]])('lengths %j', async (lengths) => {
    for (const seed of [1, 2, 3, 4]) expect((await verifyFake('causal', { lengths, seed })).problems).toEqual([])
  })
})

describe('each check catches its fault', () => {
  const caught = async (fault: Fault, options: Parameters<typeof verifyFake>[1] = {}, name = 'causal') => {
    const r = await verifyFake(name, { ...options, fault })
    expect(r.ok).toBe(false)
    return r
  }
  const word = (bytes: Uint8Array, i: number, value: number): void => new DataView(bytes.buffer).setUint32(4 * i, value, true)

  test('a wrong mask', async () => {
    const r = await caught({ compute: (d) => ({ ...d, maskMod: (_b, _h, q, kv) => kv < q }) })
    expect(r.errors.out.ok).toBe(false)
    expect(r.errors.out.at).toMatchObject({ sequence: expect.any(Number), position: expect.any(Number) })
  })
  test('smScale forgotten', async () => expect((await caught({ compute: (d) => ({ ...d, smScale: 1 }) })).errors.out.ok).toBe(false))
  test('an lse in base 2', async () => {
    const r = await caught({ after: (b) => { const lse = new Float32Array(b.lse!.buffer); for (let i = 0; i < lse.length - 64; i++) lse[i]! *= Math.LOG2E } })
    expect([r.errors.out.ok, r.errors.lse!.ok]).toEqual([true, false])
  })
  test('one element a little off, and where it is', async () => {
    const r = await caught({ after: (b, l) => { const out = new Float32Array(b.out!.buffer); out[(5 * l.heads + 1) * l.headDim + 3]! += 1e-4 } })
    expect(r.errors.out.at).toMatchObject({ row: 5, head: 1, dim: 3, sequence: 2, position: 2 })
    expect(r.problems[0]).toContain('row 5, head 1, dim 3 (sequence 2, position 2)')
  })
  test('a NaN', async () => expect((await caught({ after: (b) => word(b.out!, 9, 0x7fc00000) })).errors.out.max).toBe(Infinity))
  test('an element not written', async () => expect((await caught({ after: (b, l) => word(b.out!, 7, new DataView(l.job.buffers.out!.buffer).getUint32(28, true)) })).checks.poison).toBe('fail'))
  test('a write past the end', async () => expect((await caught({ after: (b) => word(b.lse!, b.lse!.length / 4 - 64, 0) })).checks.canaries).toBe('fail'))
  test('a changed input', async () => expect((await caught({ after: (b) => word(b.k!, 0, 0) })).checks.canaries).toBe('fail'))
  test('a launch that differs from the one before', async () => expect((await caught({ after: (b, l) => { if (l.count === 1) b.out![0]! ^= 1 } })).checks.repeatBitEqual).toBe('fail'))
  test('rows past the end left nonzero', async () => expect((await caught({ after: (b, l) => word(b.out!, l.rows * l.heads * l.headDim - 1, 0x00000001) }, { seed: 1 })).checks.rowsPast).toBe('fail'))
  test('an lse of a row past the end that is only very negative', async () => expect((await caught({ after: (b, l) => word(b.lse!, l.rows * l.heads - 1, 0xff7fffff) }, { seed: 1 })).checks.rowsPast).toBe('fail'))
  test('what the device found', async () => expect((await caught({ findings: ['race on shared memory'] })).problems).toEqual(['race on shared memory']))
  test.each([2, 3])('a value that crosses from one sequence to another (seed %i)', async (seed) => {
    const whole: Fault = { before: (l) => { const total = l.q.slice(0, l.offsets.at(-1)! * l.heads * l.headDim).reduce((a, x) => a + x, 0); for (let i = 0; i < l.offsets.at(-1)! * l.heads * l.headDim; i++) l.v[i]! += 1e-3 * total } }
    expect((await caught(whole, { seed, lengths: [9, 8, 5] })).checks.leak).toBe('fail')
  })
  test('the offset of the next sequence', async () => {
    await caught({ before: (l) => { for (let b = 1; b + 1 < l.offsets.length; b++) l.offsets[b] = Math.min(l.offsets[b]! + 1, l.offsets.at(-1)!) } })
  })
  test('a NaN read from a row past the end', async () => {
    await caught({ before: (l) => { if (l.rows > l.offsets.at(-1)!) l.offsets[l.offsets.length - 1]! += 1 } }, { seed: 1 })
  })
})

test('a kernel of another dim or dtype is not verified', async () => {
  const loaded = await shipped('full')
  const kernel = { text: '', manifest: manifestFor(loaded, 'f32', 8) }
  const device = fakeDevice(loaded.definition)
  const c = drawCase(1, loaded.algorithm, { lengths: [2], heads: 1, headDim: 4, dtype: 'f32' })
  await expect(verifyKernel(device, await device.compile(kernel), kernel, loaded.definition, c)).rejects.toThrow('SR6005')
})

test('the repro line is what a person types', async () => {
  const r = await verifyFake('sliding_window', { lengths: [3, 0, 17], dtype: 'bf16', seed: 77 })
  expect(r.repro).toBe('npx serrate verify sliding_window --target wgsl --lengths 3,0,17 --heads 2 --dim 8 --dtype bf16 --seed 77')
})
