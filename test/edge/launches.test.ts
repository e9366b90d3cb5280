import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maxTiles, tilesBytes } from '../../codegen/ir/manifest.ts'
import { type Attention, createAttention, type Kernel } from '../../generated/launch/webgpu.ts'
import { type AttentionInputs, prepareAttention } from '../../runtime/attention.ts'
import type { Device, Job } from '../../runtime/device.ts'
import { decode, fromBytes } from '../../runtime/dtypes.ts'
import { findAdapter } from '../../runtime/webgpu/adapter.ts'
import { drawCase, expectedOf, verifyKernel } from '../../verify/index.ts'
import { launch, tensorsOf } from '../e2e/launch.ts'
import { kernelNames } from '../wgsl/shipped.ts'
import { definitionOf, edgeDevices, emitFor } from './devices.ts'

const generated = join(import.meta.dirname, '../../generated')
const kernelsOf = async (name: string): Promise<readonly Kernel[]> => Object.entries(await import(join(generated, `${name}.ts`))).find(([key]) => key.endsWith('Kernels'))![1] as readonly Kernel[]

/** Batches of other B, N, ΣL, heads and layouts, one after another. */
const batches = [
  { lengths: [3, 0, 40, 17], heads: 2 }, { lengths: [90], heads: 2 }, { lengths: Array.from({ length: 300 }, (_, i) => i % 4), heads: 1 }, { lengths: [], heads: 2 },
  { lengths: [5, 6], heads: 4, kvHeads: 2 }, { lengths: [5, 0, 30], kvLengths: [9, 3, 64], heads: 2, layout: { queries: 'jagged', align: 'end' } as const },
]

/** A GPU device that counts what a launch must not do. */
const counting = (device: GPUDevice) => {
  const counts = { modules: 0, pipelines: 0, readable: 0 }
  const watched: Partial<Record<string, (args: readonly any[]) => void>> = {
    createShaderModule: () => counts.modules++, createComputePipeline: () => counts.pipelines++, createComputePipelineAsync: () => counts.pipelines++,
    createBuffer: ([{ usage }]) => { if (usage & GPUBufferUsage.MAP_READ) counts.readable++ },
  }
  const proxy = new Proxy(device, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? (...args: any[]) => { watched[String(name)]?.(args); return value.apply(target, args) } : value
    },
  })
  return { counts, proxy }
}

describe('U12: no device-to-host read, no compilation and no new pipeline when B, N or ΣL change; 21 no D2H sync; 30 no recompile per shape', () => {
  let gpu: GPUDevice
  beforeAll(async () => { gpu = await (await findAdapter('gpu', true, {})).adapter.requestDevice() })
  afterAll(() => gpu.destroy())

  test('WebGPU launcher, counted', async () => {
    const { counts, proxy } = counting(gpu)
    const kernel = (await kernelsOf('causal')).find((k) => k.dtype === 'f32' && k.headDim === 64 && k.subgroupLanes === 0)!
    const attention: Attention<object> = await createAttention(proxy, kernel, readFileSync(join(generated, kernel.file), 'utf8'))
    expect(counts).toEqual({ modules: 1, pipelines: 2, readable: 0 })
    const { algorithm, definition } = await definitionOf('causal')
    for (const [seed, shape] of batches.entries()) {
      const c = drawCase(seed + 1, algorithm, { headDim: 64, dtype: 'f32', ...shape })
      if (c.rows === 0) continue
      const got = decode('f32', fromBytes('f32', new Uint8Array(await launch(gpu, attention, tensorsOf(gpu, c), {})), c.rows * c.heads * 64))
      expectedOf(definition, c).reference.out.forEach((want, i) => { if (!(Math.abs(got[i]! - want) <= 1e-4 * Math.max(1, Math.abs(want)))) expect.fail(`${JSON.stringify(shape)}, element ${i}: ${got[i]}, not ${want}`) })
    }
    expect(counts).toEqual({ modules: 1, pipelines: 2, readable: 0 })
  })

  test('CUDA launchers call nothing that copies, waits or allocates', () => {
    for (const name of ['causal/causal_f32_d64', 'causal/causal_bf16_d64', 'hstu/hstu_f16_d64']) {
      const text = readFileSync(join(generated, 'cuda', `${name}.cu`), 'utf8')
      expect(text).toContain('cudaLaunchKernel')
      expect(text.match(/cuda\w*(Memcpy|Synchronize|Malloc|Free|Memset)\w*|cu\w*(Memcpy|Synchronize|MemAlloc)\w*/g)).toBe(null)
    }
  })
})

