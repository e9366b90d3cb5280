import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { templateFiles } from '../../codegen/emit/render.ts'
import { seqNames } from '../../codegen/ir/names.ts'
import { fieldWords, localWords } from '../../codegen/ir/words.ts'
import { closeValidator, validateWgsl } from '../../runtime/webgpu/index.ts'
import { noCompiler } from '../cuda-cpu/harness.ts'
import { loadText } from './author.ts'

const folder = mkdtempSync(join(tmpdir(), 'serrate-words-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }); return closeValidator() })
const include = join(import.meta.dirname, '../../runtime/cuda-cpu/include')

/** Words that JavaScript itself refuses as a name, so that no author can write them. */
const forbidden = new Set('await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(' '))
const unlisted = ['texture_2d', 'vec3f', 'mat4x4f', 'workgroupBarrier', 'subgroupAdd', 'threadIdx', 'Params', 'Seq', 'Q_TILE', 'q_tile', 'lane', 'row_group', 'acc', 'm_i', 'l_i', 'LOG2E', 'build_tiles', 'attention', 'main', 'printf', 'dim3', 'warpSize', 'offset', 'sequence', 'row', 'query_offset', 'key_offset', 'limited', 'blocks', 'dropped_rows', 'tiles_of', 'write_tiles', 'kv_index', 'position0', 'serrate', 'inner_', 'two__parts', 'A', 'URL']
const words = [...new Set([...localWords, ...unlisted])].filter((w) => !forbidden.has(w))

const gpp = async (text: string): Promise<string> => {
  const path = join(folder, 'kernel.cpp')
  writeFileSync(path, text)
  return promisify(execFile)(process.env.SERRATE_CXX ?? 'g++', ['-std=gnu++17', '-fsyntax-only', '-w', '-DSERRATE_CPU', '-I', include, path]).then(() => '', (e: { stderr: string }) => e.stderr.split('\n').filter((l) => l.includes('error')).join('\n'))
}

/** Both targets' text of a file's only definition is accepted by Tint and by g++. */
const accepted = async (text: string): Promise<void> => {
  const { definitions, diagnostics } = await loadText(text)
  expect(diagnostics).toEqual([])
  const { algorithm } = definitions[0]!
  const emit = (target: 'wgsl' | 'cuda') => compileKernel(algorithm, defaultProblem(algorithm, 'f32', 16), { target }).text
  expect(await validateWgsl(emit('wgsl'))).toEqual([])
  if (!noCompiler) expect(await gpp(emit('cuda'))).toBe('')
}
const file = (fields: string) => `import { defineAttention, scalar, perHead, perToken, table } from 'serrate'\nexport const a = defineAttention({ name: 'a', ${fields} })\n`
/** Interactions bring their captures to a kernel under prefixes (`cap_`, `at_`, `in_`), so that no name of theirs can meet one of the text. */
const attentionTemplates = ['wgsl', 'cuda'].flatMap(templateFiles).filter((f) => !/(^|\/)(ix_|(wgsl|cuda)_(movement|reduction|contraction))[^/]*\.hbs$/.test(f))
const chunks = <T>(all: readonly T[], size: number): T[][] => Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

describe('words of WGSL, C++ and CUDA', () => {
  it.each(chunks(words, 40).map((w) => [w]))('name locals: %s', { timeout: 60_000 }, async (some) => {
    const uses = some.map((w) => `const ${w} = s_ * q_ + ${w.length} / (kv_ + s_ * s_); const after_${w} = ${w} * ${w}`).join('; ')
    const sum = some.map((w) => `after_${w} + ${w}`).join(' + ')
    await accepted(file(`scoreMod: (s_, b_, h_, q_, kv_) => { ${uses}; return ${sum} + Math_(s_, q_, kv_) }`).replace('export', 'const Math_ = (s: number, q: number, kv: number) => Math.tanh(s) + Math.abs(q % 7) + Math.min(q, kv) + Math.floor(q / 3)\nexport'))
  })

  it.each(['scalar', 'perHead', 'perToken', 'table'])('name a %s capture, or are refused with SR1010', { timeout: 120_000 }, async (kind) => {
    const read = { scalar: '', perHead: '', perToken: '.kv', table: '(q)' }[kind]!
    const allowed: string[] = []
    for (const w of words) {
      const { diagnostics } = await loadText(file(`captures: { ${w}: ${kind}('f32') } as any, scoreMod: (score, b, h, q, kv, seq: any) => score + seq.${w}${read}`))
      if (diagnostics.length) expect(diagnostics.map((d) => d.code), w).toEqual(['SR1010'])
      else allowed.push(w)
    }
    expect(allowed).toEqual(expect.arrayContaining(['lane', 'offset', 'acc']))
    expect(allowed.filter((w) => fieldWords.has(w))).toEqual([])
    const distinct = [...new Map(allowed.map((w) => [w.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase(), w])).values()]
    await accepted(file(`captures: { ${distinct.map((w) => `${w}: ${kind}('f32')`).join(', ')} } as any, scoreMod: (score, b, h, q, kv, seq: any) => score + ${distinct.map((w) => `seq.${w}${read}`).join(' + ')}`))
  })

  it('leave names that end in _at to captures: no template has a function of its own so called', () => {
    const own = /(?:\bfn|__device__[^(\n]*?|\bauto)\s+(\w+_at)\s*\(/g
    expect([...'fn row_at(b: u32)'.matchAll(own)].map((m) => m[1])).toEqual(['row_at'])
    expect([...'__device__ __forceinline__ Tile tile_at(int b) {'.matchAll(own)].map((m) => m[1])).toEqual(['tile_at'])
    for (const file of attentionTemplates) expect([...readFileSync(file, 'utf8').matchAll(own)].map((m) => m[1]), file).toEqual([])
  })

  it('leave every field of Seq out of captures\' names', () => {
    for (const file of attentionTemplates) {
      const body = /struct Seq \{\n([^]*?)\n\}/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
      const fields = body.split('\n').filter((l) => /[;,:]/.test(l) && !l.includes('{{')).map((l) => /(\w+)\s*[;:]/.exec(l)![1]!)
      for (const field of fields) expect(seqNames, file).toContain(field)
    }
  })

  it.each([['two names that become one', `maxLen: scalar('i32'), max_len: scalar('i32')`], ['two readers of one name', `x: perToken('f32'), x_q: table('f32')`], ['two parameters of one name', `x: perToken('f32'), kv_x: perHead('f32')`], ['the hidden array of pairs', `pairs: perHead('f32')`], ['a leading underscore', `_x: scalar('i32')`], ['a dollar sign', `$x: scalar('i32')`], ['unicode', `größe: scalar('i32')`]])('refuse %s', async (_what, captures) => {
    const { diagnostics } = await loadText(file(`captures: { ${captures} }`))
    expect(diagnostics.map((d) => d.code)).toEqual(['SR1010'])
    expect(diagnostics[0]!.fix).toMatch(/Rename it, for example to `[A-Za-z]\w*`/)
  })
})
