import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { hash } from '../codegen/ir/hash.ts'
import { printSchedule, type Schedule } from '../codegen/ir/schedule.ts'
import { readJson, writeText } from './files.ts'
import { firstIssue, type Measurement, measurementSchema } from './records.ts'

const journalSchema = z.strictObject({ format: z.literal(1), problem: z.unknown(), measurements: z.array(measurementSchema) })

/** Measurements of one search as they are made: a search that was stopped goes on from here. */
export interface Journal {
  readonly path: string
  readonly measurements: readonly Measurement[]
  /** The measurement of this schedule, if it was made on this very source. */
  find(schedule: Schedule, source: string): Measurement | undefined
  add(measurement: Measurement): Promise<void>
}

const read = (path: string, problem: string): readonly Measurement[] => {
  const json = readJson(path, 'SR7003')
  if (json === undefined) return []
  const parsed = journalSchema.safeParse(json)
  if (!parsed.success) return fail('SR7003', { path, reason: firstIssue(parsed.error) })
  if (hash(parsed.data.problem) !== problem) fail('SR7003', { path, reason: 'it was written for another problem' })
  return parsed.data.measurements
}

/** The journal of a problem in a folder; `problem` is everything that the measurements depend on, its hash the file name. `fresh` forgets an earlier one. */
export const openJournal = (folder: string, problem: unknown, fresh = false): Journal => {
  const plain = JSON.parse(JSON.stringify(problem)) as unknown
  const name = hash(plain)
  const path = join(folder, `${name}.json`)
  if (fresh) rmSync(path, { force: true })
  const made = new Map(read(path, name).map((m) => [printSchedule(m.schedule), m]))
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
