import { describe, expect, test } from 'vitest'
import { dense, jagged, lower, outer, reread, sum, table, defineInteraction } from '../../../dsl/index.ts'
import { runInteraction } from '../../../reference/interaction/index.ts'
import { plainArithmetic } from '../../../reference/arithmetic.ts'
import { SerrateError } from '../../../codegen/ir/diagnostics/index.ts'
import { build } from './build.ts'
import { type Matrix, matmul, pairwiseProducts, padded, softmax, transpose } from './formulas.ts'

const offsets = [0, 3, 3, 4, 8]
const wave = (n: number, seed = 1): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i * 1.7 + seed) * 2)
const rowsOf = (x: ArrayLike<number>, d: number, from: number, to: number): Matrix => Array.from({ length: to - from }, (_, i) => Array.from({ length: d }, (_, j) => x[(from + i) * d + j]!))
const eachSequence = (f: (b: number, from: number, to: number) => readonly number[]): readonly number[] => offsets.slice(1).flatMap((to, b) => f(b, offsets[b]!, to))
const near = (got: ArrayLike<number>, want: readonly number[]): void => {
  expect(got.length).toBe(want.length)
  want.forEach((w, i) => expect(Math.abs(got[i]! - w), `element ${i}: ${got[i]}, wanted ${w}`).toBeLessThan(1e-12))
}
const product = build({ name: 'bmm', inputs: { x: jagged('l', 'd'), w: dense('b', 'd', 'k') }, output: jagged('l', 'k'), reduced: ['d'], body: (k) => ({ passes: [{ op: 'sum', values: [k.mul(k.in('x'), k.in('w'))] }], epilogue: k.stat(0) }) })

describe('layouts', () => {
  test('jagged times dense is each sequence times its matrix', () => {
    const [x, w] = [wave(24), wave(24, 2)]
    near(runInteraction(product, { offsets: { l: offsets }, sizes: { d: 3, k: 2 }, tensors: { x, w } }), eachSequence((b, from, to) => matmul(rowsOf(x, 3, from, to), rowsOf(w, 2, b * 3, b * 3 + 3)).flat()))
  })

  test('packed rows past the last offset are never read and come out as 0', () => {
    const x = wave(30)
    x.fill(NaN, 24)
    const out = runInteraction(product, { offsets: { l: offsets }, sizes: { d: 3, k: 2 }, rows: { l: 10 }, tensors: { x, w: wave(24) } })
    expect(out.length).toBe(20)
    expect([...out.slice(16)]).toEqual([0, 0, 0, 0])
    expect(out.slice(0, 16).some(Number.isNaN)).toBe(false)
  })

  test('no sequences, and a dimension of size 0', () => {
    expect(runInteraction(product, { offsets: { l: [0] }, sizes: { d: 3, k: 2 }, tensors: { x: [], w: [] } }).length).toBe(0)
    expect([...runInteraction(product, { offsets: { l: offsets }, sizes: { d: 0, k: 2 }, tensors: { x: [], w: [] } })]).toEqual(new Array(16).fill(0))
  })

  test('two jagged inputs give Σ L · M elements, row-major in each sequence', () => {
    const m = [0, 2, 3, 3, 6]
    const x = build({ name: 'outer', inputs: { x: jagged('l', 'd'), y: jagged('m', 'd') }, output: jagged(outer('l', 'm')), reduced: ['d'], body: (k) => ({ passes: [{ op: 'sum', values: [k.mul(k.in('x'), k.in('y'))] }], epilogue: k.stat(0) }) })
    const [a, c] = [wave(16), wave(12, 3)]
    near(runInteraction(x, { offsets: { l: offsets, m }, sizes: { d: 2 }, tensors: { x: a, y: c } }), eachSequence((b, from, to) => matmul(rowsOf(a, 2, from, to), transpose(rowsOf(c, 2, m[b]!, m[b + 1]!))).flat()))
  })

  test('the lower triangle is packed: (1,0), (2,0), (2,1), ...', () => {
    const x = build({ name: 'dot', inputs: { x: jagged('i', 'd'), y: reread('x', jagged('j', 'd')) }, like: { j: 'i' }, output: jagged(lower('i', 'j')), reduced: ['d'], body: (k) => ({ passes: [{ op: 'sum', values: [k.mul(k.in('x'), k.in('y'))] }], epilogue: k.stat(0) }) })
    const a = wave(16)
    near(runInteraction(x, { offsets: { i: offsets }, sizes: { d: 2 }, tensors: { x: a } }), eachSequence((_b, from, to) => { const m = matmul(rowsOf(a, 2, from, to), transpose(rowsOf(a, 2, from, to))); return m.flatMap((row, i) => row.slice(0, i)) }))
  })

  test.each([2, 5])('padding to %i rows cuts longer sequences and fills shorter ones', (n) => {
    const x = build({ name: 'pad', inputs: { x: jagged('l', 'd', { fill: -7 }) }, output: dense('b', 'l', 'd'), body: (k) => ({ epilogue: k.in('x') }) })
    const a = wave(16)
    near(runInteraction(x, { offsets: { l: offsets }, sizes: { d: 2 }, capacities: { l: n }, tensors: { x: a } }), eachSequence((_b, from, to) => padded(rowsOf(a, 2, from, to), n, 2, -7).flat()))
  })

  test('concatenation derives its offsets and copies bits', () => {
    const x = build({
      name: 'concat', inputs: { x: jagged('l'), y: jagged('m') }, index: (k) => ({ l: k.at('n'), m: k.sub(k.at('n'), k.len('l')) }), lengths: (k) => ({ n: k.add(k.len('l'), k.len('m')) }), output: jagged('n'),
      body: (k) => ({ epilogue: k.select(k.lt(k.at('n'), k.len('l')), k.in('x'), k.in('y')) }),
    })
    const m = [0, 2, 3, 3, 4]
    const [a, c] = [[1, NaN, Infinity, 4, 5, 6, 7, -Infinity], [-1, -2, -3, NaN]]
    expect([...runInteraction(x, { offsets: { l: offsets, m }, tensors: { x: a, y: c } })]).toEqual(eachSequence((b, from, to) => [...a.slice(from, to), ...c.slice(m[b]!, m[b + 1]!)]))
  })
})

