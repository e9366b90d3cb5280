import type { RandomDefinition } from './definition.ts'
import { floatText, type InteractionContext } from './interaction-expressions.ts'
import { type Rng, rngOf } from './rng.ts'

interface Form {
  readonly inputs: Readonly<Record<string, string>>
  readonly output: string
  /** Reductions that the form allows: text of the axes; empty: none. */
  readonly reduce?: string
  /** A running sum along this axis, in place of a reduction. */
  readonly scan?: string
  /** The output keeps the reduced axis. */
  readonly keeps?: boolean
  /** A product of these two inputs, each perhaps with a factor of its own. */
  readonly product?: readonly [string, string]
  readonly axes: readonly string[]
  /** Inputs that the epilogue may read. */
  readonly after?: readonly string[]
  readonly index?: readonly string[]
}

const shifts = ['l: (at) => at.o + 1', 'l: (at) => at.o - 2', "l: (at, seq) => seq.lengths.l - 1 - at.o", 'l: (at, seq) => at.o + seq.limit'] as const

/** Shapes that authors write: maps, movement, reductions along each kind of axis, matrix products of every layout. */
const forms: readonly Form[] = [
  { inputs: { x: "jagged('l', 'd')", y: "jagged('l', 'd')", g: "dense('d')" }, output: "jagged('l', 'd')", axes: ['l', 'd'] },
  { inputs: { x: "jagged('l', 'd')", y: "dense('b', 'l', 'd')", g: "dense('b', 'd')" }, output: "jagged('l', 'd')", axes: ['l', 'd'] },
  { inputs: { x: "jagged('l', 'd')", y: "dense('b', 'd')" }, output: "dense('b', 'l', 'd')", axes: ['l', 'd'] },
  { inputs: { x: "jagged('l')", y: "dense('b')" }, output: "jagged('l')", axes: ['l'] },
  { inputs: { x: "jagged(outer('i', 'j'))", y: "jagged('i')", g: "jagged('j')" }, output: "jagged(outer('i', 'j'))", axes: ['i', 'j'] },
  { inputs: { x: "jagged('l', 'd')" }, output: "jagged('o', 'd')", axes: ['o', 'd'], index: shifts },
  { inputs: { x: "jagged('l', 'd')", g: "dense('d')" }, output: "jagged('l')", reduce: 'd', axes: ['l', 'd'], after: [] },
  { inputs: { x: "jagged('l', 'd')", g: "dense('b', 'd')" }, output: "dense('b', 'd')", reduce: 'l', axes: ['l', 'd'], after: ['g'] },
  { inputs: { x: "jagged('l', 'd')", g: "dense('d')" }, output: "jagged('l', 'd')", reduce: 'd', keeps: true, axes: ['l', 'd'], after: ['x', 'g'] },
  { inputs: { x: "jagged('l', 'd')", g: "dense('b', 'd')" }, output: "jagged('l', 'd')", reduce: 'l', keeps: true, axes: ['l', 'd'], after: ['x', 'g'] },
  { inputs: { x: "jagged(outer('i', 'j'))" }, output: "jagged(outer('i', 'j'))", reduce: 'j', keeps: true, axes: ['i', 'j'], after: ['x'] },
  { inputs: { x: "jagged(outer('i', 'j'))", y: "jagged('j')" }, output: "jagged('i')", reduce: 'j', axes: ['i', 'j'], after: [] },
  { inputs: { x: "jagged('l', 'd')", y: "jagged('l', 'd')" }, output: "dense('b')", reduce: "l', 'd", axes: ['l', 'd'], after: [] },
  { inputs: { x: "jagged('l', 'd')" }, output: "dense('d')", reduce: "b', 'l", axes: ['l', 'd'], after: [] },
  { inputs: { x: "jagged('l', 'd')", g: "dense('b', 'd')" }, output: "jagged('l', 'd')", scan: 'l', axes: ['l', 'd'], after: ['x', 'g'] },
  { inputs: { x: "jagged('l')", y: "dense('b', 'l')" }, output: "jagged('l')", scan: 'l', axes: ['l'], after: ['y'] },
  { inputs: { x: "jagged('l', 'd', 'k')", g: "dense('d')" }, output: "jagged('l', 'd', 'k')", scan: 'd', axes: ['l', 'd', 'k'], after: ['g'] },
  { inputs: { x: "dense('b', 'd')", g: "dense('d')" }, output: "dense('b', 'd')", scan: 'b', axes: ['d'], after: ['x'] },
  { inputs: { x: "dense('b', 'd')", g: "dense('d')" }, output: "dense(ends('b'), 'd')", scan: 'b', axes: ['d'], after: [] },
  { inputs: { x: "jagged(outer('i', 'j'))", y: "jagged('j')" }, output: "jagged(outer('i', 'j'))", scan: 'j', axes: ['i', 'j'], after: ['y'] },
  { inputs: { x: "jagged('l', 'd')", w: "dense('b', 'd', 'k')", g: "dense('b', 'k')" }, output: "jagged('l', 'k')", reduce: 'd', product: ['x', 'w'], axes: ['l', 'k'], after: ['g'] },
  { inputs: { x: "jagged('l', 'd')", w: "dense('d', 'k')", g: "jagged('l', 'k')" }, output: "jagged('l', 'k')", reduce: 'd', product: ['x', 'w'], axes: ['l', 'k'], after: ['g'] },
  { inputs: { x: "jagged('l', 'd')", y: "jagged('l', 'k')", g: "dense('d', 'k')" }, output: "dense('b', 'd', 'k')", reduce: 'l', product: ['x', 'y'], axes: ['d', 'k'], after: ['g'] },
  { inputs: { x: "jagged('l', 'd')", y: "jagged('l', 'k')" }, output: "dense('d', 'k')", reduce: "b', 'l", product: ['x', 'y'], axes: ['d', 'k'], after: [] },
  { inputs: { x: "jagged('i', 'd')", y: "jagged('j', 'd')" }, output: "jagged(outer('i', 'j'))", reduce: 'd', product: ['x', 'y'], axes: ['i', 'j'], after: [] },
  { inputs: { a: "jagged(outer('i', 'j'))", y: "jagged('j', 'd')" }, output: "jagged('i', 'd')", reduce: 'j', product: ['a', 'y'], axes: ['i', 'd'], after: [] },
  { inputs: { x: "dense('b', 'i', 'd')", y: "reread('x', dense('b', 'j', 'd'))" }, output: "dense('b', lower('i', 'j'))", reduce: 'd', product: ['x', 'y'], axes: ['i', 'j'], after: [] },
  { inputs: { x: "jagged('l', 'd')", y: "dense('b', 'k', 'd')" }, output: "dense('b', 'l', 'k')", reduce: 'd', product: ['x', 'y'], axes: ['l', 'k'], after: [] },
]

