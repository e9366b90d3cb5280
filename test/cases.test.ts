import { existsSync, readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileKernel, defaultProblem, planKernel } from '../codegen/compile.ts'
import { loadFile } from '../codegen/frontend/index.ts'
import { type Algorithm, hooksOf, printAlgorithm } from '../codegen/ir/algorithm.ts'
import { printHook } from '../codegen/ir/hook.ts'
import { printPlan } from '../codegen/ir/plan.ts'

/** A case is a folder: the author's `variant.ts` and what every level must print, checked as text. UPDATE_CASES=1 writes it. */
const root = join(import.meta.dirname, 'cases')
const D = 32

/** Plans name files; the case's own path must not depend on where the project stands. */
const levels: Readonly<Record<string, (a: Algorithm) => string>> = {
  'hooks.txt': (a) => `${hooksOf(a).map(printHook).join('\n\n')}\n`,
  'algorithm.txt': (a) => `${printAlgorithm(a)}\n`,
  'plan.wgsl.json': (a) => `${printPlan(planKernel(a, defaultProblem(a, 'f32', D), { target: 'wgsl' }))}\n`,
  'plan.cuda.json': (a) => `${printPlan(planKernel(a, defaultProblem(a, 'bf16', D), { target: 'cuda' }))}\n`,
  'source.wgsl': (a) => compileKernel(a, defaultProblem(a, 'f32', D), { target: 'wgsl' }).text,
  'source.cu': (a) => compileKernel(a, defaultProblem(a, 'bf16', D), { target: 'cuda' }).text,
}

describe.each(readdirSync(root))('%s', (name) => {
  it.each(Object.keys(levels))('prints the expected %s', async (level) => {
    const { definitions, diagnostics } = await loadFile(join(root, name, 'variant.ts'))
    expect(diagnostics).toEqual([])
    const text = levels[level]!(definitions[0]!.algorithm)
    const file = join(root, name, 'expected', level)
    if (process.env.UPDATE_CASES) { mkdirSync(join(root, name, 'expected'), { recursive: true }); writeFileSync(file, text) }
    expect(existsSync(file), `${file} is missing: run with UPDATE_CASES=1`).toBe(true)
    expect(text).toBe(readFileSync(file, 'utf8'))
  })
})
