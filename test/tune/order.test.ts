import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { printSchedule } from '../../codegen/ir/schedule.ts'
import { templates } from '../../codegen/schedule/templates/index.ts'
import { limitsOf } from '../../tune/limits.ts'
import { keyHash, listWinners } from '../../tune/winners.ts'

const path = new URL('../../generated/winners.json', import.meta.url).pathname
const { winners, warnings } = listWinners(path)
const named = (target: string, device: RegExp) => winners.filter((w) => w.key.target === target && device.test(w.key.device.name))

test('the recorded winners are readable, and each is its fastest measurement', () => {
  expect(warnings).toEqual([])
  for (const w of winners) {
    const passed = w.measurements.filter((m) => m.status === 'ok')
    expect(w.ms, keyHash(w.key)).toBe(Math.min(...passed.map((m) => m.ms!)))
    expect(passed.some((m) => printSchedule(m.schedule) === printSchedule(w.schedule))).toBe(true)
    for (const m of passed) expect(m.error!.max!).toBeLessThanOrEqual(m.error!.allowed)
  }
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(10_000)
})

const recorded = [['wgsl', /SwiftShader/], ['cuda', /H100/]] as const
const missing = recorded.filter(([target, device]) => named(target, device).length === 0)
for (const [target, device] of missing) console.log(`skipped: ${target} on ${device.source}, because generated/winners.json holds no winner of it for these definitions; node bench/tune.ts records them`)
const skips = (target: string) => missing.some(([t]) => t === target)

/** The fastest of the first ten by estimate, over the fastest of all that were measured. */
const lost = (w: (typeof winners)[number]): number => {
  const limits = limitsOf(w.key.device)
  const template = templates[w.key.template]
  const timed = w.measurements.filter((m) => m.ms !== undefined).map((m) => ({ ms: m.ms!, cost: template.cost(m.schedule, w.key, limits) })).sort((a, b) => a.cost - b.cost)
  return Math.min(...timed.slice(0, 10).map((m) => m.ms)) / w.ms
}
const geometricMean = (values: readonly number[]): number => Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length)

for (const [target, device, mean, worst] of [['wgsl', /SwiftShader/, 1.1, 1.3], ['cuda', /H100/, 1.2, 1.6]] as const) test.skipIf(skips(target))(`${target}: the first ten candidates on ${device.source} are near the best`, () => {
  const found = named(target, device).map(lost)
  expect(found.length).toBeGreaterThanOrEqual(8)
  expect(geometricMean(found)).toBeLessThan(mean)
  expect(Math.max(...found)).toBeLessThan(worst)
})

test('the default is near the best measured, in CUDA and on a CPU', () => {
  for (const w of [...named('wgsl', /SwiftShader/), ...named('cuda', /H100/)]) {
    const limits = limitsOf(w.key.device)
    const hooked = ['softcap', 'alibi', 'relative_bias', 'hstu'].includes(w.key.definition.name)
    const plain = w.key.definition.name === 'full'
    const facts = { tileMode: plain || w.key.definition.name === 'softcap' ? 'all' : 'bounds', normalizer: w.key.lse ? 'softmax' : 'pointwise', scored: hooked, buffers: 8 } as const
    const usual = printSchedule(templates[w.key.template].defaults(w.key, facts, limits))
    const timed = w.measurements.find((m) => printSchedule(m.schedule) === usual)
    expect(timed?.ms, `${w.key.definition.name} d${w.key.headDim}: ${usual}`).toBeDefined()
    expect(timed!.ms! / w.ms, `${w.key.definition.name} d${w.key.headDim}: ${usual}`).toBeLessThan(1.65)
  }
})

test('a pointwise kernel has no schedule with subgroups, and its default has none', () => {
  const problem = { dtype: 'f32', headDim: 64, lse: false } as const
  const facts = { tileMode: 'all', normalizer: 'pointwise', buffers: 6 } as const
  const limits = { sharedMemory: 49152, threads: 1024, storageBuffers: 16, features: ['subgroups'], subgroupSize: 32 }
  const usual = templates.wgsl_fma.defaults(problem, facts, limits)
  expect(usual.values.subgroups).toBe(0)
  expect(templates.wgsl_fma.infeasible({ ...usual, values: { ...usual.values, subgroups: usual.values.lanes! } }, problem, facts, limits)).toMatchObject({ reason: 'redundant' })
  expect(templates.wgsl_fma.defaults({ ...problem, lse: true }, { ...facts, normalizer: 'softmax' }, limits).values.subgroups).toBeGreaterThan(0)
})
