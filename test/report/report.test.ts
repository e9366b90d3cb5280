import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderReport, writeReport } from '../../report/index.ts'
import { data, wgsl } from './fixture.ts'

const page = renderReport(data)
const section = (id: string): string => page.match(new RegExp(`<section id="${id}">[\\s\\S]*?</section>`))?.[0] ?? ''

test('one self-contained document: nothing is fetched, nothing is scripted', () => {
  expect(page).toMatch(/^<!doctype html>/)
  expect(page).not.toMatch(/https?:|\/\/[a-z]+\.|<script|<link|@import|url\(|src=/i)
  expect(page).toContain('prefers-color-scheme: dark')
  expect(page).toContain('name="viewport"')
})

test('every tag that is opened is closed', () => {
  const open: string[] = []
  for (const [, slash, tag, attributes] of page.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(/<(\/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>/g)) {
    if (slash) expect(open.pop()).toBe(tag)
    else if (!['meta', 'br'].includes(tag!) && !attributes!.endsWith('/')) open.push(tag!)
  }
  expect(open).toEqual([])
})

test('every link inside the page has its target', () => {
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]))
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map((m) => m[1])
  expect(links).toContain('causal-0-mask_mod')
  expect(links).toContain('causal-author-mask_mod')
  for (const link of links) expect(ids).toContain(link)
})

test('text is escaped', () => {
  expect(page).toContain('<title>A &lt;report&gt; &amp; more</title>')
  expect(page).not.toContain('<report>')
  expect(section('source')).toContain('kv &lt;= q')
})

test('lengths: counts, tokens, what padding would cost', () => {
  expect(section('lengths')).toMatch(/8 sequences of Toy histories, 147 tokens.*longest \(100\)[\s\S]*800 rows[\s\S]*81\.6% would be padding/)
  expect(section('lengths').match(/class="bar"/g)!.length).toBeGreaterThan(3)
})

test('tiles: both sequences to scale, counts, share skipped', () => {
  const tiles = section('tiles')
  expect(tiles.match(/class="outline"/g)).toHaveLength(2)
  expect(tiles).toMatch(/tile-partial" d="M0 0H8V4H0ZM8 4H10V8H8ZM8 8H10V10H8Z"/)
  expect(tiles).toMatch(/tile-full" d="M0 4H8V8H0ZM0 8H8V10H0Z"/)
  expect(tiles).toContain('96.2%')
  expect(tiles).toContain('<code>kv &lt;= q</code>')
})

test('tuning: space, candidates by time with default and winner marked, reasons', () => {
  const tuning = section('tuning')
  expect(tuning).toContain('1,152 points, 850 infeasible: workgroup memory 812, divisibility 38')
  expect(tuning).toContain('The winner is 1.6 times as fast as the default.')
  expect([...tuning.matchAll(/<rect class="bar ([^"]*)"/g)].map((m) => m[1]!.trim())).toEqual(['ok winner', 'ok default', 'slow'])
  expect(tuning).toMatch(/out is off by 0\.5/)
  expect(tuning).toMatch(/the driver refused it/)
})

test('errors: each kernel with its share of the allowed error', () => {
  const errors = section('errors')
  expect(errors).toMatch(/causal[\s\S]*?1\.0e-6[\s\S]*?25%[\s\S]*?pass/)
  expect(errors).toMatch(/hstu[\s\S]*?not finite[\s\S]*?∞[\s\S]*?fail/)
  expect(errors).toMatch(/alibi[\s\S]*?3 ×[\s\S]*?fail/)
})

test('source: the whole text, exactly the hook and its comment marked', () => {
  const source = section('source')
  const [listing] = source.match(/<pre class="listing">[\s\S]*?<\/pre>/)!
  const lines = listing.split('<span class="line').slice(1)
  expect(lines).toHaveLength(wgsl.trimEnd().split('\n').length)
  expect(lines.flatMap((line, i) => (line.startsWith(' hook') ? [i + 1] : []))).toEqual([4, 5, 6, 7, 8])
  const text = listing.replace(/<(?:a|span) class="ln"[^>]*>\d+<\/(?:a|span)>/g, '').replace(/<span class="line[^>]*>/g, '\n').replace(/<[^>]+>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  expect(text.trim().split('\n').map((l) => l.trimEnd())).toEqual(wgsl.trimEnd().split('\n'))
  expect(source).toContain('causal.ts:2')
})

test('a section without data is left out, and its link with it', () => {
  const bare = renderReport({ ...data, tuning: [], tileMaps: [], sources: [] })
  expect(bare).not.toMatch(/id="(tuning|tiles|source)"|href="#(tuning|tiles|source)"/)
  expect(bare).toContain('id="errors"')
})

test('writes the file in a folder it makes; a path that cannot be is SR7008', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'serrate-report-')), 'deep', 'report.html')
  await writeReport(data, path)
  expect(readFileSync(path, 'utf8')).toBe(page)
  await expect(writeReport(data, join(path, 'inside.html'))).rejects.toMatchObject({ code: 'SR7008', message: expect.stringContaining('inside.html') })
})
