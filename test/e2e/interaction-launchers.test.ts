import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sizedAxes } from '../../cli/interaction/problem.ts'
import { resolveInteractions } from '../../cli/resolve.ts'
import { shippedInteractions } from '../../cli/shipped.ts'
import type { LoadedInteraction } from '../../codegen/frontend/index.ts'
import { segmentOf, segmentSums, ownerOf, type Segment } from '../../codegen/ir/interaction/index.ts'
import type { SliceLaunch } from '../../generated/interaction/slice.ts'
import type { Interaction, Kernel, Launch, Work } from '../../generated/launch/webgpu_interaction.ts'
import { decode, fromBytes } from '../../runtime/dtypes.ts'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { findAdapter } from '../../runtime/webgpu/adapter.ts'
import { drawInteractionCase, expectedInteraction, type InteractionCase } from '../../verify/interaction/index.ts'
import { buffer, read } from './launch.ts'

const generated = join(import.meta.dirname, process.env.SERRATE_TEST_GENERATED ?? '../../generated')
const hasCompiler = spawnSync('g++', ['--version']).status === 0
if (!hasCompiler) console.log('skipped: CUDA launchers of interactions, because g++ is not on this machine')
const text = (file: string) => readFileSync(join(generated, file), 'utf8')
const pascal = (name: string) => name.replace(/(?:^|_+)([a-zA-Z0-9])/g, (_, c: string) => c.toUpperCase())
const camel = (name: string) => pascal(name).replace(/^./, (c) => c.toLowerCase())

interface Module { readonly [name: string]: any }
const moduleOf = (name: string, end = '.ts'): Promise<Module> => import(join(generated, 'interaction', `${name}${end}`)) as Promise<Module>
const load = async (name: string): Promise<LoadedInteraction> => (await resolveInteractions([name]))[0]!

const drawn = ({ interaction: x }: LoadedInteraction, dtype: 'f32' | 'bf16' = 'f32'): InteractionCase =>
  drawInteractionCase(5, x, { dtype, sizes: Object.fromEntries(sizedAxes(x).map((a) => [a, 64])), sequences: 4, maxLength: 20 })

/** What of a drawn case one of the launchers takes. */
const launchOf = (device: GPUDevice, kernel: Kernel, c: InteractionCase): Launch & { readonly tensors: { readonly out: GPUBuffer } } => {
  const { interaction: x, inputs, extent } = c
  const sums = (name: string): Int32Array | BigInt64Array => {
    if (inputs.offsets![name]) return inputs.offsets![name]!
    const s = [...x.inputs, x.output].map((t) => segmentOf(x, t)).find((k): k is Segment => k?.name === name)!
    return Int32Array.from(segmentSums(x, extent, s))
  }
  const asked = JSON.stringify(kernel)
  const pick = (kind: string, from: Readonly<Record<string, number>> = {}) => Object.fromEntries(Object.entries(from).filter(([name]) => asked.includes(`"${kind}:${name}"`) || asked.includes(`"u32 ${kind}:${name}"`)))
  const outBytes = (kernel.tensors.out!.bytes * expectedInteraction(c).reference.length)
  return {
    tensors: { ...Object.fromEntries(Object.keys(kernel.tensors).filter((t) => t !== 'out').map((t) => [t, buffer(device, inputs.tensors[t]!)])), out: buffer(device, new Uint8Array(outBytes).fill(0xff)) },
    offsets: Object.fromEntries(Object.keys(kernel.offsets).map((name) => [name, buffer(device, sums(name))])),
    offsetWords: Object.fromEntries(Object.keys(kernel.offsets).map((name) => [name, sums(name) instanceof BigInt64Array ? 2 as const : 1 as const])),
    batches: pick('batch', inputs.batches), rows: pick('rows', { ...Object.fromEntries(Object.entries(extent.offsets).map(([name, o]) => [name, o.at(-1)!])), ...extent.rows }), capacities: pick('capacity', inputs.capacities), sizes: pick('size', inputs.sizes),
    captures: Object.fromEntries(Object.entries(inputs.captures ?? {}).filter(([name]) => kernel.captures.some((k) => k.name === name)).map(([name, value]) => [name, value as number | Int32Array])),
  }
}

