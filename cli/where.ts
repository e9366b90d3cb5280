import type { Algorithm } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { AttentionLayout, QueryLayout } from '../codegen/ir/layout.ts'
import type { CaseShape } from '../verify/index.ts'
import type { queryLayouts } from './options.ts'

export type QueriesOption = (typeof queryLayouts)[number]

/** Options that say where queries and keys lie. */
export interface WhereOptions {
  readonly layout?: QueriesOption | undefined
  readonly align?: AttentionLayout['align'] | undefined
  readonly sharedKeys: boolean
  readonly kvLengths?: readonly number[] | undefined
  readonly queryRows?: number | undefined
  readonly kvHeads?: number | undefined
}

/** The command line says cross where the code says jagged. */
export const queriesOf = (option: QueriesOption): QueryLayout => (option === 'cross' ? 'jagged' : option)
export const nameOf = (queries: QueryLayout): QueriesOption => (queries === 'jagged' ? 'cross' : queries)

const given = <T extends object>(fields: T): Partial<T> => Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)) as Partial<T>

const noPlace = (option: string, queries: QueryLayout, layouts: string): never => fail('SR8025', { option, queries: nameOf(queries), fix: `Leave it out, or add --layout ${layouts}` })

/** Checks the options against each other and the definition's own layout. Throws SR8025, SR8026 and SR5038. */
export const whereOf = ({ layout: own }: Pick<Algorithm, 'layout'>, { lengths, heads }: { readonly lengths: readonly number[]; readonly heads: number }, o: WhereOptions): Partial<CaseShape> => {
  const { kvLengths, queryRows, kvHeads } = o
  const layout = given({ queries: o.layout && queriesOf(o.layout), align: o.align, sharedKeys: o.sharedKeys || undefined }) as Partial<AttentionLayout>
  const queries = layout.queries ?? own.queries
  const shared = o.sharedKeys || own.sharedKeys
  if (kvLengths && queries === 'self') noPlace('--kv-lengths', queries, 'cross, dense or broadcast')
  if (queryRows !== undefined && (queries === 'self' || queries === 'jagged')) noPlace('--query-rows', queries, 'dense or broadcast')
  if (kvLengths && !shared && kvLengths.length !== lengths.length) fail('SR8026', { got: kvLengths.length, sequences: lengths.length, fix: 'Give one for each of --lengths (left out, its default is as many sequences), or add --shared-keys' })
  if (kvLengths && shared && kvLengths.length === 0 && lengths.length > 0) fail('SR8026', { got: 0, sequences: lengths.length, fix: 'Give at least one: every sequence reads the keys of one of them' })
  if (kvHeads !== undefined && heads % kvHeads !== 0) fail('SR5038', { heads, kvHeads })
  return { ...(Object.keys(layout).length > 0 && { layout }), ...given({ kvLengths, queryRows, kvHeads }) } as Partial<CaseShape>
}
