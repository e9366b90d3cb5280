import { expect, it } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { builderBlocks } from '../../codegen/ir/manifest.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'

const { definitions } = await loadFile('kernels/index.ts')
const { algorithm } = definitions.find((d) => d.exportName === 'full')!
const manifest = (architecture: string) => compileKernel(algorithm, defaultProblem(algorithm, 'bf16', 64), { target: 'cuda', limits: { ...targetLimits.cuda, architecture } }).manifest

it.each([[0, 1], [63, 1], [64, 1], [127, 1], [128, 2], [1023, 15], [1024, 16], [65_536, 16]])('a Hopper list of %d sequences is built by %d blocks', (sequences, blocks) => {
  expect(builderBlocks(manifest('sm_90a'), sequences)).toBe(blocks)
})

it('another list is built by one', () => {
  expect(builderBlocks(manifest('sm_80'), 65_536)).toBe(1)
})
