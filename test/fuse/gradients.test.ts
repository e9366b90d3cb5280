import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { fusedGradients } from '../../codegen/fuse/index.ts'
import { classify } from '../../codegen/lower/interaction/index.ts'
import type { InteractionProgram } from '../../codegen/ir/interaction/index.ts'
import { runProgram } from '../../reference/interaction/index.ts'
import { drawProgramCase, inputsOfProgram } from '../../verify/interaction/index.ts'

const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const sizesOf = (p: InteractionProgram) => Object.fromEntries(inputsOfProgram(p).axes.filter((a) => a.kind === 'dense').map((a, i) => [a.name, 2 + i]))
const classes = (p: InteractionProgram) => p.steps.map((s) => (s.kind === 'kernel' ? `${s.writes}: ${classify(s.interaction).class}` : s.kind))
const named = (name: string) => interactions.find((i) => i.exportName === name)!.interaction

const changed = interactions.filter(({ interaction: x }) => fusedGradients(x).steps.length < deriveGradients(x).steps.length).map((i) => i.exportName)

test('steps that add to what another wrote become one with it', () => {
  expect(changed).toEqual(expect.arrayContaining(['dcn_cross', 'dot_interaction', 'dot_interaction_dense']))
  expect(classes(fusedGradients(named('dot_interaction_dense')))).toEqual(['d_x: contraction'])
  expect(classes(fusedGradients(named('dcn_cross')))).toEqual(['d_x0: contraction', 'd_x: contraction', 'd_w: contraction', 'd_c: reduction'])
})

test.each(changed)('%s: the fused gradient equals the derived one, by the reference', (name) => {
  const [derived, fused] = [deriveGradients(named(name)), fusedGradients(named(name))]
  expect(fused.results).toEqual(derived.results)
  for (let seed = 0; seed < 12; seed++) {
    const { data } = drawProgramCase(seed, derived, { dtype: 'f32', sizes: sizesOf(derived) })
    const [a, b] = [runProgram(derived, data), runProgram(fused, data)]
    for (const [input, values] of Object.entries(a)) {
      expect(b[input]!.length).toBe(values.length)
      values.forEach((v, i) => { if (Number.isFinite(v)) expect(Math.abs(b[input]![i]! - v), `${name} d_${input}[${i}], seed ${seed}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(v))) })
    }
  }
})
