import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { generatedFiles, type GeneratedDefinition } from '../../codegen/emit/generate.ts'
import { interactionLaunchers, type LaunchedInteraction } from '../../codegen/emit/launcher-interaction.ts'
import { templateFiles } from '../../codegen/emit/render.ts'
import { type LoadedDefinition, loadFile } from '../../codegen/frontend/index.ts'
import type { InteractionManifest } from '../../codegen/ir/interaction/index.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { templates } from '../../codegen/schedule/templates/index.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { shapeOf, walk } from './walk.ts'

const contexts = vi.hoisted(() => new Map<string, object[]>())
vi.mock('../../codegen/emit/render.ts', async (original) => {
  const real = await original<typeof import('../../codegen/emit/render.ts')>()
  return { ...real, render: (folder: string, name: string, context: object, open?: readonly string[]) => {
    const key = `${folder}/${name}`
    contexts.set(key, [...(contexts.get(key) ?? []), context])
    return real.render(folder, name, context, open)
  } }
})

const here = (path: string): string => join(import.meta.dirname, '../..', path)
const offered = { ...targetLimits.wgsl, features: ['shader-f16', 'subgroups'], subgroupSize: 32 }

const kernelsOf = ({ algorithm }: LoadedDefinition) => Object.values(templates).flatMap((template) => template.dtypes.flatMap((dtype) =>
  [64, 20].flatMap((dim) => [false, true].flatMap((instrument) => [targetLimits[template.target], ...(template.target === 'wgsl' ? [offered] : [])].flatMap((limits) => {
    const problem = defaultProblem(algorithm, dtype, dim)
    const facts = factsOf(algorithm, problem)
    const usual = template.defaults(problem, facts, limits)
    const others = dim === 64 ? [{ split: 4 }, { pack: 1 }, { pack: 1, ownTiles: 1, pingPong: 0, groups: 2, blockN: 80, numStages: 2 }, { order: 1 }, { gqa: 1 }, { gqa: 1, split: 2 }].filter((o) => Object.keys(o).every((field) => field in template.space)) : []
    const schedules = [{}, ...others].map((o) => ({ ...usual, values: { ...usual.values, ...o } })).filter((s) => template.infeasible(s, problem, facts, limits) === null && factsOf(algorithm, problem, s).buffers <= limits.storageBuffers)
    return schedules.map((schedule) => compileKernel(algorithm, problem, { target: template.target, limits, instrument, schedule }))
  })))))

beforeAll(async () => {
  const files = ['kernels/index.ts', 'test/emit/everything.ts']
  const definitions = (await Promise.all(files.map((f) => loadFile(here(f))))).flatMap((f) => { expect(f.diagnostics).toEqual([]); return f.definitions })
  const { kernels } = JSON.parse(readFileSync(here('generated/interactions.json'), 'utf8')) as { kernels: { file: string; of: string; writes?: string; manifest: InteractionManifest }[] }
  const forward = Map.groupBy(kernels.filter((k) => k.writes === undefined), (k) => k.of)
  interactionLaunchers([...forward].map(([name, own]): LaunchedInteraction => ({ name, hash: '', place: '', kernels: own.map((k) => ({ ...k, tuned: false })), winners: own.map(({ file, manifest: { target, dtype } }) => ({ device: 'a device', target, dtype, file, ms: 1, defaultMs: null })) })))
  generatedFiles(definitions.map((d): GeneratedDefinition => ({ name: d.algorithm.name, hash: '', place: '', layout: d.algorithm.layout, captures: d.algorithm.captures, kernels: kernelsOf(d), recorded: kernelsOf(d).slice(0, 2).map((source) => ({ source, device: 'a device', ms: 1, defaultMs: 2 })) })))
})

const entries = [...Object.values(templates).map((t) => `${t.target}/${t.name}`), 'bindings/launcher', 'bindings/cuda', 'bindings/webgpu', 'bindings/webgpu_captures', 'bindings/webgpu_tensors', 'bindings/cuda_host', 'bindings/header', 'bindings/interaction', 'bindings/interaction_cuda', 'bindings/webgpu_interaction', 'bindings/cuda_interaction']
const split = (entry: string): [string, string] => entry.split('/') as [string, string]
/** Loop nests of one target share partials: a branch may name what only another of them has, behind a flag. */
const rootOf = (entry: string) => shapeOf([...contexts].filter(([key]) => key === entry || (!entry.startsWith('bindings/') && split(key)[0] === split(entry)[0])).flatMap(([, c]) => c))

