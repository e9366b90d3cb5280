import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { interactionSpace } from '../../codegen/interaction-space.ts'
import type { Interaction, InteractionProblem } from '../../codegen/ir/interaction/index.ts'
import { printSchedule } from '../../codegen/ir/schedule.ts'
import { defaultInteractionSchedule, nestFor } from '../../codegen/lower/interaction/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { chooseInteractionSchedule, interactionWinners, limitsOf, listWinners, saveWinner, timingLaunch, tuneInteraction, type InteractionTuneOptions } from '../../tune/index.ts'
import { distinct } from '../../verify/interaction/index.ts'
import { fakeWorkbench } from './fakes.ts'

const { interactions } = await loadFile(new URL('../../kernels/interaction/index.ts', import.meta.url).pathname)
const of = (name: string): Interaction => interactions.find((i) => i.interaction.name === name)!.interaction
const sizesOf = (x: Interaction, size: number) => Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => [a.name, size]))

describe('the space of a kernel', () => {
  test.each(['jagged_dense_bmm', 'jagged_jagged_bmm', 'layer_norm', 'jagged_sum', 'reverse'].flatMap((name) => (['wgsl', 'cuda'] as const).map((target) => [name, target] as const)))('%s on %s: the default first, every point counted, no kernel twice', (name, target) => {
    const x = of(name)
    const problem: InteractionProblem = { dtype: 'f32', sizes: sizesOf(x, 64) }
    const limits = targetLimits[target]
    const { points, feasible, infeasible } = interactionSpace(target, x, problem, limits)
    const nest = nestFor(target, x)
    const usual = defaultInteractionSchedule(target, x, problem, limits)
    expect(feasible[0]!.values).toEqual(usual.values)
    expect(points).toBe(Object.values(nest.space).reduce((n, f) => n * f.values.length, 1))
    expect(feasible.length + Object.values(infeasible).reduce((a, b) => a + b, 0)).toBe(points)
    expect(new Set(feasible.map(printSchedule)).size).toBe(feasible.length)
    const far = feasible.map((s) => Object.keys(s.values).filter((k) => s.values[k] !== usual.values[k]).length)
    expect(far).toEqual([...far].sort((a, b) => a - b))
    if (points > 1000) expect(Math.max(...far)).toBeLessThanOrEqual(2)
    for (const schedule of feasible.slice(1)) expect(nest.infeasible(schedule.values, x, problem, limits), printSchedule(schedule)).toBeUndefined()
  })

  test('a field that the kernel does not read is not searched', () => {
    const fields = (name: string) => { const x = of(name); const { feasible } = interactionSpace('cuda', x, { dtype: 'f32', sizes: sizesOf(x, 64) }, targetLimits.cuda); return Object.keys(feasible[0]!.values).filter((k) => new Set(feasible.map((s) => s.values[k])).size > 1) }
    expect(fields('jagged_dense_bmm')).not.toContain('parts')
    expect(fields('jagged_jagged_bmm')).toContain('part_rows')
    expect(fields('layer_norm')).not.toContain('split')
    expect(fields('jagged_sum')).toContain('split')
  })
})

const x = of('jagged_sum')
const lengths = { l: [5, 0, 9] }
const { inputs } = timingLaunch(x, distinct(x), { dtype: 'f32', seed: 1, lengths, sequences: 3, sizes: { d: 8 } })
const toy = { info: { target: 'wgsl', backend: 'fake', name: 'Toy GPU', software: true, features: [], limits: {}, subgroupSize: 0 } } as unknown as Device
let store: InteractionTuneOptions['store']
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'serrate-tune-'))
  store = { winners: join(folder, 'winners.json'), journal: join(folder, 'journal') }
})
type Fake = Parameters<typeof fakeWorkbench>[0]
const fast = (s: { values: Readonly<Record<string, number>> }) => 100 / (s.values.threads! * s.values.lanes!)
const fake = (how: Fake = {}) => fakeWorkbench({ ms: fast as never, ...how })
const run = (workbench: ReturnType<typeof fake>, more: Partial<InteractionTuneOptions> = {}) =>
  tuneInteraction({ x, problem: { dtype: 'f32', sizes: { d: 8 } }, device: toy, inputs, lengths, seed: 1, budgetMs: 60_000, store, workbench: workbench as never, ...more })

