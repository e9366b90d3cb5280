import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { readTar } from '../../runtime/webgpu/tar.ts'

const exec = promisify(execFile)
const index = new URL('../../runtime/webgpu/index.ts', import.meta.url).href
const script = (body: string): readonly string[] => ['--input-type=module-typescript', '-e', `import { openWebGpu, validateWgsl, closeValidator } from ${JSON.stringify(index)}\n${body}`]
const run = (body: string, env: Readonly<Record<string, string>> = {}) => exec(process.execPath, script(body), { timeout: 30_000, env: { ...process.env, VK_ICD_FILENAMES: '', VK_DRIVER_FILES: '', ...env } })

describe('opening', () => {
  test('the software device says what it is', async () => {
    const device = await openWebGpu({ prefer: 'software' })
    expect(device.info).toMatchObject({ target: 'wgsl', backend: 'webgpu', software: true, subgroupSize: 4 })
    expect(device.info.name).toContain('SwiftShader')
    expect(device.info.limits.maxComputeWorkgroupStorageSize).toBeGreaterThan(16384)
    await device.close()
  })

  test('features and limits can be taken away', async () => {
    const device = await openWebGpu({ prefer: 'software', defaultLimits: true, features: { subgroups: false, timestamps: false } })
    expect(device.info).toMatchObject({ subgroupSize: 0, subgroupNote: expect.stringContaining('switched off') })
    expect(device.info.features).not.toContain('subgroups')
    expect(device.info.features).not.toContain('timestamp-query')
    expect(device.info.limits).toMatchObject({ maxComputeWorkgroupStorageSize: 16384, maxStorageBuffersPerShaderStage: 8, maxComputeInvocationsPerWorkgroup: 256 })
    await device.close()
  })

  test('a process that closes its devices ends, in a worker thread too', async () => {
    const body = `
      import { isMainThread, Worker } from 'node:worker_threads'
      for (let i = 0; i < 3; i++) await (await openWebGpu({ prefer: 'software' })).close()
      const device = await openWebGpu({ prefer: 'software' })
      console.log(device.info.name, (await validateWgsl('fn f() {}')).length)
      await device.close()
      await closeValidator()`
    expect((await run(body)).stdout).toMatch(/^SwiftShader .* 0\n$/)
    const worker = `import { Worker } from 'node:worker_threads'
      new Worker(${JSON.stringify(`import(${JSON.stringify(index)}).then(async (m) => { const d = await m.openWebGpu({ prefer: 'software' }); console.log(d.info.name); await d.close() })`)}, { eval: true })`
    expect((await run(worker)).stdout).toContain('SwiftShader')
  })
})

describe('SwiftShader out of npm', () => {
  test('two processes that unpack at once both work, and leave no draft', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'serrate-cache-'))
    const body = `const d = await openWebGpu({ prefer: 'software' }); console.log(d.info.name); await d.close()`
    const both = await Promise.all([run(body, { SERRATE_CACHE: cache }), run(body, { SERRATE_CACHE: cache })])
    for (const { stdout } of both) expect(stdout).toContain('SwiftShader')
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^swiftshader-[\d.]+$/)])
    rmSync(cache, { recursive: true })
  })

  test('a cache that cannot be made is SR4004, a missing driver file SR4001, no GPU SR4001', async () => {
    const blocked = join(mkdtempSync(join(tmpdir(), 'serrate-cache-')), 'file')
    writeFileSync(blocked, '')
    const code = `await openWebGpu(OPTIONS).catch((e) => console.log(e.code))`
    expect((await run(code.replace('OPTIONS', `{ prefer: 'software' }`), { SERRATE_CACHE: blocked })).stdout).toBe('SR4004\n')
    expect((await run(code.replace('OPTIONS', ''), { SERRATE_VK_ICD: '/nowhere/icd.json' })).stdout).toBe('SR4001\n')
    if (!existsSync('/dev/nvidia0')) expect((await run(code.replace('OPTIONS', '{ allow: { software: false } }'))).stdout).toBe('SR4001\n')
    rmSync(join(blocked, '..'), { recursive: true })
  })

  test('a cut archive is SR4020', () => {
    const bytes = new Uint8Array(1024)
    bytes.set(Buffer.from('name'), 0)
    bytes.set(Buffer.from('00000004000\0'), 124)
    expect(() => readTar(bytes, 'x.tar')).toThrow(/SR4020.*name ends outside/)
  })
})
