import { relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The clone, with a trailing separator. */
export const projectRoot = fileURLToPath(new URL('../', import.meta.url))
export const kernelsFolder = resolve(projectRoot, 'kernels')
export const inProject = (...parts: readonly string[]): string => resolve(projectRoot, ...parts)

/** A path as messages and documents show it: relative where that is shorter and does not climb out. */
export const display = (path: string, from: string = process.cwd()): string => {
  const short = relative(from, path)
  return short === '' ? '.' : short.startsWith('..') ? path : short.split(sep).join('/')
}
