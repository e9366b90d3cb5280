import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFile } from '../../codegen/frontend/index.ts'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import type { Algorithm } from '../../codegen/ir/algorithm.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import { prepareAttention } from '../../runtime/attention.ts'
import { openCudaCpu, POLICIES, type CudaCpuDevice } from '../../runtime/cuda-cpu/index.ts'
import type { Job } from '../../runtime/device.ts'
import { drawCase, verifyKernel } from '../../verify/index.ts'
import { noCompiler } from './harness.ts'

const shape = { lengths: [3, 0, 200, 17], heads: 2, headDim: 32 } as const
const loadDefinition = async () => (await loadFile(fileURLToPath(new URL('../../kernels/causal.ts', import.meta.url)))).definitions[0]!

/** The kernel once for every call of `name` in its own text (not where the device functions are defined), with that call removed. */
const without = (kernel: KernelSource, name: string): readonly KernelSource[] => {
  const start = kernel.text.indexOf('struct Params')
  return [...kernel.text.matchAll(new RegExp(`\\b${name}(<[^>]*>)?\\(\\);`, 'g'))]
    .filter(({ index }) => index > start)
    .map((call) => ({ ...kernel, text: kernel.text.slice(0, call.index) + kernel.text.slice(call.index + call[0].length) }))
}

/** A positive and a negative scale: the second makes kernels rewrite Q in shared memory. */
const jobsOf = (kernel: KernelSource, algorithm: Algorithm): readonly Job[] => {
  const { job } = prepareAttention(kernel.manifest, drawCase(7, algorithm, { ...shape, dtype: kernel.manifest.dtype }).inputs, { poison: true })
  return [0.2, -0.2].map((sm_scale) => ({ ...job!, params: { ...job!.params, sm_scale } }))
}

describe.skipIf(noCompiler).each(['f32', 'f16', 'bf16'] as const)('the emitted causal kernel, %s', (dtype) => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu({ seed: 11 }) })
  afterAll(() => device.close())

  it('is right under every policy, with no finding', async () => {
    const { algorithm, definition } = await loadDefinition()
    const kernel = compileKernel(algorithm, defaultProblem(algorithm, dtype, shape.headDim), { target: 'cuda' })
    for (const policy of POLICIES) {
      const other = await openCudaCpu({ policy, seed: 11 })
      const result = await verifyKernel(other, await other.compile(kernel), kernel, definition, drawCase(7, algorithm, { ...shape, dtype }), { relaunch: false })
      await other.close()
      expect(result.problems, policy).toEqual([])
    }
  })

  // Redundant, so not to be found: the barrier that ends the tile builder's chunk, and one before a loop that starts with a barrier.
  it.each([['block_barrier', 2], ['warp_barrier', 0], ['cp_async_wait', 0], ['cp_async_commit', 0]] as const)('every removed %s is found, but for %d redundant at most', async (name, redundant) => {
    const { algorithm } = await loadDefinition()
    const kernel = compileKernel(algorithm, defaultProblem(algorithm, dtype, shape.headDim), { target: 'cuda' })
    const mutants = without(kernel, name)
    const missed: string[] = []
    for (const [i, compiled] of (await device.compileMany(mutants)).entries()) {
      const findings = (await Promise.all(jobsOf(kernel, algorithm).map((job) => compiled.run(job)))).flatMap((r) => r.findings)
      if (findings.length === 0) missed.push(`number ${i}`)
      compiled.dispose()
    }
    expect(missed.length, missed.join()).toBeLessThanOrEqual(redundant)
    expect(mutants.length).toBeGreaterThan(redundant)
  })
})
