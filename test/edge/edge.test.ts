import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { CompiledKernel, Device } from '../../runtime/device.ts'
import { type EdgeCase, problemsOf } from './case.ts'
import { compileAll, edgeDevices, emitFor } from './devices.ts'
import { elsewhere } from './elsewhere.ts'
import { universal } from './universal.ts'

const cases = [...universal, ...elsewhere]

/** One kernel serves every case that asks for the same. */
const keyOf = ({ kernel, dtype, headDim, valueDim, schedule }: EdgeCase): string => JSON.stringify([kernel, dtype, headDim, valueDim, schedule])

describe.each(edgeDevices)('$name', ({ name, target, open }) => {
  let device: Device
  const kernels = new Map<string, { readonly kernel: KernelSource; readonly compiled: CompiledKernel }>()
  const runs = (c: EdgeCase): boolean => c.dtype !== 'f16' || name !== 'WGSL' || device.info.features.includes('shader-f16')

  beforeAll(async () => {
    device = await open()
    const wishes = [...new Map(cases.filter((c) => runs(c) && !c.refused?.[target]).map((c) => [keyOf(c), c])).entries()]
    const sources = await Promise.all(wishes.map(([, c]) => emitFor(device, c)))
    const compiled = await compileAll(device, sources)
    wishes.forEach(([key], i) => kernels.set(key, { kernel: sources[i]!, compiled: compiled[i]! }))
  }, 300_000)
  afterAll(() => device.close())

  test.each(cases)('$name', async (c) => {
    if (!runs(c)) return console.log(`skipped: ${c.name} on ${device.info.name}, which has no shader-f16`)
    const refusal = c.refused?.[target]
    if (refusal) return expect(emitFor(device, c)).rejects.toThrow(new RegExp(refusal))
    const { kernel, compiled } = kernels.get(keyOf(c))!
    expect(await problemsOf(device, compiled, kernel, c)).toEqual([])
  }, 120_000)
})
