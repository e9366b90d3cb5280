import { afterAll, describe, expect, test } from 'vitest'
import type { CompiledKernel } from '../../runtime/device.ts'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { mutateKernel, mutationSets } from '../../verify/mutations.ts'
import { firstFailure, subjectOf, triedBy } from './suite.ts'

const opened = await openCudaCpu().then((device) => ({ device, why: '' }), (error: Error) => ({ device: undefined, why: error.message.split('\n')[0]! }))
if (opened.why) console.log(`skipped: broken CUDA on the CPU (${opened.why})`)
afterAll(async () => opened.device?.close())

describe.runIf(opened.device).each(mutationSets.filter((s) => s.template !== 'wgsl_fma'))('broken $template', (set) => {
  const tried = triedBy(set)
  const compiled = new Map<string, CompiledKernel>()

  test('compiles, sound and broken', async () => {
    const device = opened.device!
    const sound = await Promise.all(tried.map(async (t) => ({ key: JSON.stringify(t), kernel: (await subjectOf(set, t)).kernel })))
    const broken = await Promise.all(set.mutations.map(async (m) => ({ key: `broken: ${m.name}`, kernel: mutateKernel((await subjectOf(set, m)).kernel, m) })))
    const all = [...sound, ...broken]
    const kernels = await device.compileMany(all.map((x) => x.kernel))
    all.forEach((x, i) => compiled.set(x.key, kernels[i]!))
    expect(compiled.size).toBe(tried.length + set.mutations.length)
  }, 300_000)

  test.each(tried)('$kernel $schedule $launch passes unbroken', async (t) => {
    const subject = await subjectOf(set, t)
    expect(await firstFailure(opened.device!, compiled.get(JSON.stringify(t))!, subject.kernel, subject)).toBe(undefined)
  })

  test.each(set.mutations)('$name ($kernel) is caught', async (mutation) => {
    const subject = await subjectOf(set, mutation)
    expect(await firstFailure(opened.device!, compiled.get(`broken: ${mutation.name}`)!, subject.kernel, subject)).toBeDefined()
  })
})