const FUNCTIONS = ['jagged', 'dense', 'ends', 'outer', 'lower', 'reread'] as const
const SCANS = ["", ", { exclusive: true }", ", { reverse: true }", ", { exclusive: true, reverse: true }"] as const
const ONE = ['sum', 'mean', 'max'] as const
const KEEP = ['softmaxOver', 'moments', 'sum', 'mean', 'max'] as const

const reducedText = (c: InteractionContext, form: Form): { readonly reduce?: string; readonly value: string; readonly epilogue?: string } => {
  const { rng } = c
  if (form.product) {
    const [a, b] = form.product
    const factor = (name: string): string => (rng.chance(0.3) ? `(v.${name} * ${floatText({ ...c, inputs: [], axes: [] }, 0)})` : `v.${name}`)
    c.imports.add('sum')
    const after: InteractionContext = { ...c, inputs: form.after ?? [] }
    return { reduce: `sum('${form.reduce}')`, value: `${factor(a)} * ${factor(b)}`, ...(rng.chance(0.6) && { epilogue: `(y, v, at, seq) => ${rng.pick([() => `y + ${floatText(after, 1)}`, () => { c.imports.add('relu'); return `relu(y + ${floatText(after, 0)})` }, () => { c.imports.add('silu'); return `silu(y) * ${floatText(after, 0)}` }])()}` }) }
  }
  const value = floatText(c, 2)
  const named = value.includes('v.') ? value : `v.x + ${value}`
  if (form.scan) {
    c.imports.add('prefixSum')
    const options = form.output.includes('ends(') ? '' : rng.pick(SCANS)
    return { reduce: `prefixSum('${form.scan}'${options})`, value: named, ...(rng.chance(0.4) && { epilogue: `(y, v, at, seq) => 0.5 * y + ${floatText({ ...c, inputs: form.after ?? [], axes: [] }, 1)}` }) }
  }
  if (!form.reduce) return { value: named }
  const op = rng.pick(form.keeps ? KEEP : ONE)
  c.imports.add(op)
  const reduce = `${op}('${form.reduce}')`
  const after: InteractionContext = { ...c, inputs: form.after ?? [], axes: [] }
  if (op === 'moments') return { reduce, value: named, epilogue: `(y, v, at, seq) => (y.value - y.mean) / Math.sqrt(y.variance + 0.5) + ${floatText(after, 1)}` }
  if (form.keeps || rng.chance(0.5)) return { reduce, value: named, epilogue: `(y, v, at, seq) => 0.5 * y + ${floatText(after, 1)}` }
  return { reduce, value: named }
}

