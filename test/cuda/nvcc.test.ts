import { describe, expect, it } from 'vitest'
import { defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { cudaWgmma } from '../../codegen/schedule/templates/cuda_wgmma.ts'
import { findNvcc, runNvcc } from '../../runtime/cuda/index.ts'
import { readPtxas } from './ptxas.ts'
import { cudaSource, DTYPES, loadShipped } from './shipped.ts'

const nvcc = findNvcc()
if (!nvcc) console.log('skipped: nvcc is not on this machine, so emitted CUDA is not compiled to machine code')

const ARCHITECTURES = ['sm_80', 'sm_90a', 'sm_100']
const shipped = await loadShipped()
const byName = (name: string) => shipped.find((d) => d.algorithm.name === name)!

/** Each shipped kernel once, at D 64 or 128, over dtypes and architectures in turn; test/nvcc-all.ts compiles them all for all. */
const defaults = shipped.map((d, i) => ({ d, dtype: DTYPES[i % 3]!, dim: [64, 128][i % 2]!, architecture: ARCHITECTURES[Math.floor(i / 3) % 3]! }))
/** On the Hopper path: what its tile modes, hooks and options add. */
const hopper = ['full', 'causal', 'relative_bias', 'sink', 'pair_bias'].flatMap((name, i) => [{ d: byName(name), dtype: DTYPES[1 + (i % 2)]!, dim: [64, 128][i % 2]! }])
/** Head dims that no 16-byte copy, or only some, can load. */
const dims = [1, 8, 24, 33, 96, 127].flatMap((dim, i) => DTYPES.slice(0, 2).map((dtype, j) => ({ d: byName(['causal', 'hstu', 'alibi'][i % 3]!), dtype, dim, architecture: ARCHITECTURES[(i + j) % 3]! })))

/** Heads of a group in one tile: each row has a head, and perhaps captures, of its own. */
const grouped = ['causal', 'alibi', 'hstu', 'sink', 'pair_bias', 'sll_jagged_flash_attention_masked'].flatMap((name, i) => [{ d: byName(name), dtype: DTYPES[i % 3]!, dim: [128, 64][i % 2]!, architecture: ARCHITECTURES[i % 3]!, split: [1, 4][i % 2]! }])

const row = ({ d, ...rest }: (typeof defaults)[number]) => ({ name: d.algorithm.name, ...rest })

describe.skipIf(!nvcc)('nvcc', () => {
  it.each(defaults.map(row))('$name $dtype d$dim for $architecture fits the registers', async ({ name, dtype, dim, architecture }) => {
    const { text, manifest } = cudaSource(byName(name), dtype, dim)
    const started = performance.now()
    const { ok, log } = await runNvcc(nvcc!, manifest.kernel, text, architecture, ['-Xptxas', '-v', '-Werror', 'all-warnings'])
    expect(ok, log).toBe(true)
    const use = readPtxas(log)
    expect(use.map((u) => u.name).sort()).toEqual([manifest.entryPoints.attention, manifest.entryPoints.tiles].sort())
    for (const u of use) expect(u.spillStores + u.spillLoads, u.name).toBe(0)
    expect(performance.now() - started, 'milliseconds').toBeLessThan(30_000)
  })

  it.each(hopper.map((r) => ({ name: r.d.algorithm.name, ...r })))('$name $dtype d$dim on the Hopper path fits the registers', async ({ d, dtype, dim }) => {
    const problem = defaultProblem(d.algorithm, dtype, dim)
    const { text, manifest } = cudaSource(d, dtype, dim, cudaWgmma.defaults(problem, factsOf(d.algorithm, problem), targetLimits.cuda))
    const { ok, log } = await runNvcc(nvcc!, manifest.kernel, text, 'sm_90a', ['-Xptxas', '-v', '-Werror', 'all-warnings'])
    expect(ok, log).toBe(true)
    for (const u of readPtxas(log)) expect(u.spillStores + u.spillLoads, u.name).toBe(0)
  })

  it.each(grouped.map((r) => ({ name: r.d.algorithm.name, ...r })))('$name $dtype d$dim, groups of heads and split=$split, for $architecture fits the registers', async ({ d, dtype, dim, architecture, split }) => {
    const { template, values } = defaultSchedule('cuda', d.algorithm, defaultProblem(d.algorithm, dtype, dim))
    const { text, manifest } = cudaSource(d, dtype, dim, { template, values: { ...values, gqa: 1, split } })
    const { ok, log } = await runNvcc(nvcc!, manifest.kernel, text, architecture, ['-Xptxas', '-v', '-Werror', 'all-warnings'])
    expect(ok, log).toBe(true)
    for (const u of readPtxas(log)) expect(u.spillStores + u.spillLoads, u.name).toBe(0)
  })

  it.each(dims.map(row))('$name $dtype d$dim for $architecture', async ({ name, dtype, dim, architecture }) => {
    const { text, manifest } = cudaSource(byName(name), dtype, dim)
    const { ok, log } = await runNvcc(nvcc!, manifest.kernel, text, architecture, ['-Werror', 'all-warnings'])
    expect(ok, log).toBe(true)
  })

  it('reports what is wrong with a source', async () => {
    const { ok, log } = await runNvcc(nvcc!, 'broken', '__global__ void broken() { undefined_name(); }', 'sm_80')
    expect(ok).toBe(false)
    expect(log).toContain('undefined_name')
  })
})
