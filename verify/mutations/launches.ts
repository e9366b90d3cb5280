import type { CaseShape } from '../case.ts'

type Launch = Partial<CaseShape>

const dense = { queries: 'dense' } as const

/** Requests that share the keys of others. */
export const shared: Launch = Object.freeze({ layout: { ...dense, sharedKeys: true }, queryRows: 3, kvLengths: [40, 0, 7, 70] })
/** Four query heads to two of keys. */
export const sharedHeads: Launch = Object.freeze({ heads: 4, kvHeads: 2 })
/** The last rows of each sequence, more than some have. */
export const delta: Launch = Object.freeze({ layout: { ...dense, align: 'end' as const }, queryRows: 6 })
/** Values of another dim than queries and keys. */
export const ownValueDim: Launch = Object.freeze({ valueDim: 12 })
/** Several sequences to a tile. */
export const short: Launch = Object.freeze({ lengths: [3, 0, 9, 1, 4, 20, 2, 17] })
