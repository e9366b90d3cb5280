import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectAgreement } from './agree.ts'
import { loadText } from './author.ts'

/** Expressions of each type as an author might write them; integers stay small, so that nothing passes 2^31. */
const { float, bool } = fc.letrec<{ int: string; float: string; bool: string }>((tie) => {
  const [i, f, b] = [tie('int'), tie('float'), tie('bool')]
  // `a < (b) > (c)` would read as type arguments.
  const binary = (operators: readonly string[], x: fc.Arbitrary<string>, y = x) => fc.tuple(x, fc.constantFrom(...operators), y).map(([l, op, r]) => `(${l} ${op} ${op === '<' ? '+' : ''}${r})`)
  const call = (names: readonly string[], ...args: fc.Arbitrary<string>[]) => fc.tuple(fc.constantFrom(...names), ...args).map(([name, ...a]) => `${name}(${a.join(', ')})`)
  const choice = (x: fc.Arbitrary<string>) => fc.tuple(b, x, x).map(([c, y, n]) => `(${c} ? ${y} : ${n})`)
  const positive = fc.integer({ min: 1, max: 9 }).map(String)
  return {
    int: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('b', 'h', 'q', 'kv', 'seq.qLen', 'seq.kvLen', 'seq.window', 'seq.time.q', 'seq.time.kv', 'N'), fc.integer({ min: 0, max: 12 }).map(String),
      binary(['+', '-'], i), binary(['%', '* '], i, positive), call(['Math.min', 'Math.max'], i, i), call(['Math.abs', 'Math.sign', '-', 'dist1'], i), choice(i), b.map((c) => `Number(${c})`),
      binary(['/'], i, positive).chain((d) => fc.constantFrom('floor', 'ceil', 'trunc', 'round').map((r) => `Math.${r}${d}`)),
      binary(['&', '|', '^'], i), call(['clamp'], i, fc.constant('-4'), positive), call(['floorDiv', 'mod'], i, positive), f.map((x) => `Math.floor(clamp(${x}, -9, 9))`)),
    float: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('score', 'seq.slope', 'seq.weight.q', 'seq.weight.kv', '0.5', '1.25', '2.0'), i.map((x) => `(${x} + 0.5)`), binary(['+', '-', '*'], f), binary(['/'], i, positive),
      call(['Math.tanh', 'sigmoid', 'silu', 'relu', 'Math.floor', 'Math.cos', 'square'], f), call(['Math.min', 'Math.max'], f, i), choice(f), i.map((x) => `seq.bias(${x})`), f.map((x) => `Math.sqrt(Math.abs(${x}))`)),
    bool: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('q > kv', 'causal(b, h, q, kv)').map((x) => `(${x})`), binary(['<', '<=', '>', '>=', '===', '!=='], i), binary(['&&', '||'], b), b.map((x) => `!${x}`), binary(['<', '>'], f), choice(b)),
  }
})

const hook = fc.oneof(
  fc.tuple(float, bool, float).map(([a, c, e]) => `scoreMod: (score, b, h, q, kv, seq) => { const first = ${a}; if (${c}) return first; const { slope: s } = seq; return ${e} * s + first }`),
  fc.tuple(float, bool).map(([a, c]) => `scoreMod: (score, b, h, q, kv, seq) => (${c.replace(/\bscore\b/g, 'seq.slope')} ? ${a} : -Infinity)`),
  bool.map((c) => `maskMod: (b, h, q, kv, seq) => { const score = q * 0.25; return ${c} }`),
)

const HEAD = `import { causal, clamp, defineAttention, floorDiv, mod, perHead, perToken, relu, scalar, sigmoid, silu, table } from 'serrate'
const N = 7
const square = (x: number) => x * x * 0.01
const dist1 = (x: number) => { if (x > 1) return x - 1; return 1 - x }
const captures = {
  slope: perHead('f32', { range: [0.1, 2] }), window: scalar('i32', { range: [0, 9] }), time: perToken('i32', { range: [0, 99] }), weight: perToken('f32', { range: [-2, 2] }), bias: table('f32'),
}
`

describe('random hooks', () => {
  it('mean in the compiler what they mean in JavaScript', async () => {
    const seed = Number(process.env.SERRATE_SEED ?? Date.now() % 1_000_000_007)
    const hooks = fc.sample(hook, { numRuns: 120, seed })
    const text = HEAD + hooks.map((h, i) => `export const v${i} = defineAttention({ name: 'v${i}', captures, ${h} })`).join('\n')
    const { definitions, diagnostics } = await loadText(text)
    expect(diagnostics.map((d) => `${d.code} ${d.message} ${d.text}`), `SERRATE_SEED=${seed}`).toEqual([])
    expect(definitions).toHaveLength(hooks.length)
    definitions.forEach((d, i) => {
      try {
        expectAgreement(d, 40)
      } catch (error) {
        throw new Error(`SERRATE_SEED=${seed}\n${hooks[i]}\n${(error as Error).message}`)
      }
    })
  })
})