describe('reductions', () => {
  test('softmax over the rows of each sequence, by column', () => {
    const x = build({ name: 'softmax', inputs: { x: jagged('l', 'd') }, output: jagged('l', 'd'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'max', values: [k.in('x')], detached: true }, { op: 'sum', values: [k.op('exp', k.sub(k.in('x'), k.stat(0)))] }], epilogue: k.div(k.op('exp', k.sub(k.in('x'), k.stat(0))), k.stat(1)) }) })
    const a = wave(16).map((v) => v * 400)
    near(runInteraction(x, { offsets: { l: offsets }, sizes: { d: 2 }, tensors: { x: a } }), eachSequence((_b, from, to) => transpose(transpose(rowsOf(a, 2, from, to)).map(softmax)).flat()))
  })

  test('a factorisation machine is the sum over pairs', () => {
    const x = build({ name: 'fm', inputs: { x: jagged('l', 'd') }, output: dense('b', 'd'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'sum', values: [k.in('x'), k.mul(k.in('x'), k.in('x'))] }], epilogue: k.mul(k.f(0.5), k.sub(k.mul(k.stat(0), k.stat(0)), k.stat(1))) }) })
    const a = wave(16)
    near(runInteraction(x, { offsets: { l: offsets }, sizes: { d: 2 }, tensors: { x: a } }), eachSequence((_b, from, to) => pairwiseProducts(rowsOf(a, 2, from, to), 2)))
  })

  test.each(['sum', 'mean', 'max', 'min'] as const)('%s over nothing is 0', (op) => {
    const x = build({ name: op, inputs: { x: jagged('l') }, output: dense('b'), reduced: ['l'], body: (k) => ({ passes: [{ op, values: [k.in('x')] }], epilogue: k.stat(0) }) })
    const fold = { sum: (v: readonly number[]) => v.reduce((s, n) => s + n, 0), mean: (v: readonly number[]) => v.reduce((s, n) => s + n, 0) / v.length, max: (v: readonly number[]) => Math.max(...v), min: (v: readonly number[]) => Math.min(...v) }[op]
    const a = wave(8)
    near(runInteraction(x, { offsets: { l: offsets }, tensors: { x: a } }), eachSequence((_b, from, to) => [to > from ? fold([...a.slice(from, to)]) : 0]))
  })

  test('plain arithmetic accumulates in f32 and rounds the output', () => {
    const x = Float64Array.from({ length: 9 }, (_, i) => (i === 0 ? 2 ** 24 : 1))
    const data = { offsets: { l: [0, 1] }, sizes: { d: 9, k: 1 }, tensors: { x, w: new Float64Array(9).fill(1) } }
    expect(runInteraction(product, data)[0]).toBe(2 ** 24 + 8)
    expect(runInteraction(product, data, { arithmetic: plainArithmetic((v) => Math.round(v / 1000) * 1000) })[0]).toBe(16777000)
  })
})

test('a table read out of range is named (SR6008)', () => {
  const definition = defineInteraction({ name: 'look_up', captures: { bias: table('f32') }, inputs: { x: jagged('l', 'd') }, output: dense('b'), value: ({ x }, at, seq) => x * seq.bias(at.l), reduce: sum('l', 'd') })
  const x = build({ name: 'look_up', captures: [{ name: 'bias', kind: 'table', dtype: 'f32', perHead: false }], inputs: { x: jagged('l', 'd') }, output: dense('b'), reduced: ['l', 'd'], body: (k) => ({ passes: [{ op: 'sum', values: [k.mul(k.in('x'), k.table('bias', k.at('l')))] }], epilogue: k.stat(0) }) })
  const data = { offsets: { l: [0, 3] }, sizes: { d: 1 }, tensors: { x: [1, 1, 1] }, captures: { bias: [1, 2] } }
  expect(runInteraction(x, data)[0]).toBe(5)
  try {
    runInteraction(x, data, { definition })
    expect.unreachable()
  } catch (error) {
    expect((error as SerrateError).code).toBe('SR6008')
    expect((error as SerrateError).message).toMatch(/bias was read at 2, outside 0 to 1.*l = 2/)
  }
})
