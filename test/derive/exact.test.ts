import { describe, expect, test } from 'vitest'
import { deriveGradients } from '../../codegen/derive/index.ts'
import type { InteractionProgram, KernelStep } from '../../codegen/ir/interaction/index.ts'
import { dense, jagged, lower, reread } from '../../dsl/index.ts'
import { listsOf, runProgram } from '../../reference/interaction/index.ts'
import { build } from '../reference/interaction/build.ts'
import { cases } from './drafts.ts'

const kernels = (p: InteractionProgram): readonly KernelStep[] => p.steps.filter((s) => s.kind === 'kernel')
const named = (name: string) => cases.find((c) => c.x.name === name)!.x

describe('choices', () => {
  test.each(['max', 'min'] as const)('the first of equal values has the gradient of %s', (op) => {
    const x = build({ name: op, inputs: { x: jagged('l', 'd') }, output: dense('b'), reduced: ['l', 'd'], body: (k) => ({ passes: [{ op, values: [k.in('x')] }], epilogue: k.stat(0) }) })
    const { x: d } = runProgram(deriveGradients(x), { offsets: { l: [0, 2, 2, 3] }, sizes: { d: 2 }, tensors: { x: [1, 3, 3, 3, 7, 7], d_out: [10, 20, 30] }, })
    expect([...d!]).toEqual(op === 'max' ? [0, 10, 0, 0, 30, 0] : [10, 0, 0, 0, 30, 0])
  })

  test('a sequence that is selected several times receives the sum, one that is not 0', () => {
    const { x: d } = runProgram(deriveGradients(named('index_select')), {
      offsets: { l: [0, 2, 3, 3] }, batches: { s: 3, b: 5 }, sizes: { d: 1 }, tensors: { x: [0, 0, 0], idx: [0, 2, 0, -1, 3], d_out: [1, 2, 10, 20] },
    })
    expect([...d!]).toEqual([11, 22, 0])
  })

  test('lists are ascending and leave out what is nowhere', () => {
    const { offsets, items } = listsOf([2, 0, -1, 2, 3, 0], 3)
    expect(offsets).toEqual([0, 2, 2, 4])
    expect([...items]).toEqual([1, 5, 0, 3])
  })

  test('a movement copies infinities, and NaN stays in its place', () => {
    const { x, y } = runProgram(deriveGradients(named('concat')), { offsets: { l: [0, 1], m: [0, 2] }, sizes: { d: 1 }, tensors: { x: [0], y: [0, 0], d_out: [NaN, Infinity, -1] } })
    expect([[...x!], [...y!]]).toEqual([[NaN], [Infinity, -1]])
  })

  test('values that were never read have a gradient of 0, whatever stands there', () => {
    const x = build({ name: 'scale', inputs: { x: dense('b', 'l'), y: jagged('l') }, output: jagged('l'), body: (k) => ({ epilogue: k.op('exp', k.mul(k.in('x'), k.in('y'))) }) })
    const { x: d } = runProgram(deriveGradients(x), { offsets: { l: [0, 1, 1] }, capacities: { l: 2 }, tensors: { x: [0, NaN, Infinity, NaN], y: [2], d_out: [3] } })
    expect([...d!].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([6, 0, 0, 0])
  })

  test('the same where the gradient is a sum over an axis that the input lacks', () => {
    const x = build({ name: 'power', inputs: { x: dense('b', 'l'), y: jagged('l', 'd') }, output: jagged('l', 'd'), body: (k) => ({ epilogue: k.mul(k.mul(k.in('x'), k.in('x')), k.in('y')) }) })
    const { x: d } = runProgram(deriveGradients(x), { offsets: { l: [0, 1, 1] }, sizes: { d: 2 }, capacities: { l: 2 }, tensors: { x: [3, NaN, Infinity, NaN], y: [1, 2], d_out: [1, 10] } })
    expect([...d!]).toEqual([126, 0, 0, 0])
  })

  test('pairs on the diagonal are in no gradient of a lower triangle', () => {
    const x = build({ name: 'inverse_distance', inputs: { x: jagged('i'), y: reread('x', jagged('j')) }, like: { j: 'i' }, output: jagged(lower('i', 'j')), body: (k) => ({ epilogue: k.div(k.f(1), k.sub(k.in('x'), k.in('y'))) }) })
    const { x: d } = runProgram(deriveGradients(x), { offsets: { i: [0, 2] }, tensors: { x: [1, 3], d_out: [8] } })
    expect([...d!]).toEqual([2, -2])
  })
})

describe('form', () => {
  test('the gradient of a product is a product of two reads', () => {
    for (const name of ['bmm', 'bmm_shared', 'jagged_jagged_bmm', 'jagged_jagged_out', 'array_jagged']) {
      for (const { interaction: x } of kernels(deriveGradients(named(name)))) {
        expect(x.inputs.length).toBe(2)
        expect(x.passes.map((p) => [p.op, p.values.map((v) => (v.kind === 'op' ? [v.op, v.args.map((a) => a.kind)] : v.kind))])).toEqual([['sum', [['mul', ['param', 'param']]]]])
        expect(x.epilogue).toMatchObject({ kind: 'param', name: 'stat:0' })
      }
    }
  })

  test('an activation is differentiated once, then come the products', () => {
    const p = deriveGradients(named('bmm_bias_silu'))
    expect(kernels(p).map((s) => s.writes)).toEqual(['d_stat0', 'd_x', 'd_w', 'd_bias'])
    expect(kernels(p).slice(1).every((s) => s.interaction.inputs.some((t) => t.tensor === 'd_stat0'))).toBe(true)
  })

  describe('the parameters of a norm', () => {
    const norm = build({
      name: 'norm', inputs: { x: jagged('l', 'd'), scale: dense('d'), shift: dense('d') }, output: jagged('l', 'd'), reduced: ['d'],
      body: (k) => ({ passes: [{ op: 'mean', values: [k.mul(k.in('x'), k.in('x'))] }], epilogue: k.add(k.mul(k.div(k.in('x'), k.op('sqrt', k.add(k.stat(0), k.f(0.1)))), k.in('scale')), k.in('shift')) }),
    })
    const written = (p: InteractionProgram) => kernels(p).map((s) => [s.writes, ...(s.interaction.sums ?? []).map((c) => c.output.tensor)])

    test('are added up beside the gradient of the rows, as many as are wanted', () => {
      expect(written(deriveGradients(norm))).toEqual([['d_x', 'd_scale', 'd_shift']])
      expect(written(deriveGradients(norm, {}, ['x']))).toEqual([['d_x']])
      expect(written(deriveGradients(norm, {}, ['scale']))).toEqual([['d_x', 'd_scale']])
      expect(deriveGradients(norm, {}, ['scale']).results).toEqual({ scale: 'd_scale' })
    })

    test('that need no statistics of a row are a plain sum where nothing else is wanted', () => {
      expect(written(deriveGradients(norm, {}, ['shift']))).toEqual([['d_shift']])
      expect(deriveGradients(norm, {}, ['shift']).apart).toBeUndefined()
    })

    test('are steps of their own where no row has a gradient, from one number a row', () => {
      expect(written(deriveGradients({ ...norm, constants: ['x'] }))).toEqual([['stat0'], ['d_scale'], ['d_shift']])
    })

    test('apart: the same results, no sums', () => {
      const { apart, results } = deriveGradients(norm)
      expect(apart!.results).toEqual(results)
      expect(written(apart!)).toEqual([['d_x'], ['stat0'], ['d_scale'], ['d_shift']])
    })

    test('of a padded output are apart', () => {
      const padded = build({ name: 'padded', inputs: { x: jagged('l', 'd'), scale: dense('d') }, output: dense('b', 'l', 'd'), reduced: ['d'], body: (k) => ({ passes: [{ op: 'sum', values: [k.mul(k.in('x'), k.in('x'))] }], epilogue: k.mul(k.div(k.in('x'), k.op('sqrt', k.add(k.stat(0), k.f(0.1)))), k.in('scale')) }) })
      expect(kernels(deriveGradients(padded)).some((s) => s.interaction.sums)).toBe(false)
    })
  })

  test('no input is read, and no axis kept, without need', () => {
    const [left] = kernels(deriveGradients(named('dense_add')))
    expect(left!.interaction.inputs.map((t) => t.name)).toEqual(['d_out'])
  })

  test('inputs without a gradient: i32, and those that the author names', () => {
    const x = build({ name: 'mixed', constants: ['mask'], inputs: { x: jagged('l'), mask: jagged('l'), id: jagged('l', { dtype: 'i32' }) }, output: jagged('l'), body: (k) => ({ epilogue: k.mul(k.mul(k.in('x'), k.in('mask')), k.op('toF32', k.in('id'))) }) })
    expect(deriveGradients(x).results).toEqual({ x: 'd_x' })
  })

  test('rereads of a tensor add up in one result', () => {
    const x = build({ name: 'square', inputs: { x: jagged('l'), y: reread('x', jagged('l')) }, output: jagged('l'), body: (k) => ({ epilogue: k.mul(k.in('x'), k.in('y')) }) })
    const p = deriveGradients(x)
    expect(p.results).toEqual({ x: 'd_x' })
    expect([...runProgram(p, { offsets: { l: [0, 2] }, tensors: { x: [3, -2], d_out: [1, 10] } })['x']!]).toEqual([6, -40])
  })

  test('a name that an input has already is not taken', () => {
    const x = build({ name: 'taken', inputs: { x: jagged('l'), d_x: jagged('l') }, output: jagged('l'), body: (k) => ({ epilogue: k.mul(k.in('x'), k.in('d_x')) }) })
    expect(deriveGradients(x).results).toEqual({ x: 'd_x_', d_x: 'd_d_x' })
  })

  test('the author\'s gradient replaces the derived one', () => {
    const through = build({ name: 'through', inputs: { d_out: jagged('l') }, output: jagged('l'), body: (k) => ({ epilogue: k.in('d_out') }) })
    const x = build({ name: 'rounded', inputs: { x: jagged('l') }, output: jagged('l'), body: (k) => ({ epilogue: k.op('roundEven', k.in('x')) }) })
    expect(deriveGradients(x).results).toEqual({ x: 'd_x' })
    const p = deriveGradients(x, { x: through })
    expect([...runProgram(p, { offsets: { l: [0, 2] }, tensors: { x: [0.4, 1.6], d_out: [5, 7] } })['x']!]).toEqual([5, 7])
  })
})
