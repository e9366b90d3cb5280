import type { ReportData } from '../data.ts'
import { grouped, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { chart, linear, logarithmic, px, rules } from '../svg.ts'

const WIDTH = 960
const HEIGHT = 280
const box = { left: 44, right: WIDTH - 12, top: 34, bottom: HEIGHT - 46 }

interface Bin { readonly from: number; readonly to: number; readonly count: number }

/** Bins whose edges grow by the same factor: lengths spread over decades. */
const binsOf = (values: readonly number[], low: number, high: number, count: number): readonly Bin[] => {
  const edge = (i: number): number => low * (high / low) ** (i / count)
  return Array.from({ length: count }, (_, i) => ({ from: edge(i), to: edge(i + 1), count: values.filter((v) => v >= edge(i) && (v < edge(i + 1) || (i === count - 1 && v <= high * 1.0001))).length }))
}

const marker = (x: number, label: string, row: number, end: boolean): Html =>
  html`<line class="marker" x1="${px(x)}" x2="${px(x)}" y1="${12 + 14 * row}" y2="${px(box.bottom)}"/><text class="note" x="${px(x + (end ? -6 : 6))}" y="${20 + 14 * row}" text-anchor="${end ? 'end' : 'start'}">${label}</text>`

/** How many sequences have which length, on a logarithmic axis. */
export const histogram = ({ name, values }: ReportData['lengths']): Html => {
  const sorted = values.filter((v) => v > 0).sort((a, b) => a - b)
  if (!sorted.length) return html`<p>No sequence has a token.</p>`
  const tokens = sorted.reduce((sum, v) => sum + v, 0)
  const [low, high] = [sorted[0]!, Math.max(sorted.at(-1)!, sorted[0]! * 2)]
  const longest = sorted.at(-1)!
  const bins = binsOf(sorted, low, high, Math.min(36, Math.max(8, Math.ceil(sorted.length / 6))))
  const x = logarithmic(low, high, box.left, box.right)
  const y = linear(Math.max(...bins.map((b) => b.count)), box.bottom, box.top)
  const median = sorted[sorted.length >> 1]!
  const mean = tokens / values.length
  return html`
    <p>${grouped(values.length)} sequences of ${name}, ${grouped(tokens)} tokens. Padded to the longest (${grouped(longest)}) they would be ${grouped(values.length * longest)} rows, of which
    <strong>${percent(1 - tokens / (values.length * longest))} would be padding</strong>; a jagged batch holds only the tokens.</p>
    ${chart(WIDTH, HEIGHT, `Histogram of ${values.length} sequence lengths`,
      rules(y, box.left, box.right, grouped),
      html`${bins.map((b) => b.count > 0 && html`<rect class="bar" x="${px(x(b.from) + 0.75)}" y="${px(y(b.count))}" width="${px(Math.max(1, x(b.to) - x(b.from) - 1.5))}" height="${px(box.bottom - y(b.count))}"><title>${grouped(Math.ceil(b.from))} to ${grouped(Math.floor(b.to))} tokens: ${b.count} sequences</title></rect>`)}`,
      html`${x.ticks.map((t) => html`<text class="tick" x="${px(x(t))}" y="${box.bottom + 18}" text-anchor="middle">${grouped(t)}</text>`)}`,
      html`<text class="axis" x="${box.right}" y="${HEIGHT - 6}" text-anchor="end">tokens in a sequence (logarithmic)</text>`,
      marker(x(median), `median ${grouped(median)}`, 0, true),
      marker(x(mean), `mean ${grouped(mean)}`, 0, false),
    )}`
}
