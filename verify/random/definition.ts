import { type Context, capturePool, newContext, use } from './context.ts'
import { hookText } from './hooks.ts'
import { type Rng, rngOf } from './rng.ts'

/** An author's file with one random definition. */
export interface RandomDefinition {
  /** Also the name of its export. */
  readonly name: string
  /** TypeScript that imports from 'serrate'. */
  readonly source: string
}

type Make = (c: Context) => string | undefined

const maskMods: readonly Make[] = [
  () => undefined,
  (c) => hookText(c, 'maskMod'),
  (c) => use(c, 'causal'),
  (c) => `${use(c, 'and')}(${use(c, 'causal')}, ${hookText(c, 'maskMod', true)})`,
  (c) => `${use(c, 'or')}(${hookText(c, 'maskMod', true)}, ${hookText(c, 'maskMod', true)})`,
  (c) => `${use(c, 'not')}(${hookText(c, 'maskMod', true)})`,
  (c) => { c.captures.add('window'); return `${use(c, 'and')}(${use(c, 'causal')}, ${use(c, 'slidingWindow')})` },
]

const factory: Make = (c) => {
  c.above.set('decay', 'const decay =\n  (rate: number) =>\n  (score: number, _b: number, _h: number, q: number, kv: number): number =>\n    score - rate * Math.abs(q - kv)')
  return `decay(${c.rng.pick(['0.25', '0.0625', '1 / 32'])})`
}
const softcap: Make = (c) => `${use(c, 'softcap')}(${c.rng.int(2, 30)})`

const scoreMods: readonly Make[] = [() => undefined, (c) => hookText(c, 'scoreMod'), (c) => hookText(c, 'scoreMod'), (c) => hookText(c, 'scoreMod'), factory, softcap]

const scales: readonly Make[] = [
  () => undefined,
  () => '0.125',
  () => '(seq) => 1 / Math.max(seq.kvLen, 1)',
  (c) => { c.captures.add('count'); return '(seq) => 1 / (1 + seq.count)' },
]
const activations: readonly Make[] = [
  (c) => use(c, 'silu'),
  (c) => use(c, 'relu'),
  (c) => use(c, 'sigmoid'),
  () => '(x) => x / (1 + Math.abs(x))',
  () => '(x) => 0.5 * x + 0.25',
]
const pointwise: Make = (c) => {
  const scale = c.rng.pick(scales)(c)
  return `${use(c, 'pointwise')}(${c.rng.pick(activations)(c)}${scale ? `, ${scale}` : ''})`
}
const normalizers: readonly Make[] = [() => undefined, () => undefined, () => undefined, pointwise, pointwise]

const smScales: readonly Make[] = [
  () => undefined,
  () => undefined,
  (c) => c.rng.pick(['0.25', '0.125', '1 / 3']),
  (c) => `${use(c, 'scalar')}('f32', { name: 'alpha', range: [0.05, 0.3] })`,
  (c) => `${use(c, 'scalar')}('f32', { range: [0.05, 0.3] })`,
]

const captureText = (c: Context): string | undefined => {
  const names = [...c.captures]
  for (const name of names) use(c, capturePool[name].imports)
  return names.length ? `{\n${names.map((n) => `    ${n}: ${capturePool[n].declare},`).join('\n')}\n  }` : undefined
}

/** A definition made by the choices of `rng`; choices of 0 make the plainest one. */
export const definitionFrom = (rng: Rng, name: string): RandomDefinition => {
  const c = newContext(rng)
  use(c, 'defineAttention')
  const [maskMod, scoreMod, normalizer, smScale] = [maskMods, scoreMods, normalizers, smScales].map((makes) => rng.pick(makes)(c))
  const fields = { name: `'${name}'`, captures: captureText(c), smScale, normalizer, scoreMod, maskMod }
  const lines = Object.entries(fields).flatMap(([key, text]) => (text === undefined ? [] : [`  ${key}: ${text},`]))
  const parts = [`import { ${[...c.imports].sort().join(', ')} } from 'serrate'`, ...c.above.values(), `export const ${name} = defineAttention({\n${lines.join('\n')}\n})`]
  return Object.freeze({ name, source: `${parts.join('\n\n')}\n` })
}

/** The definition of a seed. Scores stay within a few times the drawn ones, and masks compare whole numbers only, so that rounding cannot change what is kept. */
export const randomDefinition = (seed: number, name = `random_${seed >>> 0}`): RandomDefinition => definitionFrom(rngOf(seed, 'definition'), name)
