#!/usr/bin/env node
// Runs under any Node from 20 on; the program itself is TypeScript and runs on the Node that `npm ci` installed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = new URL('./main.ts', import.meta.url)
const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
const args = process.argv.slice(2)

const missing = () => {
  const message = `Node ${process.versions.node} cannot run TypeScript, and ${own} is not there.`
  const fix = 'Run `npm ci` in the clone (it brings Node 24), or use Node 22.18 or later.'
  if (args.includes('--json')) console.log(JSON.stringify({ ok: false, error: { code: 'SR8006', severity: 'error', message, fix }, diagnostics: [] }))
  else console.error(`error SR8006: ${message}\n  fix: ${fix}`)
  process.exitCode = 1
}

if (process.features.typescript) {
  await import('./quiet.mjs')
  process.argv[1] = fileURLToPath(main)
  await import(main.href)
} else if (existsSync(own)) {
  const child = spawn(own, [fileURLToPath(main), ...args], { stdio: 'inherit' })
  // An interrupt goes to the program, which ends in its own way; this process waits for it.
  const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const name of interrupts) process.on(name, () => child.kill(name))
  child.on('exit', (status, signal) => {
    for (const name of interrupts) process.removeAllListeners(name)
    if (signal) process.kill(process.pid, signal)
    process.exitCode = status ?? 1
  })
} else missing()
