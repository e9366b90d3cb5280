import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formsOf, shippedForms } from '../../cli/forms.ts'
import { filesFor } from '../../cli/generated.ts'
import { resolveAll, resolveDefinition } from '../../cli/resolve.ts'
import { causalKernels, causalWinners, createCausal, openCausal } from '../../generated/causal.ts'
import { createHstu, hstuKernels } from '../../generated/hstu.ts'
import { loadHstu } from '../../generated/hstu.cuda.ts'
import { adapterName, type Attention, type Kernel, pickKernel } from '../../generated/launch/webgpu.ts'
import { createRelativeBias, relativeBiasKernels } from '../../generated/relative_bias.ts'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { findAdapter } from '../../runtime/webgpu/adapter.ts'
import { listWinners } from '../../tune/winners.ts'
import { type AttentionCase, drawCase, expectedOf } from '../../verify/index.ts'
import { buffer, launch as launchOn, tensorsOf as placed } from '../e2e/launch.ts'
import { folder, root, serrate } from './program.ts'

const generated = join(root, 'generated')
const files = (dir: string) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(dir.length + 1)).sort()

describe('generated/', () => {
  const manifest = JSON.parse(readFileSync(join(generated, 'manifest.json'), 'utf8')) as { kernels: { file: string; tuned?: boolean; manifest: any }[]; winners: { file: string; device: string; definition: string; dtype: string; headDim: number }[] }
  const usual = manifest.kernels.filter((k) => !k.tuned).map((k) => k.manifest)

  it('holds every shipped kernel in every promised form', () => {
    const names = readdirSync(join(root, 'kernels')).filter((f) => f.endsWith('.ts') && f !== 'index.ts').map((f) => f.slice(0, -3))
    const form = (m: any) => `${m.target} ${m.dtype} d${m.headDim}${m.target === 'wgsl' && m.requires.subgroupLanes ? ' subgroups' : ''}`
    for (const name of names) {
      const { dims, wgsl, subgroups, cuda } = formsOf(name)
      const softmax = usual.find((m) => m.definition === name).normalizer !== 'pointwise'
      const promised = dims.flatMap((d) => [...wgsl.map((t) => `wgsl ${t} d${d}`), ...(softmax ? subgroups.map((t) => `wgsl ${t} d${d} subgroups`) : []), ...cuda.map((t) => `cuda ${t} d${d}`)])
      expect(usual.filter((m) => m.definition === name).map(form).sort(), name).toEqual(promised.sort())
    }
    expect(names.filter((n) => formsOf(n) === shippedForms.often).length).toBeGreaterThanOrEqual(8)
    expect(shippedForms.other.wgsl.length * shippedForms.other.cuda.length).toBeGreaterThan(0)
  })

  it('emits recorded winners beside the default', async () => {
    const winners = join(folder(), 'winners.json')
    const tuned = await serrate(['tune', 'causal', '--lengths', '9', '--heads', '1', '--dim', '8', '--limit', '1', '--fresh', '--winners', winners, '--json'])
    expect({ code: tuned.code, error: tuned.json?.error, stderr: tuned.stderr }).toEqual({ code: 0, error: undefined, stderr: '' })
    const made = filesFor(await resolveAll(['causal', 'full']), [{ target: 'wgsl', dtype: 'f32', dim: 64 }], winners)
    const { winners: found } = JSON.parse(String(made.find((f) => f.path === 'manifest.json')!.content))
    expect(found).toMatchObject([{ definition: 'causal', file: expect.stringMatching(/^wgsl\/causal\/causal_f32_d8\w*_[0-9a-f]{8}\.wgsl$/), ms: expect.any(Number), device: expect.any(String) }])
    expect(made.some((f) => f.path === found[0].file)).toBe(true)
  })

  it('holds the source of every recorded winner whose definition has not changed since', () => {
    const hashes = new Map(usual.map((m) => [m.definition, m.hashes.definition]))
    const { winners } = listWinners(join(generated, 'winners.json'))
    const current = winners.filter(({ key }) => hashes.get(key.definition.name) === key.definition.hash)
    expect(manifest.winners).toHaveLength(current.length)
    for (const { key } of current) {
      const found = manifest.winners.find((w) => w.device === key.device.name && w.definition === key.definition.name && w.dtype === key.dtype && w.headDim === key.headDim)
      expect(manifest.kernels.filter((k) => k.file === found?.file), `${key.definition.name} on ${key.device.name}`).toHaveLength(1)
    }
    expect(winners.filter((w) => !current.includes(w)).map((w) => `${w.key.definition.name} on ${w.key.device.name}`), 'node bench/prune.ts drops those of another text').toEqual([])
    for (const device of [/H100/, /SwiftShader/]) {
      const { length } = current.filter((w) => device.test(w.key.device.name))
      if (length === 0) console.log(`skipped: no winner of these definitions is recorded on ${device.source}; node bench/tune.ts records them`)
      else expect(length).toBeGreaterThanOrEqual(6)
    }
  })

  it('is at most 20 MB', () => {
    expect(files(generated).reduce((sum, f) => sum + statSync(join(generated, f)).size, 0)).toBeLessThanOrEqual(20 * 1024 * 1024)
  })

  it('comes out byte-equal, and only what changed is written', async () => {
    const out = join(folder(), 'generated')
    expect((await serrate(['generate', '--out', out, '--json'])).code).toBe(0)
    expect(files(out)).toEqual(files(generated).filter((f) => f !== 'winners.json'))
    for (const f of files(out)) expect(readFileSync(join(out, f)).equals(readFileSync(join(generated, f))), f).toBe(true)
    const stale = join(out, 'wgsl', 'causal', 'stale.wgsl')
    writeFileSync(stale, '')
    rmSync(join(out, 'causal.ts'))
    const check = await serrate(['generate', '--check', '--out', out, '--json'])
    expect(check).toMatchObject({ code: 1, json: { ok: false, error: { code: 'SR8050' } } })
    const again = await serrate(['generate', '--out', out, '--json'])
    expect(again.json).toMatchObject({ ok: true, written: ['causal.ts'], removed: ['wgsl/causal/stale.wgsl'] })
    expect((await serrate(['generate', '--check', '--out', out])).code).toBe(0)
  })
})

