import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { TuningKey, Winner } from '../../tune/records.ts'
import { dropWinners, keyHash, listWinners, lookupWinner, saveWinner } from '../../tune/winners.ts'
import { point } from './fakes.ts'

const key: TuningKey = {
  definition: { name: 'causal', hash: 'abc' }, dtype: 'f32', headDim: 64, lse: true, heads: 2, target: 'wgsl', template: 'wgsl_fma', tool: 'serrate 0', profile: { mean: 128, max: 4096, density: 1 },
  device: { target: 'wgsl', backend: 'webgpu', name: 'Toy', software: true, features: ['shader-f16'], limits: { maxBufferSize: 1 }, subgroupSize: 4 },
}
const winner: Winner = {
  key, schedule: point(32, 16), ms: 2, default: { schedule: point(16, 16), ms: null }, lengths: { sequences: 3, tokens: 9, longest: 4 }, seed: 1,
  space: { points: 12, feasible: 9, infeasible: { divisibility: 3 } }, search: 'complete',
  measurements: [{ schedule: point(32, 16), source: 's', status: 'ok', ms: 2, times: [2, 2, 3], error: { max: 1e-7, allowed: 1e-6 } }],
}
let path = ''
beforeEach(() => { path = join(mkdtempSync(join(tmpdir(), 'serrate-winners-')), 'deep', 'winners.json') })
const edit = (change: (json: any) => void): void => {
  const json = JSON.parse(readFileSync(path, 'utf8'))
  change(json)
  writeFileSync(path, JSON.stringify(json))
}

test('no file is a plain miss; a saved winner is found under its key and under no other', async () => {
  expect(lookupWinner(path, key)).toEqual({ warnings: [] })
  await saveWinner(path, winner)
  expect(lookupWinner(path, key).winner).toEqual(winner)
  const changed = [{ ...key, heads: 3 }, { ...key, tool: 'serrate 1' }, { ...key, lse: false }, { ...key, profile: { ...key.profile, density: 2 } }, { ...key, device: { ...key.device, limits: { maxBufferSize: 2 } } }, { ...key, definition: { ...key.definition, hash: 'abd' } }] as TuningKey[]
  for (const other of changed) expect(lookupWinner(path, other)).toEqual({ warnings: [] })
  expect(new Set([key, ...changed].map(keyHash)).size).toBe(changed.length + 1)
})

test('an unreadable entry is a miss with a warning, and saving another keeps it as it is', async () => {
  await saveWinner(path, winner)
  edit((json) => { json.winners[keyHash(key)] = { from: 'a newer version' } })
  const { winner: found, warnings } = lookupWinner(path, key)
  expect(found).toBeUndefined()
  expect(warnings).toMatchObject([{ code: 'SR7002', severity: 'warning' }])
  expect(warnings[0]!.message).toContain(path)
  const other = { ...winner, key: { ...key, heads: 5 } }
  await saveWinner(path, other)
  expect(JSON.parse(readFileSync(path, 'utf8')).winners[keyHash(key)]).toEqual({ from: 'a newer version' })
  expect(listWinners(path)).toMatchObject({ winners: [other], warnings: [{ code: 'SR7002' }] })
})

test('entries are dropped by what they are; what cannot be read stays', async () => {
  const others = [3, 4].map((heads) => ({ ...winner, key: { ...key, heads } }))
  for (const w of [winner, ...others]) await saveWinner(path, w)
  edit((json) => { json.winners[keyHash(others[1]!.key)] = { from: 'a newer version' } })
  expect(await dropWinners(path, (w) => w.key.heads !== 3)).toEqual([others[0]])
  expect(listWinners(path)).toMatchObject({ winners: [winner], warnings: [{ code: 'SR7002' }] })
  const before = readFileSync(path, 'utf8')
  expect(await dropWinners(path, () => true)).toEqual([])
  expect(readFileSync(path, 'utf8')).toBe(before)
})

test('an entry under the wrong name, or with a schedule of another loop nest, is a miss with a warning', async () => {
  await saveWinner(path, winner)
  edit((json) => { json.winners[keyHash(key)].key.headDim = 128 })
  expect(lookupWinner(path, key).warnings[0]!.message).toMatch(/does not hash to its name/)
  await saveWinner(path, winner)
  edit((json) => { json.winners[keyHash(key)].schedule.template = 'cuda_mma' })
  expect(lookupWinner(path, key)).toMatchObject({ warnings: [{ code: 'SR7002', message: expect.stringMatching(/cuda_mma/) }] })
})

test.each([['not json', '{"format": 1, "winners": {'], ['another format', '{"format": 2}'], ['no object', '[]'], ['empty', '']])('a corrupt file (%s) is SR7001 with the path, and stays byte for byte', async (_name, text) => {
  await saveWinner(path, winner)
  writeFileSync(path, text)
  const refused = { code: 'SR7001', message: expect.stringContaining(path) }
  expect(() => lookupWinner(path, key)).toThrow(expect.objectContaining(refused))
  await expect(saveWinner(path, winner)).rejects.toMatchObject(refused)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('a folder that cannot be written is SR7008', async () => {
  await saveWinner(path, winner)
  await expect(saveWinner(join(path, 'winners.json'), winner)).rejects.toMatchObject({ code: expect.stringMatching(/SR700[18]/) })
})
