import { type CaptureName, type Context, capturePool, newContext, use } from './context.ts'
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

/** A mask of the catalogue, with the captures that it reads. */
const named = (name: string, ...captures: readonly CaptureName[]): Make => (c) => {
  for (const x of captures) c.captures.add(x)
  return use(c, name)
}
const catalogue: readonly Make[] = [
  named('slidingWindow', 'window'), named('local', 'left', 'right'), named('semiLocal', 'local', 'global'), named('targets', 'numTargets'), named('targetGroups', 'numTargets', 'groupSize'),
  named('contextual', 'contextual'), named('intervals', 'intervals'), named('hstuMask', 'numTargets', 'contextual', 'maxAttnLen', 'minFullAttnSeqLen'), (c) => `${use(c, 'blockDiagonal')}(${c.rng.int(3, 20)})`,
]

const maskMods: readonly Make[] = [
  () => undefined,
  (c) => hookText(c, 'maskMod'),
  (c) => use(c, 'causal'),
  (c) => `${use(c, 'and')}(${use(c, 'causal')}, ${hookText(c, 'maskMod', true)})`,
  (c) => `${use(c, 'or')}(${hookText(c, 'maskMod', true)}, ${hookText(c, 'maskMod', true)})`,
  (c) => `${use(c, 'not')}(${hookText(c, 'maskMod', true)})`,
  (c) => c.rng.pick(catalogue)(c),
  (c) => `${use(c, c.rng.pick(['and', 'and', 'or']))}(${use(c, 'causal')}, ${c.rng.pick(catalogue)(c)})`,
  (c) => `${use(c, 'or')}(${c.rng.pick(catalogue)(c)}, ${use(c, 'and')}(${use(c, 'causal')}, ${c.rng.pick(catalogue)(c)}))`,
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
  (c) => { c.captures.add('rowScale'); return '(seq) => seq.rowScale.q' },
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
const sinks: readonly Make[] = [() => undefined, () => '0.5', (c) => { c.captures.add('logit'); return '(seq) => seq.logit' }]
const dropped: readonly Make[] = [() => undefined, () => undefined, (c) => hookText(c, 'maskMod', true), () => '(_b, _h, q, kv) => kv >= q']
const softmax: Make = (c) => {
  const options = Object.entries({ sink: c.rng.pick(sinks)(c), scale: c.rng.pick(scales)(c), keepAfter: c.rng.pick(dropped)(c) }).flatMap(([key, text]) => (text ? [`${key}: ${text}`] : []))
  return `${use(c, 'softmax')}(${options.length ? `{ ${options.join(', ')} }` : ''})`
}
const byHead: Make = (c) => {
  c.captures.add('softmaxHeads')
  const parts = [softmax(c), pointwise(c)]
  return `${use(c, 'byHead')}((seq: any) => seq.softmaxHeads, ${(c.rng.chance(0.5) ? parts : parts.reverse()).join(', ')})`
}
const normalizers: readonly Make[] = [() => undefined, () => undefined, () => undefined, pointwise, pointwise, softmax, softmax, byHead]

const smScales: readonly Make[] = [
  () => undefined,
  () => undefined,
  (c) => c.rng.pick(['0.25', '0.125', '1 / 3']),
  (c) => `${use(c, 'scalar')}('f32', { name: 'alpha', range: [0.05, 0.3] })`,
  (c) => `${use(c, 'scalar')}('f32', { range: [0.05, 0.3] })`,
]

/** A definition that reads a pair by position has positions from 0. */
const layouts: readonly Make[] = [
  () => undefined,
  () => undefined,
  (c) => {
    const queries = c.rng.pick(['self', 'jagged', 'dense', 'broadcast'])
    const align = queries !== 'self' && c.rng.chance(0.5) && !['affinity', 'relation', 'link'].some((name) => c.captures.has(name as CaptureName)) ? ", align: 'end'" : ''
    return `{ queries: '${queries}'${align}${queries !== 'self' && c.rng.chance(0.25) ? ", keys: 'shared'" : ''} }`
  },
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
  const [maskMod, scoreMod, normalizer, smScale, layout] = [maskMods, scoreMods, normalizers, smScales, layouts].map((makes) => rng.pick(makes)(c))
  const fields = { name: `'${name}'`, layout, captures: captureText(c), smScale, normalizer, scoreMod, maskMod }
  const lines = Object.entries(fields).flatMap(([key, text]) => (text === undefined ? [] : [`  ${key}: ${text},`]))
  const parts = [`import { ${[...c.imports].sort().join(', ')} } from 'serrate'`, ...c.above.values(), `export const ${name} = defineAttention({\n${lines.join('\n')}\n})`]
  return Object.freeze({ name, source: `${parts.join('\n\n')}\n` })
}

/** The definition of a seed. Scores stay within a few times the drawn ones, and masks compare whole numbers only, so that rounding cannot change what is kept. */
export const randomDefinition = (seed: number, name = `random_${seed >>> 0}`): RandomDefinition => definitionFrom(rngOf(seed, 'definition'), name)
