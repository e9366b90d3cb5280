/** Rows of cells as aligned plain text, two spaces apart. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((r) => r[i]!.length)))
  return rows.map((r) => r.map((cell, i) => cell.padEnd(widths[i]!)).join('  ').trimEnd()).join('\n')
}

/** 1234567 → "1,234,567". */
export const grouped = (n: number): string => Math.round(n).toLocaleString('en-US')

/** Three significant digits: 0.00123, 12.3, 1,230. */
export const figure = (n: number): string => (n === 0 ? '0' : Math.abs(n) >= 1000 ? grouped(n) : Math.abs(n) < 1e-3 ? n.toExponential(2) : String(Number(n.toPrecision(3))))

export const milliseconds = (ms: number): string => `${figure(ms)} ms`

export const plural = (count: number, word: string): string => `${grouped(count)} ${word}${count === 1 ? '' : 's'}`