const compare = (name: string, c: InteractionCase, got: ArrayLike<number>, dtype: string): void => {
  const want = expectedInteraction(c).reference
  const allowed = dtype === 'bf16' ? 1e-1 : 1e-3
  for (let i = 0; i < want.length; i++) if (!(Object.is(got[i], want[i]) || Math.abs(got[i]! - want[i]!) <= allowed * Math.max(1, Math.abs(want[i]!)))) expect.fail(`${name}: element ${i} is ${got[i]}, not ${want[i]}`)
}

/** One of each kind: offsets of pairs, several entries, padded and gathered tensors, derived lengths, captures, tables, whole numbers. SERRATE_TEST_ALL has every one. */
const named = ['jagged2_softmax', 'layer_norm', 'jagged_to_padded', 'jagged_index_select', 'slice', 'position_timestamp_encoder', 'jagged_argmax']
const tested = process.env.SERRATE_TEST_ALL ? shippedInteractions : named

describe('a generated WebGPU launcher of an interaction', () => {
  let device: GPUDevice
  beforeAll(async () => {
    const { adapter } = await findAdapter('gpu', true, {})
    device = await adapter.requestDevice()
  })
  afterAll(() => device.destroy())

  const open = async (name: string, dtype: 'f32' | 'bf16'): Promise<Interaction<Launch>> => (await moduleOf(name))[`open${pascal(name)}`](device, { dtype }, text)

  const run = async (made: Interaction<Launch>, launch: ReturnType<typeof launchOf>): Promise<ArrayBuffer> => {
    device.pushErrorScope('validation')
    const encoder = device.createCommandEncoder()
    const work: Work = made.encode(encoder, launch)
    device.queue.submit([encoder.finish()])
    const error = await device.popErrorScope()
    if (error) throw new Error(error.message)
    const out = await read(device, launch.tensors.out)
    work.destroy()
    return out
  }

  it.each([...tested.map((name) => [name, 'f32'] as const), ['concat', 'bf16'] as const])('%s in %s gives what the definition gives', async (name, dtype) => {
    const c = drawn(await load(name), dtype)
    const made = await open(name, dtype)
    expect(made.picked).toMatchObject({ from: 'default', reason: expect.stringMatching(/^no winner for/) })
    const out = await run(made, launchOf(device, made.kernel, c))
    const count = expectedInteraction(c).reference.length
    const whole = c.interaction.output.dtype === 'i32'
    compare(name, c, whole ? new Int32Array(out, 0, count) : decode(dtype, fromBytes(dtype, new Uint8Array(out), count)), dtype)
  })

  it('every shipped interaction has one for each emitted dtype, and one for CUDA', async () => {
    for (const name of shippedInteractions) {
      const module = await moduleOf(name)
      const kernels = module[`${camel(name)}Kernels`] as readonly Kernel[]
      for (const k of kernels) expect(text(k.file).length, k.file).toBeGreaterThan(100)
      expect(typeof module[`open${pascal(name)}`]).toBe('function')
      expect(typeof (await moduleOf(name, '.cuda.ts'))[`load${pascal(name)}`]).toBe('function')
    }
  })

  it('refuses what does not fit, naming it', async () => {
    const c = drawn(await load('slice'))
    const made = await open('slice', 'f32')
    const good = launchOf(device, made.kernel, c)
    const small = buffer(device, new Uint8Array(64))
    for (const [change, message] of [
      [{ tensors: { ...good.tensors, x: undefined } }, 'pass tensors.x'],
      [{ tensors: { ...good.tensors, y: small } }, 'takes no tensors.y; it takes tensors.x, tensors.out'],
      [{ rows: { ...good.rows, m: 1000 } }, 'tensors.x has '],
      [{ rows: { l: 3 } }, 'pass rows.m'],
      [{ rows: { ...good.rows, m: 1.5 } }, 'rows.m is 1.5; it is a whole number from 0'],
      [{ batches: { b: 500 } }, 'offsets.l has '],
      [{ captures: {} }, 'the capture start (perSequence i32) is not given; pass an Int32Array or a GPUBuffer'],
      [{ captures: { start: new Float32Array(4) } }, 'is a Float32Array; pass an Int32Array'],
    ] as const) expect(() => made.encode(device.createCommandEncoder(), { ...good, ...change } as Launch), message).toThrow(message)
    const padded = await open('jagged_to_padded', 'f32')
    const p = launchOf(device, padded.kernel, drawn(await load('jagged_to_padded')))
    expect(() => padded.encode(device.createCommandEncoder(), { ...p, capacities: {} })).toThrow('pass capacities.l')
    await expect(open('slice', 'bf16')).rejects.toThrow('no kernel for bf16 is emitted here; there are f32')
  })

  it('a captured GPUBuffer, and a launch of no elements', async () => {
    const loaded = await load('slice')
    const c = drawn(loaded)
    const made = await open('slice', 'f32')
    const good = launchOf(device, made.kernel, c)
    const start = c.inputs.captures!.start as Int32Array
    const { x, out: written } = good.tensors as { x: GPUBuffer; out: GPUBuffer }
    const { l, m } = good.offsets as { l: GPUBuffer; m: GPUBuffer }
    const typed: SliceLaunch = { tensors: { x, out: written }, offsets: { l, m }, ...(good.offsetWords && { offsetWords: good.offsetWords }), batches: { b: start.length }, rows: { l: c.extent.rows!.l!, m: c.extent.rows!.m! }, captures: { start: buffer(device, start) } }
    const out = await run(made, typed as ReturnType<typeof launchOf>)
    compare('slice', c, new Float32Array(out, 0, expectedInteraction(c).reference.length), 'f32')
    expect(() => made.encode(device.createCommandEncoder(), { ...good, rows: { ...good.rows, l: 0 } }).destroy()).not.toThrow()
  })

  it('takes the winner of its adapter, where there is one', async () => {
    const { pickKernel } = await import(join(generated, 'launch', 'webgpu_interaction.ts')) as typeof import('../../generated/launch/webgpu_interaction.ts')
    const kernels = (await moduleOf('jagged_sum')).jaggedSumKernels as readonly Kernel[]
    const won = { ...kernels[0]!, file: 'tuned.wgsl', tuned: true }
    const winner = { device: 'SwiftShader', dtype: 'f32', file: 'tuned.wgsl', ms: 1, defaultMs: 2 }
    const of = (limits: object) => ({ adapterInfo: { architecture: 'swiftshader', device: '', description: '', vendor: '' }, limits: { ...limits } }) as unknown as GPUDevice
    const enough = kernels[0]!.limits
    expect(pickKernel(of(enough), [...kernels, won], [winner], { dtype: 'f32' })).toEqual({ kernel: won, picked: { from: 'winner', reason: 'recorded on SwiftShader: 1 ms, the default schedule 2' } })
    expect(pickKernel(of(enough), kernels, [{ ...winner, device: 'another' }], { dtype: 'f32' }).picked).toEqual({ from: 'default', reason: 'no winner for f32 is recorded on SwiftShader' })
    expect(pickKernel(of(enough), [...kernels, { ...won, limits: { maxComputeInvocationsPerWorkgroup: 4096 } }], [winner], { dtype: 'f32' }).picked.reason).toMatch(/needs maxComputeInvocationsPerWorkgroup 4096; the device was given/)
    expect(() => pickKernel(of({}), kernels, [], { dtype: 'f32' })).toThrow('needs max')
  })
})

describe.skipIf(!hasCompiler)('a generated CUDA launcher of an interaction', () => {
  it.each(['jagged_softmax'])('%s runs on the CPU, checked', async (name) => {
    const device = await openCudaCpu()
    const c = drawn(await load(name))
    const made = await (await moduleOf(name, '.cuda.ts'))[`load${pascal(name)}`](device, { dtype: 'f32' })
    expect(made.picked).toMatchObject({ from: 'default' })
    compare(name, c, (await made.run(c.inputs)).out, 'f32')
    made.dispose()
    await device.close()
  })
})
