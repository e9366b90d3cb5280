import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import type { Interaction, InteractionProblem, InteractionSource } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import { refusedSums, takesI32 } from '../../codegen/lower/interaction/index.ts'
import { loopNests } from '../../codegen/lower/interaction/nests/index.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import type { Device } from '../../runtime/device.ts'
import { openWebGpu, validateWgsl } from '../../runtime/webgpu/index.ts'
import { drawInteractionCase } from '../../verify/interaction/case.ts'
import { verifyInteraction } from '../../verify/interaction/kernel.ts'
import { lengthSetNames } from '../../verify/lengths.ts'
import { ofClass, shippedInteractions, sizesOf } from './interaction-kernels.ts'

const all = await shippedInteractions()
const dtypes = ['f32', 'bf16', 'f16', 'i32'] as const
/** A software device takes a second or two to compile a GPU's tiles; test/edge and the fuzz run every operator with its own. */
const EVERY = 6
const sizes = [[3, 5], [16, 8], [1, 130], [64, 3]] as const

const problemsOf = (x: Interaction): readonly InteractionProblem[] => dtypes.filter((d) => d !== 'i32' || takesI32(x)).flatMap((dtype) => sizes.map((s) => ({ dtype, sizes: sizesOf(x, s) }))).filter((p) => refusedSums(x, p, 'wgsl') === undefined)

/** Every field of the schedule at its extremes, where the kernel can be made so. */
const sourcesOf = (x: Interaction, problem: InteractionProblem): readonly InteractionSource[] => {
  const schedule = defaultInteractionSchedule('wgsl', x, problem)
  const nest = loopNests[schedule.template]!
  const others = Object.entries(nest.space).flatMap(([field, { values }]) => [values[0]!, values.at(-1)!].map((v) => ({ ...schedule.values, [field]: v })))
  return [schedule.values, ...others].filter((values) => !nest.infeasible(values, x, problem, targetLimits.wgsl)).map((values) => compileInteraction(x, problem, { target: 'wgsl', schedule: { ...schedule, values } }))
}

describe.each(['movement', 'reduction', 'contraction', 'scan', 'scatter'] as const)('%s on WGSL', (name) => {
  const kernels = ofClass(all, name)
  let device: Device
  beforeAll(async () => { device = await openWebGpu({ prefer: 'software' }) })
  afterAll(() => device.close())

  test('every text is valid', async () => {
    for (const { label, interaction: x } of kernels) for (const problem of problemsOf(x)) for (const source of [compileInteraction(x, problem, { target: 'wgsl' })]) {
      expect({ label, problem, messages: await validateWgsl(source.text) }).toEqual({ label, problem, messages: [] })
    }
  }, 120_000)

  test('kernels at the extremes of a schedule agree with the reference, and packed rows past the last offset are 0', async () => {
    for (const [n, { label, interaction: x }] of kernels.entries()) {
      if (n % EVERY !== 0) continue
      const problems = problemsOf(x)
      const sources = sourcesOf(x, problems[(5 * n) % problems.length]!)
      for (const [i, source] of [sources[1 + (n % (sources.length - 1))]!].entries()) {
        const compiled = await device.compileInteraction(source)
        for (let k = 0; k < 3; k++) {
          const set = lengthSetNames[(3 * n + 5 * i + k) % lengthSetNames.length]!
          const drawn = drawInteractionCase(100 * n + 10 * i + k, x, { dtype: source.manifest.dtype, sizes: source.manifest.sizes, set, sequences: set === 'none' ? 0 : 1 + 3 * k, maxLength: [3, 33, 17][k]! })
          const { problems: wrong } = await verifyInteraction(device, compiled, source, drawn)
          expect({ label, set, schedule: source.manifest.schedule.values, wrong }).toEqual({ label, set, schedule: source.manifest.schedule.values, wrong: [] })
        }
        compiled.dispose()
      }
    }
  }, 300_000)
})
