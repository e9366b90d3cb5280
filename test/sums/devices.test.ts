import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { Interaction, InteractionSource } from '../../codegen/ir/interaction/index.ts'
import { nestFor } from '../../codegen/lower/interaction/bind.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import { limitsOf } from '../../tune/limits.ts'
import { drawInteractionCase, verifyInteraction } from '../../verify/interaction/index.ts'
import { edgeDevices } from '../edge/devices.ts'

const { interactions } = await loadFile('test/sums/definitions.ts')
/** The definitions, and those steps of their gradients that are sums or scatters themselves. */
const kernels: readonly Interaction[] = interactions.flatMap(({ interaction: x }) => [x, ...deriveGradients(x).steps.flatMap((s) => (s.kind === 'kernel' && s.interaction.scan ? [s.interaction] : []))])

interface Variant { readonly dtype: Dtype; readonly schedule: Readonly<Record<string, number>> }
/** Blocks of a few rows, so that sums go over many; and 16-bit elements, two to a word. */
const variants: readonly Variant[] = [{ dtype: 'f32', schedule: {} }, { dtype: 'f32', schedule: { threads: 64, columns: 16, items: 2 } }, { dtype: 'bf16', schedule: { threads: 64, columns: 1, items: 2 } }, { dtype: 'f16', schedule: { threads: 128, columns: 2, items: 4 } }]
const shapes = [{ sequences: 0 }, { sequences: 3, set: 'allEmpty' }, { sequences: 6, set: 'emptyRun', maxLength: 9 }, { sequences: 9, set: 'onegiant', maxLength: 300 }, { sequences: 300, set: 'tiny' }, { sequences: 5, set: 'uniform', maxLength: 40 }] as const

type Many = Device & { readonly compileInteractions?: (sources: readonly InteractionSource[]) => Promise<readonly CompiledInteraction[]> }

describe.each(edgeDevices)('$name', ({ target, open }) => {
  let device: Many
  const made = new Map<string, { readonly source: InteractionSource; readonly compiled: CompiledInteraction }>()
  const keyOf = (x: Interaction, v: Variant): string => `${x.name} ${JSON.stringify(v)}`
  beforeAll(async () => {
    device = await open()
    const sources = kernels.flatMap((x) => variants.map((v) => {
      const sizes = Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a, i) => [a.name, 5 + 2 * i]))
      const nest = nestFor(target, x)
      const limits = limitsOf(device.info)
      const own = Object.fromEntries(Object.entries(v.schedule).filter(([name]) => nest.class === 'scan' && name in nest.space))
      return [keyOf(x, v), compileInteraction(x, { dtype: v.dtype, sizes }, { target, limits, schedule: { template: nest.name, values: { ...nest.defaults(x, { dtype: v.dtype, sizes }, limits), ...own } } })] as const
    }))
    const compiled = device.compileInteractions ? await device.compileInteractions(sources.map(([, s]) => s)) : await Promise.all(sources.map(([, s]) => device.compileInteraction(s)))
    sources.forEach(([key, source], i) => made.set(key, { source, compiled: compiled[i]! }))
  }, 300_000)
  afterAll(async () => { await device?.close() })

  test.each(kernels.map((x) => [x.name, x] as const))('%s, over many blocks, in every dtype', async (name, x) => {
    for (const v of variants) for (const [seed, shape] of shapes.entries()) {
      const { source, compiled } = made.get(keyOf(x, v))!
      const c = drawInteractionCase(seed + 1, x, { ...shape, dtype: v.dtype, sizes: source.manifest.sizes })
      const definition = interactions.find((d) => d.exportName === name)?.definition
      expect((await verifyInteraction(device, compiled, source, c, definition)).problems, `${JSON.stringify(v)} ${JSON.stringify(shape)}`).toEqual([])
    }
  })
})
