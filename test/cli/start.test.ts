import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { shippedNames } from '../../cli/shipped.ts'
import { folder, root, serrate } from './program.ts'

const status = () => spawnSync('git', ['status', '--short'], { cwd: root, encoding: 'utf8' }).stdout

it('start compiles, verifies, tunes and reports, and leaves the working tree as it was', { timeout: 240_000 }, async () => {
  const report = join(folder(), 'report.html')
  const before = status()
  const { code, json, stdout, stderr } = await serrate(['start', '--budget', '2s', '--report', report, '--json'])
  expect({ code, failed: json?.failed, stderr: code ? stderr : '' }).toEqual({ code: 0, failed: [], stderr: '' })
  expect(json).toMatchObject({ ok: true, compiled: { definitions: shippedNames.length, kernels: 2 * shippedNames.length }, tuned: { name: 'sliding_window', tried: expect.any(Number), bestMs: expect.any(Number) } })
  expect(new Set(json.verified.filter((v: any) => v.target === 'wgsl').map((v: any) => v.name)).size).toBe(shippedNames.length)
  expect(json.verified.every((v: any) => v.ok && v.error <= v.allowed)).toBe(true)
  expect(json.seconds).toBeLessThan(180)
  expect(JSON.parse(stdout)).toEqual(json)
  const page = readFileSync(report, 'utf8')
  expect(page).toContain('sliding_window')
  expect(page).not.toMatch(/src="https?:|href="https?:\/\/[^"]*\.(css|js)/)
  expect(status()).toBe(before)
})
