import { compileInteraction } from '../../codegen/compile-interaction.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import type { Interaction, InteractionProblem, InteractionSchedule, InteractionSource } from '../../codegen/ir/interaction/index.ts'
import { pruned } from '../../codegen/derive/prune.ts'
import { nestFor } from '../../codegen/lower/interaction/bind.ts'
import { refusedSums, takesI32 } from '../../codegen/lower/interaction/index.ts'
import type { Limits } from '../../codegen/schedule/types.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import { progressLine } from '../fuzz/progress.ts'
import type { FuzzResult } from '../fuzz/run.ts'
import { lengthSetNames } from '../lengths.ts'
import { type Rng, rngOf } from '../random/rng.ts'
import { drawInteractionCase } from './case.ts'
import { verifyInteraction } from './kernel.ts'
import { compileProgram, drawProgramCase, inputsOfProgram, verifyProgram } from './program.ts'
import { type InteractionFuzzSource, interactionSources, programSources } from './sources.ts'

export interface InteractionFuzzOptions {
  readonly device: Device
  readonly limits: Limits
  readonly dtypes: readonly Dtype[]
  readonly count: number
  readonly casesPerSource: number
  readonly seed: number
  readonly from?: number
  readonly only?: string
  readonly folder: string
  readonly budgetMs?: number
  /** Whole gradients and chains run after the sources. */
  readonly programs: number
  /** Sources compiled at once, where the device does that. */
  readonly group?: number
  readonly label: string
  readonly again: string
}

interface Ready { readonly at: number; readonly source: InteractionFuzzSource; readonly kernel: InteractionSource; readonly sizes: Readonly<Record<string, number>> }

const SIZES = [1, 2, 3, 5, 8, 13, 16, 17, 24, 32, 33, 64] as const
const MAX_PRODUCT = 2048

/** A size for each dense axis; their product stays small, so that the reference is quick. */
const drawSizes = (x: Interaction, rng: Rng): Readonly<Record<string, number>> => {
  let left = MAX_PRODUCT
  return Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => {
    const size = rng.pick(SIZES.filter((s) => s <= left))
    left = Math.max(1, Math.floor(left / size))
    return [a.name, size]
  }))
}

/** The default schedule, or any other that the device can run. */
const drawSchedule = (x: Interaction, target: 'wgsl' | 'cuda', problem: Parameters<typeof compileInteraction>[1], limits: Limits, rng: Rng): InteractionSchedule | undefined => {
  if (rng.chance(0.5)) return undefined
  const nest = nestFor(target, x)
  for (let tries = 0; tries < 20; tries++) {
    const values = Object.fromEntries(Object.entries(nest.space).map(([name, f]) => [name, rng.pick(f.values)]))
    if (!nest.infeasible(values, x, problem, limits)) return { template: nest.name, values }
  }
  return undefined
}

/** Without the sums that the device has no kernel for at these sizes. */
const fitted = (x: Interaction, problem: InteractionProblem, { device, limits }: InteractionFuzzOptions): Interaction => {
  const { sums: _sums, ...apart } = x
  return refusedSums(x, problem, device.info.target, limits) === undefined ? x : pruned(apart)
}

const build = (at: number, source: InteractionFuzzSource, o: InteractionFuzzOptions): Ready => {
  const rng = rngOf(o.seed, 'source', at)
  const sizes = drawSizes(source.interaction, rng)
  const dtype: InteractionProblem['dtype'] = takesI32(source.interaction) && rng.chance(0.2) ? 'i32' : rng.pick(o.dtypes)
  const problem = { dtype, sizes }
  const x = fitted(source.interaction, problem, o)
  const { target } = o.device.info
  const schedule = drawSchedule(x, target, problem, o.limits, rng)
  return { at, source: { ...source, interaction: x }, sizes, kernel: compileInteraction(x, problem, { target, limits: o.limits, ...(schedule && { schedule }) }) }
}

const messageOf = (error: unknown): string => (error instanceof SerrateError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error))

type Many = Device & { compileInteractions?(sources: readonly InteractionSource[]): Promise<readonly CompiledInteraction[]> }

