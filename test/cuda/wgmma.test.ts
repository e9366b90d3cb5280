import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { tilesBytes } from '../../codegen/ir/manifest.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { companions, cudaWgmma } from '../../codegen/schedule/templates/cuda_wgmma.ts'

const { definitions } = await loadFile(join(import.meta.dirname, '../../kernels/index.ts'))
const full = definitions.find((d) => d.exportName === 'full')!.algorithm
const problem = (headDim: number) => defaultProblem(full, 'bf16', headDim)
const schedule = (headDim: number) => cudaWgmma.defaults(problem(headDim), factsOf(full, problem(headDim)), targetLimits.cuda)
const refused = (headDim: number, changes: Readonly<Record<string, number>> = {}) =>
  cudaWgmma.infeasible({ template: 'cuda_wgmma', values: { ...schedule(headDim).values, ...changes } }, problem(headDim), factsOf(full, problem(headDim)), targetLimits.cuda)

test('every default of cuda_wgmma is feasible and emits for sm_90a alone', () => {
  for (const { algorithm } of definitions) for (const dim of [8, 32, 40, 64, 96, 128, 192, 256]) {
    const p = defaultProblem(algorithm, 'f16', dim)
    const { manifest, text } = compileKernel(algorithm, p, { target: 'cuda', schedule: cudaWgmma.defaults(p, factsOf(algorithm, p), targetLimits.cuda) })
    expect(manifest.requires.architectures).toEqual(['sm_90a'])
    expect(text).toContain(`m64n${manifest.blockN}k16`)
  }
})

test('its workspace keeps tensor maps, aligned, before the tiles', () => {
  const { manifest } = compileKernel(full, problem(128), { target: 'cuda', schedule: schedule(128) })
  expect(manifest.persistent).toBe(true)
  expect(tilesBytes(3, manifest.tilesEntries)).toBe(4 * (32 + 4 * 32 + 8 * 3))
})

test('what Hopper cannot do is refused with a reason', () => {
  expect(refused(128)).toBeNull()
  expect(refused(100)?.reason).toBe('head dim')
  expect(refused(264)?.reason).toBe('head dim')
  expect(refused(256, { blockN: 160 })?.reason).toBe('shared memory')
  expect(refused(128, { groups: 3, blockN: 96 })?.reason).toBe('registers')
})

test('it is the default where the architecture is its own and the head dim is whole, and refused on another', () => {
  const on = (architecture: string, headDim: number) => defaultSchedule('cuda', full, problem(headDim), { ...targetLimits.cuda, architecture }).template
  expect(defaultSchedule('cuda', full, problem(128)).template).toBe('cuda_mma')
  expect([on('sm_90a', 128), on('sm_90a', 100), on('sm_80', 128)]).toEqual(['cuda_wgmma', 'cuda_mma', 'cuda_mma'])
  expect(cudaWgmma.infeasible(schedule(128), problem(128), factsOf(full, problem(128)), { ...targetLimits.cuda, architecture: 'sm_80' })?.reason).toBe('architecture')
})

test('packed tiles are a warpgroup\'s own', () => {
  expect(refused(64, { pack: 1 })?.reason).toBe('packing')
  expect(refused(64, { ...companions('pack', problem(64), factsOf(full, problem(64))), pack: 1 })).toBeNull()
})
