import { expect, test } from 'vitest'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { limitsOf } from '../../tune/limits.ts'
import { shipped } from './shipped.ts'

test('a software device compiles the default kernel of head dims that fill no whole number of chunks', async () => {
  const open = await openWebGpu({ prefer: 'software' })
  const { algorithm } = await shipped('causal')
  for (const headDim of [40, 48]) {
    const problem = defaultProblem(algorithm, 'f32', headDim)
    const started = performance.now()
    const compiled = await open.compile(compileKernel(algorithm, problem, { target: 'wgsl', limits: limitsOf(open.info), schedule: defaultSchedule('wgsl', algorithm, problem, limitsOf(open.info)) }))
    compiled.dispose()
    expect(performance.now() - started, `head dim ${headDim}, ms`).toBeLessThan(20_000)
  }
  await open.close()
}, 60_000)
