import { statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const dslRoot = join(packageRoot, 'dsl') + sep
/** What an author's `import ... from 'serrate'` means. */
export const dslIndex = join(packageRoot, 'dsl', 'index.ts')

export const isDsl = (path: string): boolean => path.startsWith(dslRoot)

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
const endings: readonly ((path: string) => string)[] = [
  (p) => p, (p) => p.replace(/\.js$/, '.ts'), (p) => p.replace(/\.mjs$/, '.mts'), (p) => `${p}.ts`, (p) => join(p, 'index.ts'),
]

/** The file that a specifier names, or undefined for a package whose source is not followed. */
export const resolveSpecifier = (specifier: string, from: string): string | undefined => {
  if (specifier === 'serrate') return dslIndex
  if (!/^(\.|\/|file:)/.test(specifier)) return undefined
  const base = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(dirname(from), specifier)
  return endings.map((ending) => ending(base)).find(isFile)
}
