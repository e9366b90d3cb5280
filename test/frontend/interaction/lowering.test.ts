import { deriveGradients } from '../../../codegen/derive/index.ts'
import { describe, expect, it } from 'vitest'
import { type Axis, axisOf, type Interaction, printInteraction } from '../../../codegen/ir/interaction/index.ts'
import { printExpr } from '../../../codegen/ir/hook.ts'
import { loadText } from '../author.ts'

const S = `import { argmax, defineInteraction, dense, jagged, lower, max, mean, moments, outer, perSequence, reread, scalar, softmaxOver, sum, table } from 'serrate'\n`

const load = async (fields: string, before = ''): Promise<Interaction> => {
  const { interactions, diagnostics } = await loadText(`${S}${before}export const one = defineInteraction({ name: 'one', ${fields} } as any)\n`)
  expect(diagnostics).toEqual([])
  return interactions[0]!.interaction
}
const axis = (x: Interaction, name: string): Omit<Axis, 'name'> & { name?: string } => { const { index, length, ...rest } = axisOf(x, name); return rest }
const X = `inputs: { x: jagged('l', 'd') }`
const copy = `value: ({ x }: any) => x`

describe('axes', () => {
  it('are jagged first in jagged layouts, dense elsewhere, and padded where a dense layout holds a jagged one', async () => {
    const x = await load(`inputs: { x: jagged('l', 'd'), y: dense('b', 'l', 'k') }, output: jagged('l', 'k'), value: ({ x, y }: any) => x * y, reduce: sum('d')`)
    expect(x.axes.map((a) => [a.name, a.kind, a.like])).toEqual([['b', 'batch', 'b'], ['l', 'jagged', 'l'], ['d', 'dense', 'd'], ['k', 'dense', 'k']])
    expect(x.inputs[1]).toMatchObject({ batch: 'b', axes: [{ name: 'l' }, { name: 'k' }] })
  })

  it('share lengths through reread, lower and a length that is exactly another', async () => {
    const x = await load(`inputs: { x: jagged('i', 'd'), y: reread('x', jagged('j', 'e')) }, output: jagged(lower('i', 'j')), value: ({ x, y }: any) => x * y, reduce: sum('d', 'e')`)
    expect(['i', 'j', 'd', 'e'].map((n) => axisOf(x, n).like)).toEqual(['i', 'i', 'd', 'd'])
    const square = await load(`inputs: { x: jagged(outer('i', 'j')) }, output: jagged(outer('i', 'j')), lengths: { j: (seq: any) => seq.lengths.i }, ${copy}`)
    expect(axis(square, 'j')).toEqual({ name: 'j', kind: 'jagged', like: 'i', batch: 'b' })
    const packed = await load(`inputs: { x: dense('b', 'i', 'j') }, output: jagged(lower('i', 'j')), ${copy}`)
    expect(axis(packed, 'j').like).toBe('i')
  })

  it('are named by their owner where an expression asks for a length or a size', async () => {
    const x = await load(`inputs: { x: jagged('i', 'd'), y: reread('x', jagged('j', 'e')) }, output: jagged(lower('i', 'j')), value: ({ x, y }: any, at: any, seq: any) => x * y * seq.lengths.j / seq.sizes.e, reduce: sum('d', 'e')`)
    expect(printExpr(x.passes[0]!.values[0]!)).toContain('len:i')
    expect(printExpr(x.passes[0]!.values[0]!)).toContain('size:d')
  })

  it('of another batch keep lengths of their own', async () => {
    const x = await load(`inputs: { x: jagged('m', 'd', { batch: 's' }), ids: dense('b', { dtype: 'i32' }) }, output: dense('b', 'd'), index: { s: (at: any, seq: any, v: any) => v.ids }, ${copy}, reduce: mean('m')`)
    expect(axis(x, 's')).toEqual({ name: 's', kind: 'batch', like: 's' })
    expect(axis(x, 'm')).toEqual({ name: 'm', kind: 'jagged', like: 'm', batch: 's' })
    const again = await load(`inputs: { x: jagged('l', 'd'), y: reread('x', jagged('m', 'd', { batch: 's' })) }, output: jagged('l', 'd'), index: { s: (at: any) => at.b - 1, m: (at: any) => at.l }, value: ({ x, y }: any) => x - y`)
    expect([axis(again, 's').like, axis(again, 'm').like, axis(again, 'm').batch]).toEqual(['b', 'l', 's'])
  })

  it('that are computed are written out wherever they are read', async () => {
    const x = await load(`inputs: { x: jagged('m') }, output: jagged('l'), index: { m: (at: any) => at.l + 2 }, value: ({ x }: any, at: any) => x * at.m`)
    expect(printExpr(x.epilogue)).toBe('  %0: i32 = add at:l, 2\n  %1: f32 = toF32 %0\n  %2: f32 = mul in:x, %1\n  return %2')
  })
})

