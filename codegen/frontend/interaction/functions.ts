import { isDsl } from '../resolve.ts'
import type { Value } from '../values.ts'
import type { Places } from './places.ts'

/** Evaluates one of the author's functions over named arguments. */
export const call = (P: Places, path: readonly string[], args: readonly (readonly [name: string, value: Value])[]): Value => {
  const { I } = P
  const fn = P.fn(...path)
  const site = P.at(...path)
  const hook = path.join('.')
  if (fn.kind === 'closure') {
    const given = fn.fn.parameters.filter((p) => !p.dotDotDotToken && !p.initializer).length
    if (given > args.length) I.refuse('SR1212', isDsl(fn.scope.module.path) ? site : fn.fn, { hook, given, offered: args.length, list: args.map(([name]) => name).join(', ') })
  }
  const value = I.apply(fn, args.map(([, v]) => v), site)
  if (value.kind === 'nothing') I.refuse('SR1116', fn.kind === 'closure' ? fn.fn : site, { name: hook })
  return value
}
