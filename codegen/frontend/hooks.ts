import { ts } from 'ts-morph'
import type { NamedCapture } from '../ir/algorithm.ts'
import { type Expr, type Hook, type HookName, type ParamName, type Span, topological } from '../ir/hook.ts'
import { seqValue } from './captures.ts'
import type { Interpreter } from './interpreter.ts'
import { spanOf } from './place.ts'
import { Refusal } from './refusal.ts'
import { isDsl } from './resolve.ts'
import { asF32, asIndex, numberType, refuseOperand } from './typing.ts'
import { type Closure, describe, expr, type Value } from './values.ts'

interface Signature { readonly parameters: readonly (ParamName | 'seq')[]; readonly result: 'f32' | 'i32' | 'bool'; readonly fix: string }

const NUMBER_FIX = 'Return a number; to drop pairs use maskMod.'
/** What each hook is offered, in FlexAttention's order, and what it must return. */
export const signatures: Readonly<Record<HookName, Signature>> = Object.freeze({
  scoreMod: { parameters: ['score', 'b', 'h', 'q', 'kv', 'seq'], result: 'f32', fix: NUMBER_FIX },
  maskMod: { parameters: ['b', 'h', 'q', 'kv', 'seq'], result: 'bool', fix: 'Return a comparison, for example `kv <= q`; true keeps the pair.' },
  activation: { parameters: ['score'], result: 'f32', fix: NUMBER_FIX },
  scale: { parameters: ['seq'], result: 'f32', fix: NUMBER_FIX },
  sink: { parameters: ['seq'], result: 'f32', fix: NUMBER_FIX },
  keepAfter: { parameters: ['b', 'h', 'q', 'kv', 'seq'], result: 'bool', fix: 'Return a comparison, for example `kv >= q`; true keeps the weight.' },
  headCount: { parameters: ['seq'], result: 'i32', fix: 'Return a whole number: how many heads `first` normalises.' },
})

/** Hooks computed once for a query row, or once for a head. */
const sidesOf: Readonly<Partial<Record<HookName, readonly ('q' | 'kv')[]>>> = { scale: ['q'], sink: ['q'], headCount: [] }

/** A hook's body, and for a scoreMod that returned -Infinity somewhere the condition under which it did not. */
export interface ReadHook { readonly hook: Hook; readonly keep?: Expr }

const functionSpan = (fn: Value, site: ts.Node): Span => {
  if (fn.kind !== 'closure') return spanOf(site)
  const made = isDsl(fn.fn.getSourceFile().fileName) && !isDsl(site.getSourceFile().fileName) && ts.isCallExpression(site)
  return spanOf(made ? site : fn.fn)
}

const parameterCheck = (I: Interpreter, name: HookName, fn: Closure, site: ts.Node): void => {
  const { parameters } = signatures[name]
  const given = fn.fn.parameters.filter((p) => !p.dotDotDotToken && !p.initializer).length
  if (given > parameters.length) I.refuse('SR1212', isDsl(fn.scope.module.path) ? site : fn.fn, { hook: name, given, offered: parameters.length, list: parameters.join(', ') })
}

const numeric = (I: Interpreter, name: HookName, v: Value, at: ts.Node): Expr => {
  if (v.kind === 'boolean' || (v.kind === 'expr' && v.expr.type === 'bool')) I.refuse('SR1205', at, { hook: name, found: 'a boolean', wanted: 'a number', fix: signatures[name].fix })
  numberType(I, v, at)
  return asF32(I, v, at)
}

const logical = (I: Interpreter, name: HookName, v: Value, at: ts.Node): Expr => {
  if (v.kind === 'boolean') return I.constant('bool', v.value)
  if (v.kind === 'expr' && v.expr.type === 'bool') return v.expr
  if (v.kind === 'poison') throw new Refusal()
  if (v.kind === 'nothing') refuseOperand(I, v, at)
  return I.refuse('SR1205', at, { hook: name, found: describe(v), wanted: 'a boolean', fix: signatures[name].fix })
}

const whole = (I: Interpreter, name: HookName, v: Value, at: ts.Node): Expr => {
  if (v.kind === 'boolean' || (v.kind === 'expr' && v.expr.type === 'bool')) I.refuse('SR1205', at, { hook: name, found: 'a boolean', wanted: 'a whole number', fix: signatures[name].fix })
  return asIndex(I, v, at) ?? I.refuse('SR1205', at, { hook: name, found: 'a float', wanted: 'a whole number', fix: signatures[name].fix })
}

const results = { f32: numeric, i32: whole, bool: logical } as const

/** Evaluates one of the author's functions over the run-time arguments that its hook is offered. */
export const readHook = (I: Interpreter, name: HookName, fn: Value, captures: readonly NamedCapture[], site: ts.Node, mayDrop: boolean): ReadHook => {
  const { parameters, result } = signatures[name]
  if (fn.kind === 'closure') parameterCheck(I, name, fn, site)
  const args = parameters.map((p): Value => (p === 'seq' ? seqValue(I, captures, sidesOf[name] ?? ['q', 'kv']) : expr(I.builder.param(p === 'score' ? 'f32' : 'i32', p))))
  const at = fn.kind === 'closure' && !isDsl(fn.scope.module.path) ? fn.fn : site
  const v = I.apply(fn, args, site)
  if (v.kind === 'nothing') I.refuse('SR1116', at, { name })
  const span = functionSpan(fn, site)
  const dropped = v.kind === 'number' && v.value === -Infinity
  if (mayDrop && dropped) return { hook: { name, body: I.builder.param('f32', 'score'), span }, keep: I.constant('bool', false) }
  if (mayDrop && v.kind === 'masked') {
    if (typeof v.keep !== 'boolean' && topological(v.keep).some((e) => e.kind === 'param' && e.name === 'score')) I.refuse('SR1213', at)
    return { hook: { name, body: numeric(I, name, v.value, at), span }, keep: typeof v.keep === 'boolean' ? I.constant('bool', v.keep) : v.keep }
  }
  return { hook: { name, body: results[result](I, name, v, at), span } }
}
