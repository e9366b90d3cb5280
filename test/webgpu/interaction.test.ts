import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Device } from '../../runtime/device.ts'
import { prepareInteraction } from '../../runtime/interaction/index.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { checkAdd, checkProgram, checkSum, checkWide } from '../runtime-inputs/interaction-launches.ts'
import { addSource, D } from '../runtime-inputs/interactions.ts'

describe('interactions on WebGPU', () => {
  let device: Device
  beforeAll(async () => { device = await openWebGpu({ prefer: 'software' }) })
  afterAll(() => device.close())

  test('an elementwise map over jagged rows', () => checkAdd(device, 'wgsl'))
  test('a grid of two dimensions', () => checkWide(device, 'wgsl'))
  test('two entries with partials', () => checkSum(device, 'wgsl'))
  test('a program of two kernels', () => checkProgram(device, 'wgsl'))

  test('refuses a source for CUDA', async () => {
    await expect(device.compileInteraction(addSource('cuda'))).rejects.toMatchObject({ code: 'SR4016' })
  })

  test('refuses a buffer that the device cannot bind, before it is made', () => {
    const { manifest } = addSource('wgsl')
    const inputs = { tensors: { x: new Float32Array(4 * D), y: new Float32Array(D) }, offsets: { l: Int32Array.of(0, 4) } }
    const small = { ...device.info, limits: { ...device.info.limits, maxStorageBufferBindingSize: 40 } }
    expect(() => prepareInteraction(manifest, inputs, { device: small })).toThrow(/SR4011: The buffer t_x of jagged_add needs 48 bytes; .* binds at most 40\./)
  })
})