/** An interaction made by the choices of `rng`; choices of 0 make the plainest one. */
export const interactionFrom = (rng: Rng, name: string): RandomDefinition => {
  const form = rng.pick(forms)
  const c: InteractionContext = { rng, inputs: Object.keys(form.inputs), axes: form.axes, sequences: form.reduce?.startsWith('b') !== true, captures: new Map(), imports: new Set(['defineInteraction']) }
  const index = form.index && rng.pick(form.index)
  if (index?.includes('seq.limit')) { c.captures.set('limit', "scalar('i32', { range: [0, 12] })"); c.imports.add('scalar') }
  const { value, reduce, epilogue } = reducedText(c, form)
  const texts = `${value} ${epilogue ?? ''}`
  const used = Object.entries(form.inputs).filter(([n, layout]) => new RegExp(`\\bv\\.${n}\\b`).test(texts) || Object.values(form.inputs).some((o) => o.includes(`reread('${n}'`) && o !== layout) || n === 'x' && !form.product)
  for (const f of FUNCTIONS) if (`${used.map(([, l]) => l).join()}${form.output}`.includes(`${f}(`)) c.imports.add(f)
  const fields: Readonly<Record<string, string | undefined>> = {
    name: `'${name}'`,
    captures: c.captures.size ? `{ ${[...c.captures].map(([n, d]) => `${n}: ${d}`).join(', ')} }` : undefined,
    inputs: `{ ${used.map(([n, l]) => `${n}: ${l}`).join(', ')} }`,
    output: form.output,
    index: index && `{ ${index} }`,
    lengths: index && `{ o: (seq) => ${rng.pick(['seq.lengths.l', 'Math.max(0, seq.lengths.l - 2)', 'seq.lengths.l + 3'])} }`,
    value: `(v, at, seq) => ${texts.includes('v.x') || form.product ? value : `v.x + ${value}`}`,
    reduce,
    epilogue,
  }
  const lines = Object.entries(fields).flatMap(([key, text]) => (text === undefined ? [] : [`  ${key}: ${text},`]))
  return Object.freeze({ name, source: `import { ${[...c.imports].sort().join(', ')} } from 'serrate'\n\nexport const ${name} = defineInteraction({\n${lines.join('\n')}\n})\n` })
}

export const randomInteraction = (seed: number, name = `random_ix_${seed >>> 0}`): RandomDefinition => interactionFrom(rngOf(seed, 'interaction'), name)
