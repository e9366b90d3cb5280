import type { GridFactor, InteractionField } from '../../../ir/interaction/index.ts'
import type { Lowering } from '../context.ts'
import { fields } from '../params.ts'

/** A factor of a launcher's text, a number or one launch parameter, as a manifest holds it. */
const factorOf = (l: Lowering, text: string): GridFactor => {
  const bare = text.replace(/^\(+(?:long long|int)\)+/, '').replace(/^int\(/, '').replace(/[()]/g, '').replace(/ll$/, '')
  if (/^\d+$/.test(bare)) return { kind: 'const', value: Math.max(1, Number(bare)) }
  const name = bare.replace(/^params\./, '')
  const source = fields(l).find((f) => f.name === name)?.source
  if (!source) throw new Error(`${l.x.name}: the grid factor ${text} is no launch parameter`)
  return { kind: 'count', of: source as InteractionField['source'], per: 1 }
}

/** groups · tail as a launcher computes it: items that blocks are counted by. */
export const itemFactors = (l: Lowering, { groups, tail }: { readonly groups: string; readonly tail: readonly string[] }): readonly GridFactor[] => [groups, ...tail].map((t) => factorOf(l, t))

/** ceil(product / per), at least `least`. */
export const ceiled = (factors: readonly GridFactor[], per: number, least = 0): GridFactor => ({ kind: 'ceil', factors, per, least })
