/** A device function with its comment and template line: one line, a declaration, or lines up to a brace in the first column. */
const FUNCTION = /^(?:\/\*\* [^\n]* \*\/\n)?(?:template <[^\n]*>\n)?__device__ __forceinline__ [^\n(]*?\b(\w+)(?:<\w+>)?\([^\n]*(?:;|\{[^\n]*\}|\{\n(?:[^}\n][^\n]*\n|\n)*\})\n/gm

const words = (text: string): readonly string[] => text.match(/\w+/g) ?? []

/** CUDA source without the device functions that nothing calls. Overloads stay together. */
export const withoutUnused = (text: string): string => {
  const functions = [...text.matchAll(FUNCTION)].map((m) => ({ text: m[0], name: m[1]! }))
  const bodies = new Map<string, string[]>()
  for (const f of functions) bodies.set(f.name, [...(bodies.get(f.name) ?? []), ...words(f.text)])
  const used = new Set<string>()
  const use = (names: readonly string[]): void => {
    for (const name of names) if (bodies.has(name) && !used.has(name)) { used.add(name); use(bodies.get(name)!) }
  }
  use(words(text.replace(FUNCTION, '')))
  return text.replace(FUNCTION, (all, name: string) => (used.has(name) ? all : '')).replace(/\n{3,}/g, '\n\n')
}
