import { hash } from '../ir/hash.ts'
import type { InteractionManifest, InteractionSource } from '../ir/interaction/index.ts'
import { render } from './render.ts'
import { withoutUnused } from './unused.ts'
import { toolVersion } from './version.ts'

/** Every number and text of one interaction kernel: the only input of its template. */
export interface InteractionPlan {
  readonly manifest: Omit<InteractionManifest, 'hashes'>
  readonly definitionHash: string
  /** Where the author wrote it, `file:line`. */
  readonly place: string
  readonly scheduleText: string
  /** The common data of all templates (functions, sequence fields, params, buffers) and the loop nest's own. */
  readonly context: Readonly<Record<string, unknown>>
}

export const hashInteractionPlan = (plan: InteractionPlan): string => hash(plan)
export const printInteractionPlan = (plan: InteractionPlan): string => JSON.stringify(plan, null, 2)

/** Plan → source text and manifest. Pure: the same plan gives the same bytes. */
export const emitInteraction = (plan: InteractionPlan): InteractionSource => {
  const { manifest: m } = plan
  const planHash = hashInteractionPlan(plan)
  const rendered = render(m.target, m.schedule.template, { ...plan.context, manifest: m, tool: toolVersion, place: plan.place, scheduleText: plan.scheduleText, hashes: { definition: plan.definitionHash, plan: planHash } }, [])
  const text = m.target === 'cuda' ? withoutUnused(rendered) : rendered
  return Object.freeze({ text, manifest: Object.freeze({ ...m, hashes: { definition: plan.definitionHash, plan: planHash, source: hash(text) } }) })
}
