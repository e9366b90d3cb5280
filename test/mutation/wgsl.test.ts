import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { mutateKernel, mutationSets } from '../../verify/mutations.ts'
import { firstFailure, subjectOf, triedBy } from './suite.ts'

const set = mutationSets.find((s) => s.template === 'wgsl_fma')!
let device: Device
beforeAll(async () => { device = await openWebGpu({ launchSeconds: 40 }) })
afterAll(async () => device.close())

describe('broken WGSL', () => {
  test.each(triedBy(set))('$kernel $schedule $launch passes unbroken', async (tried) => {
    const subject = await subjectOf(set, tried)
    const compiled = await device.compile(subject.kernel)
    expect(await firstFailure(device, compiled, subject.kernel, subject)).toBe(undefined)
    compiled.dispose()
  })

  test.each(set.mutations)('$name ($kernel) is caught', async (mutation) => {
    const subject = await subjectOf(set, mutation)
    const broken = mutateKernel(subject.kernel, mutation)
    const compiled = await device.compile(broken)
    expect(await firstFailure(device, compiled, broken, subject)).toBeDefined()
    compiled.dispose()
  })
})
