import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { noCompiler } from './harness.ts'

const include = fileURLToPath(new URL('../../runtime/cuda-cpu/include', import.meta.url))
const definition = (activation: string) => `
import { defineAttention, pointwise, sigmoid, silu } from 'serrate'
export const made = defineAttention({ name: 'made', normalizer: pointwise((x: number) => ${activation}) })
`
const functions = ['sigmoid_divisor', 'sigmoid_of', 'silu_of', 'silu_divisor', 'activation_pair', 'silu_pair']
/** SiLU alone takes scores that are clamped. */
const calls = (text: string) => (text.includes('silu_pair(') ? 'silu_pair(max_nan(x[0], -41.5f), max_nan(x[1], -41.5f))' : 'activation_pair(Params(), x[0], x[1])')

/** What the emitted Hopper text makes of pairs of scores, on the CPU. */
const weights = async (activation: string, pairs: readonly (readonly [number, number])[]): Promise<readonly (readonly [number, number])[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'serrate-two-'))
  try {
    const file = join(folder, 'made.ts')
    writeFileSync(file, definition(activation))
    const { algorithm } = (await loadFile(file)).definitions[0]!
    const values = { groups: 2, blockN: 64, numStages: 2, querySlots: 1, pingPong: 1, ownTiles: 0, tanh: 0, order: 0, pack: 0, gqa: 0 }
    const { text } = compileKernel(algorithm, defaultProblem(algorithm, 'bf16', 64), { target: 'cuda', schedule: { template: 'cuda_wgmma', values } })
    const used = functions.flatMap((name) => new RegExp(`^__device__ [^\\n]* ${name}\\((?:[^\\n]*\\}\\n|[\\s\\S]*?\\n\\}\\n)`, 'm').exec(text)?.[0] ?? [])
    const main = `int main() { float x[2]; while (fread(x, 4, 2, stdin) == 2) { const Pair p = ${calls(used.join(''))}; fwrite(&p, 4, 2, stdout); } }`
    writeFileSync(join(folder, 'made.cpp'), ['#include "serrate_cpu.hpp"', '#include <stdio.h>', 'struct Params {};', 'struct Pair { float first, second; };', ...used, main].join('\n'))
    execFileSync(process.env.SERRATE_CXX ?? 'g++', ['-std=c++17', '-DSERRATE_CPU', '-O1', `-I${include}`, '-o', join(folder, 'made'), join(folder, 'made.cpp')])
    const out = execFileSync(join(folder, 'made'), { input: Buffer.from(new Float32Array(pairs.flat()).buffer) })
    return pairs.map((_, i) => [out.readFloatLE(8 * i), out.readFloatLE(8 * i + 4)])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const grid = [-Infinity, -1e38, -1e30, -1e4, -700, -89, -88, -60, -41.6, -41.59, -41.5, -41.4, -30, -17, -5, -1.2785, -1, -1e-3, -1e-30, 0, 1e-30, 1e-3, 1, 2.5, 17, 41.6, 88, 700, 1e4, 1e30, 1e38, Infinity, NaN].map(Math.fround)
const pairs = grid.flatMap((x) => grid.map((y) => [x, y] as const))
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const cases = [
  ['silu(x)', (x: number) => (x === -Infinity ? 0 : x * sigmoid(x))],
  ['sigmoid(x)', sigmoid],
  ['x * sigmoid(1.702 * x) + silu(0.5 * x)', (x: number) => x * sigmoid(Math.fround(1.702) * x) + 0.5 * x * sigmoid(0.5 * x)],
] as const

/** Weights that are further from the exact ones than a rounded argument of e^-x makes them, and `relative`. */
const wrong = (text: string, exact: (x: number) => number, beside: readonly (readonly [number, number])[], got: readonly (readonly [number, number])[], relative: number): readonly string[] =>
  beside.flatMap((pair, i) => pair.flatMap((x, side) => {
    const want = exact(x), is = got[i]![side]!
    const good = Number.isNaN(want) ? Number.isNaN(is) : want === is || Math.abs(is - want) <= 4e-17 + Math.abs(want) * ((1 + Math.min(60, Math.abs(x))) * 2 ** -21 + relative)
    return good ? [] : [`${text} of ${x} beside ${pair[1 - side]}: ${is}, not ${want}`]
  }))

describe.skipIf(noCompiler)('sigmoids of two scores with one reciprocal', () => {
  test.each(cases)('%s: each is as exact as alone, whatever the other', { timeout: 60_000 }, async (text, exact) => {
    // beside a NaN SiLU alone may be NaN: it stands in the same row, masked scores are 0 by then
    const beside = text === 'silu(x)' ? pairs.filter((pair) => !pair.some(Number.isNaN)) : pairs
    expect(wrong(text, exact, beside, await weights(text, beside), 0)).toEqual([])
    if (text === 'silu(x)') expect((await weights(text, [[NaN, 1], [2, NaN]])).map((pair, i) => pair[i])).toEqual([NaN, NaN])
  })
})
