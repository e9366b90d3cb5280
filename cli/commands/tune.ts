import { resolve } from 'node:path'
import { defaultProblem } from '../../codegen/compile.ts'
import { formatDiagnostic } from '../../codegen/ir/diagnostics/index.ts'
import { printSchedule } from '../../codegen/ir/schedule.ts'
import { printSpace } from '../../codegen/schedule/space.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import { movieLensLengths, progressLine, tune, type TuneResult, type TuneStore } from '../../tune/index.ts'
import { deviceSummary, withDevice } from '../devices.ts'
import { attentionDtype, checkOptions, isAttention, plainLengths } from '../families.ts'
import type { Handler } from '../handlers.ts'
import { display, inProject } from '../paths.ts'
import { resolveAny } from '../resolve.ts'
import { commands, type OptionsOf } from '../table.ts'
import type { Context, Outcome } from '../types.ts'
import { usualWinners } from '../winners.ts'
import { figure, milliseconds } from '../text.ts'

const counts = (r: TuneResult): Readonly<Record<string, number>> =>
  r.measurements.reduce<Record<string, number>>((all, m) => ({ ...all, [m.status]: (all[m.status] ?? 0) + 1 }), {})

const speedupOf = ({ best, default: usual }: TuneResult): number | null => (best?.ms && usual?.ms ? usual.ms / best.ms : null)

const summary = (name: string, device: string, r: TuneResult): string => {
  const speedup = speedupOf(r)
  return [
    `${name} on ${device}: ${printSpace(r.space)}`,
    `  ${r.measurements.length} tried${r.remembered ? ` (${r.remembered} remembered)` : ''}, ended: ${r.end}; ${Object.entries(counts(r)).map(([status, n]) => `${status} ${n}`).join(', ')}`,
    ...(r.default ? [`  default ${r.default.ms ? milliseconds(r.default.ms) : r.default.status}: ${printSchedule(r.default.schedule)}`] : []),
    ...(r.best ? [`  best    ${milliseconds(r.best.ms!)}: ${printSchedule(r.best.schedule)}${speedup ? ` (${figure(speedup)} x the default)` : ''}`] : []),
    ...r.diagnostics.map(formatDiagnostic),
  ].join('\n')
}

export const run: Handler<'tune'> = async ([ref], options, context) => {
  const loaded = await resolveAny(ref!)
  checkOptions(commands.tune, loaded, context.given)
  const store = { winners: options.winners ? resolve(options.winners) : usualWinners(), journal: inProject('.serrate', 'journal') }
  return isAttention(loaded) ? tuneAttention(loaded, options, store, context) : (await import('../interaction/tune.ts')).tuneInteractionCommand(loaded, options, store, context)
}

const tuneAttention = async (loaded: LoadedDefinition, { target, lengths: given, heads, dim, dtype: said, budget, seed, limit, fresh }: OptionsOf<'tune'>, store: TuneStore, context: Context): Promise<Outcome> => {
  const { definition, algorithm } = loaded
  const dtype = attentionDtype(said)
  const lengths = given === undefined ? movieLensLengths() : plainLengths(loaded, given)
  const stop = new AbortController()
  process.once('SIGINT', () => { context.note('stopping after this candidate; the same command continues'); stop.abort() })
  return withDevice(target, async (device) => {
    const r = await tune({
      definition, algorithm, problem: defaultProblem(algorithm, dtype, dim), device, lengths, heads, seed, budgetMs: budget, store, fresh, signal: stop.signal,
      ...(limit !== undefined && { limit }), onProgress: (p) => context.progress(progressLine(p)),
    })
    const errors = r.diagnostics.filter((d) => d.severity === 'error')
    const json = {
      name: algorithm.name, target, device: deviceSummary(device.info), lengths: { sequences: lengths.length, tokens: lengths.reduce((a, b) => a + b, 0) }, heads, headDim: dim, dtype, seed,
      ended: r.end, space: r.space, candidates: r.measurements, remembered: r.remembered,
      winner: r.winner ? { schedule: r.winner.schedule, ms: r.winner.ms } : null, default: r.default ? { schedule: r.default.schedule, ms: r.default.ms ?? null } : null, speedup: speedupOf(r),
      winners: display(store.winners), diagnostics: r.diagnostics, ...(errors.length && { error: errors[0] }),
    }
    return { ok: errors.length === 0, json, text: `${summary(algorithm.name, device.info.name, r)}${r.winner ? `\n  recorded in ${display(store.winners)}` : ''}` }
  })
}
