import type { ts } from 'ts-morph'
import { listMethods } from './lists.ts'
import type { Interpreter } from './interpreter.ts'
import { bindingValue } from './names.ts'
import { closest } from './closest.ts'
import { exportsOf } from './modules.ts'
import { refuseOperand } from './typing.ts'
import { expr, number, UNDEFINED, type ObjectValue, type Value } from './values.ts'

const unknown = (what: string) => (I: Interpreter, o: ObjectValue, key: string, node: ts.Node): never => {
  const near = key.length > 1 ? closest(key, [...o.fields.keys()]) : undefined
  return I.refuse('SR1519', node, { name: key, what, known: [...o.fields.keys()].join(', ') || 'none', fix: near ? `Write \`${near}\`.` : 'Use one of these, or add it to the definition.' })
}

const missing: Readonly<Record<NonNullable<ObjectValue['role']>, (I: Interpreter, o: ObjectValue, key: string, node: ts.Node) => never>> = {
  seq: (I, o, key, node) => {
    const captures = [...o.fields.keys()].filter((k) => !['qLen', 'kvLen', 'lengths', 'sizes'].includes(k))
    const near = closest(key, [...o.fields.keys()])
    return I.refuse('SR1301', node, {
      name: key, declared: captures.join(', ') || 'none', fix: near ? `Write \`${near}\`.` : `Declare it: \`captures: { ${key}: scalar('f32') }\`.`,
    })
  },
  Math: (I, o, key, node) => {
    if (key === 'random') I.refuse('SR1108', node)
    const near = closest(key, [...o.fields.keys()])
    return I.refuse('SR1113', node, { fix: near ? `Did you mean \`Math.${near}\`?` : `Use one of Math: ${[...o.fields.keys()].join(', ')}.` })
  },
  Number: (I, _o, key, node) =>
    key === 'isNaN' || key === 'NaN' ? I.refuse('SR1109', node) : I.refuse('SR1113', node, { fix: 'Use arithmetic and comparisons; `Number(x)` converts a boolean.' }),
  axes: unknown('an axis that can be read here'), inputs: unknown('an input'),
  Object: (I, _o, _key, node) => I.refuse('SR1113', node, { fix: 'Use plain values.' }),
}

const perToken = (I: Interpreter, v: Value & { kind: 'perToken' }, key: string, node: ts.Node): Value => {
  if (key !== 'q' && key !== 'kv') return I.refuse('SR1302', node, { name: v.name, text: v.name })
  if (!v.sides.includes(key)) I.refuse('SR1304', node, { name: v.name })
  return v.columns ? { kind: 'table', name: v.name, type: v.type, side: key, columns: v.columns } : expr(I.builder.capture(v.type, v.name, key))
}

/** `value.key`, as JavaScript reads it. */
export const property = (I: Interpreter, v: Value, key: string, node: ts.Node): Value => {
  if (v.kind === 'object') {
    const field = v.fields.get(key)
    return field ? I.force(field) : v.role ? missing[v.role](I, v, key, node) : UNDEFINED
  }
  if (v.kind === 'module') {
    const found = exportsOf(v.module).get(key)
    return found ? bindingValue(I, found.module, found.binding, key, node) : UNDEFINED
  }
  if (v.kind === 'intrinsic' && v.fields) return v.fields.get(key) ?? missing.Number(I, { kind: 'object', fields: v.fields }, key, node)
  if (v.kind === 'perToken') return perToken(I, v, key, node)
  if (v.kind === 'array') {
    if (key === 'length') return number(v.items.length)
    if (/^\d+$/.test(key)) return v.items[Number(key)] ?? UNDEFINED
    const method = listMethods[key]
    return method ? method(v) : I.refuse('SR1113', node, { fix: `Use one of ${Object.keys(listMethods).join(', ')}, or write the values out.` })
  }
  if (v.kind === 'expr' || v.kind === 'number' || v.kind === 'boolean') {
    const side = key === 'q' || key === 'kv'
    I.refuse('SR1305', node, { used: `an object with \`${key}\``, fix: side ? 'Declare the capture as perToken, or remove the field.' : `Remove \`.${key}\`.` })
  }
  if (v.kind === 'closure' || v.kind === 'intrinsic') I.refuse('SR1113', node, { fix: 'Call the function itself.' })
  return refuseOperand(I, v, node)
}
