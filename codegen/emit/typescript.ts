/** snake_case as camelCase. */
export const camel = (name: string): string => name.replace(/_+([a-zA-Z0-9])/g, (_, c: string) => c.toUpperCase())
export const pascal = (name: string): string => camel(name).replace(/^[a-z]/, (c) => c.toUpperCase())

/** A value as TypeScript source. */
export const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (value && typeof value === 'object') {
    const fields = Object.entries(value).map(([k, v]) => `${/^[A-Za-z_]\w*$/.test(k) ? k : `'${k}'`}: ${literal(v)}`)
    return fields.length ? `{ ${fields.join(', ')} }` : '{}'
  }
  return typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : String(value)
}
export const fields = (value: object): string => literal(value).slice(2, -2)

/** Fields that every kernel shares are written once. */
export const shared = (kernels: readonly Readonly<Record<string, unknown>>[]): { common: object; own: readonly object[] } => {
  const same = new Set(Object.keys(kernels[0]!).filter((key) => key !== 'file' && kernels.every((k) => literal(k[key]) === literal(kernels[0]![key]))))
  const keep = (k: object, inside: boolean) => Object.fromEntries(Object.entries(k).filter(([key]) => same.has(key) === inside))
  return { common: keep(kernels[0]!, true), own: kernels.map((k) => keep(k, false)) }
}

export const union = (values: Iterable<string | number>): string => [...new Set(values)].map(literal).join(' | ')

/** Fields of an object, one a line. */
export const block = (value: object): string => { const own = Object.entries(value); return own.length ? `{\n${own.map(([k, v]) => `  ${k}: ${literal(v)},`).join('\n')}\n}` : '{}' }
