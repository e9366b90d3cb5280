import fc from 'fast-check'
import { compileKernel } from '../../codegen/compile.ts'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import type { Limits } from '../../codegen/schedule/types.ts'
import type { CompiledKernel, Device } from '../../runtime/device.ts'
import { lengthsArbitrary } from '../arbitraries.ts'
import { drawCase } from '../case.ts'
import { drawLayout } from '../layouts.ts'
import { verifyKernel } from '../kernel.ts'
import { reproLine } from '../repro.ts'
import { tilesProblem } from '../tiles.ts'
import { addMet, metBy } from './met.ts'
import { pathsOf } from './paths.ts'
import { progressLine } from './progress.ts'
import { drawSchedule } from './schedules.ts'
import { pickTemplate, type SourceOptions, sourceSpecs, type SourceSpec } from './sources.ts'
import { openVariant, type Variant } from './variants.ts'

export interface FuzzOptions extends Omit<SourceOptions, 'target' | 'limits'> {
  readonly device: Device
  readonly limits: Limits
  /** Cases (lengths, heads, inputs) per source. */
  readonly casesPerSource: number
  /** Σ of lengths stays below this, so that the reference is quick. */
  readonly maxTokens: number
  /** Where random variants are written for the front end, and kept when they fail. */
  readonly folder: string
  /** The first source to take, as `stopped` of an earlier part says; default 0. */
  readonly from?: number
  /** Stops starting new sources after this many milliseconds. */
  readonly budgetMs?: number
  /** The loop nest of every source that it can compute; default: the preferred one mostly. */
  readonly nest?: string
  readonly label: string
  /** The command of this run, for sources that fail before there is a case. */
  readonly again: string
}

export interface FuzzFailure { readonly source: string; readonly message: string; readonly repro: string }

export interface FuzzResult {
  readonly device: string
  readonly cases: number
  readonly failed: number
  /** Source hashes, and whether each is from random hooks. */
  readonly hashes: Readonly<Record<string, boolean>>
  readonly dims: readonly number[]
  readonly seconds: number
  readonly seed: number
  readonly failures: readonly FuzzFailure[]
  /** Sources compiled per loop nest and way of walking tiles: what was really taken. */
  readonly paths: Readonly<Record<string, number>>
  /** What the passed cases met, by name. */
  readonly met: Readonly<Record<string, number>>
  /** The source after which the device could not be used any more: the rest needs a new process. */
  readonly stopped?: number
  /** What is left of the budget, where there is one. */
  readonly secondsLeft?: number
}

interface Ready { readonly spec: SourceSpec; readonly variant: Variant; readonly kernel: KernelSource; readonly compiled: CompiledKernel }

const isHopper = (info: Device['info']): boolean => info.backend === 'cuda-cpu' || info.capability === '9.0'

const build = async (spec: SourceSpec, o: FuzzOptions, target: TargetName): Promise<Ready> => {
  const variant = await openVariant(spec.variant, o.folder)
  const { algorithm } = variant
  const template = pickTemplate(target, spec.dtype, spec.schedulePick, ({ name }) => name !== 'cuda_wgmma' || isHopper(o.device.info), o.nest)
  const dim = (n: number): number => (template.name === 'cuda_wgmma' ? Math.ceil(n / 8) * 8 : n)
  const problem = { dtype: spec.dtype, headDim: dim(spec.headDim), valueDim: dim(spec.valueDim), lse: spec.lse && algorithm.normalizer.kind !== 'pointwise' }
  const facts = factsOf(algorithm, problem)
  const schedule = spec.schedulePick < 0 ? template.defaults(problem, facts, o.limits) : drawSchedule(template, problem, facts, o.limits, spec.schedulePick, spec.path).schedule
  const kernel = compileKernel(algorithm, problem, { target, schedule, limits: o.limits, instrument: spec.instrument })
  return { spec, variant, kernel, compiled: await o.device.compile(kernel) }
}

const describe = (spec: SourceSpec): string => `${'shipped' in spec.variant ? spec.variant.shipped : `random ${spec.variant.random}`} ${spec.dtype} d${spec.headDim}${spec.valueDim === spec.headDim ? '' : `x${spec.valueDim}`} ${spec.path}`
const messageOf = (error: unknown): string => (error instanceof SerrateError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error))

/** After these a device takes no launch any more: a lost device, a failed CUDA context, a launch that does not end. */
const DEAD: ReadonlySet<string> = new Set(['SR4014', 'SR4021', 'SR4605'])
const isDead = (error: unknown): boolean => error instanceof SerrateError && DEAD.has(error.code)

/** Compilers that do not end have happened: the process is then given up. */
const COMPILE_SECONDS = 120
class Endless extends Error {}

