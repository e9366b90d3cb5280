import type { Expr } from '../ir/hook.ts'
import { axisOf, type Interaction, tensorAxes } from '../ir/interaction/index.ts'
import type { Algebra } from './algebra.ts'

/** The output has places along a jagged axis past its sequences' lengths. */
export const isPadded = (x: Interaction, axis: string): boolean => axisOf(x, axis).kind === 'jagged' && x.output.storage === 'dense' && tensorAxes(x.output).includes(axis)

const named = (e: Expr | undefined, name: string): boolean => e?.kind === 'param' && e.name === name

/** The value at places of a padded output past a sequence's length, where jagged inputs give their fill. */
export const beyond = (a: Algebra, x: Interaction, axis: string, value: Expr): Expr =>
  a.rewrite(value, (l) => {
    if (l.kind === 'op' && l.op === 'lt' && named(l.args[0], `at:${axis}`) && named(l.args[1], `len:${axis}`)) return a.b.const('bool', false)
    if (l.kind !== 'param' || !l.name.startsWith('in:')) return undefined
    const t = x.inputs.find((i) => i.name === l.name.slice(3))
    return t?.storage === 'jagged' && tensorAxes(t).includes(axis) ? a.b.const(l.type, t.fill) : undefined
  }, true)

