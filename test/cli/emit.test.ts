import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sourceFor } from '../../cli/compile.ts'
import { resolveDefinition } from '../../cli/resolve.ts'
import { shippedNames } from '../../cli/shipped.ts'
import { folder, root, serrate } from './program.ts'

const variant = (name: string, mask: string) => `import { defineAttention } from 'serrate'\nexport const ${name} = defineAttention({\n  name: '${name}',\n  maskMod: (_b, _h, q, kv) => ${mask},\n})\n`

describe('list', () => {
  it('names every shipped kernel', async () => {
    const { code, json } = await serrate(['list', '--json'])
    expect(code).toBe(0)
    expect(json.kernels.map((k: any) => k.name)).toEqual(shippedNames)
    expect(shippedNames.length).toBeGreaterThanOrEqual(39)
    expect(json.kernels.find((k: any) => k.name === 'hstu')).toMatchObject({ family: 'attention', normalizer: 'pointwise', file: 'kernels/hstu.ts', captures: expect.arrayContaining([{ name: 'alpha', kind: 'scalar', dtype: 'f32', perHead: false }]) })
  })

  it('says of each its layout, tiles, and the dtypes and paths of both targets; every path said can be emitted', async () => {
    const { json } = await serrate(['list', '--json'])
    const of = (name: string) => json.kernels.find((k: any) => k.name === name)
    expect(of('causal')).toMatchObject({ layout: { queries: 'self', align: 'start', sharedKeys: false }, tileMode: 'bounds', targets: { wgsl: { dtypes: ['f32', 'f16', 'bf16'], paths: ['pack', 'split', 'order', 'gqa'] }, cuda: { dtypes: ['f32', 'f16', 'bf16'] } } })
    expect(of('shared_target_attention')).toMatchObject({ layout: { queries: 'dense', sharedKeys: true } })
    expect(of('shared_target_attention').targets.wgsl.paths).not.toContain('pack')
    const { algorithm } = await resolveDefinition('causal')
    for (const target of ['wgsl', 'cuda'] as const) {
      for (const path of of('causal').targets[target].paths) {
        const value = path === 'split' ? 4 : 1
        expect(sourceFor(algorithm, { target, dtype: 'f32', dim: 64, schedule: { [path]: value } }).manifest.schedule.values[path]).toBe(value)
      }
    }
    const { stdout } = await serrate(['list'])
    for (const name of shippedNames) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'))
    expect(stdout).toMatch(/^cross_causal +cross, end +softmax +bounds/m)
  })
})

