import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Row { readonly name: string; readonly hook: string; readonly code: string; readonly third: string }

const page = readFileSync(join(import.meta.dirname, '../../docs/syntax.md'), 'utf8')

/** What every example of the page may use. */
export const preamble = /```ts\n([\s\S]*?)```/.exec(page)![1]!

const unquote = (cell: string): string => cell.trim().replace(/^`` ?| ?``$/g, '').replace(/^`|`$/g, '').replaceAll('\\|', '|')

/** Rows of the tables whose second column is a hook of that name. */
const tables = (): readonly Row[] => {
  const rows: Row[] = []
  let hook = ''
  for (const line of page.split('\n')) {
    if (!line.startsWith('|')) { hook = ''; continue }
    const cells = line.slice(1, -1).split(/(?<!\\)\|/)
    if (/^ (scoreMod|maskMod) $/.test(cells[1]!)) { hook = `${cells[0]!.trim() === 'code' ? 'refused ' : ''}${cells[1]!.trim()}`; continue }
    if (hook && !/^-+$/.test(cells[0]!)) rows.push({ name: cells[0]!.trim(), hook, code: unquote(cells[1]!), third: cells[2]!.trim() })
  }
  return rows
}
const rows = tables()
export const supported = rows.filter((r) => !r.hook.startsWith('refused'))
export const refused = rows.filter((r) => r.hook.startsWith('refused'))

export const hookText = (r: Row): string => (r.hook.endsWith('maskMod') ? r.code : `(score, b, h, q, kv, seq) => ${r.code}`)
