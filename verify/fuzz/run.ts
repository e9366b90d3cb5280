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
import { tilesProblem } from './tiles.ts'
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
  /** Stops starting new sources after this many milliseconds. */
  readonly budgetMs?: number
  readonly label: string
}

export interface FuzzFailure { readonly source: string; readonly message: string; readonly repro: string }

export interface FuzzResult {
  readonly device: string
  readonly cases: number
  readonly failed: number
  readonly sources: number
  readonly randomSources: number
  readonly dims: readonly number[]
  readonly seconds: number
  readonly seed: number
  readonly failures: readonly FuzzFailure[]
  /** Sources compiled per template schedule path: what was really taken. */
  readonly paths: Readonly<Record<string, number>>
}

interface Ready { readonly spec: SourceSpec; readonly variant: Variant; readonly kernel: KernelSource; readonly compiled: CompiledKernel }

const build = async (spec: SourceSpec, o: FuzzOptions, target: TargetName): Promise<Ready> => {
  const variant = await openVariant(spec.variant, o.folder)
  const { algorithm } = variant
  const problem = { dtype: spec.dtype, headDim: spec.headDim, lse: spec.lse && algorithm.normalizer.kind !== 'pointwise' }
  const template = pickTemplate(target, spec.dtype)
  const facts = factsOf(algorithm, problem)
  const schedule = spec.schedulePick < 0 ? template.defaults(problem, o.limits) : drawSchedule(template, problem, facts, o.limits, spec.schedulePick).schedule
  const kernel = compileKernel(algorithm, problem, { target, schedule, limits: o.limits, instrument: spec.instrument })
  return { spec, variant, kernel, compiled: await o.device.compile(kernel) }
}

const describe = (spec: SourceSpec): string => `${'shipped' in spec.variant ? spec.variant.shipped : `random ${spec.variant.random}`} ${spec.dtype} d${spec.headDim}`
const messageOf = (error: unknown): string => (error instanceof SerrateError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error))

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
  let cases = 0

  const prepare = (i: number): Promise<Ready> | undefined => {
    const promise = i < specs.length ? build(specs[i]!, o, target) : undefined
    promise?.catch(() => {})
    return promise
  }
  let next = prepare(0)
  for (const [i, spec] of specs.entries()) {
    if (o.budgetMs && Date.now() - started > o.budgetMs) break
    const current = next!
    next = prepare(i + 1)
    try {
      const ready = await current
      const { manifest } = ready.kernel
      hashes.set(manifest.hashes.source, 'random' in spec.variant)
      dims.add(manifest.headDim)
      const path = `${manifest.schedule.template} ${manifest.tileMode}${manifest.instrument ? ' counted' : ''}`
      paths[path] = (paths[path] ?? 0) + 1
      await check(ready, o, () => cases++, failures)
      ready.compiled.dispose()
    } catch (error) {
      cases++
      failures.push({ source: describe(spec), message: messageOf(error), repro: `source ${i} of seed ${o.seed}` })
    }
    progress(i + 1, `${cases} cases, ${failures.length} failed`)
  }
  return {
    device: o.device.info.name,
    cases,
    failed: failures.length,
    sources: hashes.size,
    randomSources: [...hashes.values()].filter(Boolean).length,
    dims: [...dims].sort((a, b) => a - b),
    seconds: (Date.now() - started) / 1000,
    seed: o.seed,
    failures,
    paths,
  }
}

const check = async (ready: Ready, o: FuzzOptions, count: () => void, failures: FuzzFailure[]): Promise<void> => {
  const { kernel, compiled, variant, spec } = ready
  const { blockM, blockN, headDim, valueDim, dtype } = kernel.manifest
  const shape = fc.record({ lengths: lengthsArbitrary({ blockM, blockN, maxTokens: o.maxTokens }), heads: fc.integer({ min: 1, max: 3 }), seed: fc.nat() })
  let repro = ''
  const outcome = await fc.check(
    fc.asyncProperty(shape, async ({ lengths, heads, seed }) => {
      count()
      const drawn = drawCase(seed, variant.algorithm, { lengths, heads, headDim, dtype, valueDim, ...drawLayout(seed, variant.algorithm, { lengths, heads }, kernel.manifest.pack) })
      const result = await verifyKernel(o.device, compiled, kernel, variant.definition, drawn, { ref: variant.path })
      const miscounted = tilesProblem(variant, kernel, drawn, result)
      if (!result.ok || miscounted) {
        repro = result.repro
        throw new Error([...result.problems, ...(miscounted ? [miscounted] : [])].join('; '))
      }
    }),
    { numRuns: o.casesPerSource, seed: o.seed, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false, endOnFailure: false },
  )
  if (outcome.failed) failures.push({ source: describe(spec), message: `${JSON.stringify(outcome.counterexample?.[0])}: ${messageOf(outcome.errorInstance)}`, repro })
}
