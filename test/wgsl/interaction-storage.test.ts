import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { type Interaction, kernelsOf } from '../../codegen/ir/interaction/index.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const GPU = { ...targetLimits.wgsl, sharedMemory: 32768, threads: 1024, storageBuffers: 10 }
const ELEMENT: Readonly<Record<string, number>> = { f32: 4, i32: 4, u32: 4, 'vec4<f32>': 16 }

/** Bytes of the workgroup variables that a text declares, each of whole 16 bytes. */
const declared = (text: string): number => {
  const constants = new Map([...text.matchAll(/^const (\w+) = (\d+);/gm)].map(([, name, value]) => [name!, Number(value)]))
  const valueOf = (words: string): number => words.split('*').map((w) => w.trim()).reduce((n, w) => n * (/^\d+$/.test(w) ? Number(w) : constants.get(w) ?? NaN), 1)
  const single = [...text.matchAll(/^var<workgroup> \w+: [iuf]32;/gm)].length * 16
  return single + [...text.matchAll(/^var<workgroup> \w+: array<([\w<>]+), ([^>]+)>;/gm)].reduce((sum, [, element, count]) => sum + Math.ceil((ELEMENT[element!]! * valueOf(count!)) / 16) * 16, 0)
}

const steps = (x: Interaction): readonly Interaction[] => [x, ...kernelsOf(deriveGradients(x)).map((s) => s.interaction)]
const names = ['jagged_softmax', 'jagged_sum', 'layer_norm', 'layer_norm_sequence', 'batched_dense_vec_jagged_2d_mul', 'group_norm', 'jagged_to_padded', 'jagged_dense_bmm']

describe('the workgroup memory that a manifest asks for is what its WGSL declares', () => {
  test.each(names)('%s and its gradients', (name) => {
    const { interaction } = interactions.find((d) => d.exportName === name)!
    let compared = 0
    for (const x of steps(interaction)) for (const dtype of ['f32', 'bf16'] as const) for (const limits of [targetLimits.wgsl, GPU]) {
      const sizes = Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => [a.name, 64]))
      const { text, manifest } = compileInteraction(x, { dtype, sizes }, { target: 'wgsl', limits })
      // several entries: each may have variables of its own
      const need = manifest.requires.limits.maxComputeWorkgroupStorageSize!
      expect(need, manifest.kernel).toBeLessThanOrEqual(limits.sharedMemory)
      expect(need, manifest.kernel).toBeLessThanOrEqual(declared(text))
      if (manifest.entries.every((e) => e.name !== 'merge' && e.name !== 'write')) expect(need, manifest.kernel).toBe(declared(text))
      compared++
    }
    expect(compared).toBeGreaterThan(3)
  })
})
