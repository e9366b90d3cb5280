import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { TILES } from '../../codegen/ir/manifest.ts'
import { prepareAttention } from '../../runtime/attention.ts'
import { type CudaCpuDevice, openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { noCompiler } from '../cuda-cpu/harness.ts'
import { runFamily } from '../wgsl/family.ts'
import { shipped } from '../wgsl/shipped.ts'

const nests = [['cuda_fma', 'f32', { blockM: 32, blockN: 16, threadRows: 4 }], ['cuda_mma', 'bf16', { blockM: 64, blockN: 32 }]] as const
/** One kernel for each way key tiles are walked: all, bounds, test. */
const modes = ['full', 'causal', 'hstu'] as const
const lengths = [3, 0, 150, 1, 40, 70]
const summed = (list: readonly number[]): number[] => list.reduce((all, n) => [...all, all.at(-1)! + n], [0])

describe.skipIf(noCompiler)('split, order, pack and gqa in CUDA, run on the CPU', () => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu({ seed: 5 }) })
  afterAll(() => device.close())

  test.each(nests.flatMap(([nest, dtype, base]) => modes.map((name) => ({ nest, dtype, base, name }))))('$nest $name: the parts walk what the whole does', { timeout: 180_000 }, async ({ dtype, base, name }) => {
    const loaded = await shipped(name)
    const run = (changes: Readonly<Record<string, number>>) => runFamily(device, loaded, { lengths, dtype, rest: 3, schedule: { ...base, ...changes } })
    const plain = await run({})
    expect(plain.problems).toEqual([])
    expect(plain.executed).toBeGreaterThan(0)
    const paths: readonly Readonly<Record<string, number>>[] = [{ split: 2 }, { split: 16 }, { order: 1 }, { split: 4, order: 1 }]
    for (const changes of paths) expect(await run(changes), JSON.stringify(changes)).toEqual(plain)
  })

  test.each(nests.flatMap(([nest, dtype, base]) => modes.map((name) => ({ nest, dtype, base, name }))))('$nest $name: the heads of a group share the key tiles that each would have in tiles of BLOCK_M / group queries', { timeout: 180_000 }, async ({ dtype, base, name }) => {
    const loaded = await shipped(name)
    const run = (changes: Readonly<Record<string, number>>) => runFamily(device, loaded, { lengths, dtype, rest: 3, heads: 4, kvHeads: 2, schedule: { ...base, ...changes } })
    const half: Readonly<Record<string, number>> = dtype === 'f32' ? { blockM: base.blockM / 2, threadRows: 2 } : { blockM: base.blockM / 2, numWarps: 2 }
    const alone = await run(half)
    expect(alone.problems).toEqual([])
    const paths: readonly Readonly<Record<string, number>>[] = [{ gqa: 1 }, { gqa: 1, split: 4 }, { gqa: 1, order: 1 }]
    for (const changes of paths) expect(await run(changes), JSON.stringify(changes)).toEqual(alone)
    expect((await run({})).executed).toBeLessThan(alone.executed)
  })

  test.each(nests)('%s %s: packed tiles walk the keys of all their sequences', { timeout: 120_000 }, async (_nest, dtype, base) => {
    const packed = [3, 0, 9, 1, 4, 130, 2, 31, 5, 7, 40], rest = 40
    const found = await runFamily(device, await shipped('full'), { lengths: packed, rest, dtype, schedule: { ...base, pack: 1 } })
    const offsets = summed(packed), end = offsets.at(-1)!
    const sequenceOf = (row: number) => Math.min(offsets.findLastIndex((begin) => begin <= row), packed.length - 1)
    let executed = 0, full = 0
    for (let row = 0; row < end; row += base.blockM) {
      const last = Math.min(row + base.blockM, end + rest) - 1
      const a = sequenceOf(row), b = sequenceOf(last)
      const tiles = Math.ceil((offsets[b + 1]! - offsets[a]!) / base.blockN)
      executed += tiles
      if (last < offsets[a + 1]!) full += tiles
    }
    expect(found).toEqual({ problems: [], executed, full })
    expect(full).toBeGreaterThan(0)
    expect(full).toBeLessThan(executed)
  })

  test.each([1, 60])('the list that is walked from its end has long sequences last, rows past the last offset first: %d times seven sequences', { timeout: 120_000 }, async (times) => {
    const { algorithm } = await shipped('causal')
    const problem = defaultProblem(algorithm, 'f32', 4)
    const { template, values } = defaultSchedule('cuda', algorithm, problem)
    const kernel = compileKernel(algorithm, problem, { target: 'cuda', schedule: { template, values: { ...values, blockM: 16, blockN: 16, threadRows: 2, order: 1 } }, instrument: true })
    const ordered = Array<readonly number[]>(times).fill([3, 200, 16, 0, 40, 300, 10]).flat(), rows = summed(ordered).at(-1)! + 5
    const tensor = new Float32Array(rows * 4)
    const { job } = prepareAttention(kernel.manifest, { q: tensor, k: tensor, v: tensor, heads: 1, rows, seqOffsets: Int32Array.from(summed(ordered)) })
    const compiled = await device.compile(kernel)
    const { buffers, findings } = await compiled.run(job!)
    expect(findings).toEqual([])
    const bytes = buffers.tiles!, words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    const listed = Array.from({ length: words[TILES.count]! }, (_, i) => words[TILES.entries + TILES.entryWords * i + 3]!)
    const tiles = (sequence: number) => Array<number>(Math.ceil(ordered[sequence]! / 16)).fill(sequence)
    // key tiles: 1 (sequences 0, 2 and 6 of each seven), 3 (4), 13 (1), 19 (5)
    const bucket = (sequence: number) => (sequence === TILES.pad ? -1 : [0, 3, 0, -1, 1, 4, 0][sequence % 7]!)
    expect(listed.map(bucket)).toEqual(listed.map(bucket).sort((x, y) => x - y))
    const byNumber = (x: number, y: number) => x - y
    expect([...listed].sort(byNumber)).toEqual([...ordered.flatMap((_, sequence) => tiles(sequence)), TILES.pad].sort(byNumber))
    if (times === 1) expect(listed).toEqual([TILES.pad, ...[0, 2, 6, 4, 1, 5].flatMap(tiles)])
  })

  test('what cannot go together is refused', async () => {
    const { algorithm } = await shipped('causal')
    for (const dtype of ['f32', 'bf16'] as const) {
      const problem = defaultProblem(algorithm, dtype, 16)
      const { template, values } = defaultSchedule('cuda', algorithm, problem)
      const refusals: readonly Readonly<Record<string, number>>[] = [{ pack: 1, split: 2 }, { pack: 1, order: 1 }, { pack: 1, gqa: 1 }, { split: 3 }]
      for (const changes of refusals) expect(() => compileKernel(algorithm, problem, { target: 'cuda', schedule: { template, values: { ...values, ...changes } } }), JSON.stringify(changes)).toThrow(/SR3001/)
    }
  })
})
