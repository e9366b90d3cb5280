import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { SequenceView } from '../../codegen/ir/layout.ts'
import { prepareAttention, readAttention } from '../../runtime/attention.ts'
import type { CompiledKernel, Device } from '../../runtime/device.ts'
import { encode } from '../../runtime/dtypes.ts'
import { type AttentionCase, type CaseShape, drawCase, expectedOf, rngOf, verifyKernel } from '../../verify/index.ts'
import { definitionOf, edgeDevices, emitFor } from '../edge/devices.ts'
import { activations, fbgemmNaNs, gdpa, hstu, type Matrix, sllBasic, sllDense } from './formulas.ts'

type Rows = (view: SequenceView, q: Matrix, k: Matrix, v: Matrix, c: AttentionCase) => readonly (readonly number[])[]

interface Comparison {
  readonly name: string
  readonly kernel: string
  readonly formula: Rows
  /** Draws from the published test ranges. */
  readonly shape: (draw: (low: number, high: number) => number, i: number) => Partial<CaseShape> & { readonly headDim: number }
  readonly cases: number
  /** Relative error of f64 constants that a definition rounds (0.01 as f32, the fit of erfc). */
  readonly exact?: number
}

const N = 50
const given = (c: AttentionCase, name: string): number => Math.fround(Number(c.inputs.captures![name] ?? c.algorithm.captures.find((x) => x.name === name)!.default))
const lengthsOf = (draw: (low: number, high: number) => number, batch: number, least: number, most: number): number[] => Array.from({ length: draw(1, batch) }, () => draw(least, most))
const hstuOf = (scale: (c: AttentionCase, row: number) => number): Rows => (view, q, k, v, c) =>
  hstu(q, k, v, c.valueDim, {
    alpha: given(c, 'alpha'), scale: (r) => scale(c, view.qRow0 + r), targets: (c.inputs.captures!.numTargets as Int32Array)[view.b]!,
    contextual: given(c, 'contextual'), maxAttnLen: given(c, 'maxAttnLen'), minFull: given(c, 'minFullAttnSeqLen'),
  })

const comparisons: readonly Comparison[] = [
  ...[false, true].map((mask): Comparison => ({
    name: `sll_jagged_flash_attention_basic${mask ? ', use_mask' : ''}: B 1-10, L 1-100, D 16-64`, kernel: `sll_jagged_flash_attention${mask ? '_masked' : ''}`, cases: 8,
    shape: (draw, i) => ({ lengths: lengthsOf(draw, 10, 1, 100), heads: 1, headDim: [16, 64, 23, 32][i % 4]! }),
    formula: (_view, q, k, v, c) => sllBasic(q, k, v, c.valueDim, given(c, 'maxSeqLen'), mask),
  })),
  {
    name: 'sll_jagged_dense_flash_attention: B 1-10, D 16, 32, 64, T 1-30, L 1-100', kernel: 'sll_jagged_dense_flash_attention', cases: 9,
    shape: (draw, i) => ({ lengths: lengthsOf(draw, 10, 1, 100), heads: 1, headDim: [16, 32, 64][i % 3]!, queryRows: draw(1, 30) }),
    formula: (view, q, k, v, c) => {
      const bias = c.inputs.captures!.bias as unknown as { values: Float32Array; rows: number; columns: number }
      return sllDense(q, k, v, c.valueDim, (l, t) => bias.values[(view.b * bias.rows + l) * bias.columns + t]!)
    },
  },
  {
    name: 'sll_multi_head_jagged_flash_attention: B 1-5, L 1-100, H 1, 2, 4, 8, d 32, head-major', kernel: 'sll_jagged_flash_attention', cases: 8,
    shape: (draw, i) => ({ lengths: lengthsOf(draw, 5, 1, 100), heads: [1, 2, 4, 8][i % 4]!, headDim: 32, placement: 'headMajor' }),
    formula: (_view, q, k, v, c) => sllBasic(q, k, v, c.valueDim, given(c, 'maxSeqLen'), false),
  },
  {
    name: 'hstu_mha with t, C, W, F', kernel: 'hstu', cases: 12, shape: (draw, i) => ({ lengths: lengthsOf(draw, 5, 0, 90), heads: 2, headDim: [16, 32][i % 2]!, valueDim: [16, 32, 24][i % 3]! }),
    formula: hstuOf((c) => 1 / given(c, 'maxSeqLen')),
  },
  {
    name: 'hstu_mha with attn_scale for each row', kernel: 'hstu_rows', cases: 6, shape: (draw) => ({ lengths: lengthsOf(draw, 5, 0, 90), heads: 2, headDim: 16 }),
    formula: hstuOf((c, row) => (c.inputs.captures!.attnScale as Float32Array)[row]!),
  },
  {
    name: 'delta_hstu_mha: the last Δ rows, Δ past L too', kernel: 'hstu_delta', cases: 8, shape: (draw) => ({ lengths: lengthsOf(draw, 6, 0, 60), heads: 2, headDim: 16, queryRows: draw(1, 20) }),
    formula: hstuOf((c) => 1 / given(c, 'maxSeqLen')),
  },
  ...Object.entries(activations).map(([name, { kernel, act }], i): Comparison => ({
    name: `GDPA ${name}`, kernel, cases: 4, exact: 1e-6,
    shape: (draw) => ({ lengths: lengthsOf(draw, 4, 0, 40), heads: 4, kvHeads: [4, 2, 1][i % 3]!, headDim: 16, ...(i % 2 ? { layout: { queries: 'broadcast' as const }, queryRows: draw(1, 9) } : { layout: { queries: 'jagged' as const }, kvLengths: undefined }) }),
    formula: (_view, q, k, v, c) => gdpa(q, k, v, c.valueDim, act, given(c, 'qkScale')),
  })),
]

