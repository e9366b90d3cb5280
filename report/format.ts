/** 1234567 → "1,234,567". */
export const grouped = (n: number): string => Math.round(n).toLocaleString('en-US')

/** Three significant digits: 0.0123, 12.3, 1,230. */
export const figure = (n: number): string => (n === 0 ? '0' : Math.abs(n) >= 1000 ? grouped(n) : Math.abs(n) < 1e-3 ? n.toExponential(1) : String(Number(n.toPrecision(3))))

/** "93.4%"; never rounded up to a whole hundred. */
export const percent = (share: number): string => `${Number(Math.min(share === 1 ? 100 : 99.9, 100 * share).toFixed(1))}%`

/** An id for an anchor from any text. */
export const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
