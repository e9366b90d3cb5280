import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FuzzReport } from '../../verify/fuzz/parts.ts'
import { folder, root } from '../cli/program.ts'

const ENDLESS = JSON.stringify(['  let task = group.y', '  loop { out[thread] += out[thread]; if (false) { break; } }\n  let task = group.y'])

test('fuzz goes on after a launch that does not end: SR4021, one failure a source', () => {
  const file = join(folder(), 'result.json')
  const { status, stdout } = spawnSync(process.execPath, ['test/fuzz.ts', '--device', 'webgpu', '--seed', '5', '--sources', '2', '--cases', '6', '--dtypes', 'f32', '--break', ENDLESS, '--out', file], {
    cwd: root, encoding: 'utf8', env: { ...process.env, SERRATE_LAUNCH_SECONDS: '2' },
  })
  expect(status).toBe(1)
  const report = JSON.parse(readFileSync(file, 'utf8')) as FuzzReport
  expect(report).toMatchObject({ sources: 2, failed: 2 })
  for (const { message, repro } of report.failures) {
    expect(message).toMatch(/SR4021: A launch of \w+ \(\d+ rows in \d+ sequences, \d+ heads, head dim \d+\) did not end within 2 s on /)
    expect(repro).toMatch(/^npx serrate verify \S+ --target wgsl --lengths \S+( --[\w-]+ \S+)* --heads \d --dim \d+ --dtype f32 --seed \d+ --schedule [\w=,]+( --shared-keys)?( --without-lse)?$/)
  }
  expect(stdout).toContain('going on from 1 in a new process')
})
