import { afterAll, describe, expect, it } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { checkHooks } from '../../reference/index.ts'
import { closeValidator, validateWgsl } from '../../runtime/webgpu/index.ts'
import { drawCase } from '../../verify/index.ts'
import { expectAgreement } from './agree.ts'
import { loadText } from './author.ts'
import { odd } from './odd.ts'

describe('odd but legal TypeScript', () => {
  afterAll(closeValidator)
  it.each(Object.keys(odd))('%s', async (name) => {
    const { definitions, diagnostics } = await loadText(odd[name]!)
    expect(diagnostics).toEqual([])
    const [one] = definitions
    expectAgreement(one!)
    const { text } = compileKernel(one!.algorithm, defaultProblem(one!.algorithm, 'f32', 16), { target: 'wgsl' })
    expect(await validateWgsl(text)).toEqual([])
    const c = drawCase(3, one!.algorithm, { lengths: [9, 0, 30], heads: 2, headDim: 16, dtype: 'f32' })
    checkHooks({ definition: one!.definition, headDim: c.headDim, heads: c.heads, rows: c.rows, ...c.values, seqOffsets: c.offsets, captures: c.inputs.captures ?? {} }, one!.algorithm)
  })
})