describe.each(edgeDevices)('$name', ({ open, target }) => {
  let device: Device
  beforeAll(async () => { device = await open() })
  afterAll(() => device.close())

  test('U12: one compiled kernel runs every batch, head count and layout', async () => {
    let compiled = 0
    const counted: Device = { ...device, compile: (kernel) => { compiled++; return device.compile(kernel) } }
    const source = await emitFor(device, { kernel: 'causal' })
    const kernel = await counted.compile(source)
    const { algorithm, definition } = await definitionOf('causal')
    for (const [seed, shape] of batches.entries()) expect((await verifyKernel(counted, kernel, source, definition, drawCase(seed + 1, algorithm, { headDim: 8, dtype: 'f32', ...shape }))).problems).toEqual([])
    expect(compiled).toBe(1)
  })

  test('U15: offsets that skip the checks stay inside the buffers; 2 negative or garbage totals; 35 no u32 underflow', async () => {
    const source = await emitFor(device, { kernel: 'causal' })
    const kernel = await device.compile(source)
    const x = new Float32Array(50 * 8).fill(0.5)
    const guard = target === 'wgsl' ? 64 : 0
    const prepared = prepareAttention(source.manifest, { q: x, k: x, v: x, heads: 1, rows: 50, seqOffsets: Int32Array.of(0, 10, 30, 50) }, { canary: guard })
    const garbage: readonly (readonly number[])[] = [[0, 30, 10, 50], [-7, 20, -1, 50], [0, 20, 9999, 2147483647], [-5, -4, -3, -2], [60, 70, 80, 90], [50, 0, 50, 0]]
    for (const offsets of garbage) {
      const job: Job = { ...prepared.job!, buffers: { ...prepared.job!.buffers, seq_offsets: new Uint8Array(Int32Array.from(offsets).buffer), kv_offsets: new Uint8Array(Int32Array.from(offsets).buffer) }, outputs: ['out', 'lse'] }
      const { buffers, findings } = await kernel.run(job)
      expect(findings).toEqual([])
      for (const name of ['out', 'lse'] as const) expect(buffers[name]!.subarray(buffers[name]!.length - guard)).toEqual(job.buffers[name]!.subarray(job.buffers[name]!.length - guard))
    }
  })

  test('U14: ten launches give the same bits; 12 deterministic', async () => {
    const schedules: readonly Readonly<Record<string, number>>[] = [{}, { split: 4 }, { pack: 1 }, { order: 1 }, { gqa: 1 }]
    for (const schedule of schedules) {
      const source = await emitFor(device, { kernel: 'causal', schedule })
      const kernel = await device.compile(source)
      const { algorithm } = await definitionOf('causal')
      const { job } = prepareAttention(source.manifest, drawCase(3, algorithm, { lengths: [5, 0, 170, 33, 1], heads: 2, kvHeads: 1, headDim: 8, dtype: 'f32' }).inputs)
      const first = await kernel.run(job!)
      for (let i = 0; i < 9; i++) expect((await kernel.run(job!)).buffers).toEqual(first.buffers)
    }
  })
})

