import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CudaCpuDevice, openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { prepareInteraction, readInteraction } from '../../runtime/interaction/index.ts'
import { checkAdd, checkProgram, checkSum } from '../runtime-inputs/interaction-launches.ts'
import { addSource, D, sumSource } from '../runtime-inputs/interactions.ts'
import { noCompiler } from './harness.ts'

describe.skipIf(noCompiler)('interactions on CUDA on the CPU', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu() })
  afterAll(() => device.close())

  test('an elementwise map over jagged rows', () => checkAdd(device, 'cuda'))
  test('two entries with partials', () => checkSum(device, 'cuda'))
  test('a program of two kernels', () => checkProgram(device, 'cuda'))

  test('several sources share a translation unit', async () => {
    const sources = [addSource('cuda'), sumSource('cuda'), { ...addSource('cuda'), text: `${addSource('cuda').text}// another\n` }]
    const [, sum] = await device.compileInteractions(sources)
    const x = new Float32Array(2 * D).fill(1)
    const prepared = prepareInteraction(sources[1]!.manifest, { tensors: { x }, offsets: { l: Int32Array.of(0, 2) } })
    expect(readInteraction(prepared, await sum!.run(prepared.job!)).out).toEqual(new Float64Array(D).fill(2))
  })

  test('an access outside of a tensor is found', async () => {
    const source = addSource('cuda')
    const compiled = await device.compileInteraction({ ...source, text: source.text.replace('if (i >= p.elements) return;', '') })
    const { job } = prepareInteraction(source.manifest, { tensors: { x: new Float32Array(D), y: new Float32Array(D) }, offsets: { l: Int32Array.of(0, 1) } })
    expect((await compiled.run(job!)).findings.length).toBeGreaterThan(0)
  })

  test('refuses a source for WGSL, and more threads than a block has', async () => {
    await expect(device.compileInteraction(addSource('wgsl'))).rejects.toMatchObject({ code: 'SR4016' })
    const { manifest } = addSource('cuda')
    await expect(device.compileInteraction(addSource('cuda', { entries: [{ ...manifest.entries[0]!, threads: 2048 }] }))).rejects.toMatchObject({ code: 'SR4008' })
  })
})
