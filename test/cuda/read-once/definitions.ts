import { defineInteraction, dense, jagged, perSequence, reread, sum } from 'serrate'

/** Each element once. */
export const total = defineInteraction({ name: 'total', inputs: { x: jagged('l', 'd') }, output: dense('b', 'd'), value: ({ x }) => x, reduce: sum('l') })
/** A row and the next one: each row twice. */
export const adjacent = defineInteraction({
  name: 'adjacent', inputs: { x: jagged('l', 'd'), y: reread('x', jagged('m', 'd')) }, output: jagged('l'),
  index: { m: (at) => at.l + 1 }, value: ({ x, y }) => x * y, reduce: sum('d'),
})
/** Sequences that several may name. */
export const routed = defineInteraction({
  name: 'routed', captures: { origin: perSequence('i32') }, inputs: { x: jagged('l', 'd', { batch: 's' }) }, output: dense('b', 'd'),
  index: { s: (_at, { origin }) => origin }, value: ({ x }) => x, reduce: sum('l'),
})
/** Weights of 4 bytes beside elements of 2: two loads a lane. */
export const mixed = defineInteraction({ name: 'mixed', inputs: { x: jagged('l', 'd'), w: jagged('l', 'd', { dtype: 'f32' }) }, output: jagged('l'), value: ({ x, w }) => x * w, reduce: sum('d') })
/** Weights that every row reads. */
export const weighted = defineInteraction({ name: 'weighted', inputs: { x: jagged('l', 'd'), w: dense('d') }, output: jagged('l'), value: ({ x, w }) => x * w, reduce: sum('d') })
/** Factors that belong to a sequence. */
export const product = defineInteraction({ name: 'product', inputs: { x: jagged('l', 'd'), y: jagged('l', 'k') }, output: dense('b', 'd', 'k'), value: ({ x, y }) => x * y, reduce: sum('l') })
/** A table by place, which every sequence copies. */
export const places = defineInteraction({ name: 'places', inputs: { x: jagged('l', 'd'), w: dense('l', 'k') }, output: dense('b', 'd', 'k'), value: ({ x, w }) => x * w, reduce: sum('l') })
/** One tensor on both sides. */
export const gram = defineInteraction({ name: 'gram', inputs: { x: jagged('l', 'd'), y: reread('x', jagged('l', 'k')) }, output: dense('b', 'd', 'k'), value: ({ x, y }) => x * y, reduce: sum('l') })
