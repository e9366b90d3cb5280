import { expect, it } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { fusedGradients } from '../../codegen/fuse/index.ts'
import { kernelsOf } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule, nestFor, refusedSchedule } from '../../codegen/lower/interaction/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'

const { interactions } = await loadFile('kernels/interaction/index.ts')
const limits = { ...targetLimits.wgsl, threads: 1024, sharedMemory: 32_768 }

it.each([['layer_norm_sequence', 64, 512], ['layer_norm_sequence', 2048, 512], ['layer_norm_sequence', 4096, 1024], ['layer_norm', 128, 128]] as const)('the columns of %s with rows of %d are added up beside them, by %d threads', (name, d, threads) => {
  const { interaction, overrides } = interactions.find((i) => i.exportName === name)!
  const step = kernelsOf(fusedGradients(interaction, overrides)).find((s) => s.interaction.sums)!.interaction
  const problem = { dtype: 'f32', sizes: { d } } as const
  const { values } = defaultInteractionSchedule('wgsl', step, problem, limits)
  expect(refusedSchedule(nestFor('wgsl', step), values, step, problem, limits)).toBeUndefined()
  expect(values.threads).toBe(threads)
})
