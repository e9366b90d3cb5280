import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { bytesMoved, flopsOf, interactionKey, interactionWinners } from '../../tune/index.ts'
import { extentOf } from '../../cli/interaction/extent.ts'
import { interactionFormsOf } from '../../cli/interaction/forms.ts'
import { interactionFilesFor } from '../../cli/interaction/generated.ts'
import { gradientOf } from '../../cli/interaction/gradient.ts'
import { lengthsOf } from '../../cli/interaction/lengths.ts'
import { sizesOf } from '../../cli/interaction/problem.ts'
import { resolveInteractions } from '../../cli/resolve.ts'
import { shippedChains, shippedInteractions, shippedNames } from '../../cli/shipped.ts'
import { axisLengths, axisNumbers } from '../../cli/values.ts'
import { folder, root, serrate } from './program.ts'

const load = async (name: string) => (await resolveInteractions([name]))[0]!

describe('list', () => {
  it('names every shipped interaction with its class, layouts and gradients', async () => {
    const { code, json } = await serrate(['list', '--json'])
    expect(code).toBe(0)
    expect(json.interactions.map((k: any) => k.name)).toEqual(shippedInteractions)
    expect(shippedInteractions.filter((name) => shippedNames.includes(name))).toEqual([])
    const of = (name: string) => json.interactions.find((k: any) => k.name === name)
    expect(of('jagged_dense_bmm')).toMatchObject({ family: 'interaction', class: 'contraction', sizes: ['d', 'k'], lengths: ['l'], gradients: ['x', 'w'], output: 'jagged(l, k)', file: 'kernels/interaction/jagged_dense_bmm.ts', templates: { cuda: 'cuda_contraction' } })
    expect(of('layer_norm')).toMatchObject({ class: 'reduction', captures: [{ name: 'eps', kind: 'scalar', dtype: 'f32', default: 1e-5 }] })
    expect(of('reverse')).toMatchObject({ class: 'movement', dtypes: ['f32', 'f16', 'bf16', 'i32'] })
    expect(of('segment_ids')).toMatchObject({ gradients: [] })
    for (const k of json.interactions) expect(k.about.length, k.name).toBeGreaterThan(10)
  })
})

