import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diagnostics } from '../../codegen/ir/diagnostics/index.ts'
import { frontend } from '../../codegen/ir/diagnostics/frontend.ts'
import { root } from '../cli/program.ts'
import { compiler } from './compiler.ts'
import { cuda } from './cuda.ts'
import { elsewhere } from './elsewhere.ts'
import { interaction } from './interaction.ts'
import { program } from './program.ts'
import { tune } from './tune.ts'
import { webgpu } from './webgpu.ts'

const provocations = [...compiler, ...interaction, ...cuda, ...webgpu, ...tune, ...program]

describe('every diagnostic', () => {
  test('has an entry here, or a test of its own area', () => {
    const covered = new Set<string>([...Object.keys(frontend), ...provocations.map((p) => p.code), ...Object.values(elsewhere).flat()])
    expect(Object.keys(diagnostics).filter((code) => !covered.has(code))).toEqual([])
    expect([...covered].filter((code) => !(code in diagnostics))).toEqual([])
  })

  test.each(Object.entries(elsewhere))('%s names the codes it is counted for', (file, codes) => {
    const text = readFileSync(join(root, file), 'utf8')
    expect(codes.filter((code) => !text.includes(code))).toEqual([])
  })

  test('front end: test/frontend/diagnostics.test.ts has the same check for SR1', () => {
    expect(readFileSync(join(root, 'test/frontend/diagnostics.test.ts'), 'utf8')).toContain('Object.keys(frontend).filter((code) => !covered.has(code))')
  })
})

describe('provoked', () => {
  for (const { code, what, provoke, sees, fix, exit, skip } of provocations) {
    if (skip) console.log(`skipped: ${code} ${what} (${skip})`)
    test.skipIf(skip)(`${code}: ${what}`, async () => {
      const seen = await provoke()
      expect({ code: seen.code, exit: seen.exit }, seen.message).toEqual({ code, exit })
      expect(seen.message).toMatch(sees)
      expect(seen.fix).toMatch(fix)
      expect(`${seen.message} ${seen.fix}`).not.toMatch(/\{\w+\}|undefined|\n\s+at /)
    })
  }
})
