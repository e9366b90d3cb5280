import { resolve } from 'node:path'
import { type Diagnostic, formatDiagnostic } from '../../codegen/ir/diagnostics/index.ts'
import { printSchedule } from '../../codegen/ir/schedule.ts'
import { writeReport } from '../../report/index.ts'
import type { Device } from '../../runtime/device.ts'
import { deviceSummary, withDevice } from '../devices.ts'
import type { Handler } from '../handlers.ts'
import { display, inProject } from '../paths.ts'
import { compileShipped } from '../start/compile.ts'
import { reportData } from '../start/report.ts'
import { tuneOn } from '../start/tune.ts'
import type { TargetRun, Tuned } from '../start/types.ts'
import { verifyAll, verifyTarget } from '../start/verify.ts'
import { columns, figure, milliseconds, plural } from '../text.ts'

const TUNED = 'sliding_window'

const verifyLines = (r: TargetRun): readonly string[] => {
  if (r.skipped) return [`skipped   ${r.target}: ${r.skipped}`]
  const good = r.verified.filter((v) => v.result.ok).length
  const rows = r.verified.map((v) => [
    `  ${v.result.ok ? 'ok' : 'MISMATCH'}`, v.name, v.kernel.manifest.dtype, `d${v.kernel.manifest.headDim}`,
    `error ${figure(v.result.errors.out.max)} of ${figure(v.result.errors.out.allowed)}`, v.result.ok ? '' : v.result.problems[0]!,
  ])
  return [`verified  ${good} of ${r.verified.length + r.failed.length} on ${r.device!.name} in ${r.seconds.toFixed(1)} s`, ...(rows.length ? [columns(rows)] : []), ...r.failed.map((f) => `  FAILED ${f.name}: ${f.reason}`)]
}

const tuneLines = (t: Tuned): readonly string[] => {
  const { default: usual, best, measurements, space, diagnostics } = t.result
  const speedup = usual?.ms && best?.ms ? ` (${figure(usual.ms / best.ms)} x the default)` : ''
  return [
    `tuned     ${t.algorithm.name} over ${t.sample}: ${measurements.length} of ${plural(space.feasible, 'feasible schedule')} tried`,
    ...(usual?.ms ? [`  default ${milliseconds(usual.ms)}: ${printSchedule(usual.schedule)}`] : []),
    ...(best?.ms ? [`  best    ${milliseconds(best.ms)}: ${printSchedule(best.schedule)}${speedup}`] : []),
    ...diagnostics.map(formatDiagnostic),
  ]
}

/** Prints a step as soon as it is done: on stdout for people, on stderr beside a JSON document. */
const say = (json: boolean, note: (line: string) => void, lines: readonly string[]): void => {
  note('')
  if (json) note(lines.join('\n'))
  else process.stdout.write(`${lines.join('\n')}\n`)
}

export const run: Handler<'start'> = async (_args, { budget, report }, context) => {
  const started = performance.now()
  const tell = (lines: readonly string[]): void => say(context.json, (line) => (line ? context.note(line) : context.progress('')), lines)
  const compiled = await compileShipped()
  const count = compiled.sources.reduce((n, s) => n + s.kernels.length, 0)
  tell([`compiled  ${plural(count, 'kernel')} of ${plural(compiled.loaded.length, 'definition')} to WGSL and CUDA in ${milliseconds(compiled.ms)}`])

  const chosen = compiled.loaded.find((d) => d.algorithm.name === TUNED)!
  const adapter = await withDevice('wgsl', async (device: Device) => {
    const wgsl = await verifyAll('wgsl', device, compiled.loaded, context)
    tell(verifyLines(wgsl))
    const tuned = await tuneOn(device, chosen, budget, context)
    tell(tuneLines(tuned))
    return { info: device.info, wgsl, tuned }
  })
  const others: TargetRun[] = []
  for (const target of ['cuda-cpu', 'cuda'] as const) {
    const r = await verifyTarget(target, compiled.loaded, context)
    tell(verifyLines(r))
    others.push(r)
  }

  const runs = [adapter.wgsl, ...others]
  const verified = runs.flatMap((r) => r.verified)
  const failed = runs.flatMap((r) => r.failed)
  const good = verified.filter((v) => v.result.ok).length
  const total = verified.length + failed.length
  const errors: readonly Diagnostic[] = adapter.tuned.result.diagnostics.filter((d) => d.severity === 'error')
  const { best, default: usual } = adapter.tuned.result
  const ok = good === total && errors.length === 0
  const figures = [
    { label: 'definitions compiled', value: String(compiled.loaded.length) },
    { label: 'compiling all', value: milliseconds(compiled.ms) },
    { label: 'kernels verified', value: `${good} of ${total}` },
    ...(best?.ms && usual?.ms ? [{ label: `${TUNED}, tuned`, value: `${figure(usual.ms / best.ms)} x the default` }] : []),
  ]
  const file = report === 'report.html' ? inProject(report) : resolve(report)
  const summary = `All of kernels/ compiled, verified against the definitions run in f64, and ${TUNED} tuned on ${adapter.info.name} over ${adapter.tuned.sample}.`
  await writeReport(reportData(adapter.info, compiled, runs, adapter.tuned, figures, summary), file)
  const seconds = (performance.now() - started) / 1000
  return {
    ok,
    json: {
      report: display(file), seconds, device: deviceSummary(adapter.info), compiled: { definitions: compiled.loaded.length, kernels: count, ms: compiled.ms },
      verified: verified.map((v) => ({ name: v.name, target: v.target, dtype: v.kernel.manifest.dtype, headDim: v.kernel.manifest.headDim, ok: v.result.ok, error: v.result.errors.out.max, allowed: v.result.errors.out.allowed })),
      failed, skipped: runs.flatMap((r) => (r.skipped ? [{ target: r.target, reason: r.skipped }] : [])),
      tuned: { name: TUNED, sample: adapter.tuned.sample, heads: adapter.tuned.heads, headDim: adapter.tuned.headDim, tried: adapter.tuned.result.measurements.length, defaultMs: usual?.ms ?? null, bestMs: best?.ms ?? null },
      diagnostics: errors,
    },
    text: `${ok ? 'done' : 'FAILED'}      ${good} of ${total} verified, ${display(file)} written, ${seconds.toFixed(0)} s`,
  }
}