/** Checks kernels of `count` sources on drawn sizes, lengths and inputs. Never throws for a failing kernel. */
export const fuzzInteractions = async (o: InteractionFuzzOptions): Promise<FuzzResult> => {
  const started = Date.now()
  const sourceAt = await interactionSources(o.seed, o.folder, o.only)
  const device: Many = o.device
  const progress = progressLine(o.label, o.count)
  const failures: { source: string; message: string; repro: string }[] = []
  const hashes = new Map<string, boolean>()
  const paths: Record<string, number> = {}
  const met: Record<string, number> = {}
  const meet = (name: string): void => { met[name] = (met[name] ?? 0) + 1 }
  let cases = 0
  const failed = (at: number, label: string, message: string): void => { failures.push({ source: `${at}: ${label}`, message, repro: `${o.again} --from ${at} --sources ${at + 1}` }) }

  const check = async ({ at, source, kernel, sizes }: Ready, compiled: CompiledInteraction): Promise<void> => {
    const rng = rngOf(o.seed, 'cases', at)
    for (let i = 0; i < o.casesPerSource; i++) {
      const seed = rng.int(0, 2 ** 30)
      const set = lengthSetNames[(at * o.casesPerSource + i) % lengthSetNames.length]!
      const sequences = set === 'none' ? 0 : rng.int(1, 7)
      cases++
      try {
        const drawn = drawInteractionCase(seed, source.interaction, { dtype: kernel.manifest.dtype, sizes, set, sequences, maxLength: rng.pick([3, 9, 17, 33, 40]) })
        const verdict = await verifyInteraction(device, compiled, kernel, drawn, source.definition)
        for (const [name, result] of Object.entries(verdict.checks)) if (result === 'pass') meet(name)
        if (!verdict.ok) { failed(at, source.label, `${kernel.manifest.kernel} case ${i} (${set}, seed ${seed}): ${verdict.problems.slice(0, 3).join('; ')}`); return }
        meet(`${source.gradient ? 'gradient' : 'forward'} ${kernel.manifest.class}`)
        if (source.interaction.sums) meet('sums beside the output')
      } catch (error) {
        failed(at, source.label, `${kernel.manifest.kernel} case ${i} (${set}, seed ${seed}): ${messageOf(error)}`)
        return
      }
    }
  }

  const group = device.compileInteractions ? (o.group ?? 8) : 1
  for (let from = o.from ?? 0; from < o.count; from += group) {
    if (o.budgetMs && Date.now() - started > o.budgetMs) break
    const ready: Ready[] = []
    for (let at = from; at < Math.min(o.count, from + group); at++) {
      let label = `source ${at}`
      try {
        const source = await sourceAt(at)
        label = source.label
        ready.push(build(at, source, o))
      } catch (error) { cases++; failed(at, label, messageOf(error)) }
    }
    let compiled: readonly (CompiledInteraction | undefined)[]
    try {
      compiled = device.compileInteractions ? await device.compileInteractions(ready.map((r) => r.kernel)) : await Promise.all(ready.map((r) => device.compileInteraction(r.kernel)))
    } catch {
      compiled = await Promise.all(ready.map((r) => device.compileInteraction(r.kernel).catch((error: unknown) => { cases++; failed(r.at, `${r.source.label} (compile)`, messageOf(error)); return undefined })))
    }
    for (const [i, r] of ready.entries()) {
      const c = compiled[i]
      if (!c) continue
      const { manifest } = r.kernel
      hashes.set(manifest.hashes.source, r.source.random)
      const path = `${manifest.schedule.template} ${manifest.dtype}`
      paths[path] = (paths[path] ?? 0) + 1
      await check(r, c)
      c.dispose()
    }
    progress(Math.min(o.count, from + group), `${cases} cases, ${failures.length} failed`)
  }
  for (const { label, gradient, program } of o.from === undefined && o.only === undefined ? await programSources(o.seed, o.programs) : []) {
    if (o.budgetMs && Date.now() - started > o.budgetMs) break
    const rng = rngOf(o.seed, 'program', label)
    try {
      const x = inputsOfProgram(program)
      const sizes = drawSizes(x, rng)
      const dtype = rng.pick(o.dtypes)
      const made = await compileProgram(device, program, dtype, sizes, o.limits)
      for (let i = 0; i < 4; i++) {
        const seed = rng.int(0, 2 ** 30)
        cases++
        const problems = await verifyProgram(device, made, drawProgramCase(seed, program, { dtype, sizes, sequences: rng.int(1, 5), maxLength: rng.pick([3, 9, 17]) }), gradient)
        if (problems.length) { failures.push({ source: label, message: `${dtype} ${JSON.stringify(sizes)} seed ${seed}: ${problems.slice(0, 3).join('; ')}`, repro: o.again }); break }
        meet(gradient ? 'whole gradient' : 'chain')
      }
      for (const { compiled } of Object.values(made.kernels)) compiled.dispose()
    } catch (error) { cases++; failures.push({ source: label, message: messageOf(error), repro: o.again }) }
  }
  return { device: o.device.info.name, cases, failed: failures.length, hashes: Object.fromEntries(hashes), dims: [], seconds: (Date.now() - started) / 1000, seed: o.seed, failures, paths, met }
}
