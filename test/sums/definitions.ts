import { defineInteraction, dense, ends, jagged, outer, prefixSum, reread, scalar, sum } from 'serrate'

/** A running sum along every kind of axis, in both directions, and rows written to computed places. */
export const complete = defineInteraction({ name: 'complete', inputs: { x: dense('b', 'd') }, output: dense(ends('b'), 'd'), value: ({ x }) => x, reduce: prefixSum('b') })
export const backwards = defineInteraction({ name: 'backwards', inputs: { x: dense('b', 'd') }, output: dense('b', 'd'), value: ({ x }) => x, reduce: prefixSum('b', { reverse: true }) })
export const weighted = defineInteraction({
  name: 'weighted', inputs: { x: jagged('l', 'd'), w: dense('b', 'd') }, output: jagged('l', 'd'),
  value: ({ x, w }) => x * w, reduce: prefixSum('l', { exclusive: true }), epilogue: (y, { x }) => y * y + x,
})
export const squares = defineInteraction({ name: 'squares', inputs: { x: jagged('l') }, output: jagged('l'), value: ({ x }) => x * x, reduce: prefixSum('l', { reverse: true }), epilogue: (y) => y * 0.5 })
export const middle = defineInteraction({ name: 'middle', inputs: { x: jagged('l', 'd', 'k'), g: dense('d') }, output: jagged('l', 'd', 'k'), value: ({ x, g }) => x + g, reduce: prefixSum('d') })
export const last = defineInteraction({ name: 'last', inputs: { x: jagged('l', 'd') }, output: jagged('l', 'd'), value: ({ x }) => x, reduce: prefixSum('d', { reverse: true, exclusive: true }) })
export const columns = defineInteraction({
  name: 'columns', inputs: { x: jagged(outer('i', 'j')), y: jagged('j') }, output: jagged(outer('i', 'j')),
  value: ({ x, y }) => x * y, reduce: prefixSum('j'), epilogue: (y, _v, at) => y / (1 + at.j),
})
export const plain = defineInteraction({ name: 'plain', inputs: { x: dense('d', 'k') }, output: dense('d', 'k'), value: ({ x }) => x, reduce: prefixSum('d') })
export const gathered = defineInteraction({
  name: 'gathered', captures: { limit: scalar('i32', { range: [0, 9] }) }, inputs: { x: jagged('m', 'd'), p: dense('b', 'l', 'd') }, output: jagged('l', 'd'),
  lengths: { l: (seq) => seq.lengths.m + 2 }, index: { m: (at, seq) => at.l - seq.limit }, value: ({ x, p }) => x + p, reduce: prefixSum('l'),
})
export const near = defineInteraction({ name: 'near', inputs: { x: dense('b', 'd'), y: reread('x', dense('s', 'd')) }, output: dense('b', 's'), value: ({ x, y }) => x * y, reduce: sum('d') })
export const placed = defineInteraction({
  name: 'placed', inputs: { x: jagged('m', 'd'), w: dense('b', 'd'), place: jagged('m', { dtype: 'i32' }) }, output: jagged('l', 'd'),
  scatter: { l: (_at, _seq, { place }) => place + 1 }, value: ({ x, w }) => x * w,
})
export const spread = defineInteraction({ name: 'spread', inputs: { x: jagged('m') }, output: jagged('l'), lengths: { l: (seq) => 2 * seq.lengths.m }, scatter: { l: (at) => 2 * at.m + 1 }, value: ({ x }) => x })