const DIM = 64
const HEADS = 2
const LENGTHS = [3, 0, 40, 17]
const caseOf = async (name: string): Promise<{ c: AttentionCase; out: ArrayLike<number> }> => {
  const { algorithm, definition } = await resolveDefinition(name)
  const c = drawCase(5, algorithm, { lengths: LENGTHS, heads: HEADS, headDim: DIM, dtype: 'f32' })
  return { c, out: expectedOf(definition, c).reference.out }
}
const largest = (got: ArrayLike<number>, want: ArrayLike<number>) => {
  let worst = 0
  for (let i = 0; i < want.length; i++) worst = Math.max(worst, Number.isFinite(got[i]!) ? Math.abs(got[i]! - want[i]!) : Infinity)
  return worst
}

describe('the WebGPU launchers', () => {
  let device: GPUDevice
  beforeAll(async () => {
    const { adapter } = await findAdapter('gpu', true, {})
    device = await adapter.requestDevice()
  })
  afterAll(() => device.destroy())

  const tensorsOf = (c: AttentionCase) => placed(device, c)
  const launch = async <C>(attention: Attention<C>, c: AttentionCase, captures: C): Promise<Float32Array> =>
    new Float32Array(await launchOn(device, attention, tensorsOf(c), captures)).subarray(0, c.inputs.q.length)
  const pick = <K extends Kernel>(kernels: readonly K[]): K => kernels.find((k) => k.dtype === 'f32' && k.headDim === DIM && k.subgroupLanes === 0)!
  const text = ({ file }: Kernel) => readFileSync(join(generated, file), 'utf8')

  it('computes causal', async () => {
    const { c, out } = await caseOf('causal')
    const kernel = pick(causalKernels)
    expect(largest(await launch(await createCausal(device, kernel, text(kernel)), c, {}), out)).toBeLessThan(1e-4)
  })

  it('picks the winner recorded on the adapter, or says why not', async () => {
    const { c, out } = await caseOf('causal')
    const open = (on: GPUDevice) => openCausal(on, { dtype: 'f32', headDim: DIM }, (file) => readFileSync(join(generated, file), 'utf8'))
    const plain = await open(device)
    expect(plain.picked.from).toBe('default')
    expect(plain.picked.reason).toMatch(/winner/)
    expect(largest(await launch(plain, c, {}), out)).toBeLessThan(1e-4)
    if (adapterName(device.adapterInfo) !== 'SwiftShader') return
    if (!causalWinners.some((w) => w.device === 'SwiftShader')) return console.log('skipped: no winner of causal is recorded on SwiftShader')
    const { adapter } = await findAdapter('software', true, {})
    const { maxComputeWorkgroupStorageSize } = adapter.limits
    const whole = await adapter.requestDevice({ requiredFeatures: ['subgroups'], requiredLimits: { maxComputeWorkgroupStorageSize } })
    const won = await open(whole)
    expect(won.picked).toMatchObject({ from: 'winner', reason: expect.stringMatching(/^recorded on SwiftShader: [\d.]+ ms/) })
    whole.destroy()
    expect(() => pickKernel(device, causalKernels, [], { dtype: 'f32', headDim: 63 })).toThrow('no kernel for f32, head dim 63')
    expect(pickKernel(device, causalKernels, [], { dtype: 'f32', headDim: DIM }).picked.reason).toContain('is recorded on')
    expect(() => pickKernel(device, causalKernels, [], { dtype: 'f16', headDim: DIM })).toThrow('shader-f16')
  })

  it('takes a table as an array or as a GPUBuffer', async () => {
    const { c, out } = await caseOf('relative_bias')
    const kernel = pick(relativeBiasKernels)
    const attention = await createRelativeBias(device, kernel, text(kernel))
    const bias = c.inputs.captures!.bias as Float32Array<ArrayBuffer>
    expect(largest(await launch(attention, c, { bias }), out)).toBeLessThan(1e-4)
    expect(largest(await launch(attention, c, { bias: buffer(device, bias) }), out)).toBeLessThan(1e-4)
  })

  it('takes scalars with defaults, per-sequence numbers and an smScale', async () => {
    const { c, out } = await caseOf('hstu')
    const kernel = pick(hstuKernels)
    const captures = c.inputs.captures as unknown as Parameters<Awaited<ReturnType<typeof createHstu>>['encode']>[2]
    const attention = await createHstu(device, kernel, text(kernel))
    expect(largest(await launch(attention, c, captures), out)).toBeLessThan(1e-2)
    const { alpha: _alpha, ...without } = captures
    expect(() => attention.encode(device.createCommandEncoder(), tensorsOf(c), without as typeof captures)).toThrow('the capture alpha is not given')
  })

  it('launches nothing for no rows, and refuses a feature that was not asked for', async () => {
    const { c } = await caseOf('causal')
    const kernel = pick(causalKernels)
    const attention = await createCausal(device, kernel, text(kernel))
    expect(() => attention.encode(device.createCommandEncoder(), { ...tensorsOf(c), rows: 0, kvRows: 0 }, {}).destroy()).not.toThrow()
    const half = causalKernels.find((k) => k.dtype === 'f16')!
    await expect(createCausal(device, half, text(half))).rejects.toThrow('shader-f16')
  })
})

describe('the CUDA launchers', () => {
  const missing = spawnSync('g++', ['--version']).status !== 0
  if (missing) console.log('skipped: CUDA launchers, because g++ is not on this machine')

  it.skipIf(missing)('compute hstu on the CPU', async () => {
    const { c, out } = await caseOf('hstu')
    const device = await openCudaCpu()
    try {
      const attention = await loadHstu(device, { dtype: 'f32', headDim: DIM })
      expect(attention.picked).toEqual({ from: 'default', reason: `no winner for f32, head dim 64, is recorded on ${device.info.name}` })
      const result = await attention.run(c.inputs as unknown as Parameters<typeof attention.run>[0])
      expect(largest(result.out, out)).toBeLessThan(1e-2)
      attention.dispose()
    } finally {
      await device.close()
    }
  })
})
