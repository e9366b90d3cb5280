import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = process.env.SERRATE_LAVAPIPE ?? join(homedir(), '.cache', 'serrate', 'lavapipe')
const child = fileURLToPath(new URL('lavapipe-child.ts', import.meta.url))
const script = fileURLToPath(new URL('../lavapipe.sh', import.meta.url))

/** Why lavapipe cannot be had on this machine, if it cannot. */
const missing = (): string | undefined => {
  if (existsSync(join(folder, 'node'))) return undefined
  if (process.platform !== 'linux' || process.arch !== 'x64') return `lavapipe is fetched for linux-x64; this is ${process.platform}-${process.arch}`
  const fetched = spawnSync('bash', [script, folder], { encoding: 'utf8', timeout: 90_000, env: { ...process.env, SERRATE_NODE: process.execPath } })
  return fetched.status === 0 ? undefined : `lavapipe could not be fetched: ${fetched.stderr.trim().split('\n').at(-1) ?? fetched.error?.message}`
}

const reason = missing()
if (reason) console.log(`skipped f16 and subgroups on lavapipe: ${reason}`)

test.skipIf(reason)('f16 and subgroups of 8 on lavapipe, and both switched off', { timeout: 180_000 }, () => {
  const printed = execFileSync(join(folder, 'node'), [child], { encoding: 'utf8', env: { ...process.env, SERRATE_NODE: process.execPath }, stdio: ['ignore', 'pipe', 'ignore'] })
  const { name, cases, problems } = JSON.parse(printed.split('\n').findLast((line) => line.startsWith('{'))!)
  expect(name).toContain('llvmpipe')
  expect(problems).toEqual([])
  expect(cases).toBe(8)
})
