import { printSpace } from '../../codegen/schedule/space.ts'
import type { Measurement } from '../../tune/index.ts'
import type { TuningView } from '../data.ts'
import { figure, grouped } from '../format.ts'
import { type Html, html } from '../html.ts'
import { chart, linear, px, rules } from '../svg.ts'

const WIDTH = 960
const HEIGHT = 260
const box = { left: 52, right: WIDTH - 12, top: 30, bottom: HEIGHT - 30 }
const MOST_BARS = 160
const MOST_ROWS = 6

const valuesText = (m: Measurement): string => Object.entries(m.schedule.values).map(([k, v]) => `${k} ${v}`).join('  ')

interface Ranked { readonly m: Measurement; readonly rank: number; readonly mark?: 'winner' | 'default' | 'both' }

const rank = (measurements: readonly Measurement[]): readonly Ranked[] => {
  const timed = measurements.filter((m) => m.ms !== undefined).sort((a, b) => a.ms! - b.ms!)
  const winner = timed.find((m) => m.status === 'ok')
  return timed.map((m, i) => ({ m, rank: i + 1, ...((m === winner || m === measurements[0]) && { mark: m !== winner ? 'default' : m === measurements[0] ? 'both' : 'winner' } as const) }))
}

const labels = { winner: 'winner', default: 'default', both: 'default, and the winner' } as const

const bars = (view: TuningView, ranked: readonly Ranked[]): Html => {
  const shown = ranked.filter((r) => r.rank <= MOST_BARS || r.mark)
  const top = Math.min(Math.max(...shown.map((r) => r.m.ms!)), 4 * Math.max(...shown.filter((r) => r.mark).map((r) => r.m.ms!)))
  const y = linear(top, box.bottom, box.top)
  const step = (box.right - box.left) / Math.max(shown.length, 8)
  const topOf = (m: Measurement): number => Math.max(Math.min(y(m.ms!), box.bottom - 1), box.top)
  const bar = ({ m, mark }: Ranked, i: number): Html =>
    html`<rect class="bar ${m.status} ${mark ?? ''}" x="${px(box.left + i * step + step * 0.12)}" y="${px(topOf(m))}" width="${px(step * 0.76)}" height="${px(box.bottom - topOf(m))}"><title>${figure(m.ms!)} ms: ${valuesText(m)}</title></rect>`
  const label = ({ m, mark }: Ranked, i: number): Html | false => {
    const late = i > shown.length / 2
    const x = box.left + (i + (late ? 0.88 : 0.12)) * step
    return mark !== undefined && html`<text class="note strong" x="${px(x)}" y="${px(topOf(m) - 8)}" text-anchor="${late ? 'end' : 'start'}">${labels[mark]} ${figure(m.ms!)} ms</text>`
  }
  return chart(WIDTH, HEIGHT, `Times of ${ranked.length} schedules of ${view.kernel}`,
    rules(y, box.left, box.right, (t) => (t === 0 ? '0' : `${figure(t)} ms`)),
    html`${shown.map(bar)}${shown.map(label)}`,
    html`<text class="axis" x="${box.right}" y="${HEIGHT - 8}" text-anchor="end">candidates, fastest first${shown.length < ranked.length ? `; ${ranked.length - shown.length} slower ones not drawn` : ''}</text>`)
}

const table = (ranked: readonly Ranked[]): Html => {
  const rows = ranked.filter((r) => r.rank <= MOST_ROWS || r.mark)
  const fields = Object.keys(rows[0]!.m.schedule.values)
  return html`<div class="scroll"><table>
    <thead><tr><th class="n">rank</th><th class="n">ms</th>${fields.map((f) => html`<th class="n">${f}</th>`)}<th></th></tr></thead>
    <tbody>${rows.map(({ m, rank, mark }) => html`<tr class="${mark ?? ''}"><td class="n">${rank}</td><td class="n">${figure(m.ms!)}</td>${fields.map((f) => html`<td class="n">${m.schedule.values[f] ?? ''}</td>`)}<td>${mark ? labels[mark] : ''}</td></tr>`)}</tbody>
  </table></div>`
}

const reasonBars = (title: string, counts: readonly (readonly [string, number])[]): Html => {
  const most = Math.max(...counts.map(([, n]) => n))
  return html`<div class="reasons"><h4>${title}</h4><ul>${counts.map(([reason, n]) => html`<li><span>${reason}</span><span class="meter plain"><span style="width:${px((100 * n) / most)}%"></span></span><span class="n">${grouped(n)}</span></li>`)}</ul></div>`
}

const failures = (measurements: readonly Measurement[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  for (const m of measurements) if (m.status === 'wrong' || m.status === 'failed') counts.set(m.reason ?? m.status, (counts.get(m.reason ?? m.status) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)
}

const speedup = (ranked: readonly Ranked[]): string => {
  const winner = ranked.find((r) => r.mark === 'winner' || r.mark === 'both')
  const first = ranked.find((r) => r.mark === 'default' || r.mark === 'both')
  if (!winner || !first) return ''
  return winner === first ? 'The default is the fastest of them.' : `The winner is ${figure(first.m.ms! / winner.m.ms!)} times as fast as the default.`
}

const one = (view: TuningView): Html => {
  const ranked = rank(view.measurements)
  const slow = ranked.filter((r) => r.m.status === 'slow').length
  const failed = failures(view.measurements)
  const infeasible = Object.entries(view.infeasible).sort(([, a], [, b]) => b - a)
  return html`
    <h3>${view.kernel}</h3>
    <p>${view.problem}, on ${view.device}. Space: ${printSpace(view)}. ${grouped(view.measurements.length)} tried (${view.end}), each checked against the reference before it was timed; ${grouped(slow)} stopped early as clearly slower. <strong>${speedup(ranked)}</strong></p>
    ${ranked.length > 0 && [bars(view, ranked), table(ranked)]}
    <div class="columns">${infeasible.length > 0 && reasonBars('Infeasible points, by reason', infeasible)}${failed.length > 0 && reasonBars('Candidates that failed, by reason', failed)}</div>`
}

/** Every search: its candidates by time, its best schedules, and why points were out. */
export const tuning = (views: readonly TuningView[]): Html => html`${views.map(one)}`
