import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { openCudaCpu, type CudaCpuDevice } from '../../runtime/cuda-cpu/index.ts'
import { noCompiler } from '../cuda-cpu/harness.ts'
import { drawCase } from '../../verify/index.ts'
import { prepareAttention } from '../../runtime/attention.ts'
import { familyCases } from '../wgsl/family-cases.ts'
import { type FamilyCase, familySchedule, runFamily } from '../wgsl/family.ts'
import { shipped } from '../wgsl/shipped.ts'

const wholeUnits = (dim: number): number => Math.ceil(dim / 8) * 8

/** The family's cases as wgmma takes them: 2-byte dtypes, dims of whole 16 bytes, no split, no packing, no groups. */
const cases = familyCases
  .filter(([, , c]) => !c.schedule?.pack && !c.schedule?.gqa && (c.schedule?.split ?? 1) === 1)
  .map(([what, name, c], i) => [what, name, {
    ...c, template: 'cuda_wgmma', dtype: c.dtype ?? (i % 2 ? 'f16' : 'bf16'), headDim: wholeUnits(c.headDim ?? 16), ...(c.valueDim && { valueDim: wholeUnits(c.valueDim) }),
  } satisfies FamilyCase] as const)
const ownTiles = { ownTiles: 1, pingPong: 0 }
const packed = { ...ownTiles, pack: 1, groups: 2, blockN: 80, numStages: 2, querySlots: 2, order: 0 }
/** The family's own packed cases, and each way tiles are walked with sequences around the size of a tile. */
const packedCases = [
  ...familyCases.filter(([, , c]) => c.schedule?.pack).map(([what, name, c]) => [what, name, { ...c, headDim: wholeUnits(c.headDim ?? 16), schedule: packed }] as const),
  ...['full', 'causal', 'hstu', 'sink'].map((name) => ['sequences around a tile', name, { lengths: [63, 1, 0, 0, 64, 65, 128, 3, 130, 17, 0], heads: 3, headDim: 64, rest: 70, schedule: packed }] as const),
  ...[32, 128].map((headDim) => ['more empty sequences than a warp has lanes', 'full', { lengths: [5, ...Array<number>(70).fill(0), 9, 2, ...Array<number>(40).fill(1), 31], headDim, rest: 1, i64: true, schedule: packed }] as const),
].map(([what, name, c], i) => [what, name, { ...c, template: 'cuda_wgmma', dtype: i % 2 ? 'f16' : 'bf16' } satisfies FamilyCase] as const)

