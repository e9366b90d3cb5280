import { expect, test } from 'vitest'
import { printSchedule, type Schedule } from '../../codegen/ir/schedule.ts'
import { measure } from '../../tune/measure.ts'
import { type Progress, progressLine } from '../../tune/progress.ts'
import { search } from '../../tune/search.ts'
import { area, type Fate, fakeWorkbench, memoryJournal, point } from './fakes.ts'

const candidates = [point(32, 16), point(32, 64), point(64, 32), point(16, 16), point(64, 16)]
const run = (bench: ReturnType<typeof fakeWorkbench>, more: object = {}) => search({ bench, candidates, journal: memoryJournal(), budgetMs: Infinity, ...more })
const fates = (table: Record<string, Fate>) => (s: Schedule): Fate => table[printSchedule(s)] ?? 'ok'

test('the fastest right candidate wins', async () => {
  const { end, best, measurements } = await run(fakeWorkbench({ ms: (s) => Math.abs(area(s) - 1024) / 100 + 1 }))
  expect(end).toBe('complete')
  expect(best!.schedule).toEqual(point(64, 16))
  expect(measurements.map((m) => m.status)).toEqual(['ok', 'slow', 'slow', 'ok', 'ok'])
})

test('a wrong result is rejected before it is timed, however fast it is', async () => {
  const bench = fakeWorkbench({ ms: (s) => (s === candidates[1] ? 0.001 : 5), fate: fates({ [printSchedule(candidates[1]!)]: 'wrong' }) })
  const { best, measurements } = await run(bench)
  expect(measurements[1]).toMatchObject({ status: 'wrong', stage: 'check', error: { max: 0.5, allowed: 1e-6 }, reason: 'out is off by 0.5, allowed 0.000001' })
  expect(bench.calls).not.toContain(`time ${printSchedule(candidates[1]!)}`)
  expect(best!.schedule).not.toEqual(candidates[1])
})

test.each([
  ['compile', 'compile', /SR3001/], ['load', 'load', /driver refused/], ['throws', 'check', /lost the device/], ['times-out', 'time', /timed out/],
] as const)('a candidate that fails (%s) is recorded with its stage and reason, and the search goes on', async (fate, stage, reason) => {
  const bench = fakeWorkbench({ fate: fates({ [printSchedule(candidates[2]!)]: fate }) })
  const { end, measurements, best } = await run(bench)
  expect(end).toBe('complete')
  expect(measurements).toHaveLength(5)
  expect(measurements[2]).toMatchObject({ status: 'failed', stage })
  expect(measurements[2]!.reason).toMatch(reason)
  expect(best).toBeDefined()
})

test('a failing default is recorded too', async () => {
  const { measurements, best } = await run(fakeWorkbench({ fate: fates({ [printSchedule(candidates[0]!)]: 'load' }) }))
  expect(measurements[0]!.status).toBe('failed')
  expect(best).toBeDefined()
})

test('a device that stays broken ends the search, naming the schedule that broke it', async () => {
  let broken = false
  const bench = fakeWorkbench({
    onStage: (stage, s) => {
      if (s === candidates[2]) broken = true
      if (broken && stage !== 'time') throw new Error('device lost')
    },
  })
  const { end, reason, measurements } = await run(bench)
  expect(end).toBe('device')
  expect(reason).toContain(printSchedule(candidates[2]!))
  expect(measurements).toHaveLength(3)
})

test('the budget stops the search, but the default is always measured', async () => {
  let now = 0
  const bench = fakeWorkbench({ onStage: () => { now += 10 } })
  expect((await run(bench, { budgetMs: 1, now: () => now })).measurements).toHaveLength(1)
  now = 0
  const { end, measurements } = await run(bench, { budgetMs: 75, now: () => now })
  expect(end).toBe('budget')
  expect(measurements).toHaveLength(2)
})

test('progress: done never goes down, the ETA never up, nothing is left at the end', async () => {
  let now = 0
  const seen: Progress[] = []
  await run(fakeWorkbench({ onStage: () => { now += 7 + (now % 13) } }), { budgetMs: 10_000, now: () => now, onProgress: (p: Progress) => seen.push(p) })
  expect(seen.map((p) => p.done)).toEqual([0, 1, 2, 3, 4, 5])
  for (const [i, p] of seen.entries()) if (i) expect(p.etaMs).toBeLessThanOrEqual(seen[i - 1]!.etaMs)
  expect(seen[0]!.etaMs).toBe(10_000)
  expect(seen.at(-1)).toMatchObject({ done: 5, total: 5, etaMs: 0 })
  expect(seen.at(-1)!.best!.schedule).toEqual(point(32, 64))
  expect(progressLine(seen.at(-1)!)).toBe('5/5 tried, 0s left, best 0.0488 ms')
})

test('an abort stops between stages and is no failure of the candidate', async () => {
  const stop = new AbortController()
  const { end, measurements } = await run(fakeWorkbench({ onStage: (stage, s) => { if (stage === 'check' && s === candidates[2]) stop.abort() } }), { signal: stop.signal })
  expect(end).toBe('interrupted')
  expect(measurements).toHaveLength(2)
})

test('every loaded kernel is disposed of', async () => {
  const bench = fakeWorkbench({ fate: fates({ [printSchedule(candidates[1]!)]: 'wrong', [printSchedule(candidates[3]!)]: 'throws' }) })
  await run(bench)
  const count = (what: string) => bench.calls.filter((c) => c.startsWith(what)).length
  expect(count('dispose')).toBe(count('load'))
})

test('measuring: one launch for a candidate clearly behind, a median of several for one that is not', async () => {
  const asked: number[] = []
  const timer = (ms: readonly number[]) => async ({ iterations }: { iterations: number }) => { asked.push(iterations); return ms.slice(0, iterations) }
  expect(await measure(timer([160]), { best: 100 })).toEqual({ status: 'slow', ms: 160, times: [160] })
  expect(asked).toEqual([1])
  expect(await measure(timer([9, 1, 5]), { best: 10, spendMs: 20 })).toEqual({ status: 'ok', ms: 5, times: [9, 1, 5] })
  expect(asked).toEqual([1, 1, 3])
  expect(await measure(timer([16, 17, 19]), { best: 10 })).toEqual({ status: 'slow', ms: 17, times: [16, 17, 19] })
  expect(await measure(timer([16, 9, 12]), { best: 10, spendMs: 200 })).toMatchObject({ status: 'ok', ms: 12 })
  expect(await measure(timer([4000]), { spendMs: 300 })).toEqual({ status: 'ok', ms: 4000, times: [4000] })
  await measure(timer(Array.from({ length: 99 }, () => 0.01)))
  expect(asked.at(-1)).toBe(25)
})
