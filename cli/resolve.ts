import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LoadedChain, LoadedDefinition, LoadedFile, LoadedInteraction } from '../codegen/frontend/index.ts'
import { fail, SerrateError } from '../codegen/ir/diagnostics/index.ts'
import { definitionName, isAttention, isChain, isInteraction, type Loaded, placeOf } from './families.ts'
import { display } from './paths.ts'
import { shippedChains, shippedFile, shippedInteractions, shippedNames } from './shipped.ts'
import { suggestion } from './suggest.ts'
import { existingFile, shown } from './values.ts'

export interface Reference {
  readonly path: string
  readonly exportName?: string
}

const known = [...shippedNames, ...shippedInteractions, ...shippedChains]

/** `NAME|FILE[#export]` → a file that exists. Throws SR8010 for an unknown name, SR8014 for a missing file. */
export const parseReference = (text: string): Reference => {
  const at = text.lastIndexOf('#')
  const [file, exportName] = at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [text, undefined]
  const named = { ...(exportName !== undefined && { exportName }) }
  if (known.includes(file)) return { path: shippedFile(file), ...named }
  if (existsSync(file) && statSync(file).isFile()) return { path: resolve(file), ...named }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) fail('SR8015', { file: shown(file), why: 'it is a folder', fix: 'Name one file in it.' })
  if (/[/\\]|\.\w+$/.test(file)) existingFile(file)
  return fail('SR8010', { value: shown(file), suggestion: suggestion(file, known) })
}

const isNamed = (exportName: string | undefined) => (d: Loaded): boolean => exportName !== undefined && (d.exportName === exportName || (d.aliases?.includes(exportName) ?? false))

const all = ({ definitions, interactions, chains }: LoadedFile): readonly Loaded[] => [...definitions, ...interactions, ...chains]

const pick = (loaded: LoadedFile, file: string, exportName: string | undefined): Loaded => {
  const definitions = all(loaded)
  const exported = definitions.map((d) => d.exportName)
  if (exportName !== undefined) return definitions.find(isNamed(exportName)) ?? fail('SR8016', { file, value: shown(exportName), suggestion: suggestion(exportName, exported), known: exported.join(', ') || 'none' })
  if (definitions.length > 1) return fail('SR8017', { file, count: definitions.length, known: exported.map((k) => `${file}#${k}`).join(', ') })
  return definitions[0]!
}

const errorsOf = (loaded: LoadedFile) => loaded.diagnostics.filter((d) => d.severity === 'error')

/** The front end brings TypeScript with it: loaded once a file is known to be there. */
const load = async (path: string): Promise<LoadedFile> => (await import('../codegen/frontend/index.ts')).loadFile(path)

/** One definition, ready to compile. Throws the front end's diagnostics where the definition asked for did not load. */
export const resolveAny = async (text: string): Promise<Loaded> => {
  const { path, exportName } = parseReference(text)
  const loaded = await load(path)
  const errors = errorsOf(loaded)
  const found = all(loaded).some(isNamed(exportName))
  if (errors.length && !found) throw new SerrateError(errors)
  return pick(loaded, display(path), exportName)
}

/** One attention definition, of a reference that is one. */
export const resolveDefinition = async (text: string): Promise<LoadedDefinition> => {
  const found = await resolveAny(text)
  if (!isAttention(found)) throw new Error(`${text} is no attention definition`)
  return found
}

/** Every definition that the references name; a file without #export gives all of its own. Throws on the first file with errors. */
export const resolveEach = async (texts: readonly string[]): Promise<readonly Loaded[]> => {
  const chosen = new Map<string, { readonly path: string; readonly definition: Loaded }>()
  for (const text of texts) {
    const { path, exportName } = parseReference(text)
    const loaded = await load(path)
    const errors = errorsOf(loaded)
    if (errors.length) throw new SerrateError(errors)
    for (const definition of exportName === undefined && all(loaded).length ? all(loaded) : [pick(loaded, display(path), exportName)]) {
      const name = definitionName(definition)
      const other = chosen.get(name)
      if (other && (other.path !== path || other.definition.exportName !== definition.exportName)) fail('SR1006', { name }, placeOf(definition))
      chosen.set(name, { path, definition })
    }
  }
  return [...chosen.values()].map((d) => d.definition)
}

/** Attention definitions among the references. */
export const resolveAll = async (texts: readonly string[]): Promise<readonly LoadedDefinition[]> => (await resolveEach(texts)).filter(isAttention)

/** Chains among the references. */
export const resolveChains = async (texts: readonly string[]): Promise<readonly LoadedChain[]> => (await resolveEach(texts)).filter(isChain)

/** Interactions among the references. */
export const resolveInteractions = async (texts: readonly string[]): Promise<readonly LoadedInteraction[]> => (await resolveEach(texts)).filter(isInteraction)
