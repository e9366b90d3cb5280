import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { attentionTwin, chainProgram, fuseProgram } from '../../codegen/fuse/index.ts'
import type { InteractionProgram } from '../../codegen/ir/interaction/index.ts'
import { runProgram } from '../../reference/interaction/index.ts'
import { drawProgramCase, inputsOfProgram } from '../../verify/interaction/index.ts'

const { chains, diagnostics } = await loadFile(join(import.meta.dirname, '../../kernels/chain/index.ts'))
const program = (name: string): InteractionProgram => { const c = chains.find((k) => k.exportName === name)!; return chainProgram(c.definition.name, c.steps) }
const sizesOf = (p: InteractionProgram) => Object.fromEntries(inputsOfProgram(p).axes.filter((a) => a.kind === 'dense').map((a, i) => [a.name, 2 + i]))

/** Chains whose steps are a kernel each. */
const apart = ['dcn_low_rank', 'factorisation_machine_score', 'mask_offsets', 'masked_select', 'sort_by_length']

test('shipped chains load', () => {
  expect(diagnostics).toEqual([])
  expect(chains.map((c) => c.exportName).sort()).toEqual(['cross_layer_add', 'dcn_low_rank', 'decomposed_attention', 'factorisation_machine_score', 'mask_offsets', 'masked_select', 'norm_then_mul', 'sort_by_length'])
})

test.each(chains.map((c) => c.exportName))('%s: fused equals unfused, by the reference', (name) => {
  const unfused = program(name)
  const { program: fused, saved } = fuseProgram(unfused)
  expect(saved.length > 0).toBe(!apart.includes(name))
  expect(fused.steps.length).toBe(unfused.steps.length - saved.length)
  for (let seed = 0; seed < 12; seed++) {
    const { data } = drawProgramCase(seed, unfused, { dtype: 'f32', sizes: sizesOf(unfused) })
    const [a, b] = [runProgram(unfused, data).out!, runProgram(fused, data).out!]
    expect(b.length).toBe(a.length)
    a.forEach((v, i) => { if (Number.isFinite(v)) expect(Math.abs(b[i]! - v)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(v))) })
  }
})

test('bmm, add, softmax, bmm is one attention', () => {
  const twin = attentionTwin(fuseProgram(program('decomposed_attention')).program)
  expect(typeof twin).not.toBe('string')
  if (typeof twin === 'string') return
  expect(twin.tensors).toEqual({ q: 'q', k: 'k', v: 'v', out: 'out' })
  expect(twin.algorithm.captures.map((c) => [c.name, c.kind])).toEqual([['bias', 'pair']])
  expect(twin.saved).toEqual(['biased', 'weights'])
})

test('what stays apart says why', () => {
  const { kept } = fuseProgram(program('decomposed_attention'))
  expect(kept.map((k) => k.why)).toEqual(['passes over other axes', 'other elements'])
  expect(attentionTwin(program('norm_then_mul'))).toMatch(/2 steps where three/)
})
