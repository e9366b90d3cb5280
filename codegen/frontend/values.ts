import type { ts } from 'ts-morph'
import type { Expr } from '../ir/hook.ts'
import type { Interpreter } from './interpreter.ts'
import type { Module } from './modules.ts'
import type { Scope } from './scope.ts'

export type FunctionNode = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | ts.MethodDeclaration

/** A JavaScript number known when the variant is compiled; `float` when the author wrote it as one (`1.0`). */
export interface NumberValue { readonly kind: 'number'; readonly value: number; readonly float: boolean }
export interface BooleanValue { readonly kind: 'boolean'; readonly value: boolean }
export interface StringValue { readonly kind: 'string'; readonly value: string }
export interface UndefinedValue { readonly kind: 'undefined' }
/** A function that ended without a return. */
export interface NothingValue { readonly kind: 'nothing' }
/** Stands where a refusal was already reported. */
export interface PoisonValue { readonly kind: 'poison' }
export interface ArrayValue { readonly kind: 'array'; readonly items: readonly Value[] }
/** Fields are evaluated when they are read. */
export interface ObjectValue { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Value | Lazy>; readonly role?: 'seq' | 'Math' | 'Number' | 'Object' | 'axes' | 'inputs' }
export interface ModuleValue { readonly kind: 'module'; readonly module: Module }
export interface Closure { readonly kind: 'closure'; readonly fn: FunctionNode; readonly scope: Scope; readonly name: string }
export interface IntrinsicValue { readonly kind: 'intrinsic'; readonly name: string; readonly call: (I: Interpreter, args: readonly Value[], node: ts.Node) => Value; readonly fields?: ReadonlyMap<string, Value> }
/** A number or boolean known only at run time. */
export interface ExprValue { readonly kind: 'expr'; readonly expr: Expr }
/** A score that some condition replaces by -Infinity: `keep` is that condition's opposite. */
export interface MaskedValue { readonly kind: 'masked'; readonly value: Value; readonly keep: Expr | boolean }
/** `sides`: the rows that the hook has. */
export interface PerTokenValue { readonly kind: 'perToken'; readonly name: string; readonly type: 'i32' | 'f32'; readonly sides: readonly ('q' | 'kv')[]; readonly columns?: number }
/** Called with an index (a table), with a row and a column (a pair), or with a column (`columns`, a perToken's at `side`). */
export interface TableValue { readonly kind: 'table'; readonly name: string; readonly type: 'i32' | 'f32'; readonly pair?: true; readonly side?: 'q' | 'kv'; readonly columns?: number }
/** A call of `softmax`, `pointwise` or `byHead`: its parts as written. */
export interface NormalizerValue { readonly kind: 'normalizer'; readonly parts: ReadonlyMap<string, Value>; readonly node: ts.Node }
/** A capture declaration; its data come from the live object. */
export interface CaptureValue { readonly kind: 'capture' }
/** A layout of an interaction; its data come from the live object. */
export interface LayoutValue { readonly kind: 'layout' }
export interface DefinitionValue { readonly kind: 'definition'; readonly what: 'attention' | 'interaction' | 'chain'; readonly spec: Value; readonly node: ts.CallExpression }

export type Value =
  | NumberValue | BooleanValue | StringValue | UndefinedValue | NothingValue | PoisonValue | ArrayValue | ObjectValue | ModuleValue | Closure
  | IntrinsicValue | ExprValue | MaskedValue | PerTokenValue | TableValue | NormalizerValue | CaptureValue | LayoutValue | DefinitionValue

/** An expression not evaluated yet, with the names it sees. */
export class Lazy {
  readonly node: ts.Expression
  readonly scope: Scope
  readonly name: string | undefined
  value?: Value
  busy = false
  constructor(node: ts.Expression, scope: Scope, name?: string) {
    this.node = node
    this.scope = scope
    this.name = name
  }
}

export const UNDEFINED: UndefinedValue = Object.freeze({ kind: 'undefined' })
export const NOTHING: NothingValue = Object.freeze({ kind: 'nothing' })
export const POISON: PoisonValue = Object.freeze({ kind: 'poison' })
export const number = (value: number, float = false): NumberValue => ({ kind: 'number', value, float: float || !Number.isInteger(value) })
export const boolean = (value: boolean): BooleanValue => ({ kind: 'boolean', value })
export const string = (value: string): StringValue => ({ kind: 'string', value })
export const expr = (e: Expr | boolean): Value => (typeof e === 'boolean' ? boolean(e) : { kind: 'expr', expr: e })
export const intrinsic = (name: string, call: IntrinsicValue['call']): IntrinsicValue => ({ kind: 'intrinsic', name, call })

const named: Readonly<Record<Exclude<Value['kind'], 'expr' | 'number'>, string>> = {
  boolean: 'a boolean', string: 'a string', undefined: 'undefined', nothing: 'nothing', poison: 'unknown', array: 'a list', object: 'an object', module: 'a module',
  closure: 'a function', intrinsic: 'a function', masked: 'a score with -Infinity', perToken: 'a perToken capture', table: 'a table', normalizer: 'a normalizer',
  capture: 'a capture declaration', layout: 'a layout', definition: 'a definition',
}
/** For messages: "a boolean", "a number", "a function". */
export const describe = (v: Value): string =>
  v.kind === 'expr' ? (v.expr.type === 'bool' ? 'a boolean' : 'a number') : v.kind === 'number' ? (Number.isFinite(v.value) ? 'a number' : String(v.value)) : named[v.kind]
