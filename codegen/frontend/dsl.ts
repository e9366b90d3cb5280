import { ts } from 'ts-morph'
import type { Interpreter } from './interpreter.ts'
import { isDsl } from './resolve.ts'
import { asF32, asIndex } from './typing.ts'
import { type Closure, type DefinitionValue, expr, type Value } from './values.ts'

type Form = (I: Interpreter, args: readonly Value[], site: ts.Node) => Value | undefined

const runtime = (args: readonly Value[]): boolean => args.some((a) => a.kind === 'expr')
const float = (op: string): Form => (I, args, site) => (args.length === 1 && runtime(args) ? expr(I.op(op, [asF32(I, args[0]!, site)], site)) : undefined)

/** i32 operands use the kernel's exact form; floats are evaluated from the function's own source. */
const integers = (op: string): Form => (I, args, site) => {
  if (args.length !== 2 || !runtime(args) || args.some((a) => a.kind === 'expr' ? a.expr.type !== 'i32' : a.kind !== 'number' || !Number.isInteger(a.value))) return undefined
  return expr(I.op(op, args.map((a) => asIndex(I, a, site)!), site))
}

const capture: Form = () => ({ kind: 'capture' })
const layout: Form = () => ({ kind: 'layout' })

const define = (what: DefinitionValue['what']): Form => (I, [spec], node) =>
  ({ kind: 'definition', what, spec: spec ?? I.refuse('SR1122', node, { given: 0, takes: '1 argument' }), node: node as ts.CallExpression })

const normalizer = (node: ts.Node, names: readonly string[], args: readonly Value[]): Value => ({ kind: 'normalizer', node, parts: new Map(args.map((a, i) => [names[i] ?? `${i}`, a])) })

/** Functions of `dsl/` that mean more to the compiler than their source says. All others are read like an author's. */
const forms: Readonly<Record<string, Form>> = Object.freeze({
  __proto__: null as never,
  sigmoid: float('sigmoid'), silu: float('silu'), floorDiv: integers('floorDiv'), mod: integers('mod'),
  scalar: capture, perHead: capture, perSequence: capture, perToken: capture, table: capture, pair: capture,
  softmax: (I, [options], node) => ({ kind: 'normalizer', node, parts: new Map(options?.kind === 'object' ? [...options.fields].map(([name, field]) => [name, I.force(field)]) : []) }),
  pointwise: (_I, args, node) => normalizer(node, ['activation', 'scale'], args),
  byHead: (_I, args, node) => normalizer(node, ['heads', 'first', 'rest'], args),
  jagged: layout, dense: layout, outer: layout, lower: layout, reread: layout,
  defineAttention: define('attention'), defineInteraction: define('interaction'), defineChain: define('chain'),
  step: (_I, [of, inputs]) => ({ kind: 'object', fields: new Map([...(of ? [['of', of] as const] : []), ...(inputs ? [['inputs', inputs] as const] : [])]) }),
})

/** The compiler's own form of a call to an exported function of `dsl/`, if it has one for these arguments. */
export const dslForm = (I: Interpreter, callee: Closure, args: readonly Value[], site: ts.Node): Value | undefined => {
  const { module } = callee.scope
  return callee.scope === module.scope && isDsl(module.path) ? forms[callee.name]?.(I, args, site) : undefined
}
