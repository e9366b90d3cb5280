import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import type { Device } from '../../runtime/device.ts'
import { limitsOf } from '../../tune/limits.ts'
import { drawInteractionCase, verifyInteraction } from '../../verify/interaction/index.ts'
import { edgeDevices } from '../edge/devices.ts'

const { interactions } = await loadFile('test/epilogues/definitions.ts')
/** Rows of whole vectors, rows of pairs, odd rows. */
const sizes = [16, 10, 5]

describe.each(edgeDevices)('$name', ({ target, open }) => {
  let device: Device
  beforeAll(async () => { device = await open() }, 300_000)
  afterAll(async () => { await device?.close() })

  test.each(interactions.map((d) => [d.exportName, d] as const))('%s', { timeout: 300_000 }, async (_name, { interaction: x, definition }) => {
    const limits = limitsOf(device.info)
    for (const dtype of ['bf16', 'f32'] as const) for (const k of sizes) {
      const own = Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => [a.name, k]))
      const source = compileInteraction(x, { dtype, sizes: own }, { target, limits, schedule: defaultInteractionSchedule(target, x, { dtype, sizes: own }, limits) })
      const compiled = await device.compileInteraction(source)
      for (const seed of [1, 2]) expect((await verifyInteraction(device, compiled, source, drawInteractionCase(seed, x, { dtype, sizes: source.manifest.sizes, sequences: 5, maxLength: 40 }), definition)).problems, `${dtype} ${k}`).toEqual([])
      compiled.dispose()
    }
  })
})
