const captures = `{ slope: perHead('f32'), window: scalar('i32', { range: [-3, 12] }), time: perToken('i32', { range: [-9, 9] }), bias: table('f32', { length: 90 }) }`
const file = (field: string, before = ''): string =>
  `import { causal, defineAttention, floorDiv, mod, perHead, perToken, scalar, table } from 'serrate'\n${before}\nexport const odd = defineAttention({ name: 'odd', captures: ${captures}, ${field} })\n`
const score = (body: string, before?: string): string => file(`scoreMod: (score, b, h, q, kv, seq) => ${body}`, before)
const mask = (body: string, before?: string): string => file(`maskMod: (b, h, q, kv, seq) => ${body}`, before)

/** Unusual but legal TypeScript, each a whole file. */
export const odd: Readonly<Record<string, string>> = {
  'a hoisted function before its use': file('scoreMod: f', 'const f = (s: number, b: number, h: number, q: number, kv: number) => g(s) + k(q, kv)\nfunction g(x: number) { return Math.tanh(x) }\nconst k = (q: number, kv: number) => (q > kv ? 0.5 : -0.5)'),
  'a method as hook': file('scoreMod(score, b, h, q, kv, seq) { return score * seq.slope }'),
  'undefined takes the default': score('f(score, undefined)', 'const f = (x: number, y = 3, z = y * 2) => x + y * z'),
  'early returns that fall through': score('{ if (q === kv) return score; if (q - kv > 5) { if (h === 0) return score * 0.5 } else return score - 1; return 0 }'),
  'nested destructuring with other names': score('{ const { slope: m, qLen: n, time: { q: tq } } = seq; const { x, y: [yy] } = { x: score, y: [m] }; return x * yy + tq + n }'),
  'spread of a constant object': score('f({ ...base, x: score })', 'const base = { x: 1, y: 2 }\nconst f = (o: { x: number; y: number }) => o.x * o.y'),
  'a factory of a factory': file('maskMod: make(2)(3)', 'const make = (a: number) => (w: number) => { const most = a * w; return (_b: number, _h: number, q: number, kv: number) => q >= kv && q - kv <= most }'),
  'powers associate to the right': score('2 ** 3 ** 2 + score'),
  'negative powers': score('(q - kv + 0.5) ** -2'),
  'remainders of every sign': score('((q - kv) % 3) + ((q - kv) % -4) + (score % 0.7) + ((q - kv) % 2.5)'),
  'rounding of negative halves': score('Math.round(-2.5) + Math.round(score * 2 - 0.5) + Math.floor(-q / 2) + Math.ceil(-kv / 4)'),
  'negative divisors': score('score + mod(seq.time.kv, -4) + floorDiv(seq.time.q, -3) + Math.floor(seq.time.q / -3)'),
  'a long constant in hypot': score('Math.hypot(score, 3e18, 4e18) * 1e-18'),
  'negative zero': score('1 / (Math.max(-0, 0) + 2) + Math.sign(-0) + score * -0'),
  'booleans compared': mask('(q > kv) !== (kv > 3)'),
  'a number twice negated': mask('!!(q >= kv) && !(h === 1 && q - kv > 3)'),
  'a float beside an integer': mask('q / 2 === kv || q - kv < 2.5'),
  'an enum-like object': score("score + (h === Mode.near ? 0.5 : 0.25) + Mode['far']", 'const Mode = Object.freeze({ near: 0, far: 1 } as const)'),
  'generics and overloads': score('id<number>(f(score)) + pick({ a: q }, "a")', 'const id = <T,>(x: T): T => x\nconst pick = <T, K extends keyof T>(o: T, k: K): T[K] => o[k]\nfunction f(x: number): number\nfunction f(x: number, y: number): number\nfunction f(x: number, y = 1) { return x * 2 + y }'),
  'shadowed names': score('{ const x = q; { const x = kv; if (x > 3) return score + x } const f = (score: number) => score * 2; return f(x) - score }'),
  'a local called Math': score('{ const Math = { abs: (x: number) => x + 1 }; return Math.abs(score) }'),
  'seq under other names': score('{ const s = seq; const { slope } = s; const f = s.bias; return score * slope + f(q) }'),
  'locals named like emitted functions': score('{ const bias_at = seq.bias(q) * 2; const time_at = bias_at * bias_at; return bias_at + time_at + seq.time.q + seq.bias(kv) }'),
  'unicode and dollar signs': score('{ const größe = q - kv; const $d = größe * 2, _e = $d * $d; return score + größe * $d + _e }'),
  'a chosen branch known now': score('DEBUG ? score.missing : score * T[`${"a"}b`]', 'const DEBUG = false\nconst T: any = { ab: 0.5 }').replace('score.missing', '(score as any).missing'),
  '-Infinity beside a mask': file('maskMod: causal, scoreMod: (score, b, h, q, kv) => (q - kv > 4 ? -Infinity : score * 0.5)'),
  '-Infinity from a table': score('seq.bias(q) > 0.5 ? Number.NEGATIVE_INFINITY : score'),
  'the smallest i32': mask('q - kv > -2147483648 && seq.window < 2147483648.0'),
}
