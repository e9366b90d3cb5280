import { interactionKeySchema, type InteractionWinner, interactionWinnerSchema } from '../records.ts'
import { winnerStore } from '../store.ts'

/** Winners of interactions, in the same files as those of attention. */
export const interactionWinners = winnerStore<InteractionWinner>('interaction', interactionWinnerSchema, interactionKeySchema)