describe.skipIf(noCompiler)('the Hopper path, run on the CPU, against the plain formula', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu({ seed: 9, policy: 'random' }) })
  afterAll(() => device.close())

  test.each(cases)('%s: %s', { timeout: 120_000 }, async (_what, name, c) => {
    const { problems, executed } = await runFamily(device, await shipped(name), c)
    expect(problems).toEqual([])
    expect(executed).toBeGreaterThan(0)
  })

  test.each(cases.filter((_, i) => i % 3 === 0))('each warpgroup with tiles of its own, %s: %s', { timeout: 120_000 }, async (_what, name, c) => {
    const { problems } = await runFamily(device, await shipped(name), { ...c, schedule: { ...c.schedule, ...ownTiles } })
    expect(problems).toEqual([])
  })

  test.each([['cuda_wgmma', 1030, 0], ['cuda_wgmma', 1030, 1], ['cuda_wgmma', 2048, 1], ['cuda_wgmma', 8700, 0], ['cuda_wgmma', 8700, 1], ['cuda_mma', 520, 0], ['cuda_mma', 512, 1]] as const)('%s: %d sequences, more than a block of the list has threads, order=%d', { timeout: 300_000 }, async (template, count, order) => {
    const step = Math.ceil(count / 2048)
    const lengths = Array.from({ length: count }, (_, i) => (i % (97 * step) === 5 ? 66 : i % (41 * step) === 0 ? 2 : 0))
    const launch: FamilyCase = { lengths, heads: 1, dtype: 'bf16', headDim: 16, rest: 70, template, schedule: { order } }
    const { problems, executed } = await runFamily(device, await shipped('full'), launch)
    expect(problems).toEqual([])
    expect(executed).toBeGreaterThan(30)
  })

  const sparse = (every: number, rows: number) => Array.from({ length: 300 }, (_, i) => (i % every === 3 ? rows : i % 50 === 0 ? 2 : 0))
  const layouts: readonly (readonly [string, FamilyCase])[] = [
    ['queries that end with the keys, some before the first', { layout: { queries: 'jagged', align: 'end' }, lengths: sparse(60, 150), kvLengths: sparse(60, 40) }],
    ['dense queries', { layout: { queries: 'dense' }, lengths: [], kvLengths: sparse(60, 40), queryRows: 3 }],
    ['one block of queries for all, keys shared', { layout: { queries: 'broadcast' }, lengths: [], kvLengths: [40, 0, 7], queryRows: 3, kvIndex: Array.from({ length: 300 }, (_, i) => i % 3) }],
    ['offsets of 64 bits', { lengths: sparse(40, 70), i64: true }],
    ['groups of heads', { lengths: sparse(40, 70), heads: 4, kvHeads: 2, schedule: { gqa: 1 } }],
  ]
  const listed = layouts.flatMap(([what, c]) => (['cuda_mma', 'cuda_wgmma'] as const).flatMap((template) => [0, 1].map((order) => [what, template, order, c] as const)))
  test.each(listed.filter(([, template, , { schedule }]) => template === 'cuda_mma' || !schedule))('300 sequences over a list of 256 threads or four blocks, %s, %s, order=%d', { timeout: 300_000 }, async (_what, template, order, c) => {
    const { problems, executed } = await runFamily(device, await shipped('causal'), { heads: 1, dtype: 'bf16', headDim: 16, rest: 20, template, ...c, schedule: { ...c.schedule, order } })
    expect(problems).toEqual([])
    expect(executed).toBeGreaterThan(3)
  })

  test.each(['full', 'hstu', 'sink', 'hstu_mixed'])('query tiles of which some have no keys, one key tile or many: %s', { timeout: 120_000 }, async (name) => {
    const launch: FamilyCase = { lengths: [0, 300, 1, 0, 0, 64, 65, 200, 3, 0], heads: 2, dtype: 'bf16', headDim: 64, rest: 90, template: 'cuda_wgmma' }
    for (const [pingPong, querySlots, numStages] of [[1, 2, 2], [0, 3, 3], [0, 1, 2]] as const) {
      const { problems, executed } = await runFamily(device, await shipped(name), { ...launch, schedule: { groups: 2, blockN: 64, pingPong, querySlots, numStages } })
      expect(problems).toEqual([])
      expect(executed).toBeGreaterThan(6)
    }
  })

  test.each([-0.2, 0])('a scale of %d, which SiLU takes to the end of a row in bf16', { timeout: 120_000 }, async (alpha) => {
    const hstu: FamilyCase = { lengths: [70, 1, 130], heads: 1, headDim: 32, template: 'cuda_wgmma', captures: { alpha, maxSeqLen: 1 }, schedule: { blockN: 64 } }
    for (const dtype of ['bf16', 'f16'] as const) expect((await runFamily(device, await shipped('hstu'), { ...hstu, dtype })).problems).toEqual([])
  })

  test.each([['hstu', {}], ['hstu', { pingPong: 0, ownTiles: 1 }], ['hstu_bias', {}], ['gdpa_silu', {}]] as const)('SiLU by the hyperbolic tangent: %s, %o', { timeout: 120_000 }, async (name, fields) => {
    for (const maxSeqLen of [1, 256]) {
      const captures = name === 'gdpa_silu' ? {} : { captures: { maxSeqLen } }
      const { problems } = await runFamily(device, await shipped(name), { lengths: [200, 65, 1, 130], heads: 2, dtype: 'bf16', headDim: 32, template: 'cuda_wgmma', ...captures, schedule: { tanh: 1, blockN: 64, ...fields } })
      expect(problems).toEqual([])
    }
  })

  test.each(packedCases)('packed, %s: %s', { timeout: 120_000 }, async (_what, name, c) => {
    const { problems, executed } = await runFamily(device, await shipped(name), c)
    expect(problems).toEqual([])
    expect(executed).toBeGreaterThan(0)
  })

  test.each([[64, 64], [128, 64], [64, 128], [72, 40]])('head dim %d, value dim %d, long enough for every ring to go round', { timeout: 120_000 }, async (headDim, valueDim) => {
    const launch: FamilyCase = { lengths: [700, 1, 130], heads: 2, kvHeads: 1, dtype: 'bf16', headDim, valueDim, template: 'cuda_wgmma', schedule: { blockN: 64, numStages: 2, querySlots: 1 } }
    const [causal, tested] = [await runFamily(device, await shipped('causal'), launch), await runFamily(device, await shipped('block_diagonal'), launch)]
    expect([...causal.problems, ...tested.problems]).toEqual([])
    expect(causal.executed).toBeGreaterThan(6)
  })

  test.each([[0, 0], [3, 0], [0, 20]])('hstu with %d contextual tokens and a window of %d: the short text of its mask where it holds', { timeout: 120_000 }, async (contextual, maxAttnLen) => {
    // scores and weights large enough for one pair too many to pass every tolerance
    const hstu: FamilyCase = { lengths: [200, 65, 1, 130], heads: 1, dtype: 'f16', headDim: 32, template: 'cuda_wgmma', captures: { contextual, maxAttnLen, maxSeqLen: 1, alpha: 1 } }
    const definition = await shipped('hstu')
    const [turns, own] = [await runFamily(device, definition, { ...hstu, schedule: { blockN: 64 } }), await runFamily(device, definition, { ...hstu, schedule: { ...ownTiles, blockN: 64, numStages: 2 } })]
    expect([...turns.problems, ...own.problems]).toEqual([])
    expect(turns.full).toBeLessThan(turns.executed)
  })
})

