import { z } from 'zod'
import { type Diagnostic, diagnostic, fail } from '../codegen/ir/diagnostics/index.ts'
import { hash } from '../codegen/ir/hash.ts'
import { readJson, writeText } from './files.ts'
import { firstIssue, keySchema, type TuningKey, type Winner, winnerSchema } from './records.ts'

const fileSchema = z.object({ format: z.literal(1), winners: z.record(z.string(), z.unknown()) })

/** The name of an entry: a hash of the whole key. */
export const keyHash = (key: TuningKey): string => hash(keySchema.parse(key))

export interface Lookup {
  readonly winner?: Winner
  /** SR7002 for each entry that had to be passed over. */
  readonly warnings: readonly Diagnostic[]
}

/** Entries as they stand in the file, unread. Throws SR7001 where the file is not a winners file. */
const readEntries = (path: string): Readonly<Record<string, unknown>> => {
  const json = readJson(path, 'SR7001')
  if (json === undefined) return {}
  const parsed = fileSchema.safeParse(json)
  return parsed.success ? parsed.data.winners : fail('SR7001', { path, reason: `it is not a winners file of format 1 (${firstIssue(parsed.error)})` })
}

const readEntry = (path: string, name: string, entry: unknown): Lookup => {
  const miss = (reason: string): Lookup => ({ warnings: [diagnostic('SR7002', { path, entry: name, reason })] })
  const parsed = winnerSchema.safeParse(entry)
  if (!parsed.success) return miss(`it cannot be read (${firstIssue(parsed.error)})`)
  if (keyHash(parsed.data.key) !== name) return miss('its key does not hash to its name, so it was made for another problem')
  if (parsed.data.schedule.template !== parsed.data.key.template) return miss(`its schedule is of ${parsed.data.schedule.template}, its key of ${parsed.data.key.template}`)
  return { winner: parsed.data, warnings: [] }
}

/** The winner recorded for exactly this key. No file or no entry is a plain miss; an unreadable or mismatched entry is a miss with a warning. */
export const lookupWinner = (path: string, key: TuningKey): Lookup => {
  const name = keyHash(key)
  const entry = readEntries(path)[name]
  return entry === undefined ? { warnings: [] } : readEntry(path, name, entry)
}

/** Every readable winner of a file. */
export const listWinners = (path: string): { readonly winners: readonly Winner[]; readonly warnings: readonly Diagnostic[] } => {
  const looked = Object.entries(readEntries(path)).map(([name, entry]) => readEntry(path, name, entry))
  return { winners: looked.flatMap((l) => (l.winner ? [l.winner] : [])), warnings: looked.flatMap((l) => l.warnings) }
}

/** Indented JSON, each measurement and list of numbers on one line. */
const printWinners = (winners: Readonly<Record<string, unknown>>): string => {
  const short = (value: unknown): unknown => (Array.isArray(value) ? value.map((v) => `\u0000${JSON.stringify(v)}`) : value)
  const text = JSON.stringify({ format: 1, winners }, (key, value) => (key === 'measurements' || key === 'features' ? short(value) : value), 1)
  return text.replace(/"\\u0000((?:[^"\\]|\\.)*)"/g, (_, inner: string) => JSON.parse(`"${inner}"`) as string)
}

const writeEntries = (path: string, winners: Readonly<Record<string, unknown>>): Promise<void> =>
  writeText(path, `${printWinners(Object.fromEntries(Object.entries(winners).sort(([a], [b]) => (a < b ? -1 : 1))))}\n`)

/** Adds or replaces one entry, all others kept as they are. Throws SR7001 rather than overwrite what cannot be read. */
export const saveWinner = async (path: string, winner: Winner): Promise<void> => writeEntries(path, { ...readEntries(path), [keyHash(winner.key)]: winnerSchema.parse(winner) })

/** Keeps the entries that `keep` is true for; gives those dropped. Entries that cannot be read stay. */
export const dropWinners = async (path: string, keep: (winner: Winner) => boolean): Promise<readonly Winner[]> => {
  const entries = Object.entries(readEntries(path)).map(([name, entry]) => ({ name, entry, winner: readEntry(path, name, entry).winner }))
  const dropped = entries.flatMap(({ winner }) => (winner && !keep(winner) ? [winner] : []))
  if (dropped.length) await writeEntries(path, Object.fromEntries(entries.filter(({ winner }) => !winner || keep(winner)).map(({ name, entry }) => [name, entry])))
  return dropped
}