const matrix = (values: Float64Array, row0: number, rows: number, heads: number, h: number, dim: number): Matrix => Array.from({ length: rows }, (_, i) => [...values.subarray(((row0 + i) * heads + h) * dim, ((row0 + i) * heads + h + 1) * dim)])

/** The formula on every sequence and head, [rows, heads, valueDim]. */
const wanted = (c: AttentionCase, formula: Rows): Float64Array => {
  const out = new Float64Array(c.rows * c.heads * c.valueDim)
  for (const view of c.views) for (let h = 0; h < c.heads; h++) {
    const g = Math.floor(h / (c.heads / c.kvHeads))
    const rows = formula(view, matrix(c.values.q, view.qRow0, view.qLen, c.heads, h, c.headDim), matrix(c.values.k, view.kvRow0, view.kvLen, c.kvHeads, g, c.headDim), matrix(c.values.v, view.kvRow0, view.kvLen, c.kvHeads, g, c.valueDim), c)
    rows.forEach((row, i) => out.set(row, ((view.outRow0 + i) * c.heads + h) * c.valueDim))
  }
  return out
}

/** FBGEMM's own test tolerance: atol 1e-5, rtol 1e-3; where scores are steeper than its tests draw, the project's rule is what holds. */
const close = (got: number, want: number): boolean => Math.abs(got - want) <= 1e-5 + 1e-3 * Math.abs(want)

describe.each(edgeDevices)('$name', ({ open }) => {
  let device: Device
  const kernels = new Map<string, Promise<{ readonly source: KernelSource; readonly compiled: CompiledKernel }>>()
  const compile = (kernel: string, headDim: number, valueDim: number) => {
    const key = `${kernel} ${headDim} ${valueDim}`
    const make = async () => { const source = await emitFor(device, { kernel, headDim, valueDim }); return { source, compiled: await device.compile(source) } }
    if (!kernels.has(key)) kernels.set(key, make())
    return kernels.get(key)!
  }
  beforeAll(async () => { device = await open() })
  afterAll(() => device.close())

  test.each(comparisons)('$name', async ({ kernel, formula, shape, cases, exact = 1e-11 }) => {
    const { algorithm, definition } = await definitionOf(kernel)
    for (let i = 0; i < cases; i++) {
      const rng = rngOf(i + 1, 'published', kernel)
      const { headDim, valueDim = headDim, ...rest } = shape((low, high) => rng.int(low, high), i)
      const c = drawCase(i + 1, algorithm, { lengths: [], heads: 1, dtype: 'f32', ...JSON.parse(JSON.stringify(rest)), headDim, valueDim })
      const want = wanted(c, formula)
      const { reference, magnitude } = expectedOf(definition, c)
      const scale = Math.max(1, magnitude.out)
      want.forEach((x, at) => { if (!(Math.abs(reference.out[at]! - x) <= exact * scale)) expect.fail(`case ${i}, element ${at}: the reference gives ${reference.out[at]}, the formula ${x}`) })
      const { source, compiled } = await compile(kernel, headDim, valueDim)
      const { problems } = await verifyKernel(device, compiled, source, definition, c, { relaunch: false })
      expect(problems).toEqual([])
      const prepared = prepareAttention(source.manifest, c.inputs)
      if (!prepared.job) continue
      const { out } = readAttention(prepared, await compiled.run(prepared.job))
      const plain = expectedOf(definition, c).plainError.out
      want.forEach((x, at) => { if (!close(out[at]!, x) && !(Math.abs(out[at]! - x) <= 2 * plain + 16 * 2 ** -23 * scale)) expect.fail(`case ${i}, element ${at}: the kernel gives ${out[at]}, the formula ${x}`) })
    }
  }, 120_000)

  test.each([[20, true], [40, true], [32, false], [96, false], [33, true]])('no NaN where FBGEMM gives one: L = %i, scores near -128, D = 32', async (L, partial) => {
    const D = 32
    const [q, k, v] = [0, 1, 2].map((s) => Float64Array.from({ length: L * D }, (_, i) => (s === 2 ? Math.sin(i) : (s === 0 ? -2 : 2) + 0.01 * Math.sin(i * (s + 1)))))
    const rows = (x: Float64Array): Matrix => matrix(x, 0, L, 1, 0, D)
    const bad = fbgemmNaNs(rows(q!), rows(k!), rows(v!), D)
    expect(bad > 0).toBe(partial)
    if (L <= 40 && partial && L !== 33) expect(bad).toBe(L * D)
    for (const kernel of ['sll_jagged_flash_attention', 'unscaled', 'sll_jagged_flash_attention_masked']) {
      const { source, compiled } = await compile(kernel, D, D)
      const captures: Readonly<Record<string, number>> = kernel === 'unscaled' ? {} : { maxSeqLen: N }
      const prepared = prepareAttention(source.manifest, { q: encode('f32', q!), k: encode('f32', k!), v: encode('f32', v!), heads: 1, rows: L, seqOffsets: Int32Array.of(0, L), captures }, { poison: true })
      const { out } = readAttention(prepared, await compiled.run(prepared.job!))
      const want = sllBasic(rows(q!), rows(k!), rows(v!), D, kernel === 'unscaled' ? 1 : N, kernel.endsWith('masked')).flat()
      want.forEach((x, i) => { if (!(Math.abs(out[i]! - x) <= 1e-5 + 1e-3 * Math.abs(x))) expect.fail(`${kernel}, element ${i}: ${out[i]}, not ${x}`) })
    }
  })
})