describe.skipIf(noCompiler)('the emulation of the Hopper path', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu({ seed: 2 }) })
  afterAll(() => device.close())

  const broken: readonly (readonly [string, string, string, string])[] = [
    ['a row keeps a key too many', 'causal', 'return kv < limits.below;', 'return kv <= limits.below;'],
    ['a row drops itself', 'targets', '(kv == limits.at_0) | ', ''],
    ['SiLU of twice the score', 'hstu', 'half = 0.5f * params.sm_scale', 'half = params.sm_scale'],
    ['no rescale', 'full', 'constexpr bool first = false;', 'constexpr bool first = true;'],
    ['half of a row sum', 'full', 'rcp_approx(l)', 'rcp_approx(0.5f * l)'],
    ['lse of the other row', 'full', 'own == 0 ? tops[0] : tops[1]', 'own == 0 ? tops[1] : tops[0]'],
    ['a tile of the sequence before', 'full', '<= tile ? step : 0', '< tile ? step : 0'],
  ]
  test.each(broken)('gives other results where %s: %s', { timeout: 120_000 }, async (_what, name, find, replacement) => {
    const { algorithm } = await shipped(name)
    const problem = defaultProblem(algorithm, 'bf16', 64)
    const kernel = compileKernel(algorithm, problem, { target: 'cuda', schedule: familySchedule(device, algorithm, problem, { blockN: 64, numStages: 2 }, 'cuda_wgmma') })
    expect(kernel.text).toContain(find)
    const { job } = prepareAttention(kernel.manifest, drawCase(7, algorithm, { lengths: [150, 0, 70], heads: 1, headDim: 64, dtype: 'bf16' }).inputs, { poison: true })
    const [right, wrong] = await Promise.all([kernel, { ...kernel, text: kernel.text.replaceAll(find, replacement) }].map(async (k) => (await device.compile(k)).run(job!)))
    const values = (b: Uint8Array) => Array.from(new Uint16Array(Uint8Array.from(b).buffer), (bits) => new Float32Array(new Uint32Array([bits << 16]).buffer)[0]!)
    const apart = (field: 'out' | 'lse'): number => {
      const [x, y] = [right!, wrong!].map(({ buffers }) => (field === 'out' ? values(buffers.out!) : [...new Float32Array(Uint8Array.from(buffers.lse!).buffer)]))
      return Math.max(...x!.map((v, i) => (Object.is(v, y![i]) ? 0 : Math.abs(v - y![i]!))).map((d) => (Number.isNaN(d) ? Infinity : d)))
    }
    expect(Math.max(apart('out'), kernel.manifest.lse ? apart('lse') : 0)).toBeGreaterThan(2 ** -5)
  })

  /** Each of these calls in the attention kernel's own text, left out or hurried; a redundant one changes nothing. */
  const changes: readonly (readonly [string, RegExp, string, number])[] = [
    // The wait before NO_MORE guards a slot that this launch's consumers have left by then, whatever the order of turns.
    ['a wait for a barrier', /^ *mbarrier_wait\(.*\);$/gm, '', 1],
    ['an arrival at a barrier', /mbarrier_arrive\(&/g, '(void)(&', 0],
    ['a wait for products', /wgmma_wait<(\d)>\((\w+)\.d\);/g, '', 0],
    ['the order of turns', /named_barrier_sync\(GROUPS \+ 1 \+ group, 128\);/g, '', 1],
    ['the drain of a store', /tma_store_drain\(\);/g, '', 0],
    ['the swizzle of a store', /place \/ 128 %/g, 'place / 256 %', 0],
    ['the bytes that a copy brings', /mbarrier_arrive_expect\((\S+), (\w+)\);/g, 'mbarrier_arrive_expect($1, $2 + 16);', 0],
  ]
  test.each(changes)('notices without %s', { timeout: 300_000 }, async (_what, pattern, replacement, redundant) => {
    const { algorithm } = await shipped('full')
    const problem = defaultProblem(algorithm, 'bf16', 64)
    const kernel = compileKernel(algorithm, problem, { target: 'cuda', schedule: familySchedule(device, algorithm, problem, { blockN: 64, numStages: 2 }, 'cuda_wgmma') })
    const { job } = prepareAttention(kernel.manifest, drawCase(7, algorithm, { lengths: [400, 0, 300, 17, 250], heads: 2, headDim: 64, dtype: 'bf16' }).inputs, { poison: true })
    const start = kernel.text.indexOf('struct Params')
    const mutants = [...kernel.text.matchAll(pattern)].filter(({ index }) => index > start)
      .map((m) => ({ ...kernel, text: kernel.text.slice(0, m.index) + m[0].replace(new RegExp(pattern.source), replacement) + kernel.text.slice(m.index + m[0].length) }))
    expect(mutants.length).toBeGreaterThan(redundant)
    const right = await (await device.compile(kernel)).run(job!)
    expect(right.findings).toEqual([])
    const missed: string[] = []
    for (const [i, compiled] of (await device.compileMany(mutants)).entries()) {
      const result = await compiled.run(job!)
      if (result.findings.length === 0 && Buffer.compare(result.buffers.out!, right.buffers.out!) === 0) missed.push(`number ${i}`)
      compiled.dispose()
    }
    expect(missed.length, missed.join()).toBeLessThanOrEqual(redundant)
  })

  test.each(['full', 'causal', 'hstu', 'alibi'])('packed tiles whose heads follow each other give the same bits: %s', { timeout: 120_000 }, async (name) => {
    const { algorithm } = await shipped(name)
    const problem = defaultProblem(algorithm, 'bf16', 32)
    const kernel = compileKernel(algorithm, problem, { target: 'cuda', schedule: familySchedule(device, algorithm, problem, { ...ownTiles, blockN: 64, numStages: 2, order: 0, pack: 1 }, 'cuda_wgmma') })
    const text = kernel.text.replace(/count >= \d+ \* gridDim\.x/, 'count >= 0 * gridDim.x')
    expect(text).not.toBe(kernel.text)
    const { job } = prepareAttention(kernel.manifest, drawCase(5, algorithm, { lengths: [3, 0, 17, 70, 1, 0, 9, 130, 2, 2, 40], heads: 3, headDim: 32, dtype: 'bf16' }).inputs, { poison: true })
    const [apart, together] = await Promise.all([kernel.text, text].map(async (t) => (await device.compile({ ...kernel, text: t })).run(job!)))
    expect(together!.findings).toEqual([])
    expect(Buffer.compare(together!.buffers.out!, apart!.buffers.out!)).toBe(0)
    if (name === 'alibi') return expect(text).not.toContain('known') // its rows are others for each head
    const wrong = await (await device.compile({ ...kernel, text: text.replace('h > head', 'true') })).run(job!)
    expect(wrong.findings.length > 0 || Buffer.compare(wrong.buffers.out!, apart!.buffers.out!) !== 0).toBe(true)
  })

  /** Of a list that blocks share. */
  const lists: readonly (readonly [string, number, string, string])[] = [
    ['the tiles of the blocks before', 0, 'done = block_prefix(before, warp_sums).total;', ''],
    ['those of some of them', 0, 'for (unsigned b = thread; b < begin;', 'for (unsigned b = thread + 7; b < begin;'],
    ['as many blocks as its manifest tells', 0, 'wanted < 1 ? 1 :', 'wanted < 9 ? 1 :'],
    ['the sequences of other blocks', 1, 'i < params.num_sequences; i +=', 'i < own_count; i +='],
  ]
  test.each(lists)('notices a list without %s', { timeout: 300_000 }, async (_what, order, text, replacement) => {
    const { algorithm } = await shipped('full')
    const problem = defaultProblem(algorithm, 'bf16', 16)
    const kernel = compileKernel(algorithm, problem, { target: 'cuda', schedule: familySchedule(device, algorithm, problem, { blockN: 64, numStages: 2, order }, 'cuda_wgmma') })
    expect(kernel.text).toContain(text)
    const lengths = Array.from({ length: 200 }, (_, i) => (i % 9 === 0 ? 70 : i % 4 === 0 ? 3 : 0))
    const { job } = prepareAttention(kernel.manifest, drawCase(7, algorithm, { lengths, heads: 1, headDim: 16, dtype: 'bf16' }).inputs, { poison: true })
    const run = async (text: string) => {
      const compiled = await device.compile({ ...kernel, text })
      const result = await compiled.run(job!)
      compiled.dispose()
      return result
    }
    const right = await run(kernel.text), wrong = await run(kernel.text.replace(text, replacement))
    expect(right.findings).toEqual([])
    expect(wrong.findings.length > 0 || Buffer.compare(wrong.buffers.out!, right.buffers.out!) !== 0).toBe(true)
  })
})
