import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'

export interface NotSource { readonly why: string; readonly fix: string }

const FIX = 'Give a .ts, .mts, .js or .mjs file that exports a definition: `export const mine = defineAttention({ name: \'mine\' })`.'

const endings: readonly (readonly [RegExp, (name: string) => NotSource])[] = [
  [/\.d\.([^.]+\.)?[cm]?ts$/, (name) => ({ why: 'a declaration file holds types and no values', fix: `Give the source that it describes, for example ${name.replace(/\.d\.([^.]+\.)?/, '.')}.` })],
  [/\.[cm]?[tj]sx$/, (name) => ({ why: `Node cannot import ${extname(name)}`, fix: `Rename it to ${name.replace(/x$/, '')}; a definition needs no JSX.` })],
  [/\.c[tj]s$/, (name) => ({ why: 'it is a CommonJS module', fix: `Rename it to ${name.replace(/c([tj]s)$/, 'm$1')} and use import and export.` })],
  [/(?<!\.m?[tj]s)$/, (name) => ({ why: extname(name) ? `its name ends in ${extname(name)}` : 'its name has no ending', fix: FIX })],
]

/** Why a file that can be read holds no definitions by its name or bytes, or undefined. Throws what `fs` throws. */
export const notSource = (path: string): NotSource | undefined => {
  const name = basename(path)
  const bytes = readFileSync(path)
  const ending = endings.find(([pattern]) => pattern.test(name))
  return ending ? ending[1](name) : bytes.includes(0) ? { why: 'it holds bytes that are no text', fix: FIX } : undefined
}
