import type { KeyRange } from '../analyse/index.ts'
import { type Expr, ExprBuilder } from '../ir/hook.ts'

/** The bounds that a row's keys are compared with, and the text of that. */
export interface LimitTexts { readonly fields: readonly string[]; readonly bounds: readonly Expr[]; readonly keeps: string; readonly counted: string }

/** Of a union of ranges: an equality for the one key of `at`, else one or two comparisons. No key past the sequence is kept. */
export const limitTexts = (ranges: readonly KeyRange[]): LimitTexts => {
  const end = new ExprBuilder().param('i32', 'kvLen')
  const parts = ranges.map(({ at, from, below }, i) => {
    const name = (bound: string): string => (ranges.length > 1 ? `${bound}_${i}` : bound)
    if (at) return { fields: [name('at')], bounds: [at], keeps: `kv == limits.${name('at')}` }
    const under = `kv < limits.${name('below')}`
    return { fields: [...(from ? [name('from')] : []), name('below')], bounds: [...(from ? [from] : []), below ?? end], keeps: from ? `(kv >= limits.${name('from')}) & (${under})` : under }
  })
  const fields = parts.flatMap((p) => p.fields)
  return {
    fields, bounds: parts.flatMap((p) => p.bounds), keeps: parts.map((p) => (parts.length > 1 ? `(${p.keeps})` : p.keeps)).join(' | '),
    counted: `{ ${fields.map((f) => `limits.${f} - first`).join(', ')} }`,
  }
}
