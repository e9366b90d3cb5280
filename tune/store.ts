import { z } from 'zod'
import { type Diagnostic, diagnostic, fail } from '../codegen/ir/diagnostics/index.ts'
import { hash } from '../codegen/ir/hash.ts'
import { readJson, writeText } from './files.ts'
import { firstIssue } from './records.ts'

const fileSchema = z.object({ format: z.literal(1), winners: z.record(z.string(), z.unknown()) })

/** What entries of every family have. */
export interface AnyWinner {
  readonly key: { readonly template: string }
  readonly schedule: { readonly template: string }
}

export interface LookupOf<W> {
  readonly winner?: W
  /** SR7002 for each entry that had to be passed over. */
  readonly warnings: readonly Diagnostic[]
}

/** The entries of one family of kernels in a winners file; those of other families stay as they are. */
export interface WinnerStore<W extends AnyWinner> {
  /** The name of an entry: a hash of the whole key. */
  keyHash(key: W['key']): string
  /** The winner recorded for exactly this key. No file or no entry is a plain miss; an unreadable or mismatched entry is a miss with a warning. */
  lookup(path: string, key: W['key']): LookupOf<W>
  /** Every readable winner of a file. */
  list(path: string): { readonly winners: readonly W[]; readonly warnings: readonly Diagnostic[] }
  /** Adds or replaces one entry, all others kept as they are. Throws SR7001 rather than overwrite what cannot be read. */
  save(path: string, winner: W): Promise<void>
  /** Keeps the entries that `keep` is true for; gives those dropped. Entries that cannot be read stay. */
  drop(path: string, keep: (winner: W) => boolean): Promise<readonly W[]>
}

/** Entries as they stand in the file, unread. Throws SR7001 where the file is not a winners file. */
const readEntries = (path: string): Readonly<Record<string, unknown>> => {
  const json = readJson(path, 'SR7001')
  if (json === undefined) return {}
  const parsed = fileSchema.safeParse(json)
  return parsed.success ? parsed.data.winners : fail('SR7001', { path, reason: `it is not a winners file of format 1 (${firstIssue(parsed.error)})` })
}

/** Indented JSON, each measurement and list of numbers on one line. */
const printWinners = (winners: Readonly<Record<string, unknown>>): string => {
  const short = (value: unknown): unknown => (Array.isArray(value) ? value.map((v) => `\u0000${JSON.stringify(v)}`) : value)
  const text = JSON.stringify({ format: 1, winners }, (key, value) => (key === 'measurements' || key === 'features' ? short(value) : value), 1)
  return text.replace(/"\\u0000((?:[^"\\]|\\.)*)"/g, (_, inner: string) => JSON.parse(`"${inner}"`) as string)
}

const writeEntries = (path: string, winners: Readonly<Record<string, unknown>>): Promise<void> =>
  writeText(path, `${printWinners(Object.fromEntries(Object.entries(winners).sort(([a], [b]) => (a < b ? -1 : 1))))}\n`)

const familyOf = (entry: unknown): unknown => (entry as { key?: { family?: unknown } } | null)?.key?.family

/** `family`: what the keys of these entries call it; undefined where they do not. */
export const winnerStore = <W extends AnyWinner>(family: string | undefined, schema: z.ZodType<W>, keySchema: z.ZodType<W['key']>): WinnerStore<W> => {
  const keyHash = (key: W['key']): string => hash(keySchema.parse(key))
  const readEntry = (path: string, name: string, entry: unknown): LookupOf<W> => {
    const miss = (reason: string): LookupOf<W> => ({ warnings: [diagnostic('SR7002', { path, entry: name, reason })] })
    const parsed = schema.safeParse(entry)
    if (!parsed.success) return miss(`it cannot be read (${firstIssue(parsed.error)})`)
    if (keyHash(parsed.data.key) !== name) return miss('its key does not hash to its name, so it was made for another problem')
    if (parsed.data.schedule.template !== parsed.data.key.template) return miss(`its schedule is of ${parsed.data.schedule.template}, its key of ${parsed.data.key.template}`)
    return { winner: parsed.data, warnings: [] }
  }
  const own = (path: string): readonly (readonly [name: string, entry: unknown])[] => Object.entries(readEntries(path)).filter(([, entry]) => familyOf(entry) === family)
  return Object.freeze({
    keyHash,
    lookup(path, key) {
      const name = keyHash(key)
      const entry = readEntries(path)[name]
      return entry === undefined ? { warnings: [] } : readEntry(path, name, entry)
    },
    list(path) {
      const looked = own(path).map(([name, entry]) => readEntry(path, name, entry))
      return { winners: looked.flatMap((l) => (l.winner ? [l.winner] : [])), warnings: looked.flatMap((l) => l.warnings) }
    },
    async save(path, winner) {
      await writeEntries(path, { ...readEntries(path), [keyHash(winner.key)]: schema.parse(winner) })
    },
    async drop(path, keep) {
      const all = readEntries(path)
      const dropped = own(path).flatMap(([name, entry]) => { const { winner } = readEntry(path, name, entry); return winner && !keep(winner) ? [{ name, winner }] : [] })
      const names = new Set(dropped.map((d) => d.name))
      if (dropped.length) await writeEntries(path, Object.fromEntries(Object.entries(all).filter(([name]) => !names.has(name))))
      return dropped.map((d) => d.winner)
    },
  } satisfies WinnerStore<W>)
}
