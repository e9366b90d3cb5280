import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { defineAttention } from '../../dsl/index.ts'
import type { Algorithm } from '../../codegen/ir/algorithm.ts'
import { printSchedule } from '../../codegen/ir/schedule.ts'
import type { Device } from '../../runtime/device.ts'
import { lookupWinner } from '../../tune/winners.ts'
import { tune, type TuneOptions } from '../../tune/tune.ts'
import { area, type FakeWorkbench, fakeWorkbench, toyTemplate } from './fakes.ts'

const definition = defineAttention({ name: 'full' })
const algorithm: Algorithm = { kind: 'attention', name: 'full', layout: { queries: 'self', align: 'start', sharedKeys: false }, captures: [], normalizer: { kind: 'softmax' }, smScale: { kind: 'default' }, span: { file: 'full.ts', line: 1, column: 1, text: '' } }
const device = { info: { target: 'wgsl', backend: 'fake', name: 'Toy GPU', software: true, features: [], limits: {}, subgroupSize: 0 } } as unknown as Device

let store: TuneOptions['store']
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'serrate-tune-'))
  store = { winners: join(folder, 'winners.json'), journal: join(folder, 'journal') }
})
const run = (workbench: FakeWorkbench, more: Partial<TuneOptions> = {}) =>
  tune({ definition, algorithm, problem: { dtype: 'f32', headDim: 16, lse: true }, device, lengths: [5, 9], heads: 2, seed: 1, budgetMs: 60_000, template: toyTemplate, store, workbench, ...more })
const timed = (bench: FakeWorkbench) => new Set(bench.calls.filter((c) => c.startsWith('time')).map((c) => c.slice(5)))

test('a whole search saves a winner with its key, its space and every measurement', async () => {
  const result = await run(fakeWorkbench())
  expect(result).toMatchObject({ end: 'complete', remembered: 0, space: { points: 12, feasible: 9, infeasible: { divisibility: 2, 'workgroup memory': 1 } }, diagnostics: [] })
  expect(result.measurements).toHaveLength(9)
  expect(area(result.best!.schedule)).toBe(2048)
  const { winner } = lookupWinner(store.winners, result.key)
  expect(winner).toEqual(result.winner)
  expect(winner).toMatchObject({ search: 'complete', seed: 1, lengths: { sequences: 2, tokens: 14, longest: 9 }, key: { heads: 2, profile: { mean: 8, max: 16, density: 6 }, device: { name: 'Toy GPU' } } })
  expect(winner!.default).toEqual({ schedule: { template: 'wgsl_fma', values: { block_m: 32, block_n: 16 } }, ms: 100 / 512 })
})

test('an interrupted search saves no winner; the next one measures only what is left', async () => {
  const stop = new AbortController()
  let loads = 0
  const first = fakeWorkbench({ onStage: (stage) => { if (stage === 'load' && ++loads === 5) stop.abort() } })
  const broken = await run(first, { signal: stop.signal })
  expect(broken).toMatchObject({ end: 'interrupted', remembered: 0 })
  expect(broken.measurements).toHaveLength(4)
  expect(existsSync(store.winners)).toBe(false)

  const second = fakeWorkbench()
  const rest = await run(second)
  expect(rest).toMatchObject({ end: 'complete', remembered: 4, journal: broken.journal })
  expect(rest.measurements).toHaveLength(9)
  expect(timed(second).size).toBe(5)
  for (const m of broken.measurements) expect(timed(second)).not.toContain(printSchedule(m.schedule))
  expect(rest.winner!.measurements).toHaveLength(9)
})

test('failures are remembered too, with their reason', async () => {
  const bad = { fate: (s: Parameters<typeof area>[0]) => (area(s) === 2048 ? 'wrong' : 'ok') } as const
  await run(fakeWorkbench(bad))
  const again = await run(fakeWorkbench())
  expect(again.remembered).toBe(9)
  expect(again.measurements.filter((m) => m.status === 'wrong')).toHaveLength(2)
  expect((await run(fakeWorkbench(), { fresh: true })).measurements.filter((m) => m.status === 'wrong')).toHaveLength(0)
})

test('measurements of other source, other lengths, another seed or device do not count', async () => {
  await run(fakeWorkbench(), { limit: 3 })
  expect((await run(fakeWorkbench({ version: '2' }), { limit: 3 })).remembered).toBe(0)
  const other = { ...device, info: { ...device.info, name: 'Another' } } as Device
  for (const more of [{ lengths: [5, 8] }, { seed: 2 }, { heads: 1 }, { device: other }]) expect((await run(fakeWorkbench({ version: '2' }), { limit: 3, ...more })).remembered).toBe(0)
  expect(await run(fakeWorkbench({ version: '2' }), { limit: 4 })).toMatchObject({ remembered: 3, end: 'limit', winner: { search: 'limit' } })
})

test('nothing right: no winner, SR7004 with the reasons', async () => {
  const result = await run(fakeWorkbench({ fate: () => 'wrong' }))
  expect(result.winner).toBeUndefined()
  expect(result.diagnostics).toMatchObject([{ code: 'SR7004', message: expect.stringMatching(/None of the 9 schedules.*9 x out is off by 0.5/) }])
  expect(existsSync(store.winners)).toBe(false)
})

test('corrupt files stop a search before it measures anything, and stay as they are', async () => {
  writeFileSync(store.winners, '{{')
  const bench = fakeWorkbench()
  await expect(run(bench)).rejects.toMatchObject({ code: 'SR7001', message: expect.stringContaining(store.winners) })
  expect(readFileSync(store.winners, 'utf8')).toBe('{{')
  writeFileSync(store.winners, '{"format":1,"winners":{}}')
  const { journal } = await run(bench, { limit: 1 })
  writeFileSync(journal, '[]')
  await expect(run(bench)).rejects.toMatchObject({ code: 'SR7003', message: expect.stringContaining(journal) })
})

test('what cannot be searched is refused with its code', async () => {
  await expect(run(fakeWorkbench(), { lengths: [0, 0] })).rejects.toMatchObject({ code: 'SR7007' })
  await expect(run(fakeWorkbench(), { budgetMs: 0 })).rejects.toMatchObject({ code: 'SR7010' })
  const none = { ...toyTemplate, infeasible: () => ({ reason: 'head dim', message: '', fix: '' }) }
  await expect(run(fakeWorkbench(), { template: none })).rejects.toMatchObject({ code: 'SR7009', message: expect.stringContaining('12 points, 12 infeasible: head dim 12') })
})