describe('a search', () => {
  test('saves a winner with its key, its space and every measurement; attention in the same file is left alone', async () => {
    const other = { key: { definition: { name: 'full', hash: 'h' }, dtype: 'f32' as const, headDim: 16, lse: true, heads: 2, target: 'wgsl' as const, template: 'wgsl_fma' as const, tool: 't', device: toy.info, profile: { mean: 1, max: 1, density: 1 } }, schedule: { template: 'wgsl_fma' as const, values: {} }, ms: 1, default: { schedule: { template: 'wgsl_fma' as const, values: {} }, ms: 1 }, lengths: { sequences: 1, tokens: 1, longest: 1 }, seed: 1, space: { points: 1, feasible: 1, infeasible: {} }, search: 'complete' as const, measurements: [] }
    await saveWinner(store.winners, other)
    const result = await run(fake())
    expect(result).toMatchObject({ end: 'complete', remembered: 0, diagnostics: [], key: { family: 'interaction', definition: { name: 'jagged_sum' }, sizes: { d: 8 }, precision: 'ieee', template: 'wgsl_reduction', profile: { l: { mean: 4, max: 16, density: 4 } } } })
    expect(result.measurements).toHaveLength(result.space.feasible)
    expect(fast(result.best!.schedule)).toBe(Math.min(...result.measurements.map((m) => fast(m.schedule))))
    expect(interactionWinners.lookup(store.winners, result.key)).toEqual({ winner: result.winner, warnings: [] })
    expect(result.winner).toMatchObject({ search: 'complete', lengths: { l: { sequences: 3, tokens: 14, longest: 9 } } })
    expect(listWinners(store.winners)).toEqual({ winners: [other], warnings: [] })
    expect(interactionWinners.list(store.winners)).toEqual({ winners: [result.winner], warnings: [] })
    await interactionWinners.drop(store.winners, () => false)
    expect(listWinners(store.winners).winners).toHaveLength(1)
  })

  test('an interrupted search saves no winner; the next one measures only what is left; other lengths, sizes or sources start anew', async () => {
    const stop = new AbortController()
    let loads = 0
    const broken = await run(fake({ onStage: (stage) => { if (stage === 'load' && ++loads === 3) stop.abort() } }), { signal: stop.signal })
    expect(broken).toMatchObject({ end: 'interrupted', remembered: 0 })
    expect(broken.measurements).toHaveLength(2)
    expect(existsSync(store.winners)).toBe(false)
    expect(await run(fake())).toMatchObject({ end: 'complete', remembered: 2, journal: broken.journal })
    for (const more of [{ lengths: { l: [5, 0, 8] } }, { problem: { dtype: 'f32', sizes: { d: 16 } } }, { seed: 2 }] as const) expect((await run(fake(), { limit: 2, ...more })).remembered).toBe(0)
    expect((await run(fake({ version: '2' }), { limit: 2 })).remembered).toBe(0)
    expect((await run(fake(), { limit: 2, fresh: true })).remembered).toBe(0)
  })

  test('nothing right: SR7004; no time: SR7010; a file of winners that is none: SR7001', async () => {
    expect(await run(fake({ fate: () => 'wrong' }))).toMatchObject({ diagnostics: [{ code: 'SR7004', message: expect.stringContaining('jagged_sum on Toy GPU') }] })
    await expect(run(fake(), { budgetMs: 0 })).rejects.toMatchObject({ code: 'SR7010' })
    writeFileSync(store.winners, '[]')
    await expect(run(fake())).rejects.toMatchObject({ code: 'SR7001' })
  })
})

const device: Device | string = await openWebGpu({ prefer: 'software' }).catch((error: Error) => error.message)
if (typeof device === 'string') console.log(`skipped tuning of interactions on WebGPU: ${device}`)
afterAll(async () => { if (typeof device !== 'string') await device.close() })

test.skipIf(typeof device === 'string')('a real search: candidates are compared with the definition, timed and kept, and the winner is chosen where it can run', async () => {
  const { definition } = interactions.find((i) => i.interaction === x)!
  const problem: InteractionProblem = { dtype: 'f32', sizes: { d: 8 } }
  const options = { x, definition, problem, device: device as Device, inputs, lengths, seed: 1, budgetMs: 40_000, limit: 2, store }
  const result = await tuneInteraction(options)
  expect(result).toMatchObject({ end: 'limit', diagnostics: [], measurements: [{ status: 'ok' }, {}] })
  for (const m of result.measurements) expect(m.error!.max).toBeLessThanOrEqual(m.error!.allowed)
  expect(await tuneInteraction(options)).toMatchObject({ remembered: 2, best: result.best })

  const facts = { x, problem, info: options.device.info, lengths }
  const missing = join(tmpdir(), 'there-is-no-such-winners-file.json')
  expect(chooseInteractionSchedule([missing, store.winners], facts)).toMatchObject({ schedule: result.winner!.schedule, path: store.winners, warnings: [] })
  expect(chooseInteractionSchedule([store.winners], { ...facts, problem: { dtype: 'f32', sizes: { d: 9 } } })).toEqual({ warnings: [] })
  const json = JSON.parse(readFileSync(store.winners, 'utf8'))
  const { values } = json.winners[interactionWinners.keyHash(result.key)].schedule
  values.threads = 100
  writeFileSync(store.winners, JSON.stringify(json))
  expect(chooseInteractionSchedule([store.winners], facts)).toMatchObject({ warnings: [{ code: 'SR7002', message: expect.stringMatching(/threads=100 is none of/) }] })
  delete values.lanes
  writeFileSync(store.winners, JSON.stringify(json))
  expect(chooseInteractionSchedule([store.winners], facts)).toMatchObject({ warnings: [{ code: 'SR7002', message: expect.stringMatching(/has the fields.*lanes/) }] })
  expect(() => compileInteraction(x, problem, { target: 'wgsl', schedule: result.winner!.schedule, limits: limitsOf(options.device.info) })).not.toThrow()
}, 60_000)
