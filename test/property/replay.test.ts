import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { parse } from '../../cli/parse.ts'
import { resolveDefinition } from '../../cli/resolve.ts'
import type { OptionsOf } from '../../cli/table.ts'
import { verifyOn } from '../../cli/verify.ts'
import type { Device } from '../../runtime/device.ts'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { limitsOf } from '../../tune/limits.ts'
import { drawSchedule } from '../../verify/fuzz/schedules.ts'
import { pickTemplate } from '../../verify/fuzz/sources.ts'
import { drawCase, randomDefinition, verifyKernel } from '../../verify/index.ts'
import { type Mutation, mutateKernel, mutationSets } from '../../verify/mutations.ts'
import { folder, root, serrate } from '../cli/program.ts'
import { noCompiler } from '../cuda-cpu/harness.ts'

/** The words of a printed line: variables before the command, and the command's arguments. */
const words = (line: string): { readonly env: Record<string, string>; readonly args: readonly string[] } => {
  const all = [...line.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2]!)
  const at = all.indexOf('npx')
  expect(all.slice(at, at + 3)).toEqual(['npx', 'serrate', 'verify'])
  return { env: Object.fromEntries(all.slice(0, at).map((w) => w.split('=', 2) as [string, string])), args: all.slice(at + 2) }
}

/** A device whose every kernel is broken the same way. */
const broken = (device: Device, mutation: Mutation): Device => ({ ...device, compile: (kernel: KernelSource) => device.compile(mutateKernel(kernel, mutation)) })

const replays = async (device: Device, { ref, lengths, lse, seed }: { readonly ref: string; readonly lengths: readonly number[]; readonly lse: boolean; readonly seed: number }) => {
  const loaded = await resolveDefinition(ref)
  const { algorithm } = loaded
  const { target } = device.info
  const problem = { ...defaultProblem(algorithm, 'f32', 8), lse }
  const limits = limitsOf(device.info)
  const usual = defaultSchedule(target, algorithm, problem, limits)
  const { schedule } = drawSchedule(pickTemplate(target, 'f32'), problem, factsOf(algorithm, problem), limits, 7)
  expect(schedule.values).not.toEqual(usual.values)
  const mutation = mutationSets.find((s) => s.template === schedule.template)!.mutations.find((m) => m.name === 'offset of the next sequence')!
  const kernel = compileKernel(algorithm, problem, { target, schedule, limits })
  const drawn = drawCase(seed, algorithm, { lengths, heads: 2, headDim: 8, dtype: 'f32' })
  const check = async (on: Device) => verifyKernel(on, await on.compile(kernel), kernel, loaded.definition, drawn, { ref })
  const [sound, wrong] = [await check(device), await check(broken(device, mutation))]
  expect([sound.ok, wrong.ok]).toEqual([true, false])
  const { env, args } = words(wrong.repro)
  const { options } = parse(args)! as unknown as { options: OptionsOf<'verify'> }
  const wanted = { target, dtype: options.dtype as 'f32', dim: options.dim, lse: !options.withoutLse, ...(options.schedule && { schedule: options.schedule }) }
  const again = await verifyOn(broken(device, mutation), await resolveDefinition(args[1]!), wanted, { lengths: options.lengths as readonly number[], heads: options.heads, seed: options.seed, ref: args[1]!, counted: false })
  expect(again.result).toEqual(wrong)
  const { code, json } = await serrate([...args, '--json'], { env: { ...process.env, ...env } })
  expect(code).toBe(0)
  expect(json.hashes).toEqual(kernel.manifest.hashes)
  expect(json.errors).toEqual(JSON.parse(JSON.stringify(sound.errors)))
}

let device: Device
beforeAll(async () => { device = await openWebGpu() })
afterAll(() => device.close())

test('the line of a failing shipped kernel runs the same case on the same kernel', () =>
  replays(device, { ref: 'alibi', lengths: [9, 0, 40], lse: false, seed: 12 }))

test('and of a definition of random hooks, by its file', async () => {
  const { name, source } = randomDefinition(4)
  const file = join(folder(), `${name}.ts`)
  writeFileSync(file, source)
  const { algorithm } = (await loadFile(file)).definitions[0]!
  await replays(device, { ref: relative(root, file), lengths: [33, 5], lse: algorithm.normalizer.kind === 'softmax', seed: 3 })
})

test('a batch of no sequences has a line of its own', async () => {
  const { definition, algorithm } = await resolveDefinition('causal')
  const kernel = compileKernel(algorithm, defaultProblem(algorithm, 'f32', 8), { target: 'wgsl' })
  const { repro } = await verifyKernel(device, await device.compile(kernel), kernel, definition, drawCase(1, algorithm, { lengths: [], heads: 1, headDim: 8, dtype: 'f32' }))
  expect((await serrate([...words(repro).args, '--json'])).json).toMatchObject({ ok: true, lengths: [] })
})

test.skipIf(noCompiler)('on the CPU the order of the threads is part of the line', async () => {
  const cpu = await openCudaCpu({ policy: 'warp-skewed', seed: 9 })
  expect(cpu.info.environment).toEqual({ SERRATE_CUDA_CPU_ORDER: 'warp-skewed:9' })
  await replays(cpu, { ref: 'causal', lengths: [20, 3], lse: true, seed: 2 })
  await cpu.close()
}, 180_000)
