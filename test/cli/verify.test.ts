import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shippedNames } from '../../cli/shipped.ts'
import { folder, root, serrate } from './program.ts'

describe('verify', () => {
  it('says what was run, the errors, the tolerance and the paths taken', async () => {
    const { code, json } = await serrate(['verify', 'sliding_window', '--target', 'wgsl', '--lengths', '3,0,17,130', '--heads', '2', '--dim', '8', '--dtype', 'f32', '--seed', '7', '--json'])
    expect(code).toBe(0)
    expect(json).toMatchObject({ ok: true, name: 'sliding_window', target: 'wgsl', lengths: [3, 0, 17, 130], heads: 2, headDim: 8, dtype: 'f32', seed: 7, paths: { tileMode: 'bounds' }, problems: [] })
    expect(json.errors.out.max).toBeLessThanOrEqual(json.tolerance.out)
    expect(json.tolerance.out).toBeLessThan(1e-3)
    expect(json.paths.executed).toBeGreaterThan(0)
    expect(json.device.name).toEqual(expect.any(String))
  })

  it('the same seed gives the same errors, another seed others', async () => {
    const at = async (seed: string) => (await serrate(['verify', 'alibi', '--dim', '8', '--lengths', '9,5', '--seed', seed, '--json'])).json.errors
    const first = await at('1')
    expect(await at('1')).toEqual(first)
    expect(await at('2')).not.toEqual(first)
  })

  it('takes a file of lengths, B = 0 included', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'some.json'), '{ "lengths": [4, 0, 9] }')
    writeFileSync(join(dir, 'none.json'), '[]')
    expect((await serrate(['verify', 'causal', '--lengths', join(dir, 'some.json'), '--dim', '8', '--json'])).json).toMatchObject({ ok: true, lengths: [4, 0, 9] })
    expect((await serrate(['verify', 'causal', '--lengths', join(dir, 'none.json'), '--dim', '8', '--json'])).json).toMatchObject({ ok: true, lengths: [] })
  })

  it('finds a definition that does not do what it says: exit 1', async () => {
    const file = join(folder(), 'liar.ts')
    writeFileSync(file, "import { defineAttention, table } from 'serrate'\nexport const liar = defineAttention({ name: 'liar', captures: { bias: table('f32', { length: 2 }) }, scoreMod: (s, _b, _h, q, kv, seq) => s + seq.bias(q + kv) })\n")
    const { code, json } = await serrate(['verify', file, '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 1, error: 'SR6001' })
  })

  it('a device that this machine has not: exit 1, with the reason', async () => {
    const { code, json } = await serrate(['verify', 'causal', '--target', 'cuda', '--json'])
    if (code === 0) return console.log('skipped: this machine has a CUDA device')
    expect({ code, ok: json.ok }).toEqual({ code: 1, ok: false })
    expect(json.error.code).toMatch(/^SR4/)
  })
})

describe('tune', () => {
  it('records a winner with its whole key and every measurement', async () => {
    const winners = join(folder(), 'winners.json')
    const { code, json } = await serrate(['tune', 'causal', '--lengths', '20,7', '--heads', '1', '--dim', '8', '--budget', '60s', '--limit', '2', '--fresh', '--winners', winners, '--json'])
    expect(code).toBe(0)
    expect(json).toMatchObject({ ok: true, name: 'causal', ended: 'limit', winner: { ms: expect.any(Number) }, default: { ms: expect.any(Number) } })
    expect(json.candidates).toHaveLength(2)
    const [entry] = Object.values(JSON.parse(readFileSync(winners, 'utf8')).winners) as any[]
    expect(entry).toMatchObject({ key: { definition: { name: 'causal' }, headDim: 8, device: { target: 'wgsl' } }, measurements: json.candidates })
  })

  it('does not overwrite a corrupt winners file', async () => {
    const winners = join(folder(), 'winners.json')
    writeFileSync(winners, '{ broken')
    const { code, json } = await serrate(['tune', 'causal', '--lengths', '5', '--dim', '8', '--limit', '1', '--winners', winners, '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 1, error: 'SR7001' })
    expect(readFileSync(winners, 'utf8')).toBe('{ broken')
  })
})

describe('bench', () => {
  it('times a named workload', async () => {
    const { code, json } = await serrate(['bench', '--workload', 'ci-mid', '--iterations', '2', '--json'])
    expect(code).toBe(0)
    expect(json.rows[0]).toMatchObject({ name: 'full', workload: 'ci-mid', ms: expect.any(Number) })
  })
})

describe('new', () => {
  it('writes a variant that verifies and a test that passes', async () => {
    const dir = folder()
    const { code, json } = await serrate(['new', 'my_variant', '--dir', dir, '--json'])
    expect(code).toBe(0)
    expect(readdirSync(dir).sort()).toEqual(['my_variant.test.ts', 'my_variant.ts'])
    expect(json.files).toHaveLength(2)
    expect((await serrate(['verify', join(dir, 'my_variant.ts'), '--json'])).json.ok).toBe(true)
    const test = spawnSync(process.execPath, ['--test', join(dir, 'my_variant.test.ts')], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } })
    expect(test.status, test.stdout).toBe(0)
    expect(test.stdout).toMatch(/pass 3/)
  })

  it('overwrites nothing', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'mine.test.ts'), 'kept')
    const { code, json } = await serrate(['new', 'mine', '--dir', dir, '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: 'SR8022' })
    expect(readdirSync(dir)).toEqual(['mine.test.ts'])
  })
})

describe('the program', () => {
  it('runs through its shim, on any Node', async () => {
    const { stdout } = await serrate(['list', '--json'], { program: [join(root, 'cli/serrate.mjs')] })
    expect(JSON.parse(stdout).kernels).toHaveLength(shippedNames.length)
    const old = (process.env.PATH ?? '').split(':').map((p) => join(p, 'node')).filter((p) => existsSync(p)).find((p) => spawnSync(p, ['-p', 'process.features.typescript ?? false'], { encoding: 'utf8' }).stdout.trim() === 'false')
    if (!old) return console.log('skipped: no Node without TypeScript on this machine')
    const ran = spawnSync(old, [join(root, 'cli/serrate.mjs'), 'emit', 'nope'], { encoding: 'utf8' })
    expect({ status: ran.status, stderr: ran.stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('SR8010') })
  })

  it('can be imported by its own name inside the clone', () => {
    const ran = spawnSync(join(root, 'node_modules/node/bin/node'), ['-e', "import('serrate').then((m) => console.log(typeof m.defineAttention))"], { cwd: root, encoding: 'utf8' })
    expect(ran.stdout.trim()).toBe('function')
  })

  it('verifies a file outside the clone', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs')
    const { tmpdir } = await import('node:os')
    const dir = mkdtempSync(join(tmpdir(), 'serrate-'))
    try {
      await serrate(['new', 'outside', '--dir', dir])
      expect((await serrate(['verify', join(dir, 'outside.ts'), '--json'], { cwd: dir })).json).toMatchObject({ ok: true, name: 'outside' })
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