describe('U15: invalid offsets are rejected before a launch; 2 validate offsets', () => {
  const make = async (inputs: Partial<AttentionInputs>, kernel = 'causal') => {
    const source = await emitFor({ info: { target: 'wgsl', limits: {}, features: [], subgroupSize: 0 } } as never, { kernel })
    const x = new Float32Array(10 * 8)
    return () => prepareAttention(source.manifest, { q: x, k: x, v: x, heads: 1, rows: 10, seqOffsets: Int32Array.of(0, 10), ...inputs } as AttentionInputs)
  }
  const refused: readonly (readonly [string, Partial<AttentionInputs>, string])[] = [
    ['no array', { seqOffsets: [0, 10] as never }, 'SR5001'], ['empty', { seqOffsets: new Int32Array(0) }, 'SR5002'], ['not from 0', { seqOffsets: Int32Array.of(1, 10) }, 'SR5003'], ['falling', { seqOffsets: Int32Array.of(0, 7, 5, 10) }, 'SR5004'],
    ['negative', { seqOffsets: Int32Array.of(0, -3, 10) }, 'SR5004'], ['past the rows', { seqOffsets: Int32Array.of(0, 11) }, 'SR5005'], ['i64 past 2^32', { seqOffsets: BigInt64Array.of(0n, 2n ** 33n) }, 'SR5005'], ['negative rows', { rows: -1 }, 'SR5022'],
    ['keys: falling', { layout: { queries: 'jagged' }, kvOffsets: Int32Array.of(0, 7, 5) }, 'SR5004'], ['keys: past the rows', { layout: { queries: 'jagged' }, kvOffsets: Int32Array.of(0, 11), kvRows: 10 }, 'SR5005'],
    ['kvIndex out of range', { layout: { queries: 'jagged' }, kvOffsets: Int32Array.of(0, 10), kvIndex: Int32Array.of(3) }, 'SR5030'],
  ]
  test.each(refused)('%s', async (_what, inputs, code) => expect(await make(inputs)).toThrow(code))

  test('U7: strides that overlap or that vector loads cannot use are refused by name; 9 an explicit contiguity error', async () => {
    expect(await make({ strides: { q: { row: 4, head: 8 } } })).toThrow('SR5035')
    expect(await make({ strides: { k: { row: 9, head: 8 } } })).toThrow(/SR5036.*strides\.k\.row is 9/)
    expect(await make({ strides: { v: { row: 16, head: 8 } } })).toThrow('SR5037')
  })

  test('U1: D = 0 and no heads give outputs of their shapes without a launch; 5 zero-size early return', async () => {
    const { manifest } = await emitFor({ info: { target: 'wgsl', limits: {}, features: [], subgroupSize: 0 } } as never, { kernel: 'causal' })
    const none = new Float32Array(0)
    for (const [heads, headDim, rows] of [[2, 0, 5], [0, 8, 5], [2, 8, 0]] as const) {
      const { job } = prepareAttention({ ...manifest, headDim, valueDim: headDim }, { q: none, k: none, v: none, heads, rows, seqOffsets: Int32Array.of(0, rows) })
      expect(job).toBe(null)
    }
    await expect(emitFor({ info: { target: 'wgsl', limits: {}, features: [], subgroupSize: 0 } } as never, { kernel: 'causal', headDim: 0 })).rejects.toThrow(/SR3001.*head dim 0 is outside 1 to 256/)
  })
})

describe('element indices past 2^31', () => {
  test('U6: CUDA widens every product with a stride to 64 bits; 1, 3, 27 int32 strides', () => {
    for (const file of ['causal/causal_f32_d64', 'causal/causal_bf16_d64', 'hstu/hstu_f16_d128']) {
      const text = readFileSync(join(generated, 'cuda', `${file}.cu`), 'utf8')
      const products = text.match(/[^\n;{]*\* *(params\.)?\w*_stride\b/g)!
      expect(products.length).toBeGreaterThan(5)
      for (const product of products) for (const part of product.split(/\+ (?=\(|params)/).filter((p) => /\* *(params\.)?\w*_stride/.test(p))) expect(part).toMatch(/\(unsigned long long\)/)
    }
  })

  test('U6: WGSL addresses 32 bits, so a tensor past the binding size is refused; 1 checked-u32 indexing', async () => {
    const device = await edgeDevices[0]!.open()
    const source = await emitFor(device, { kernel: 'causal' })
    const kernel = await device.compile(source)
    const rows = 128 * 2 ** 20 / 32 + 1
    const x = new Float32Array(rows * 8)
    const { job } = prepareAttention(source.manifest, { q: x, k: x, v: x, heads: 1, rows, seqOffsets: Int32Array.of(0, 4) })
    await expect(kernel.run(job!)).rejects.toThrow(/SR4011.*q of causal_f32_d8 needs 134217760 bytes.*134217728/)
    await device.close()
  })
})

test('23 the workspace grows with rows and sequences, never with B·N', () => {
  const words = (rows: number, B: number): number => tilesBytes(maxTiles(rows, B, 64)) / 4
  expect(words(1_000_000 + 65_535, 65_536)).toBeLessThan(8 * (1_065_535 / 64 + 65_536 + 3))
})

test('34 every shipped kernel has a source that needs no subgroups', async () => {
  for (const name of kernelNames) {
    const all = await kernelsOf(name)
    for (const k of all) expect(all.some((x) => x.dtype === k.dtype && x.headDim === k.headDim && x.subgroupLanes === 0 && !x.features.includes('subgroups')), `${name} ${k.dtype}`).toBe(true)
  }
})
