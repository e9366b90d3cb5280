import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LoadedDefinition, LoadedFile } from '../codegen/frontend/index.ts'
import { fail, SerrateError } from '../codegen/ir/diagnostics/index.ts'
import { display } from './paths.ts'
import { shippedFile, shippedNames } from './shipped.ts'
import { suggestion } from './suggest.ts'
import { existingFile, shown } from './values.ts'

export interface Reference {
  readonly path: string
  readonly exportName?: string
}

/** `NAME|FILE[#export]` → a file that exists. Throws SR8010 for an unknown name, SR8014 for a missing file. */
export const parseReference = (text: string): Reference => {
  const at = text.lastIndexOf('#')
  const [file, exportName] = at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [text, undefined]
  const named = { ...(exportName !== undefined && { exportName }) }
  if (shippedNames.includes(file)) return { path: shippedFile(file), ...named }
  if (existsSync(file) && statSync(file).isFile()) return { path: resolve(file), ...named }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) fail('SR8015', { file: shown(file), why: 'it is a folder', fix: 'Name one file in it.' })
  if (/[/\\]|\.\w+$/.test(file)) existingFile(file)
  return fail('SR8010', { value: shown(file), suggestion: suggestion(file, shippedNames) })
}

const isNamed = (exportName: string | undefined) => (d: LoadedDefinition): boolean => exportName !== undefined && (d.exportName === exportName || (d.aliases?.includes(exportName) ?? false))

const pick = (loaded: LoadedFile, file: string, exportName: string | undefined): LoadedDefinition => {
  const { definitions } = loaded
  const known = definitions.map((d) => d.exportName)
  if (exportName !== undefined) return definitions.find(isNamed(exportName)) ?? fail('SR8016', { file, value: shown(exportName), suggestion: suggestion(exportName, known), known: known.join(', ') || 'none' })
  if (definitions.length > 1) return fail('SR8017', { file, count: definitions.length, known: known.map((k) => `${file}#${k}`).join(', ') })
  return definitions[0]!
}

const errorsOf = (loaded: LoadedFile) => loaded.diagnostics.filter((d) => d.severity === 'error')

/** The front end brings TypeScript with it: loaded once a file is known to be there. */
const load = async (path: string): Promise<LoadedFile> => (await import('../codegen/frontend/index.ts')).loadFile(path)

/** One definition, ready to compile. Throws the front end's diagnostics where the definition asked for did not load. */
export const resolveDefinition = async (text: string): Promise<LoadedDefinition> => {
  const { path, exportName } = parseReference(text)
  const loaded = await load(path)
  const errors = errorsOf(loaded)
  const found = loaded.definitions.some(isNamed(exportName))
  if (errors.length && !found) throw new SerrateError(errors)
  return pick(loaded, display(path), exportName)
}

/** Every definition that the references name; a file without #export gives all of its own. Throws on the first file with errors. */
export const resolveAll = async (texts: readonly string[]): Promise<readonly LoadedDefinition[]> => {
  const all = new Map<string, { readonly path: string; readonly definition: LoadedDefinition }>()
  for (const text of texts) {
    const { path, exportName } = parseReference(text)
    const loaded = await load(path)
    const errors = errorsOf(loaded)
    if (errors.length) throw new SerrateError(errors)
    const chosen = exportName === undefined && loaded.definitions.length ? loaded.definitions : [pick(loaded, display(path), exportName)]
    for (const definition of chosen) {
      const { name, span } = definition.algorithm
      const known = all.get(name)
      if (known && (known.path !== path || known.definition.exportName !== definition.exportName)) fail('SR1006', { name }, span)
      all.set(name, { path, definition })
    }
  }
  return [...all.values()].map((d) => d.definition)
}
