import { afterAll, describe, expect, test } from 'vitest'
import type { CompiledKernel } from '../../runtime/device.ts'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { mutateKernel, mutationSets } from '../../verify/mutations.ts'
import { firstFailure, subjectOf } from './suite.ts'

const opened = await openCudaCpu().then((device) => ({ device, why: '' }), (error: Error) => ({ device: undefined, why: error.message.split('\n')[0]! }))
if (opened.why) console.log(`skipped: broken CUDA on the CPU (${opened.why})`)
afterAll(async () => opened.device?.close())

describe.runIf(opened.device).each(mutationSets.filter((s) => s.template !== 'wgsl_fma'))('broken $template', (set) => {
  const names = [...new Set(set.mutations.map((m) => m.kernel))]
  const compiled = new Map<string, CompiledKernel>()

  test('compiles, sound and broken', async () => {
    const device = opened.device!
    const sound = await Promise.all(names.map(async (name) => ({ key: name, kernel: (await subjectOf(set, name)).kernel })))
    const broken = await Promise.all(set.mutations.map(async (m) => ({ key: `broken: ${m.name}`, kernel: mutateKernel((await subjectOf(set, m.kernel)).kernel, m) })))
    const all = [...sound, ...broken]
    const kernels = await device.compileMany(all.map((x) => x.kernel))
    all.forEach((x, i) => compiled.set(x.key, kernels[i]!))
    expect(compiled.size).toBe(names.length + set.mutations.length)
  }, 300_000)

  test.each(names)('%s passes unbroken', async (name) => {
    const subject = await subjectOf(set, name)
    expect(await firstFailure(opened.device!, compiled.get(name)!, subject.kernel, subject)).toBe(undefined)
  })

  test.each(set.mutations)('$name ($kernel) is caught', async (mutation) => {
    const subject = await subjectOf(set, mutation.kernel)
    expect(await firstFailure(opened.device!, compiled.get(`broken: ${mutation.name}`)!, subject.kernel, subject)).toBeDefined()
  })
})
