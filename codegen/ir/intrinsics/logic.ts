import { type Intrinsic, sig } from './types.ts'

const compare = (symbol: string, js: (x: number, y: number) => boolean, bools = ''): Intrinsic => ({
  signatures: sig(`i32,i32->bool;f32,f32->bool${bools}`),
  js: (a) => js(a[0] as number, a[1] as number),
  wgsl: (a) => `(${a[0]} ${symbol} ${a[1]})`,
  cuda: (a) => `(${a[0]} ${symbol} ${a[1]})`,
})
const BOOLS = ';bool,bool->bool'

export const logic = {
  lt: compare('<', (x, y) => x < y),
  le: compare('<=', (x, y) => x <= y),
  gt: compare('>', (x, y) => x > y),
  ge: compare('>=', (x, y) => x >= y),
  eq: compare('==', (x, y) => x === y, BOOLS),
  ne: compare('!=', (x, y) => x !== y, BOOLS),
  /** Both sides are evaluated (they have no effects): short circuits nested by inlining take some shader compilers minutes, and become a branch a pair in CUDA. */
  and: { signatures: sig('bool,bool->bool'), js: (a) => (a[0] && a[1]) as boolean, wgsl: (a) => `(${a[0]} & ${a[1]})`, cuda: (a) => `(${a[0]} & ${a[1]})` },
  or: { signatures: sig('bool,bool->bool'), js: (a) => (a[0] || a[1]) as boolean, wgsl: (a) => `(${a[0]} | ${a[1]})`, cuda: (a) => `(${a[0]} | ${a[1]})` },
  not: { signatures: sig('bool->bool'), js: (a) => !a[0], wgsl: (a) => `(!${a[0]})`, cuda: (a) => `(!${a[0]})` },
  /** select(condition, whenTrue, whenFalse). */
  select: {
    signatures: sig('bool,i32,i32->i32;bool,f32,f32->f32;bool,bool,bool->bool'),
    js: (a) => (a[0] ? a[1]! : a[2]!),
    wgsl: (a) => `select(${a[2]}, ${a[1]}, ${a[0]})`,
    cuda: (a) => `(${a[0]} ? ${a[1]} : ${a[2]})`,
    derivative: (b, n) => [null, b.op('f32', 'select', [n.args[0]!, b.const('f32', 1), b.const('f32', 0)]), b.op('f32', 'select', [n.args[0]!, b.const('f32', 0), b.const('f32', 1)])],
  },
  toF32: { signatures: sig('i32->f32'), js: (a) => a[0]!, wgsl: (a) => `f32(${a[0]})`, cuda: (a) => `(float)${a[0]}` },
  /** Towards zero, saturating at the ends of i32. */
  toI32: {
    signatures: sig('f32->i32'), js: (a) => { const x = Math.trunc(a[0] as number); return x !== x ? 0 : Math.max(-2147483648, Math.min(2147483647, x)) },
    wgsl: (a) => `i32(${a[0]})`, cuda: (a) => `f32_to_i32(${a[0]})`,
  },
  boolToI32: { signatures: sig('bool->i32'), js: (a) => (a[0] ? 1 : 0), wgsl: (a) => `select(0, 1, ${a[0]})`, cuda: (a) => `(${a[0]} ? 1 : 0)` },
} as const satisfies Record<string, Intrinsic>
