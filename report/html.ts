/** Text that is already HTML. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Html | readonly Part[] | false | undefined | null

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => escapes[c]!)

const part = (value: Part): string => {
  if (value === false || value === undefined || value === null) return ''
  if (value instanceof Html) return value.text
  return Array.isArray(value) ? value.map(part).join('') : escapeHtml(String(value))
}

/** A template whose values are escaped, unless they are themselves made by it. */
export const html = (strings: TemplateStringsArray, ...values: readonly Part[]): Html => new Html(strings.reduce((text, s, i) => text + part(values[i - 1]) + s))

export const raw = (text: string): Html => new Html(text)
