import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { type Interaction, type InteractionSource, kernelsOf } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import { limitsOf } from '../../tune/limits.ts'
import { drawInteractionCase, type InteractionCase, verifyInteraction } from '../../verify/interaction/index.ts'
import { type InteractionMutation, interactionMutations } from '../../verify/mutations/interactions.ts'
import { edgeDevices } from '../edge/devices.ts'

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const definitionOf = (kernel: string) => interactions.find((d) => d.exportName === kernel.split('.')[0])!
/** A definition, or the step that writes the gradient of `definition.input`. */
const interactionOf = (kernel: string): Interaction => {
  const { interaction } = definitionOf(kernel)
  const [, input] = kernel.split('.')
  return input === undefined ? interaction : kernelsOf(deriveGradients(interaction)).find((s) => s.writes === `d_${input}`)!.interaction
}
const authorOf = (kernel: string) => (kernel.includes('.') ? undefined : definitionOf(kernel).definition)
/** A row of several vectors that is not a whole tile. */
const SIZE = 24

const sourceOf = (device: Device, { kernel, dtype = 'f32', schedule }: InteractionMutation): InteractionSource => {
  const x = interactionOf(kernel)
  const { target } = device.info
  const limits = limitsOf(device.info)
  const sizes = Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => [a.name, SIZE]))
  const problem = { dtype, sizes }
  const usual = defaultInteractionSchedule(target, x, problem, limits)
  return compileInteraction(x, problem, { target, limits, schedule: { ...usual, values: { ...usual.values, ...schedule } } })
}

const cases = ({ kernel, dtype = 'f32' }: InteractionMutation, { manifest }: InteractionSource): readonly InteractionCase[] => {
  const interaction = interactionOf(kernel)
  const draw = (seed: number, set: 'uniform' | 'onegiant' | 'emptyRun'): InteractionCase => drawInteractionCase(seed, interaction, { dtype, sizes: manifest.sizes, set, sequences: 5, maxLength: 70 })
  return [draw(1, 'uniform'), draw(2, 'emptyRun'), draw(3, 'onegiant'), ...[4, 5, 6, 7, 8, 9].map((seed) => draw(seed, 'uniform'))]
}

describe.each(edgeDevices)('$name notices', ({ target, open }) => {
  let device: Device
  const sound = new Map<string, { readonly source: InteractionSource; readonly compiled: CompiledInteraction }>()
  beforeAll(async () => {
    device = await open()
    for (const m of interactionMutations[target]) {
      const source = sourceOf(device, m)
      if (!sound.has(source.manifest.hashes.source)) sound.set(source.manifest.hashes.source, { source, compiled: await device.compileInteraction(source) })
    }
  }, 300_000)
  afterAll(() => device?.close())

  test('nothing in the sound kernels', async () => {
    for (const m of interactionMutations[target]) {
      const { source, compiled } = sound.get(sourceOf(device, m).manifest.hashes.source)!
      for (const c of cases(m, source)) expect((await verifyInteraction(device, compiled, source, c, authorOf(m.kernel))).problems, `${m.kernel}, seed ${c.seed}`).toEqual([])
    }
  }, 300_000)

  test.each(interactionMutations[target].map((m) => [`${m.kernel}: ${m.name}`, m] as const))('%s', async (_name, m) => {
    const source = sourceOf(device, m)
    const text = source.text.replace(m.find, m.replace)
    expect(text, 'the text to break is there').not.toBe(source.text)
    const broken = { ...source, text }
    const compiled = await device.compileInteraction(broken)
    const problems: string[] = []
    for (const c of cases(m, source)) {
      const verdict = await verifyInteraction(device, compiled, broken, c, authorOf(m.kernel))
      problems.push(...verdict.problems)
      if (problems.length) break
    }
    compiled.dispose()
    expect(problems.length).toBeGreaterThan(0)
  })
})
