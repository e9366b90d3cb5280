import { resolve } from 'node:path'
import { loadFile, type LoadedDefinition } from '../../codegen/frontend/index.ts'

const cache = new Map<string, Promise<LoadedDefinition>>()

/** A shipped definition, read by the front end. */
export const shipped = (name: string): Promise<LoadedDefinition> => {
  const known = cache.get(name) ?? loadFile(resolve(import.meta.dirname, '../../kernels', `${name}.ts`)).then((f) => f.definitions.find((d) => d.exportName === name)!)
  cache.set(name, known)
  return known
}
