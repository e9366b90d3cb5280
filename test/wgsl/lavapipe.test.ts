import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = process.env.SERRATE_LAVAPIPE ?? join(homedir(), '.cache', 'serrate', 'lavapipe')
const childOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
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

/** What a program prints under lavapipe's own loader. */
const run = (name: string) => {
  const printed = execFileSync(join(folder, 'node'), [childOf(name)], { encoding: 'utf8', env: { ...process.env, SERRATE_NODE: process.execPath }, stdio: ['ignore', 'pipe', 'ignore'] })
  return JSON.parse(printed.split('\n').findLast((line) => line.startsWith('{'))!)
}

test.skipIf(reason)('f16 and subgroups of 8 on lavapipe, and both switched off', { timeout: 180_000 }, () => {
  const { name, cases, problems } = run('lavapipe-child.ts')
  expect(name).toContain('llvmpipe')
  expect(problems).toEqual([])
  expect(cases).toBe(8)
})

test.skipIf(reason)('subgroup matrices: every shipped product of f16 elements and those of the gradients; broken texts are caught', { timeout: 180_000 }, () => {
  const { shapes, cases, kernels, refused, missed, problems } = run('matrix-child.ts')
  expect(shapes).toEqual([{ m: 8, n: 8, k: 8, lanes: 8 }])
  expect(problems).toEqual([])
  expect(missed).toEqual([])
  expect(kernels).toEqual(expect.arrayContaining(['jagged_dense_bmm', 'jagged_dense_bmm_d_w', 'jagged_jagged_bmm', 'dot_interaction', 'jagged_jagged_bmm_jagged_out']))
  expect(cases).toBe(3 * kernels.length)
  for (const r of refused) expect(r).toMatch(/as they are read$/)
})
