import type { Expr, ExprBuilder } from '../hook.ts'
import { type Intrinsic, sig } from './types.ts'

const unary = sig('f32->f32')
const simple = (js: (x: number) => number, wgsl: string, cuda: string, derivative?: (b: ExprBuilder, x: Expr, y: Expr) => Expr): Intrinsic => ({
  signatures: unary,
  js: (a) => js(a[0] as number),
  wgsl: (a) => wgsl.replaceAll('$', a[0]!),
  cuda: (a) => cuda.replaceAll('$', a[0]!),
  ...(derivative && { derivative: (b: ExprBuilder, n: Expr & { kind: 'op' }) => [derivative(b, n.args[0]!, n)] }),
})
const c = (b: ExprBuilder, value: number) => b.const('f32', value)
const f = (b: ExprBuilder, op: string, ...args: Expr[]) => b.op('f32', op, args)
/** Ties to even, as kernels round; JavaScript's Math.round rounds ties up and is lowered to floor(x + 0.5). */
const roundEven = (x: number): number => { const r = Math.round(x); return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r }
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

export const functions = {
  floor: simple(Math.floor, 'floor($)', 'floorf($)'),
  ceil: simple(Math.ceil, 'ceil($)', 'ceilf($)'),
  trunc: simple(Math.trunc, 'trunc($)', 'truncf($)'),
  roundEven: simple(roundEven, 'round($)', 'rintf($)'),
  sqrt: simple(Math.sqrt, 'sqrt($)', 'sqrtf($)', (b, _x, y) => f(b, 'div', c(b, 0.5), y)),
  /** WGSL's exp may be wrong by 3 + 2|x| ulp; exp_f32 reduces the argument first. */
  exp: simple(Math.exp, 'exp_f32($)', 'expf($)', (_b, _x, y) => y),
  exp2: simple((x) => 2 ** x, 'exp2($)', 'exp2f($)', (b, _x, y) => f(b, 'mul', c(b, Math.LN2), y)),
  log: simple(Math.log, 'log($)', 'logf($)', (b, x) => f(b, 'div', c(b, 1), x)),
  log2: simple(Math.log2, 'log2($)', 'log2f($)', (b, x) => f(b, 'div', c(b, Math.LOG2E), x)),
  sin: simple(Math.sin, 'sin($)', 'sinf($)', (b, x) => f(b, 'cos', x)),
  cos: simple(Math.cos, 'cos($)', 'cosf($)', (b, x) => f(b, 'neg', f(b, 'sin', x))),
  /** WGSL's tanh may overflow for large arguments, and lose bits for small ones, on some devices: tanh_f32 does neither. */
  tanh: simple(Math.tanh, 'tanh_f32($)', 'tanhf($)', (b, _x, y) => f(b, 'sub', c(b, 1), f(b, 'mul', y, y))),
  /** 1 - sigmoid(x) is sigmoid(-x), which keeps its bits where sigmoid(x) is near 1. */
  sigmoid: simple(sigmoid, 'sigmoid($)', 'sigmoid($)', (b, x, y) => f(b, 'mul', y, f(b, 'sigmoid', f(b, 'neg', x)))),
  silu: simple((x) => (x < -700 ? 0 : x * sigmoid(x)), 'silu($)', 'silu($)', (b, x) => {
    const s = f(b, 'sigmoid', x)
    return f(b, 'mul', s, f(b, 'add', c(b, 1), f(b, 'mul', x, f(b, 'sigmoid', f(b, 'neg', x)))))
  }),
  /** x^y for x >= 0; the front end writes whole-number powers as products. */
  pow: {
    signatures: sig('f32,f32->f32'), js: (a) => (a[0] as number) ** (a[1] as number), wgsl: (a) => `pow(${a.join(', ')})`, cuda: (a) => `powf(${a.join(', ')})`,
    derivative: (b, n) => [f(b, 'mul', n.args[1]!, f(b, 'pow', n.args[0]!, f(b, 'sub', n.args[1]!, c(b, 1)))), f(b, 'mul', n, f(b, 'log', n.args[0]!))],
  },
} as const satisfies Record<string, Intrinsic>