describe('passes', () => {
  const ops = (x: Interaction): readonly string[] => x.passes.map((p) => `${p.op}${p.values.length}${p.detached ? ' detached' : ''}`)
  const of = (value: string, reduce: string, epilogue = '', output = `dense('b', 'd')`): Promise<Interaction> => load(`${X}, output: ${output}, value: ({ x }: any) => ${value}, reduce: ${reduce}${epilogue && `, epilogue: ${epilogue}`}`)

  it('take lists of values', async () => expect(ops(await of('[x, x * x, 1]', `sum('l')`, '([a, b, n]: any) => a / n + b'))).toEqual(['sum3']))
  it('of an argmax find the first of equal values', async () => {
    const x = await of('x', `argmax('l')`, '', `dense('b', 'd', { dtype: 'i32' })`)
    expect(ops(x)).toEqual(['max1', 'min1'])
    expect(x.epilogue).toMatchObject({ kind: 'param', name: 'stat:1', type: 'i32' })
  })
  it('of a softmax detach the maximum', async () => expect(ops(await of('x', `softmaxOver('l')`, '', `jagged('l', 'd')`))).toEqual(['max1 detached', 'sum1']))
  it.each([
    ['y.mean', ['mean1']], ['y.variance', ['mean1', 'mean1']], ['y.meanSquare', ['mean1']], ['y.mean + y.meanSquare', ['mean2']],
    ['y.meanSquare - y.variance', ['mean2', 'mean1']], ['y.value * 2', ['mean1']],
  ])('of moments are those that %s reads', async (epilogue, expected) => expect(ops(await of('x', `moments('l')`, `(y: any) => ${epilogue}`, `jagged('l', 'd')`))).toEqual(expected))
  it('read i32 inputs as floats, unless the value is moved', async () => {
    const sum = await load(`inputs: { x: jagged('l', { dtype: 'i32' }) }, output: dense('b'), ${copy}, reduce: sum('l')`)
    expect(sum.passes[0]!.values[0]!.type).toBe('f32')
    const moved = await load(`inputs: { x: jagged('l', { dtype: 'i32' }) }, output: jagged('l', { dtype: 'i32' }), ${copy}`)
    expect(moved.epilogue).toMatchObject({ kind: 'param', type: 'i32' })
  })
})

describe('files', () => {
  it('may hold both families, and give each once', async () => {
    const { definitions, interactions, diagnostics } = await loadText(`import { defineAttention, defineInteraction, jagged } from 'serrate'
export const a = defineAttention({ name: 'a' })
const make = (name: string, scale: number) => defineInteraction({ name, inputs: { x: jagged('l', 'd') }, output: jagged('l', 'd'), value: ({ x }) => x * scale })
export const twice = make('twice', 2)
export default twice
export const half = make('half', 0.5)
`)
    expect(diagnostics).toEqual([])
    expect(definitions.map((d) => d.exportName)).toEqual(['a'])
    expect(interactions.map((x) => [x.exportName, x.aliases])).toEqual([['twice', ['default']], ['half', undefined]])
    expect(printInteraction(interactions[1]!.interaction)).toContain('mul in:x, 0.5')
  })

  it('give a name once across families, and every problem at once', async () => {
    const { diagnostics } = await loadText(`import { defineAttention, defineInteraction, jagged, perHead } from 'serrate'
export const a = defineAttention({ name: 'a' })
export const x = defineInteraction({ name: 'a', captures: { h: perHead('f32') }, gradient: { z: 'none' }, inputs: { x: jagged('m') }, output: jagged('l'), index: { m: (at: any) => at.l / 2 }, value: ({ x }: any) => x > 0 } as any)
`)
    expect(diagnostics.map((d) => d.code)).toEqual(['SR1006', 'SR1515', 'SR1518', 'SR1205', 'SR1205'])
  })

  it('read gradients that the author gives', async () => {
    const { interactions, diagnostics } = await loadText(`import { defineInteraction, jagged } from 'serrate'
const straight = defineInteraction({ name: 'straight', inputs: { d_out: jagged('l', 'd') }, output: jagged('l', 'd'), value: ({ d_out }) => d_out })
export const rounded = defineInteraction({ name: 'rounded', inputs: { x: jagged('l', 'd') }, output: jagged('l', 'd'), value: ({ x }) => Math.floor(x), gradient: { x: straight } })
`)
    expect(diagnostics).toEqual([])
    expect(Object.keys(interactions[0]!.overrides)).toEqual(['x'])
    expect(deriveGradients(interactions[0]!.interaction, interactions[0]!.overrides).steps.map((s) => s.kind === 'kernel' && s.interaction.name)).toEqual(['straight'])
  })
  it('keep what the author says has no gradient', async () => expect((await load(`${X}, output: jagged('l', 'd'), ${copy}, gradient: { x: 'none' }`)).constants).toEqual(['x']))
  it('read scalar, perSequence and table captures', async () => {
    const x = await load(`captures: { s: scalar('f32'), n: perSequence('i32'), t: table('f32', { length: 4 }) }, ${X}, output: jagged('l', 'd'), value: ({ x }: any, at: any, seq: any) => x * seq.s + seq.t(seq.n - at.l)`)
    expect(x.captures.map((c) => c.kind)).toEqual(['scalar', 'perSequence', 'table'])
  })
})