describe('emit', () => {
  it.each([['hooks', /^sum over d \{/], ['algorithm', /^interaction jagged_dense_bmm \{/], ['plan', /"template": "wgsl_contraction"/], ['source', /jagged_dense_bmm_f32_d64_k64/]])('prints the level %s', async (level, pattern) => {
    const { code, json } = await serrate(['emit', 'jagged_dense_bmm', '--level', level, '--json'])
    expect({ code, ...json }).toMatchObject({ code: 0, ok: true, name: 'jagged_dense_bmm', level, target: 'wgsl', dtype: 'f32', sizes: { d: 64, k: 64 } })
    expect(json.text).toMatch(pattern)
  })

  it('takes sizes, dtype and precision', async () => {
    const cuda = await serrate(['emit', 'jagged_dense_bmm', '--target', 'cuda', '--dtype', 'bf16', '--sizes', 'd=128,k=24', '--json'])
    expect(cuda.json.manifest).toMatchObject({ family: 'interaction', kernel: 'jagged_dense_bmm_bf16_d128_k24', dtype: 'bf16', sizes: { d: 128, k: 24 }, launcher: 'serrate_jagged_dense_bmm_bf16_d128_k24' })
    expect(cuda.json.source).toContain('extern "C"')
    expect((await serrate(['emit', 'jagged_dense_bmm', '--target', 'cuda', '--precision', 'tf32', '--json'])).json.manifest.kernel).toBe('jagged_dense_bmm_f32_d64_k64_tf32')
    expect((await serrate(['emit', 'reverse', '--target', 'cuda', '--dtype', 'i32', '--json'])).json.manifest.dtype).toBe('i32')
  })

  it('prints the steps of one gradient, and no others', async () => {
    const { json } = await serrate(['emit', 'jagged_dense_bmm', '--target', 'cuda', '--gradient', 'w', '--json'])
    expect(json).toMatchObject({ gradient: 'w', steps: [{ writes: 'd_w', manifest: { class: 'contraction', sizes: { d: 64, k: 64 } } }] })
    const program = gradientOf(await load('layer_norm'), 'weight')
    expect(program.steps.map((s) => (s.kind === 'kernel' ? s.writes : s.name))).toEqual(['d_x'])
    expect(program.steps.flatMap((s) => (s.kind === 'kernel' ? s.interaction.sums?.map((k) => k.output.tensor) : []))).toEqual(['d_weight'])
    expect(gradientOf(await load('layer_norm'), 'bias').steps.map((s) => (s.kind === 'kernel' ? s.writes : s.name))).toEqual(['d_bias'])
    expect(gradientOf(await load('jagged_index_select'), 'x').steps.map((s) => s.kind)).toEqual(['lists', 'kernel'])
  })
})

describe('verify', () => {
  it.each([
    ['reverse --lengths 3,0,17 --sizes d=5'], ['jagged_dense_bmm --lengths 3,0,17 --sizes d=20,k=9 --dtype bf16'], ['jagged_softmax --lengths 70,0,1'],
    ['jagged_jagged_bmm_jagged_out --lengths i=3,0,9 j=1,4,20'], ['jagged_to_padded --lengths 3,9 --capacities l=5'], ['concat --dtype i32'],
    ['layer_norm --gradient weight --sizes d=12'], ['jagged_index_select --gradient x --sizes d=3'],
  ])('%s', async (line) => {
    const words = line.split(/ (?!j=)/)
    const { code, json } = await serrate(['verify', ...words, '--json'])
    expect({ code, problems: json.problems ?? json.error }).toEqual({ code: 0, problems: [] })
    expect(json).toMatchObject({ ok: true, target: 'wgsl', error: expect.any(Number), allowed: expect.any(Number), schedules: expect.any(Array) })
    expect(json.repro).toContain(`serrate verify ${words[0]} --target wgsl`)
  })

  const missing = spawnSync('g++', ['--version']).status !== 0
  if (missing) console.log('skipped: verify of an interaction on CUDA on the CPU, because g++ is not on this machine')
  it.skipIf(missing)('on the CUDA text, on the CPU', async () => {
    const { code, json } = await serrate(['verify', 'jagged_sum', '--target', 'cuda-cpu', '--lengths', '3,0,17', '--sizes', 'd=5', '--json'])
    expect({ code, problems: json.problems ?? json.error }).toEqual({ code: 0, problems: [] })
  })
})

describe('explain', () => {
  it('says class, loop nest, work and the steps of each gradient', async () => {
    const { code, json } = await serrate(['explain', 'jagged_dense_bmm', '--lengths', '3,0,17', '--sizes', 'd=128,k=64', '--json'])
    expect(code).toBe(0)
    expect(json).toMatchObject({
      class: 'contraction', sizes: { d: 128, k: 64 }, lengths: { l: { sequences: 3, rows: 20, longest: 17 } }, plan: { schedule: { template: 'wgsl_contraction' } },
      predicted: { flops: { text: '2·Σl·k·d', value: 2 * 20 * 64 * 128 }, bytes: { text: '4·(Σl·d + B·d·k + Σl·k)', value: 4 * (20 * 128 + 3 * 128 * 64 + 20 * 64) } },
      gradients: [{ input: 'x', tensor: 'd_x', intermediates: [] }, { input: 'w', tensor: 'd_w' }],
    })
    expect(json.fused).toContain('no intermediate is written')
  })

  it('names the kernel that adds a gradient up beside its own, or says why there is none', async () => {
    const beside = await serrate(['explain', 'layer_norm', '--lengths', '3,0,17'])
    expect(beside.stdout).toContain('beside it, column by column, d_weight and d_bias')
    expect(beside.stdout).toContain('gradient  of weight: d_weight, added up beside d_x')
    const apart = await serrate(['explain', 'layer_norm', '--lengths', '3,0,17', '--sizes', 'd=5'])
    expect(apart.stdout).toContain('then d_weight: reduction of x, d_out, stat0, stat1 over b, l')
    expect(apart.stdout).toContain('d_x adds up no columns beside it: a second entry writes rows that are not whole vectors')
  })

  it.each([
    ['dot_interaction', { i: [3, 0, 5] }, 2 * 13 * 64, 4 * (8 * 64 + 13)],
    ['jagged_jagged_bmm_jagged_out', { i: [3, 0, 5], j: [2, 7, 1] }, 2 * 11 * 64, 4 * (8 * 64 + 10 * 64 + 11)],
    ['jagged_to_padded', { l: [3, 5] }, 0, 4 * (8 * 64 + 2 * 5 * 64)],
    ['concat', { i: [3, 0], j: [2, 7] }, 0, 4 * (3 * 64 + 9 * 64 + 12 * 64)],
  ] as const)('counts the work of %s', async (name, lengths, flops, bytes) => {
    const { interaction: x } = await load(name)
    const extent = extentOf(x, { seed: 1, lengths, sizes: sizesOf(x), capacities: {} })
    expect([flopsOf(x, extent).value, bytesMoved(x, extent, 'f32').value]).toEqual([flops, bytes])
  })
})

describe('build, check and new', () => {
  it('builds sources and interactions.json, with gradients where asked', async () => {
    const out = join(folder(), 'out')
    const { code, json } = await serrate(['build', 'jagged_dense_bmm', '--out', out, '--target', 'cuda', '--dtype', 'f32,bf16', '--sizes', 'd=32,k=16', '--gradients', '--json'])
    expect(code).toBe(0)
    const file = (kernel: string, dtype: string): string => `cuda/interaction/jagged_dense_bmm/jagged_dense_bmm_${kernel}${dtype}_d32_k16.cu`
    expect(json.kernels.map((k: any) => k.file)).toEqual([file('', 'f32'), file('', 'bf16'), file('d_x_', 'f32'), file('d_w_', 'f32'), file('d_x_', 'bf16'), file('d_w_', 'bf16')])
    for (const path of json.files) expect(existsSync(join(out, path))).toBe(true)
    const { interactions } = JSON.parse(readFileSync(join(out, 'interactions.json'), 'utf8'))
    expect(interactions).toMatchObject([{ name: 'jagged_dense_bmm', gradient: { steps: [{ writes: 'd_x' }, { writes: 'd_w' }], results: { x: 'd_x', w: 'd_w' } } }])
  })

  it('checks definitions of both families in one file', async () => {
    const file = join(folder(), 'two.ts')
    writeFileSync(file, `import { causal, defineAttention, defineInteraction, jagged, mean, dense } from 'serrate'
export const near = defineAttention({ name: 'near', maskMod: causal })
export const pooled = defineInteraction({ name: 'pooled', inputs: { x: jagged('l', 'd') }, output: dense('b', 'd'), value: ({ x }) => x, reduce: mean('l') })
`)
    const { code, json } = await serrate(['check', file, '--json'])
    expect({ code, diagnostics: json.diagnostics }).toEqual({ code: 0, diagnostics: [] })
    expect(json.definitions).toMatchObject([{ name: 'near', family: 'attention' }, { name: 'pooled', family: 'interaction' }])
    expect((await serrate(['emit', `${file}#pooled`, '--level', 'algorithm', '--json'])).json).toMatchObject({ ok: true, name: 'pooled' })
  })

  it('writes an interaction that verifies, and its test', async () => {
    const dir = folder()
    const made = await serrate(['new', 'mine', '--interaction', '--dir', dir, '--json'])
    expect(made.code).toBe(0)
    const { code, json } = await serrate(['verify', join(dir, 'mine.ts'), '--lengths', '3,0,17', '--sizes', 'd=6', '--json'])
    expect({ code, problems: json.problems ?? json.error }).toEqual({ code: 0, problems: [] })
    expect(readFileSync(join(dir, 'mine.test.ts'), 'utf8')).toContain('--gradient')
    expect((await serrate(['new', 'reverse', '--interaction', '--dir', dir, '--json'])).json.error.code).toBe('SR8023')
  })
})

describe('chains', () => {
  it('are listed, explained, emitted and verified as their kernels', async () => {
    const { json: { chains } } = await serrate(['list', '--json'])
    expect(chains.map((c: any) => c.name)).toEqual(shippedChains)
    expect(chains.find((c: any) => c.name === 'norm_then_mul')).toMatchObject({ family: 'chain', kernels: ['out'], saved: ['normed'] })
    const explained = await serrate(['explain', 'decomposed_attention', '--sizes', 'k=16', '--lengths', '3,5', '--json'])
    const pairs = 2 * 4 * (3 * 3 + 5 * 5)  // a write and a read of each score
    expect(explained.json).toMatchObject({ ok: true, saved: [{ tensor: 'scores' }], savedBytes: { value: pairs }, attention: { savedBytes: { value: 2 * pairs }, tensors: { q: 'q', k: 'k', v: 'v' } } })
    expect((await serrate(['emit', 'norm_then_mul', '--json'])).json.steps).toMatchObject([{ writes: 'out', manifest: { class: 'reduction' } }])
    const { code, json } = await serrate(['verify', 'norm_then_mul', '--sizes', 'd=9', '--json'])
    expect({ code, problems: json.problems ?? json.error }).toEqual({ code: 0, problems: [] })
    expect((await serrate(['check', 'kernels/chain/decomposed_attention.ts', '--json'])).json).toMatchObject({ ok: true, definitions: [{ family: 'chain' }] })
    expect((await serrate(['emit', 'norm_then_mul', '--gradient', 'x', '--json'])).json.error.code).toBe('SR8060')
  })
})

describe('generated/', () => {
  it('holds every shipped interaction and chain in every promised form', () => {
    const { interactions, kernels } = JSON.parse(readFileSync(join(root, 'generated', 'interactions.json'), 'utf8')) as { interactions: { name: string }[]; kernels: { file: string; of: string; writes?: string; manifest: any }[] }
    expect(interactions.map((x) => x.name)).toEqual([...shippedInteractions, ...shippedChains])
    for (const { file } of kernels) expect(existsSync(join(root, 'generated', file)), file).toBe(true)
    for (const name of shippedInteractions) {
      const { wgsl, cuda, gradients } = interactionFormsOf(name)
      const forward = kernels.filter((k) => k.of === name && k.writes === undefined).map(({ manifest: m }) => `${m.target} ${m.dtype}`)
      expect(forward.sort(), name).toEqual([...wgsl.map((t) => `wgsl ${t}`), ...cuda.map((t) => `cuda ${t}`)].sort())
      const steps = new Set(kernels.filter((k) => k.of === name && k.writes !== undefined).map(({ manifest: m }) => `${m.target} ${m.dtype}`))
      expect([...steps].sort(), name).toEqual([...gradients.wgsl.map((t) => `wgsl ${t}`), ...gradients.cuda.map((t) => `cuda ${t}`)].sort())
    }
  })

  it('the same definitions give the same bytes, and a size of another number another kernel', async () => {
    const definitions = await resolveInteractions(['jagged_dense_bmm', 'concat'])
    const forms = [{ target: 'cuda', dtype: 'bf16' }] as const
    const once = interactionFilesFor(definitions, { forms, gradients: forms })
    expect(interactionFilesFor(definitions, { forms, gradients: forms })).toEqual(once)
    expect(once.map((f) => f.path)).toContain('cuda/interaction/concat/concat_d_left_bf16_d64.cu')
    expect(interactionFilesFor(definitions.slice(0, 1), { forms, sizes: { k: 3 } }).map((f) => f.path)).toEqual(['cuda/interaction/jagged_dense_bmm/jagged_dense_bmm_bf16_d64_k3.cu', 'interaction/jagged_dense_bmm.cuda.ts', 'interactions.json', 'launch/cuda_interaction.ts'])
  })
})

describe('recorded winners', () => {
  it('are emitted beside the default kernels, and the launchers know them', async () => {
    const loaded = await load('jagged_sum')
    const { interaction: x } = loaded
    const winners = join(folder(), 'winners.json')
    const info = { target: 'wgsl', backend: 'webgpu', name: 'Toy GPU (software, for a test)', software: true, features: [], limits: {}, subgroupSize: 0 } as const
    const schedule = { template: 'wgsl_reduction', values: { threads: 64, lanes: 2, parts: 1, span: 8, unroll: 1, flight: 0, keep: 0 } } as const
    const record = (sizes: Readonly<Record<string, number>>, tokens: number, ms: number) => {
      const lengths = { l: [tokens] }
      return interactionWinners.save(winners, { key: interactionKey({ x, problem: { dtype: 'f32', sizes }, info, lengths }), schedule, ms, default: { schedule, ms: 9 }, lengths: { l: { sequences: 1, tokens, longest: tokens } }, seed: 1, space: { points: 1, feasible: 1, infeasible: {} }, search: 'complete', measurements: [] })
    }
    await record({ d: 64 }, 100, 3)
    await record({ d: 64 }, 1000, 4)
    await record({ d: 32 }, 5000, 5)
    const files = interactionFilesFor([loaded], { forms: [{ target: 'wgsl', dtype: 'f32' }] }, winners)
    const { winners: listed, kernels } = JSON.parse(String(files.find((f) => f.path === 'interactions.json')!.content))
    const tuned = kernels.filter((k: any) => k.tuned)
    expect(tuned).toMatchObject([{ of: 'jagged_sum', file: expect.stringMatching(/^wgsl\/interaction\/jagged_sum\/jagged_sum_f32_d64_[0-9a-f]{8}\.wgsl$/), manifest: { schedule } }])
    expect(listed).toEqual([{ device: info.name, target: 'wgsl', dtype: 'f32', file: tuned[0].file, ms: 4, defaultMs: 9 }])
    expect(files.map((f) => f.path)).toContain(tuned[0].file)
    expect(String(files.find((f) => f.path === 'interaction/jagged_sum.ts')!.content)).toContain(`{ device: 'Toy GPU', dtype: 'f32', file: '${tuned[0].file}', ms: 4, defaultMs: 9 }`)
    expect(interactionFilesFor([loaded], { forms: [{ target: 'wgsl', dtype: 'f32' }] }).filter((f) => f.path.endsWith('.wgsl'))).toHaveLength(1)
  })
})

it('a schedule that no text is written for is refused with the nearest that is', async () => {
  const { code, json } = await serrate(['emit', 'jagged_cumsum', '--schedule', 'threads=100', '--json'])
  expect({ code, error: json.error.code }).toEqual({ code: 1, error: 'SR3001' })
  expect(`${json.error.message} ${json.error.fix}`).toMatch(/threads=100 is none of 64, 128, 256\. .*Try threads=128\./)
})

describe('wrong use', () => {
  it.each([
    ['an option of attention', 'verify reverse --heads 3', 'SR8060', /--sizes/],
    ['an option of interactions', 'emit causal --sizes d=3', 'SR8060', /--dim/],
    ['tf32 where nothing is multiplied', 'emit reverse --precision tf32', 'SR8060', /--dtype/],
    ['an option of attention in a search', 'tune reverse --heads 3', 'SR8060', /--sizes/],
    ['a size of no axis', 'emit jagged_dense_bmm --sizes dd=3', 'SR8062', /Did you mean d\?/],
    ['lengths of no axis', 'verify concat --lengths l=3', 'SR8062', /i, j/],
    ['lengths by axis for attention', 'verify causal --lengths l=3', 'SR8062', /3,0,17/],
    ['a capacity of no axis', 'verify jagged_to_padded --capacities d=3', 'SR8062', /l/],
    ['a gradient of no input', 'emit jagged_dense_bmm --gradient ww', 'SR8063', /Did you mean w\?/],
    ['a gradient of an output of whole numbers', 'verify jagged_argmax --gradient x', 'SR8063', /no input/],
    ['axes of different sequences', 'verify concat --lengths i=3,4;j=1', 'SR8064', /as many/],
    ['i32 for attention', 'emit causal --dtype i32', 'SR8011', /bf16/],
    ['i32 where elements are computed', 'emit layer_norm --dtype i32', 'SR3011', /f32/],
    ['a field of no schedule', 'emit reverse --target cuda --schedule nope=3', 'SR3006', /threads/],
    ['a size of no axis, which is a slip of none', 'emit jagged_sum --sizes zz=3', 'SR8062', /^It takes --sizes for: d/],
    ['a size below 0', 'emit reverse --sizes d=-1', 'SR8013', /whole numbers from 0/],
    ['one gradient and all of them', 'bench jagged_softmax --gradients --gradient x', 'SR8036', /Give one of them/],
    ['sizes that are none', 'emit reverse --sizes d', 'SR8013', /d=128/],
  ])('%s: exit 2', async (_what, line, error, fix) => {
    const { code, json } = await serrate([...line.split(' '), '--json'])
    expect({ code, error: json.error.code }, json.error.message).toEqual({ code: 2, error })
    expect(`${json.error.fix} ${json.error.message}`).toMatch(fix)
    expect(`${json.error.fix} ${json.error.message}`).not.toMatch(/\{\w+\}|undefined/)
  })

  it('a size that is no size is refused where a kernel is made', async () => {
    const { interaction: x } = await load('reverse')
    for (const sizes of [{}, { d: 1.5 }, { d: -1 }]) expect(() => compileInteraction(x, { dtype: 'f32', sizes: sizes as Record<string, number> }, { target: 'wgsl' })).toThrow('SR3010')
  })

  it('values that make no sense', () => {
    expect(axisNumbers('d=128,k=0', '--sizes')).toEqual({ d: 128, k: 0 })
    for (const bad of ['', 'd=', 'd=-1', 'd=1,d=2', '=3', 'd=1.5']) expect(() => axisNumbers(bad, '--sizes'), bad).toThrow('AXIS=number')
    expect(axisLengths('i=3,0 j=none')).toEqual({ i: [3, 0], j: [] })
    for (const bad of ['i=3 i=4', 'i=3 4', 'i=-1', 'i=x']) expect(() => axisLengths(bad), bad).toThrow('make no sense')
  })

  it('a list that is given holds for every axis, the default is turned', async () => {
    const { interaction: x } = await load('concat')
    expect(lengthsOf(x, [1, 2, 3], true)).toEqual({ i: [1, 2, 3], j: [1, 2, 3] })
    expect(lengthsOf(x, [1, 2, 3], false)).toEqual({ i: [1, 2, 3], j: [2, 3, 1] })
  })
})
