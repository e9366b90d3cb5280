import { keySchema, type Winner, winnerSchema } from './records.ts'
import { type LookupOf, winnerStore } from './store.ts'

export type Lookup = LookupOf<Winner>

/** Winners of attention. */
export const { keyHash, lookup: lookupWinner, list: listWinners, save: saveWinner, drop: dropWinners } = winnerStore<Winner>(undefined, winnerSchema, keySchema)
