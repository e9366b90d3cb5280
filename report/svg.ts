import { type Html, html } from './html.ts'

export interface Scale {
  (value: number): number
  readonly ticks: readonly number[]
}

/** Linear from [0, max] to [from, to], with about `count` round ticks. */
export const linear = (max: number, from: number, to: number, count = 4): Scale => {
  const rough = Math.max(max, Number.MIN_VALUE) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough
  const ticks = Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(6)))
  return Object.assign((value: number) => from + ((to - from) * value) / (max || 1), { ticks })
}

/** Logarithmic from [low, high] to [from, to], with a tick at 1, 2 and 5 of every decade. */
export const logarithmic = (low: number, high: number, from: number, to: number): Scale => {
  const [a, b] = [Math.log(low), Math.log(high)]
  const ticks: number[] = []
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) for (const m of [1, 2, 5]) if (m * power >= low && m * power <= high) ticks.push(m * power)
  return Object.assign((value: number) => from + ((to - from) * (Math.log(value) - a)) / (b - a || 1), { ticks })
}

/** Two decimals are a hundredth of a pixel. */
export const px = (n: number): string => String(Math.round(n * 100) / 100)

/** A chart that scales with the page; on narrow screens it scrolls instead of shrinking its text away. */
export const chart = (width: number, height: number, label: string, ...content: readonly Html[]): Html =>
  html`<div class="scroll"><svg class="chart" viewBox="0 0 ${px(width)} ${px(height)}" role="img" aria-label="${label}">${content}</svg></div>`

/** Horizontal grid lines with labels at the left. */
export const rules = (scale: Scale, left: number, right: number, format: (value: number) => string): Html =>
  html`${scale.ticks.map((t) => html`<line class="rule" x1="${px(left)}" x2="${px(right)}" y1="${px(scale(t))}" y2="${px(scale(t))}"/><text class="tick" x="${px(left - 8)}" y="${px(scale(t) + 4)}" text-anchor="end">${format(t)}</text>`)}`