const compiledInTime = async (building: Promise<Ready>, spec: SourceSpec): Promise<Ready> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Endless(`${describe(spec)} did not compile within ${COMPILE_SECONDS} s`)), COMPILE_SECONDS * 1000) })
  return Promise.race([building, late]).finally(() => clearTimeout(timer))
}

/** Compiles `count` sources and checks each on drawn lengths, heads and inputs; failures are shrunk to a small case with a repro line. Never throws for a failing kernel. */
export const fuzz = async (o: FuzzOptions): Promise<FuzzResult> => {
  const started = Date.now()
  const target = o.device.info.target
  const specs = sourceSpecs({ ...o, target })
  const progress = progressLine(o.label, specs.length)
  const failures: FuzzFailure[] = []
  const hashes = new Map<string, boolean>()
  const dims = new Set<number>()
  const paths: Record<string, number> = {}
  const met: Record<string, number> = {}
  let cases = 0
  let stopped: number | undefined

  const prepare = (i: number): Promise<Ready> | undefined => {
    const promise = i < specs.length ? build(specs[i]!, o, target) : undefined
    promise?.catch(() => {})
    return promise
  }
  const from = o.from ?? 0
  let next = prepare(from)
  for (const [i, spec] of specs.entries()) {
    if (i < from) continue
    if (o.budgetMs && Date.now() - started > o.budgetMs) break
    const current = next!
    next = prepare(i + 1)
    try {
      const ready = await compiledInTime(current, spec)
      const { manifest } = ready.kernel
      hashes.set(manifest.hashes.source, 'random' in spec.variant)
      dims.add(manifest.headDim)
      const path = `${manifest.schedule.template} ${manifest.tileMode} ${pathsOf(manifest.schedule).join('+')}${manifest.instrument ? ' counted' : ''}`
      paths[path] = (paths[path] ?? 0) + 1
      if (!(await check(ready, o, () => cases++, failures, met))) stopped = i
      else ready.compiled.dispose()
    } catch (error) {
      cases++
      failures.push({ source: describe(spec), message: messageOf(error), repro: `${o.again} --from ${i} --sources ${i + 1}` })
      if (isDead(error) || error instanceof Endless) stopped = i
    }
    progress(i + 1, `${cases} cases, ${failures.length} failed`)
    if (stopped !== undefined) break
  }
  return {
    device: o.device.info.name,
    cases,
    failed: failures.length,
    hashes: Object.fromEntries(hashes),
    dims: [...dims].sort((a, b) => a - b),
    seconds: (Date.now() - started) / 1000,
    seed: o.seed,
    failures,
    paths,
    met,
    ...(stopped !== undefined && { stopped }),
    ...(o.budgetMs && { secondsLeft: Math.max(0, (o.budgetMs - (Date.now() - started)) / 1000) }),
  }
}

/** False when the device did not survive it. */
const check = async (ready: Ready, o: FuzzOptions, count: () => void, failures: FuzzFailure[], met: Record<string, number>): Promise<boolean> => {
  const { kernel, compiled, variant, spec } = ready
  const { blockM, blockN, headDim, valueDim, dtype, pack, gqa } = kernel.manifest
  const heads = gqa ? fc.constantFrom(2, 3, 4, 6) : fc.constantFrom(1, 2, 3, 4)
  const shape = fc.record({ lengths: lengthsArbitrary({ blockM, blockN, maxTokens: o.maxTokens }), heads, seed: fc.nat() })
  const only = { ...(pack && { queries: 'self' as const }), grouped: gqa }
  let repro = ''
  let alive = true
  const outcome = await fc.check(
    fc.asyncProperty(shape, async ({ lengths, heads, seed }) => {
      if (!alive) return
      count()
      const drawn = drawCase(seed, variant.algorithm, { lengths, heads, headDim, dtype, valueDim, ...drawLayout(seed, variant.algorithm, { lengths, heads }, only) })
      const line = reproLine(variant.path, drawn, o.device.info, kernel.manifest)
      const result = await verifyKernel(o.device, compiled, kernel, variant.definition, drawn, { ref: variant.path }).catch((error: unknown) => {
        alive = !isDead(error)
        repro = line
        throw error
      })
      const miscounted = tilesProblem(variant.algorithm, kernel, drawn, result)
      if (!result.ok || miscounted) {
        repro = line
        throw new Error([...result.problems, ...(miscounted ? [miscounted] : [])].join('; '))
      }
      addMet(met, metBy(variant.algorithm, kernel, drawn, result))
    }),
    { numRuns: o.casesPerSource, seed: o.seed, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false, endOnFailure: false },
  )
  if (outcome.failed) failures.push({ source: describe(spec), message: `${JSON.stringify(outcome.counterexample?.[0])}: ${messageOf(outcome.errorInstance)}`, repro })
  return alive
}
