/**
 * Records winners: searches kernels on this machine's device, `--jobs` searches at once, one on the device at a time.
 *
 *   node bench/tune.ts --set h100-cuda --seconds 180 --winners generated/winners.json
 *
 * Each search is a process of its own: it emits, compiles and compares while another one measures.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { listWinners, saveWinner } from '../tune/winners.ts'
import { sets, type Search } from './sets.ts'

const { values } = parseArgs({
  options: { set: { type: 'string' }, seconds: { type: 'string', default: '180' }, winners: { type: 'string' }, limit: { type: 'string', default: '1000' }, jobs: { type: 'string', default: '99' }, kernels: { type: 'string', default: '' } },
})
const only = values.kernels ? values.kernels.split(',') : undefined
const searches = sets[values.set ?? '']?.filter((s) => !only || only.includes(s.kernel))
if (!searches || !values.winners) throw new Error(`usage: node bench/tune.ts --set ${Object.keys(sets).join('|')} --winners FILE [--seconds N] [--limit CANDIDATES] [--jobs N] [--kernels a,b]`)
const folder = mkdtempSync(join(tmpdir(), 'serrate-tune-'))

/** Searches waiting for the device, the longest first. */
const waiting: (() => void)[] = []
let busy: object | undefined
const grant = (): void => { if (!busy) waiting.shift()?.() }
const release = (holder: object): void => {
  if (busy === holder) busy = undefined
  grant()
}

const start = (search: Search, index: number): Promise<string> => new Promise((resolve) => {
  const store = join(folder, `${index}.json`)
  const child = fork(new URL('search.ts', import.meta.url), [JSON.stringify({ search, store, budgetMs: 1000 * Number(values.seconds), limit: Number(values.limit) })], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.on('message', (wants) => {
    if (wants !== 'device') return release(child)
    waiting.push(() => { busy = child; if (child.connected) child.send('go'); else release(child) })
    grant()
  })
  child.on('exit', () => { release(child); resolve(store) })
})

const queue = searches.map((search, index) => () => start(search, index))
const worker = async (): Promise<void> => {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { winners } = listWinners(await next())
    for (const winner of winners) await saveWinner(values.winners!, winner)
  }
}
await Promise.all(Array.from({ length: Math.min(Number(values.jobs), searches.length) }, worker))
rmSync(folder, { recursive: true, force: true })
