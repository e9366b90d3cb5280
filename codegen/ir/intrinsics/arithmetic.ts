import type { Expr, ExprBuilder } from '../hook.ts'
import { type Intrinsic, sig } from './types.ts'

type N = readonly number[]
const both = sig('i32,i32->i32;f32,f32->f32')
const infix = (symbol: string): Pick<Intrinsic, 'wgsl' | 'cuda'> => ({ wgsl: (a) => `(${a[0]} ${symbol} ${a[1]})`, cuda: (a) => `(${a[0]} ${symbol} ${a[1]})` })
/** CUDA: signed overflow is undefined in C++, so i32 arithmetic that can wrap goes through unsigned. */
const wrapping = (symbol: string): Pick<Intrinsic, 'wgsl' | 'cuda'> => ({
  wgsl: (a) => `(${a[0]} ${symbol} ${a[1]})`,
  cuda: (a, t) => (t[0] === 'i32' ? `(int)((unsigned)${a[0]} ${symbol} (unsigned)${a[1]})` : `(${a[0]} ${symbol} ${a[1]})`),
})
const call = (name: string): Pick<Intrinsic, 'wgsl'> => ({ wgsl: (a) => `${name}(${a.join(', ')})` })
const f = (b: ExprBuilder, op: string, ...args: Expr[]) => b.op('f32', op, args)
const one = (b: ExprBuilder) => b.const('f32', 1)
const zero = (b: ExprBuilder) => b.const('f32', 0)

export const arithmetic = {
  add: { signatures: both, js: ([x, y], t) => (t[0] === 'i32' ? ((x as number) + (y as number)) | 0 : (x as number) + (y as number)), ...wrapping('+'), derivative: (b) => [one(b), one(b)] },
  sub: { signatures: both, js: ([x, y], t) => (t[0] === 'i32' ? ((x as number) - (y as number)) | 0 : (x as number) - (y as number)), ...wrapping('-'), derivative: (b) => [one(b), b.const('f32', -1)] },
  mul: { signatures: both, js: ([x, y], t) => (t[0] === 'i32' ? Math.imul(x as number, y as number) : (x as number) * (y as number)), ...wrapping('*'), derivative: (_b, n) => [n.args[1]!, n.args[0]!] },
  /** Float division; integers are converted first, as in JavaScript. */
  div: {
    signatures: sig('f32,f32->f32'), js: (a) => (a as N)[0]! / (a as N)[1]!, ...infix('/'),
    derivative: (b, n) => [f(b, 'div', one(b), n.args[1]!), f(b, 'neg', f(b, 'div', n, n.args[1]!))],
  },
  /** Rounded down; 0 where the divisor is 0. */
  floorDiv: {
    signatures: sig('i32,i32->i32'), js: (a) => { const [x, y] = a as N; return y === 0 ? 0 : Math.floor(x! / y!) | 0 },
    wgsl: (a) => `floor_div(${a.join(', ')})`, cuda: (a) => `floor_div(${a.join(', ')})`,
  },
  /** x - y · floorDiv(x, y): has the divisor's sign. */
  mod: {
    signatures: sig('i32,i32->i32'), js: (a) => { const [x, y] = a as N; return y === 0 ? x! : (x! - y! * Math.floor(x! / y!)) | 0 },
    wgsl: (a) => `floor_mod(${a.join(', ')})`, cuda: (a) => `floor_mod(${a.join(', ')})`,
  },
  /** JavaScript's %: has the dividend's sign. On i32 a zero divisor gives 0 in a kernel (NaN in JavaScript). */
  rem: {
    signatures: both, js: (a, t) => { const [x, y] = a as N; return t[0] === 'i32' ? (y === 0 ? 0 : (x! % y!) | 0) : x! % y! },
    wgsl: (a, t) => (t[0] === 'i32' ? `trunc_rem(${a.join(', ')})` : `(${a[0]} % ${a[1]})`), cuda: (a, t) => (t[0] === 'i32' ? `trunc_rem(${a.join(', ')})` : `fmodf(${a.join(', ')})`),
    derivative: (b, n) => [one(b), f(b, 'neg', f(b, 'trunc', f(b, 'div', n.args[0]!, n.args[1]!)))],
  },
  neg: {
    signatures: sig('i32->i32;f32->f32'), js: ([x], t) => (t[0] === 'i32' ? -(x as number) | 0 : -(x as number)),
    wgsl: (a) => `(-${a[0]})`, cuda: (a, t) => (t[0] === 'i32' ? `(int)(0u - (unsigned)${a[0]})` : `(-${a[0]})`), derivative: (b) => [b.const('f32', -1)],
  },
  abs: {
    signatures: sig('i32->i32;f32->f32'), js: ([x], t) => (t[0] === 'i32' ? Math.abs(x as number) | 0 : Math.abs(x as number)),
    ...call('abs'), cuda: (a, t) => (t[0] === 'i32' ? `abs_i32(${a[0]})` : `fabsf(${a[0]})`), derivative: (b, n) => [f(b, 'sign', n.args[0]!)],
  },
  sign: { signatures: sig('i32->i32;f32->f32'), js: (a) => Math.sign(a[0] as number), ...call('sign'), cuda: (a, t) => (t[0] === 'i32' ? `sign_i32(${a[0]})` : `sign_f32(${a[0]})`) },
  min: {
    signatures: both, js: (a) => Math.min(...(a as N)), ...call('min'), cuda: (a, t) => (t[0] === 'i32' ? `min_i32(${a.join(', ')})` : `fminf(${a.join(', ')})`),
    derivative: (b, n) => { const c = b.op('bool', 'le', n.args); return [f(b, 'select', c, one(b), zero(b)), f(b, 'select', c, zero(b), one(b))] },
  },
  max: {
    signatures: both, js: (a) => Math.max(...(a as N)), ...call('max'), cuda: (a, t) => (t[0] === 'i32' ? `max_i32(${a.join(', ')})` : `fmaxf(${a.join(', ')})`),
    derivative: (b, n) => { const c = b.op('bool', 'ge', n.args); return [f(b, 'select', c, one(b), zero(b)), f(b, 'select', c, zero(b), one(b))] },
  },
  bitAnd: { signatures: sig('i32,i32->i32'), js: (a) => (a as N)[0]! & (a as N)[1]!, ...infix('&') },
  bitOr: { signatures: sig('i32,i32->i32'), js: (a) => (a as N)[0]! | (a as N)[1]!, ...infix('|') },
  bitXor: { signatures: sig('i32,i32->i32'), js: (a) => (a as N)[0]! ^ (a as N)[1]!, ...infix('^') },
  shl: { signatures: sig('i32,i32->i32'), js: (a) => (a as N)[0]! << (a as N)[1]!, wgsl: (a) => `(${a[0]} << (u32(${a[1]}) & 31u))`, cuda: (a) => `(int)((unsigned)${a[0]} << (${a[1]} & 31))` },
  shr: { signatures: sig('i32,i32->i32'), js: (a) => (a as N)[0]! >> (a as N)[1]!, wgsl: (a) => `(${a[0]} >> (u32(${a[1]}) & 31u))`, cuda: (a) => `(${a[0]} >> (${a[1]} & 31))` },
} as const satisfies Record<string, Intrinsic>
