import { selfLayout } from '../../codegen/ir/layout.ts'
import fc from 'fast-check'
import type { Algorithm, NamedCapture } from '../../codegen/ir/algorithm.ts'
import { type Expr, ExprBuilder, type ScalarType, type Span } from '../../codegen/ir/hook.ts'

const span: Span = { file: 'random.ts', line: 1, column: 1, text: 'mask' }

export const captures: readonly NamedCapture[] = [
  ...['a', 'c', 'd'].map((name): NamedCapture => ({ name, kind: 'scalar', dtype: 'i32', perHead: false })),
  { name: 's', kind: 'scalar', dtype: 'f32', perHead: false },
  { name: 'tok', kind: 'perToken', dtype: 'i32', perHead: false },
  { name: 'tab', kind: 'table', dtype: 'i32', perHead: false },
]

export const algorithmOf = (body: Expr): Algorithm => ({
  kind: 'attention', name: 'random', layout: selfLayout, captures, maskMod: { name: 'maskMod', body, span }, normalizer: { kind: 'softmax' }, smScale: { kind: 'default' }, span,
})

const signatures = (list: string): [string, ScalarType, ScalarType[]][] =>
  list.split(' ').map((one) => { const [op, args, result] = one.split(':'); return [op!, result as ScalarType, args!.split(',') as ScalarType[]] })

/** Operations as `name:operand types:result`. */
const everything = signatures(
  'add:i32,i32:i32 sub:i32,i32:i32 mul:i32,i32:i32 floorDiv:i32,i32:i32 mod:i32,i32:i32 rem:i32,i32:i32 neg:i32:i32 abs:i32:i32 sign:i32:i32 min:i32,i32:i32 max:i32,i32:i32 ' +
  'bitAnd:i32,i32:i32 bitOr:i32,i32:i32 bitXor:i32,i32:i32 shl:i32,i32:i32 shr:i32,i32:i32 select:bool,i32,i32:i32 boolToI32:bool:i32 toI32:f32:i32 toF32:i32:f32 ' +
  'add:f32,f32:f32 sub:f32,f32:f32 mul:f32,f32:f32 div:f32,f32:f32 neg:f32:f32 abs:f32:f32 sign:f32:f32 floor:f32:f32 ceil:f32:f32 trunc:f32:f32 roundEven:f32:f32 sqrt:f32:f32 min:f32,f32:f32 max:f32,f32:f32 select:bool,f32,f32:f32 ' +
  'lt:i32,i32:bool le:i32,i32:bool gt:i32,i32:bool ge:i32,i32:bool eq:i32,i32:bool ne:i32,i32:bool lt:f32,f32:bool ge:f32,f32:bool eq:f32,f32:bool ne:f32,f32:bool ' +
  'eq:bool,bool:bool ne:bool,bool:bool and:bool,bool:bool or:bool,bool:bool not:bool:bool select:bool,bool,bool:bool')
/** Mostly what keeps a direction, so that loop bounds come up often. */
const monotone = signatures(
  'add:i32,i32:i32 sub:i32,i32:i32 add:i32,i32:i32 sub:i32,i32:i32 mul:i32,i32:i32 floorDiv:i32,i32:i32 neg:i32:i32 min:i32,i32:i32 max:i32,i32:i32 shr:i32,i32:i32 shl:i32,i32:i32 ' +
  'lt:i32,i32:bool le:i32,i32:bool gt:i32,i32:bool ge:i32,i32:bool and:bool,bool:bool and:bool,bool:bool or:bool,bool:bool not:bool:bool select:bool,bool,bool:bool boolToI32:bool:i32 toF32:i32:f32 mul:f32,f32:f32 add:f32,f32:f32 lt:f32,f32:bool le:i32,i32:bool')

const ints = [0, 1, 2, 3, 4, 7, 31, -1, -2, 8, 16, 65536, 2147483647, -2147483648]
const floats = [0, 1, -1, 0.5, 2, 3.75, 1e9, -7, 1e30, 4]

const leaves = (b: ExprBuilder, extreme: boolean): Expr[] => [
  ...['q', 'kv', 'q', 'kv', 'q', 'kv', 'qLen', 'kvLen', 'h'].map((n) => b.param('i32', n as 'q')),
  ...['a', 'c', 'd'].map((n) => b.capture('i32', n)),
  ...(extreme ? ints : ints.slice(0, 11)).map((n) => b.const('i32', n)), ...floats.map((n) => b.const('f32', n)),
  ...(extreme ? [b.capture('f32', 's'), b.capture('i32', 'tok', 'q'), b.capture('i32', 'tok', 'kv'), b.const('f32', -0)] : []),
  b.const('bool', true), b.const('bool', false),
]

type Step = readonly [number, number, number, number]
const growFrom = (steps: readonly Step[], ops: typeof everything, extreme: boolean): Expr => {
  const b = new ExprBuilder()
  const pool: Record<ScalarType, Expr[]> = { i32: [], f32: [], bool: [] }
  for (const e of leaves(b, extreme)) pool[e.type].push(e)
  const first: Record<ScalarType, number> = { i32: pool.i32.length, f32: pool.f32.length, bool: pool.bool.length }
  /** Half the picks take the newest values, so that depth grows. */
  const take = (type: ScalarType, n: number): Expr => {
    const list = pool[type], fresh = list.length - first[type]
    return n % 2 === 1 && fresh > 0 ? list[list.length - 1 - ((n >> 1) % Math.min(3, fresh))]! : list[(n >> 1) % list.length]!
  }
  let root = b.op('bool', 'le', [b.param('i32', 'kv'), b.param('i32', 'q')]) as Expr
  for (const [op, ...picks] of steps) {
    const [name, result, args] = ops[op % ops.length]!
    const made = extreme && op % 31 === 30 ? b.table('i32', 'tab', take('i32', picks[0]!)) : b.op(result, name, args.map((t, i) => take(t, picks[i]!)))
    pool[made.type].push(made)
    if (made.type === 'bool') root = made
  }
  return root
}

const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(2000), fc.nat(999), fc.nat(999), fc.nat(999))
/** Any operation at all, values at the ends of i32 included. */
export const anyMask = fc.array(step, { minLength: 2, maxLength: 14 }).map((s) => growFrom(s, everything, true))
export const monotoneMask = fc.array(step, { minLength: 3, maxLength: 12 }).map((s) => growFrom(s, monotone, false))

const nearEnds = fc.oneof(fc.integer({ min: -4, max: 40 }), fc.integer({ min: -2147483648, max: -2147483640 }), fc.integer({ min: 2147483600, max: 2147483647 }), fc.integer())
export const anyValues = fc.record({ a: nearEnds, c: nearEnds, d: nearEnds, s: fc.constantFrom(NaN, 0, -0, 1.5, -3, Infinity, -Infinity, 1e30), tok: fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 4, maxLength: 4 }), tab: fc.array(nearEnds, { minLength: 3, maxLength: 3 }) })
export type Values = typeof anyValues extends fc.Arbitrary<infer V> ? V : never
