import { defineInteraction, dense, jagged, reread, sum } from 'serrate'

/** Products and sums whose results meet neighbours of other inputs: of 2 and 4 bytes, whole numbers, padded, shifted, by row, by column. */
export const named = defineInteraction({
  name: 'named', inputs: { x: jagged('l', 'd'), w: dense('b', 'd', 'k'), c: jagged('l', 'k'), c_vector: dense('k') }, output: jagged('l', 'k'),
  value: ({ x, w }) => x * w, reduce: sum('d'), epilogue: (y, { c, c_vector }) => y * c_vector + c,
})
export const named_sum = defineInteraction({
  name: 'named_sum', inputs: { c: jagged('l', 'k'), c_vector: dense('k') }, output: jagged('l', 'k'),
  value: ({ c }) => c, reduce: sum('k'), epilogue: (y, { c, c_vector }) => y * c_vector + c,
})
export const many = defineInteraction({
  name: 'many', inputs: { x: jagged('l', 'd'), w: dense('d', 'k'), c: jagged('l', 'k'), e: jagged('l', 'k', { dtype: 'f32' }), g: dense('b', 'k', { dtype: 'i32' }), p: dense('l', 'k', { fill: 4 }) }, output: jagged('l', 'k'),
  value: ({ x, w }) => x * w, reduce: sum('d'), epilogue: (y, { c, e, g, p }, at) => y * c + e * g - p + at.k,
})
export const whole_numbers = defineInteraction({
  name: 'whole_numbers', inputs: { x: jagged('l', 'd'), w: dense('d', 'k'), c: jagged('l', 'k', { dtype: 'i32' }) }, output: jagged('l', 'k', { dtype: 'i32' }),
  value: ({ x, w }) => x * w, reduce: sum('d'), epilogue: (y, { c }) => (y > 0 ? c : -1),
})
export const shifted = defineInteraction({
  name: 'shifted', inputs: { x: jagged('l', 'd'), w: dense('d', 'k'), z: jagged('m', 'k', { fill: 2 }) }, output: jagged('l', 'k'),
  index: { m: (at) => at.l + 1 }, value: ({ x, w }) => x * w, reduce: sum('d'), epilogue: (y, { z }) => y + z,
})
export const reread_columns = defineInteraction({
  name: 'reread_columns', inputs: { x: jagged('l', 'd'), w: dense('d', 'k'), residual: reread('x', jagged('l', 'k')) }, output: jagged('l', 'k'),
  value: ({ x, w }) => x * w, reduce: sum('d'), epilogue: (y, { residual }) => y - residual,
})
