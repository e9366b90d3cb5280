import { compileInteraction } from '../../codegen/compile-interaction.ts'
import type { RecordedInteraction } from '../../codegen/emit/generate-interaction.ts'
import { hashInteraction, type Interaction, type InteractionProblem } from '../../codegen/ir/interaction/index.ts'
import { whyInteractionUnusable } from '../../tune/interaction/choose.ts'
import { interactionWinners } from '../../tune/interaction/winners.ts'
import { limitsOf } from '../../tune/limits.ts'
import type { InteractionWinner } from '../../tune/records.ts'
import { SIZE, sizedAxes } from './problem.ts'

/** What a launcher can tell apart: lengths are not known to it. */
const slot = ({ key: k }: InteractionWinner): string => [k.target, k.device.name, k.dtype].join(' ')

const rowsOf = ({ lengths }: InteractionWinner): number => Object.values(lengths).reduce((sum, l) => sum + l.tokens, 0)

const problemOf = ({ key: { dtype, sizes } }: InteractionWinner): InteractionProblem => ({ dtype, sizes })

const emitted = (x: Interaction, winner: InteractionWinner): RecordedInteraction => {
  const { key, schedule, ms, default: usual } = winner
  return { source: compileInteraction(x, problemOf(winner), { target: key.target, limits: limitsOf(key.device), schedule }), device: key.device.name, ms, defaultMs: usual.ms }
}

/**
 * The recorded kernels of an interaction at these sizes: one a device and dtype, the one measured on the most rows. Entries for another text of the definition, for tf32, or whose
 * schedule can no longer be emitted, are left out.
 */
export const recordedInteractions = (path: string): ((x: Interaction, sizes: Readonly<Record<string, number>>) => readonly RecordedInteraction[]) => {
  const { winners } = interactionWinners.list(path)
  return (x, sizes) => {
    const own = sizedAxes(x)
    const same = winners.filter(({ key: k }) => k.precision === 'ieee' && k.definition.hash === hashInteraction(x) && own.every((a) => k.sizes[a] === (sizes[a] ?? SIZE)))
    const kept = new Map<string, InteractionWinner>()
    for (const w of same) if (!whyInteractionUnusable(w, x, problemOf(w), w.key.target, limitsOf(w.key.device)) && rowsOf(w) >= rowsOf(kept.get(slot(w)) ?? w)) kept.set(slot(w), w)
    return [...kept.values()].map((w) => emitted(x, w))
  }
}
