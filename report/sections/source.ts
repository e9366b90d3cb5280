import type { AuthorHook, SourceView } from '../data.ts'
import { slug } from '../format.ts'
import { highlight, hookRegions, type Language, type Region } from '../highlight.ts'
import { type Html, html, raw } from '../html.ts'

const code = (text: string, language: Language): Html => html`<pre><code>${raw(highlight(text, language).join('\n'))}</code></pre>`

/** The author's own indentation, moved to the left margin. */
const dedent = (text: string): string => {
  const [first = '', ...rest] = text.split('\n')
  const least = Math.min(...rest.filter((l) => l.trim()).map((l) => l.length - l.trimStart().length))
  return [first, ...rest.map((l) => l.slice(Number.isFinite(least) ? least : 0))].join('\n')
}

const anchor = (view: SourceView, emitted: number, hook: string): string => `${slug(view.definition)}-${emitted}-${hook}`

const authorBlock = (view: SourceView, hook: AuthorHook): Html => html`
  <div class="author" id="${slug(view.definition)}-author-${hook.name}">
    <p class="place"><span>${hook.file}:${hook.line}</span>${view.emitted.map((e, i) => html`<a href="#${anchor(view, i, hook.name)}">${e.label} ↓</a>`)}</p>
    ${code(dedent(hook.text), 'typescript')}
  </div>`

const excerpt = (view: SourceView, index: number, region: Region): Html => {
  const { label, language, text } = view.emitted[index]!
  return html`<div class="emitted"><p class="place"><span>${label}, line ${region.head + 1}</span></p>${code(text.split('\n').slice(region.head, region.to + 1).join('\n'), language)}</div>`
}

const pairing = (view: SourceView, hook: AuthorHook, regions: readonly (readonly Region[])[]): Html => html`
  <div class="pair">${authorBlock(view, hook)}<div>${regions.map((list, i) => {
    const region = list.find((r) => r.name === hook.name)
    return region && excerpt(view, i, region)
  })}</div></div>`

/** A whole source, its hooks' lines marked and linked with the author's. */
const listing = (view: SourceView, index: number, regions: readonly Region[]): Html => {
  const { label, language, text } = view.emitted[index]!
  const lines = highlight(text, language)
  const hookAt = (i: number): Region | undefined => regions.find((r) => i >= r.from && i <= r.to)
  const line = (content: string, i: number): string => {
    const region = hookAt(i)
    const start = region?.from === i
    const number = start ? `<a class="ln" href="#${slug(view.definition)}-author-${region.name}" title="the author's ${region.name}">${i + 1}</a>` : `<span class="ln">${i + 1}</span>`
    return `<span class="line${region ? ' hook' : ''}"${start ? ` id="${anchor(view, index, region.name)}"` : ''}>${number}${content || ' '}</span>`
  }
  return html`<details${index === 0 && raw(' open')}><summary>${label}<span class="aside">${lines.length} lines${regions.length > 0 && `, hooks at ${regions.map((r) => `${r.from + 1}–${r.to + 1}`).join(', ')}`}</span></summary>
    <pre class="listing"><code>${raw(lines.map(line).join(''))}</code></pre></details>`
}

const one = (view: SourceView): Html => {
  const names = view.hooks.map((h) => h.name)
  const regions = view.emitted.map((e) => hookRegions(e.text, names))
  return html`<h3>${view.definition}</h3>${view.hooks.map((h) => pairing(view, h, regions))}${view.emitted.map((_, i) => listing(view, i, regions[i]!))}`
}

/** The author's functions, what they became, and the whole kernels around them. */
export const source = (views: readonly SourceView[]): Html => html`
  <p>What the author wrote is on the left; on the right, the one function of the kernel that it became. The whole sources follow, with those lines marked.</p>
  ${views.map(one)}`
