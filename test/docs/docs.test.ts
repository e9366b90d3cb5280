import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { cliPage } from '../../cli/docs.ts'
import { gradientsOf } from '../../cli/interaction/gradient.ts'
import { interactionSource, sizedAxes, sizesOf } from '../../cli/interaction/problem.ts'
import { shippedInteractions } from '../../cli/shipped.ts'
import { drawInteractionCase, expectedInteraction } from '../../verify/interaction/index.ts'
import { drawCase, expectedOf } from '../../verify/index.ts'
import { root, serrate } from '../cli/program.ts'

const pages = ['README.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.md')).map((f) => `docs/${f}`).sort()]
const text = (page: string) => readFileSync(join(root, page), 'utf8')
const blocks = (page: string, language: string): readonly string[] => [...text(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((m) => m[1]!)

mkdirSync(join(root, '.serrate', 'test'), { recursive: true })
const scratch = mkdtempSync(join(root, '.serrate', 'test', 'docs-'))
symlinkSync(join(root, 'examples'), join(scratch, 'examples'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const variants = pages.flatMap((page) => blocks(page, 'ts').filter((b) => /= define(Attention|Interaction)\(/.test(b)).map((code, i) => ({ page, i, code })))
const examples = readdirSync(join(root, 'examples')).filter((f) => f.endsWith('.ts'))

/** Loads without a diagnostic, compiles for both targets, and the compiled hooks agree with the functions in f64 (the reference checks it). */
const verifyFile = async (file: string): Promise<void> => {
  const { definitions, interactions, diagnostics } = await loadFile(file)
  expect(diagnostics).toEqual([])
  expect(definitions.length + interactions.length).toBeGreaterThan(0)
  for (const loaded of interactions) {
    const { interaction: x, definition } = loaded
    for (const [target, dtype] of [['wgsl', 'f32'], ['cuda', 'bf16']] as const) expect(interactionSource(x, { target, dtype, sizes: sizesOf(x) }).text).toContain(x.name)
    const drawn = drawInteractionCase(1, x, { dtype: 'f32', sizes: Object.fromEntries(sizedAxes(x).map((axis) => [axis, 5])) })
    expect(expectedInteraction(drawn, definition).reference).toEqual(expectedInteraction(drawn).reference)
    expect(Object.keys(gradientsOf(loaded).results).length).toBeGreaterThan(0)
  }
  for (const { algorithm, definition } of definitions) {
    for (const [target, dtype] of [['wgsl', 'f32'], ['cuda', 'bf16']] as const) compileKernel(algorithm, defaultProblem(algorithm, dtype, 64), { target })
    const { reference } = expectedOf(definition, drawCase(1, algorithm, { lengths: [3, 0, 17], heads: 2, headDim: 8, dtype: 'f32' }))
    expect([...reference.out].every(Number.isFinite)).toBe(true)
  }
}

describe('variants of the documentation', () => {
  it('there are some', () => expect(variants.length).toBeGreaterThanOrEqual(3))

  it.each(variants)('$page, block $i', async ({ code, i, page }) => {
    const file = join(scratch, `${page.replace(/\W/g, '_')}_${i}.ts`)
    writeFileSync(file, code)
    await verifyFile(file)
  })

  it.each(examples)('examples/%s', (file) => verifyFile(join(root, 'examples', file)))

  it.each(examples)('examples/%s verifies on a device', async (file) => {
    const { code, json } = await serrate(['verify', join(root, 'examples', file), '--json'])
    expect({ code, problems: json.problems ?? json.error }).toEqual({ code: 0, problems: [] })
  })
})

describe('command lines of the documentation', () => {
  const lines = pages.flatMap((page) => blocks(page, 'sh').flatMap((b) => b.split('\n').filter((l) => /^(npx )?serrate /.test(l)).map((line) => ({ page, line: line.replace(/^npx /, '') }))))

  it('there are some', () => expect(lines.length).toBeGreaterThan(15))

  it.each(pages.filter((page) => lines.some((l) => l.page === page)))('%s: each runs', { timeout: 240_000 }, async (page) => {
    const cwd = mkdtempSync(join(scratch, 'lines-'))
    symlinkSync(join(root, 'examples'), join(cwd, 'examples'))
    for (const { line } of lines.filter((l) => l.page === page)) {
      const { code, stderr } = await serrate(line.split(' ').slice(1), { cwd })
      expect({ line, code, stderr: code ? stderr : '' }).toEqual({ line, code: 0, stderr: '' })
    }
  })
})

describe('families', () => {
  const shown = pages.flatMap((page) => [...text(page).matchAll(/^```ts kernels\/((?:interaction\/)?\w+)\.ts\n(.*?)^```/gms)].map(([, name, code]) => ({ page, name: name!, code: code! })))
  const printed = pages.flatMap((page) => [...text(page).matchAll(/^```text serrate (.*)\n([^]*?)\n```$/gm)].map(([, line, output]) => ({ page, line: line!, output: output! })))

  it.each(shown)('$page shows kernels/$name.ts whole', ({ name, code }) => expect(code).toBe(text(`kernels/${name}.ts`)))

  it('every shipped kernel is on a page of docs/families, and in its index', () => {
    const kernels = readdirSync(join(root, 'kernels')).filter((f) => f.endsWith('.ts') && f !== 'index.ts').map((f) => f.replace('.ts', '')).sort()
    expect([...new Set(shown.filter((s) => s.page.startsWith('docs/families/') && !s.name.includes('/')).map((s) => s.name))].sort()).toEqual(kernels)
    const index = text('docs/families/README.md').split('## What holds for all attention')[0]!
    for (const name of kernels) expect(index).toMatch(new RegExp(`\\b${name}\\b`))
  })

  it('every shipped interaction stands beside the field\'s name', () => {
    const page = text('docs/families/interaction.md')
    for (const name of shippedInteractions) expect(page).toContain(`\`${name}\``)
  })

  it('some output is shown', () => expect(printed.length).toBeGreaterThanOrEqual(5))

  it.each(printed)('$page shows what serrate $line prints', async ({ line, output }) => {
    const { stdout } = await serrate(line.split(' '))
    expect(output).toBe(stdout.trimEnd().split('\n').map((l) => l.trimEnd()).join('\n'))
  })
})

describe('pages', () => {
  it('docs/reading-kernels.md shows text and names that the kernel has', async () => {
    const page = 'docs/reading-kernels.md'
    const wgsl = (await serrate(['emit', 'sliding_window'])).stdout
    const cuda = (await serrate(['emit', 'sliding_window', '--target', 'cuda', '--dtype', 'bf16'])).stdout
    for (const block of blocks(page, 'wgsl')) expect(wgsl).toContain(block)
    for (const name of ['BLOCK_M', 'BLOCK_N', 'sm_scale', 'mask_mod', 'rising_always', 'rising_never', 'falling_always', 'falling_never', 'build_tiles', 'attention', 'full_begin', 'full_end', 'm_i', 'l_i', 'acc', 'alpha']) expect(wgsl, name).toContain(name)
    for (const name of ['mma_m16n8k16', 'cp_async', 'extern "C"', 'mask_mod']) expect(cuda, name).toContain(name)
  })

  it('docs/cli.md is what the table of commands says', () => expect(text('docs/cli.md')).toBe(cliPage()))

  it.each(pages)('%s: every link inside the project leads somewhere', (page) => {
    for (const [, target] of text(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) expect(existsSync(new URL(target!, `file://${join(root, page)}`)), target).toBe(true)
  })

  it.each(pages)('%s names no place outside the project', (page) => expect(text(page)).not.toMatch(/\/(work|home|tmp|root)\//))
})
