import { type Expr } from '../ir/hook.ts'

/** A part of a mask that must be true (or false, where `negated`) for a pair to be kept. */
export interface Conjunct { readonly expr: Expr; readonly negated: boolean }

const isConst = (e: Expr, value: boolean): boolean => e.kind === 'const' && e.value === value

type Split = (e: Expr & { kind: 'op' }, negated: boolean) => readonly Conjunct[] | undefined
const part = (expr: Expr, negated: boolean): Conjunct => ({ expr, negated })

const splits: Readonly<Record<string, Split>> = {
  and: (e, negated) => (negated ? undefined : e.args.map((a) => part(a, false))),
  or: (e, negated) => (negated ? e.args.map((a) => part(a, true)) : undefined),
  not: (e, negated) => [part(e.args[0]!, !negated)],
  select: (e, negated) => {
    const [c, a, b] = e.args as [Expr, Expr, Expr]
    return isConst(b, negated) ? [part(c, false), part(a, negated)] : isConst(a, negated) ? [part(c, true), part(b, negated)] : undefined
  },
}

/** The mask as a conjunction: `if (…) return false` chains and negated `or` included. Constant true parts are dropped. */
export const conjunctsOf = (expr: Expr, negated = false): readonly Conjunct[] => {
  if (isConst(expr, !negated)) return []
  const parts = expr.kind === 'op' ? splits[expr.op]?.(expr, negated) : undefined
  return parts ? parts.flatMap((p) => conjunctsOf(p.expr, p.negated)) : [part(expr, negated)]
}
