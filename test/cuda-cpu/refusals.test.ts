import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import { openCudaCpu, type CudaCpuDevice } from '../../runtime/cuda-cpu/index.ts'
import { kernelText, mutate, noCompiler, reduction, sourceOf } from './harness.ts'

const codeOf = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof SerrateError) return `${error.code} ${error.message}`
    throw error
  }
  return 'no error'
}

const withManifest = (change: object): KernelSource => ({ ...reduction.source(), manifest: { ...reduction.source().manifest, ...change } })

const elsewhere = process.platform !== 'linux' || process.arch !== 'x64'
if (elsewhere) console.log(`skipped: refusals of CUDA on the CPU, which runs on linux-x64; this is ${process.platform}-${process.arch}`)

describe.skipIf(elsewhere)('refusals', () => {
  it('SR4501: no compiler', async () => {
    const before = process.env.SERRATE_CXX
    process.env.SERRATE_CXX = '/nowhere/g++'
    try {
      expect(await codeOf(() => openCudaCpu())).toMatch(/SR4501: .*\/nowhere\/g\+\+.*ENOENT[\s\S]*Install g\+\+/)
    } finally {
      if (before === undefined) delete process.env.SERRATE_CXX
      else process.env.SERRATE_CXX = before
    }
  })
})

describe.skipIf(noCompiler)('refusals of a device', () => {
  const folder = mkdtempSync(join(tmpdir(), 'serrate-cuda-cpu-'))
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu() })
  afterAll(async () => {
    await device.close()
    rmSync(folder, { recursive: true })
  })

  it('SR4502: a text that does not compile, named, also among others', async () => {
    const matmul = sourceOf('matmul', `${kernelText('matmul')}// ${Date.now()}\n`, ['q', 'k', 'v', 'out', 'lse'])
    const broken = reduction.source(mutate(kernelText('reduction'), 'float sum', 'flat sum'))
    const message = await codeOf(() => device.compileMany([matmul, broken]))
    expect(message).toMatch(/SR4502: reduction\.cu does not compile with g\+\+ [\s\S]*reduction\.cu:\d+:\d+: error: .*flat/)
  })
  it('SR4504: a cache folder that is a file', async () => {
    writeFileSync(join(folder, 'file'), '')
    expect(await codeOf(() => openCudaCpu({ cacheDir: join(folder, 'file') }))).toMatch(/SR4504: .*file/)
  })
  it('SR4505: a disposed kernel', async () => {
    const kernel = await device.compile(reduction.source())
    kernel.dispose()
    expect(await codeOf(() => kernel.run(reduction.job()))).toMatch(/SR4505: .*reduction/)
  })
  it('SR4506: a policy that is not there', async () => {
    expect(await codeOf(() => openCudaCpu({ policy: 'backwards' as never }))).toMatch(/SR4506: .*backwards.*[\s\S]*warp-skewed/)
  })
  it('SR4008: more shared memory than an SM has', async () => {
    expect(await codeOf(() => device.compile(withManifest({ sharedBytes: 300_000 })))).toMatch(/SR4008: .*sharedMemoryPerBlock = 300000/)
  })
  it('SR4016: a source of another target', async () => {
    expect(await codeOf(() => device.compile(withManifest({ target: 'wgsl' })))).toMatch(/SR4016/)
  })
  it('SR4012, SR4013 and SR4019: a job without a buffer, of odd length, without a param', async () => {
    const kernel = await device.compile(reduction.source())
    const job = reduction.job()
    expect(await codeOf(() => kernel.run({ ...job, buffers: { q: job.buffers.q! } }))).toMatch(/SR4012: .*buffer out/)
    expect(await codeOf(() => kernel.run({ ...job, buffers: { ...job.buffers, out: new Uint8Array(13) } }))).toMatch(/SR4013: .*13 bytes/)
    expect(await codeOf(() => kernel.run({ ...job, params: {} }))).toMatch(/SR4019: .*num_rows/)
  })
})
