import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { defaultProblem } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { bench, chooseSchedule, findWorkload, keyHash, lookupWinner, tune } from '../../tune/index.ts'

const device: Device | string = await openWebGpu({ prefer: 'software' }).catch((error: Error) => error.message)
if (typeof device === 'string') console.log(`skipped tuning on WebGPU: ${device}`)
afterAll(async () => { if (typeof device !== 'string') await device.close() })
const onDevice = test.skipIf(typeof device === 'string')
const { definition, algorithm } = (await loadFile(new URL('../../kernels/causal.ts', import.meta.url).pathname)).definitions[0]!

onDevice('a real search: candidates are right, timed and kept; a second search measures nothing again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'serrate-tune-webgpu-'))
  const store = { winners: join(folder, 'winners.json'), journal: join(folder, 'journal') }
  const options = { definition, algorithm, problem: defaultProblem(algorithm, 'f32', 8), device: device as Device, lengths: [40, 0, 17], heads: 1, seed: 3, budgetMs: 40_000, limit: 2, store }
  const result = await tune(options)
  expect(result.diagnostics).toEqual([])
  expect(result.measurements.map((m) => m.reason)).toEqual(result.measurements.map(() => undefined))
  expect(result.best!.ms).toBeGreaterThan(0)
  expect(result.best!.error!.max).toBeLessThanOrEqual(result.best!.error!.allowed)
  expect(lookupWinner(store.winners, result.key).winner).toEqual(result.winner)
  expect(await tune(options)).toMatchObject({ remembered: result.measurements.length, best: result.best })

  const facts = { ...options, info: options.device.info }
  expect(chooseSchedule(store.winners, facts)).toEqual({ schedule: result.winner!.schedule, warnings: [] })
  expect(chooseSchedule(store.winners, { ...facts, heads: 2 })).toEqual({ warnings: [] })
  const json = JSON.parse(readFileSync(store.winners, 'utf8'))
  delete json.winners[keyHash(result.key)].schedule.values.block_n
  writeFileSync(store.winners, JSON.stringify(json))
  expect(chooseSchedule(store.winners, facts)).toMatchObject({ warnings: [{ code: 'SR7002', message: expect.stringMatching(/has the fields.*block_n/) }] })
}, 120_000)

onDevice('a benchmark row: time, rates and memory of a named workload', async () => {
  const row = await bench({ algorithm, workload: { ...findWorkload('ci-mid'), D: 8, causal: true }, device: device as Device, dtype: 'f32', iterations: 2, warmup: 0 })
  expect(row).toMatchObject({ workload: 'ci-mid', kernel: 'causal', target: 'wgsl', B: 8, H: 2, D: 8, iterations: 2 })
  expect(row.ms).toBeGreaterThan(0)
  expect(row.tflops).toBeCloseTo((4 * 2 * 8 * row.pairs) / row.ms / 1e9, 6)
  expect(row.memory).toBeGreaterThan(4 * row.tokens * 2 * 8 * 4)
}, 120_000)
