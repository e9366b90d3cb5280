import type { ErrorRow } from '../data.ts'
import { figure, percent } from '../format.ts'
import { type Html, html } from '../html.ts'

/** Up to the allowed error a percentage, past it a multiple. */
const shareOf = (ratio: number): string => (ratio === Infinity ? '∞' : ratio > 1 ? `${figure(ratio)} ×` : percent(ratio))

const row = (r: ErrorRow): Html => {
  const ratio = r.max === null ? Infinity : r.max / r.allowed
  return html`<tr class="${r.ok ? '' : 'bad'}"><th scope="row">${r.kernel}</th><td>${r.target}</td><td>${r.dtype}</td><td class="n">${r.headDim}</td>
    <td class="n">${r.max === null ? 'not finite' : figure(r.max)}</td><td class="n">${figure(r.allowed)}</td>
    <td class="ratio"><span class="meter"><span style="width:${Math.min(100, Math.round(100 * ratio))}%"></span></span><span class="n">${shareOf(ratio)}</span></td>
    <td>${r.ok ? html`<span class="pass">pass</span>` : html`<span class="fail">fail</span>`}</td></tr>`
}

/** Each verified kernel's largest error beside what the tolerance allows. */
export const errors = (rows: readonly ErrorRow[]): Html => html`
  <p>Each kernel ran on inputs drawn from a seed and was compared, element by element, with its own definition evaluated in double precision. The allowed error is twice that of the plain formula in the
  kernel's dtype plus a few units in the last place.</p>
  <div class="scroll"><table>
    <thead><tr><th>kernel</th><th>target</th><th>dtype</th><th class="n">head dim</th><th class="n">largest error</th><th class="n">allowed</th><th>share of allowed</th><th></th></tr></thead>
    <tbody>${rows.map(row)}</tbody>
  </table></div>`
