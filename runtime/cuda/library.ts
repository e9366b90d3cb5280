import koffi from 'koffi'

type Library = ReturnType<typeof koffi.load>
export type Native = (...args: readonly unknown[]) => any

/** Opens the first library of `candidates` that loads; `tried` says why each did not. */
export const openLibrary = (candidates: readonly string[]): { readonly path?: string; readonly library?: Library; readonly tried: readonly string[] } => {
  const tried: string[] = []
  for (const path of candidates) {
    try {
      return { path, library: koffi.load(path), tried }
    } catch (error) {
      tried.push(`${path} (${(error as Error).message.split('\n')[0]})`)
    }
  }
  return { tried }
}

/** C prototypes by the name they are called by. */
export const bindAll = <T extends Readonly<Record<string, string>>>(library: Library, prototypes: T): { readonly [K in keyof T]: Native } =>
  Object.freeze(Object.fromEntries(Object.entries(prototypes).map(([name, prototype]) => [name, library.func(prototype) as Native]))) as { readonly [K in keyof T]: Native }

/** Text of a zero-terminated buffer. */
export const textOf = (bytes: Buffer): string => {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}