describe('names in templates', () => {
  it('covers every entry', () => expect([...contexts.keys()].sort()).toEqual([...entries].sort()))

  it.each(entries)('%s uses only what its context can hold, in every branch', (entry) => {
    const [folder, name] = split(entry)
    expect(walk(folder, name, rootOf(entry)).problems).toEqual([])
  })

  it.each([
    ['{{#if flags.nowhere}}x{{/if}}', 'flags.nowhere'], ['{{#if flags.softmax}}{{#unless instrument}}{{#if lse}}{{sizes.nowhere}}{{/if}}{{/unless}}{{/if}}', 'sizes.nowhere'],
    ['{{#each captures}}{{nam}}{{/each}}', 'nam'], ['{{#each captures}}{{../word.element}}{{/each}}', '../word.element'], ['{{#each lists}}{{/each}}', 'lists'], ['{{#if (eq flags.a 1)}}{{/if}}', 'flags.a'],
    ['{{#if functions.score_mode}}{{/if}}', 'functions.score_mode'], ['{{> nothing}}', 'partial nothing'], ['{{> function fn=functions.mask_mud}}', 'functions.mask_mud'],
  ])('finds a misspelt name: %s', (text, found) => {
    for (const entry of ['wgsl/wgsl_fma', 'cuda/cuda_mma']) {
      const [folder, name] = split(entry)
      const { problems } = walk(folder, name, rootOf(entry), (file, whole) => (file === name ? `${whole}\n${text}` : whole))
      expect(problems.some((p) => p.endsWith(` ${found}`)), problems.join('\n')).toBe(true)
    }
  })

  it.each(['wgsl', 'cuda'])('%s: every size, flag and word of a plan is used by some template', (target) => {
    const unused = new Set<string>()
    const used = new Set(entries.filter((e) => e.startsWith(target)).flatMap((e) => [...walk(target, split(e)[1], rootOf(e)).used]))
    const root = rootOf(entries.find((e) => e.startsWith(target))!)
    const looked = new Set([...contexts].flatMap(([, all]) => all.flatMap((c: any) => [...(c.buffers ?? []).map((b: any) => b.name), ...(c.params ?? []).map((p: any) => p.type), ...(c.seqFields ?? []).map((s: any) => s.type), ...(c.captures ?? []).map((x: any) => x.name)])))
    const patterns = [...used].filter((u) => u.includes('*')).map((u) => new RegExp(`^${u.replaceAll('.', '\\.').replaceAll('*', '(\\w+)')}$`))
    const lookedUp = (path: string): boolean => patterns.some((p) => p.exec(path)?.slice(1).every((name) => looked.has(name)))
    for (const group of ['sizes', 'flags', 'words']) for (const key of root.fields.get(group)!.fields.keys()) if (!used.has(`${group}.${key}`) && !lookedUp(`${group}.${key}`)) unused.add(`${group}.${key}`)
    const plans = [...contexts].flatMap(([key, all]) => (key.startsWith(target) ? (all as { flags: Record<string, boolean> }[]) : []))
    /** A helper of the other target: no flag of it may ever be set here. */
    const foreign = (path: string): boolean => path.startsWith('flags.uses_') && plans.every((p) => !p.flags[path.slice(6)])
    const inManifest = ['sizes.shared_bytes', 'sizes.builder_threads']
    expect([...unused].filter((path) => !inManifest.includes(path) && !foreign(path))).toEqual([])
  })

  it.each(['wgsl', 'cuda', 'bindings'])('%s: every template file is used', (folder) => {
    const reached = new Set<string>()
    const files = templateFiles(folder).map((f) => basename(f, '.hbs'))
    const tops = [...entries.filter((e) => e.startsWith(folder)).map((e) => split(e)[1]), ...files.filter((f) => f.startsWith(`${folder}_`))]
    for (const top of tops) walk(folder, top, shapeOf([])).files.forEach((f) => reached.add(f))
    expect(files.filter((f) => !reached.has(f))).toEqual([])
  })
})