describe('emit', () => {
  it.each([['hooks', /scoreMod \{/], ['algorithm', /^attention alibi \{/], ['plan', /"template": "wgsl_fma"/], ['source', /fn attention\(/]])('prints the level %s', async (level, pattern) => {
    const { code, stdout } = await serrate(['emit', 'alibi', '--level', level])
    expect(code).toBe(0)
    expect(stdout).toMatch(pattern)
    const { json } = await serrate(['emit', 'alibi', '--level', level, '--json'])
    expect(json).toMatchObject({ ok: true, name: 'alibi', level, target: 'wgsl', dtype: 'f32', headDim: 64 })
    expect(`${json.text.trimEnd()}\n`).toBe(`${stdout.trimEnd()}\n`)
  })

  it('gives source and manifest for both targets', async () => {
    const cuda = await serrate(['emit', 'hstu', '--target', 'cuda', '--dtype', 'bf16', '--dim', '96', '--json'])
    expect(cuda.json.manifest).toMatchObject({ kernel: 'hstu_bf16_d96', target: 'cuda', dtype: 'bf16', headDim: 96 })
    expect(cuda.json.source).toContain('extern "C"')
    const wgsl = await serrate(['emit', 'causal', '--schedule', 'block_m=16,block_n=16,rows=2', '--json'])
    expect(wgsl.json.manifest).toMatchObject({ blockM: 16, blockN: 16 })
  })

  it('takes one export of a file', async () => {
    const file = join(folder(), 'two.ts')
    writeFileSync(file, `${variant('one', 'kv <= q')}${variant('two', 'kv >= q').split('\n').slice(1).join('\n')}`)
    expect((await serrate(['emit', `${file}#two`, '--level', 'hooks', '--json'])).json).toMatchObject({ ok: true, name: 'two' })
    const several = await serrate(['emit', file, '--json'])
    expect(several).toMatchObject({ code: 2, json: { error: { code: 'SR8017' } } })
    const unknown = await serrate(['emit', `${file}#too`, '--json'])
    expect(unknown).toMatchObject({ code: 2, json: { error: { code: 'SR8016', fix: expect.stringContaining('Did you mean two?') } } })
  })

  it('exits 1 for a head dim that no device holds', async () => {
    const { code, json } = await serrate(['emit', 'causal', '--dim', '1000', '--json'])
    expect({ code, ok: json.ok }).toEqual({ code: 1, ok: false })
    expect(json.error.message).toContain('1000')
  })
})

describe('check', () => {
  it('passes what compiles', async () => {
    const { code, json } = await serrate(['check', join(root, 'examples/session.ts'), '--json'])
    expect({ code, ok: json.ok, definitions: json.definitions.map((d: any) => d.name), diagnostics: json.diagnostics }).toEqual({ code: 0, ok: true, definitions: ['session'], diagnostics: [] })
  })

  it('places what does not: exit 1', async () => {
    const file = join(folder(), 'loop.ts')
    writeFileSync(file, variant('loop', '{ for (;;) return true }'))
    const { code, json, stderr } = await serrate(['check', file, '--json'])
    expect(code).toBe(1)
    expect(json.ok).toBe(false)
    expect(json.diagnostics[0]).toMatchObject({ code: expect.stringMatching(/^SR\d{4}$/), severity: 'error', message: expect.any(String), file: expect.stringContaining('loop.ts'), line: 4, column: expect.any(Number), fix: expect.any(String) })
    expect(stderr).toBe('')
    for (const command of ['emit', 'verify']) expect((await serrate([command, file, '--json']))).toMatchObject({ code: 1, json: { ok: false, error: { code: json.diagnostics[0].code } } })
  })

  it('a file that is not TypeScript is a diagnostic, not a crash', async () => {
    const file = join(folder(), 'broken.ts')
    writeFileSync(file, 'export const = \n')
    const { code, json } = await serrate(['check', file, '--json'])
    expect({ code, ok: json.ok }).toEqual({ code: 1, ok: false })
    expect(json.diagnostics[0]).toMatchObject({ line: 1, severity: 'error' })
  })
})

describe('build', () => {
  it('writes sources, launchers and a manifest, and leaves what is right alone', async () => {
    const out = join(folder(), 'out')
    const first = await serrate(['build', 'examples/session.ts', '--out', out, '--target', 'wgsl,cuda', '--dtype', 'f32,f16', '--json'])
    expect(first.code).toBe(0)
    expect(first.json.kernels.map((k: any) => k.file)).toEqual(['wgsl/session/session_f32_d64.wgsl', 'wgsl/session/session_f16_d64.wgsl', 'cuda/session/session_f32_d64.cu', 'cuda/session/session_f16_d64.cu'])
    for (const file of first.json.files) expect(existsSync(join(out, file))).toBe(true)
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).kernels).toHaveLength(4)
    const time = statSync(join(out, 'manifest.json')).mtimeMs
    const second = await serrate(['build', 'examples/session.ts', '--out', out, '--target', 'wgsl,cuda', '--dtype', 'f32,f16', '--json'])
    expect(second.json.written).toEqual([])
    expect(statSync(join(out, 'manifest.json')).mtimeMs).toBe(time)
  })

  it('writes nothing where one file does not compile', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'bad.ts'), variant('bad', '{ for (;;) return true }'))
    const { code } = await serrate(['build', 'causal', join(dir, 'bad.ts'), '--out', join(dir, 'out'), '--json'])
    expect(code).toBe(1)
    expect(existsSync(join(dir, 'out'))).toBe(false)
  })

  it('refuses two definitions of one name', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'causal.ts'), variant('causal', 'kv < q'))
    const { json } = await serrate(['build', 'causal', join(dir, 'causal.ts'), '--out', join(dir, 'out'), '--json'])
    expect(json).toMatchObject({ ok: false, error: { code: 'SR1006' } })
  })

  it('refuses an output folder that cannot be written, half-writing nothing', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'file'), '')
    const { code, json } = await serrate(['build', 'causal', '--out', join(dir, 'file', 'out'), '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: 'SR8020' })
    mkdirSync(join(dir, 'out', 'manifest.json'), { recursive: true })
    const blocked = await serrate(['build', 'causal', '--out', join(dir, 'out'), '--json'])
    expect({ code: blocked.code, error: blocked.json.error.code }).toEqual({ code: 2, error: 'SR8020' })
    expect(readdirSync(join(dir, 'out'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile())).toEqual([])
  })

  it('a name that would leave the folder is refused', async () => {
    const file = join(folder(), 'escape.ts')
    writeFileSync(file, "import { defineAttention } from 'serrate'\nexport const escape = defineAttention({ name: '../escape' })\n")
    const { code, json } = await serrate(['build', file, '--out', join(folder(), 'out'), '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 1, error: 'SR1007' })
  })
})

describe('explain', () => {
  it('says what a code means', async () => {
    expect((await serrate(['explain', 'SR3003', '--json'])).json).toMatchObject({ ok: true, code: 'SR3003', message: expect.any(String), fix: expect.any(String) })
  })

  it('counts keys once for the heads of a group that share a tile', async () => {
    const of = async (...more: string[]) => (await serrate(['explain', 'causal', '--layout', 'dense', '--query-rows', '4', '--align', 'end', '--heads', '8', '--kv-heads', '2', '--lengths', '400,800', ...more, '--json'])).json
    const [grouped, alone] = [await of(), await of('--schedule', 'gqa=0')]
    expect(grouped.plan.schedule.values).toMatchObject({ gqa: 1 })
    expect(grouped.planner.decisions).toContainEqual(expect.objectContaining({ field: 'gqa', value: 1, taken: true, reason: expect.stringMatching(/^4 heads share each key head/) }))
    expect(grouped.tiles).toEqual(alone.tiles)
    expect(4 * grouped.predicted.loadedBytes).toBe(alone.predicted.loadedBytes)
  })

  it('says what a kernel will do', async () => {
    const { code, json } = await serrate(['explain', 'causal', '--lengths', '64,0,32', '--heads', '2', '--dim', '16', '--schedule', 'block_m=32,block_n=32,lanes=16,rows=4', '--json'])
    expect(code).toBe(0)
    expect(json).toMatchObject({
      plan: { blockM: 32, blockN: 32, tileMode: 'bounds' }, mask: { mode: 'bounds', explanation: expect.any(String) },
      tiles: { total: 5, empty: 1, partial: 3, full: 1, executed: 4 },
      predicted: { flops: 4 * 4 * 32 * 32 * 16 * 2, bytes: 96 * 2 * (4 * 16 * 4 + 4) },
    })
  })

  it.each(['full', 'alibi', 'sliding_window', 'hstu', 'prefix_lm', 'relative_bias', 'softcap'])('knows %s', async (name) => {
    const { code, json } = await serrate(['explain', name, '--json'])
    expect(code).toBe(0)
    expect(json.tiles.executed).toBeGreaterThan(0)
  })
})
