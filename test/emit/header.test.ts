import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { KernelManifest } from '../../codegen/ir/manifest.ts'
import { noCompiler } from '../cuda-cpu/harness.ts'

const root = join(import.meta.dirname, '../..')
const cuda = join(root, 'generated/cuda')
const include = join(root, 'runtime/cuda-cpu/include')
const folder = mkdtempSync(join(tmpdir(), 'serrate-headers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const cxx = process.env.SERRATE_CXX ?? 'g++'
/** Definitions of attention: an interaction's launchers are declared in its own text. */
const names = readdirSync(cuda).filter((n) => n !== 'interaction')

const compile = (file: string, text: string, flags: readonly string[]): string => {
  writeFileSync(join(folder, file), text)
  return spawnSync(cxx, [...flags, '-fsyntax-only', '-Wall', '-Wextra', '-Werror', '-I', cuda, '-I', include, join(folder, file)], { encoding: 'utf8' }).stderr
}

describe.skipIf(noCompiler)('the C headers of generated/', () => {
  it('are C and C++, alone and together', () => {
    const all = names.map((n) => `#include "${n}/${n}.h"`).join('\n')
    expect(compile('all.c', `${all}\nint main(void) { return (int)serrate_max_tiles(100, 3, SERRATE_ALIGN_END, 64) - 8; }\n`, ['-x', 'c', '-std=c99', '-pedantic'])).toBe('')
    expect(compile('all.cpp', `${all}\nint main() { return 0; }\n`, ['-std=c++17', '-pedantic'])).toBe('')
  })

  it.each(['causal', 'hstu_bias', 'hstu_mixed', 'jagged_bias', 'pair_bias', 'interval_lists'])('have the very fields of %s', (name) => {
    const { kernels } = JSON.parse(readFileSync(join(root, 'generated/manifest.json'), 'utf8')) as { kernels: { file: string; tuned?: boolean; manifest: KernelManifest }[] }
    const { file, manifest: m } = kernels.find((k) => k.manifest.target === 'cuda' && k.manifest.definition === name && k.manifest.dtype === 'bf16' && !k.tuned)!
    const fields = [...m.buffers, ...m.params].map((f) => f.name)
    const asserts = fields.map((f) => `static_assert(offsetof(Params, ${f}) == offsetof(serrate_${name}_params, ${f}), "${f}");`)
    const text = `${readFileSync(join(root, 'generated', file), 'utf8')}\n#include <cstddef>\n#include "${name}/${name}.h"\nstatic_assert(sizeof(Params) == sizeof(serrate_${name}_params), "size");\n${asserts.join('\n')}\n`
    expect(compile(`${name}.cpp`, text, ['-std=gnu++17', '-DSERRATE_CPU', '-D__CUDACC_RTC__', '-w'])).toBe('')
    const header = readFileSync(join(cuda, name, `${name}.h`), 'utf8')
    expect(header).toContain(`int ${m.entryPoints.launcher}(const struct serrate_${name}_params* params, unsigned max_tiles, void* stream);`)
    const broken = text.replace('unsigned num_heads;', 'unsigned num_heds;')
    expect(compile(`${name}_broken.cpp`, broken, ['-std=gnu++17', '-DSERRATE_CPU', '-D__CUDACC_RTC__', '-w'])).not.toBe('')
  })
})
