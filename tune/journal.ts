import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { hash } from '../codegen/ir/hash.ts'
import { type AnySchedule, printSchedule, type Schedule } from '../codegen/ir/schedule.ts'
import { readJson, writeText } from './files.ts'
import { firstIssue, type Measured, measurementSchema } from './records.ts'

const journalSchema = <M extends z.ZodType>(measurement: M) => z.strictObject({ format: z.literal(1), problem: z.unknown(), measurements: z.array(measurement) })

/** Measurements of one search as they are made: a search that was stopped goes on from here. */
export interface Journal<S extends AnySchedule = Schedule> {
  readonly path: string
  readonly measurements: readonly Measured<S>[]
  /** The measurement of this schedule, if it was made on this very source. */
  find(schedule: S, source: string): Measured<S> | undefined
  add(measurement: Measured<S>): Promise<void>
}

const read = <S>(path: string, problem: string, schema: z.ZodType<Measured<S>>): readonly Measured<S>[] => {
  const json = readJson(path, 'SR7003')
  if (json === undefined) return []
  const parsed = journalSchema(schema).safeParse(json)
  if (!parsed.success) return fail('SR7003', { path, reason: firstIssue(parsed.error) })
  if (hash(parsed.data.problem) !== problem) fail('SR7003', { path, reason: 'it was written for another problem' })
  return parsed.data.measurements
}

/** The journal of a problem in a folder; `problem` is everything that the measurements depend on, its hash the file name. `fresh` forgets an earlier one. */
export function openJournal(folder: string, problem: unknown, fresh?: boolean): Journal
export function openJournal<S extends AnySchedule>(folder: string, problem: unknown, fresh: boolean, schema: z.ZodType<Measured<S>>): Journal<S>
export function openJournal(folder: string, problem: unknown, fresh = false, schema: z.ZodType<Measured<AnySchedule>> = measurementSchema): Journal<any> {
  const plain = JSON.parse(JSON.stringify(problem)) as unknown
  const name = hash(plain)
  const path = join(folder, `${name}.json`)
  if (fresh) rmSync(path, { force: true })
  const made = new Map(read(path, name, schema).map((m) => [printSchedule(m.schedule), m]))
  return {
    path,
    get measurements() { return [...made.values()] },
    find(schedule, source) {
      const known = made.get(printSchedule(schedule))
      return known?.source === source ? known : undefined
    },
    async add(measurement) {
      made.set(printSchedule(measurement.schedule), measurement)
      await writeText(path, `${JSON.stringify({ format: 1, problem: plain, measurements: [...made.values()] }, null, 1)}\n`)
    },
  }
}
