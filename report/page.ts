import { readFileSync } from 'node:fs'
import type { ReportData } from './data.ts'
import { type Html, html, raw } from './html.ts'
import { errors } from './sections/errors.ts'
import { histogram } from './sections/histogram.ts'
import { source } from './sections/source.ts'
import { tileMaps } from './sections/tile-maps.ts'
import { tuning } from './sections/tuning.ts'

interface Section {
  readonly id: string
  readonly title: string
  readonly shown: (data: ReportData) => boolean
  readonly body: (data: ReportData) => Html
}

const sections: readonly Section[] = Object.freeze([
  { id: 'lengths', title: 'Sequence lengths', shown: (d) => d.lengths.values.length > 0, body: (d) => histogram(d.lengths) },
  { id: 'tiles', title: 'Tiles', shown: (d) => d.tileMaps.length > 0, body: (d) => tileMaps(d.tileMaps) },
  { id: 'tuning', title: 'Tuning', shown: (d) => d.tuning.length > 0, body: (d) => tuning(d.tuning) },
  { id: 'errors', title: 'Errors against the reference', shown: (d) => d.errors.length > 0, body: (d) => errors(d.errors) },
  { id: 'source', title: 'Emitted source', shown: (d) => d.sources.length > 0, body: (d) => source(d.sources) },
])

const style = (): string => readFileSync(new URL('./style.css', import.meta.url), 'utf8')

/** The page as one HTML document: styles and pictures inline, nothing fetched, nothing scripted. */
export const renderReport = (data: ReportData): string => {
  const shown = sections.filter((s) => s.shown(data))
  const { device } = data
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${data.title}</title>
<style>${raw(style())}</style>
</head>
<body>
<header>
  <p class="brand">${data.tool}</p>
  <h1>${data.title}</h1>
  <p class="summary">${data.summary}</p>
  <p class="device"><b>${device.name}</b>${[device.backend, device.software ? 'software' : 'hardware', ...device.details].map((d) => html`<span>${d}</span>`)}</p>
  ${data.figures.length > 0 && html`<dl class="figures">${data.figures.map((f) => html`<div><dt>${f.label}</dt><dd>${f.value}</dd></div>`)}</dl>`}
  <nav>${shown.map((s) => html`<a href="#${s.id}">${s.title}</a>`)}</nav>
</header>
<main>
${shown.map((s) => html`<section id="${s.id}"><h2>${s.title}</h2>${s.body(data)}</section>\n`)}</main>
<footer>${data.tool}</footer>
</body>
</html>
`.text
}
