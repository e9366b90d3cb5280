import type { ts } from 'ts-morph'
import type { Interpreter } from './interpreter.ts'
import { conjunction, disjunction } from './logic.ts'
import { type ArrayValue, boolean, intrinsic, type IntrinsicValue, number, type Value } from './values.ts'

type Method = (I: Interpreter, items: readonly Value[], call: (...args: Value[]) => Value, args: readonly Value[], node: ts.Node) => Value

const method = (name: string, body: Method) => (list: ArrayValue): IntrinsicValue =>
  intrinsic(name, (I, args, node) => body(I, list.items, (...given) => I.apply(args[0]!, given, node), args, node))

const each = (connective: typeof conjunction, empty: boolean): Method => (I, items, call, _args, node) =>
  items.length === 0 ? boolean(empty) : items.slice(1).reduce<Value>(
    (left, item, i) => connective(I, left, node, () => call(item, number(i + 1)), node, node), call(items[0]!, number(0)))

/** Methods of a constant list, unrolled. */
export const listMethods: Readonly<Record<string, (list: ArrayValue) => IntrinsicValue>> = Object.freeze({
  __proto__: null as never,
  every: method('every', each(conjunction, true)),
  some: method('some', each(disjunction, false)),
  map: method('map', (_I, items, call) => ({ kind: 'array', items: items.map((item, i) => call(item, number(i))) })),
  reduce: method('reduce', (I, items, call, args, node) => {
    const start = args[1] ?? items[0]
    if (!start) return I.refuse('SR1101', node, { what: '`reduce` over an empty list', fix: 'Give it a first value.' })
    return items.slice(args[1] ? 0 : 1).reduce<Value>((left, item, i) => call(left, item, number(i + (args[1] ? 0 : 1))), start)
  }),
})
