import { SerrateError } from '../codegen/ir/diagnostics/index.ts'
import type { AnySchedule } from '../codegen/ir/schedule.ts'
import { measure, type MeasureOptions } from './measure.ts'
import type { Measured, Measurement } from './records.ts'
import type { AnyWorkbench } from './workbench.ts'

type Stage = NonNullable<Measurement['stage']>

/** A thrown value in one line. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof SerrateError) return `${error.code}: ${error.diagnostics[0]!.message}`
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}

/** Emits, loads, checks and times one schedule; whatever goes wrong becomes a record with its stage and reason. Only an abort is thrown. */
export const tryCandidate = async <S extends AnySchedule>(bench: AnyWorkbench<S>, schedule: S, source: string, options: MeasureOptions): Promise<Measured<S>> => {
  let stage: Stage = 'compile'
  let compiled: { dispose(): void } | undefined
  let error: Measurement['error']
  const base = { schedule, source }
  try {
    const kernel = bench.emit(schedule)
    stage = 'load'
    compiled = await bench.load(kernel)
    stage = 'check'
    const { ok, max, allowed, reason } = await bench.check(kernel, compiled)
    error = { max, allowed }
    if (!ok) return { ...base, status: 'wrong', times: [], stage, error, reason: reason ?? `error ${max} where ${allowed} is allowed` }
    options.signal?.throwIfAborted()
    stage = 'time'
    const { status, ms, times } = await measure(bench.timer(kernel, compiled), options)
    return { ...base, status, ms, times: [...times], error }
  } catch (thrown) {
    options.signal?.throwIfAborted()
    return { ...base, status: 'failed', times: [], stage, ...(error && { error }), reason: reasonOf(thrown) }
  } finally {
    compiled?.dispose()
  }
}
