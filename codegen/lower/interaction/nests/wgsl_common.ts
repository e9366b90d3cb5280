import { helperNames } from '../../functions.ts'
import type { TensorSpec } from '../../../ir/interaction/index.ts'
import type { Lowering } from '../context.ts'
import { offsets, param, tensor } from '../names.ts'

/** Elements of a buffer's vector type, as a thread loads them at once, and how they are taken from words. */
export interface VectorUse { readonly count: number; readonly buffers: ReadonlySet<string> }

export type ElementKind = 'f32' | 'f16' | 'bf16' | 'i32' | 'u32' | 'u16'

/** What a buffer's elements are in this kernel's text: u32 and u16 are bits that are only moved. */
export const elementKind = (l: Lowering, t: Pick<TensorSpec, 'dtype'>): ElementKind => {
  if (t.dtype === 'i32') return 'i32'
  const type = t.dtype === 'element' ? l.problem.dtype : t.dtype
  return !l.bits ? type : type === 'f16' || type === 'bf16' ? 'u16' : 'u32'
}
/** Bytes of workgroup memory of some variables, each of whole 16 bytes as WebGPU counts them. */
export const workgroupBytes = (...variables: readonly number[]): number => variables.reduce((sum, bytes) => sum + Math.ceil(bytes / 16) * 16, 0)
/** Of `found`, where a workgroup looks for its sequences. */
export const SEARCH_BYTES = 8

export const isHalf = (kind: ElementKind): boolean => kind === 'f16' || kind === 'bf16' || kind === 'u16'
const valueTypes: Readonly<Record<ElementKind, string>> = { f32: 'f32', f16: 'f32', bf16: 'f32', i32: 'i32', u32: 'u32', u16: 'u32' }
const wordTypes: Readonly<Record<ElementKind, string>> = { f32: 'f32', f16: 'u32', bf16: 'u32', i32: 'i32', u32: 'u32', u16: 'u32' }

/** Both elements of a word. */
const unpacked: Readonly<Record<string, (word: string) => readonly [string, string]>> = {
  f16: (w) => [`unpack2x16float(${w}).x`, `unpack2x16float(${w}).y`],
  bf16: (w) => [`bitcast<f32>(${w} << 16u)`, `bitcast<f32>(${w} & 0xffff0000u)`],
  u16: (w) => [`${w} & 0xffffu`, `${w} >> 16u`],
}
const one: Readonly<Record<string, string>> = {
  f16: 'unpack2x16float(word >> (16u * (u32(i) & 1u))).x', bf16: 'bitcast<f32>((word >> (16u * (u32(i) & 1u))) << 16u)', u16: '(word >> (16u * (u32(i) & 1u))) & 0xffffu',
}

/** Words of a vector access: at most 4; the buffer is an array of these. */
const vectorWords = (kind: ElementKind, count: number): number => Math.min(4, isHalf(kind) ? count / 2 : count)
const components = ['x', 'y', 'z', 'w'] as const

export const vectorType = (kind: ElementKind, count: number): string => { const n = vectorWords(kind, count); return n === 1 ? wordTypes[kind] : `vec${n}<${wordTypes[kind]}>` }

/** A vector as it is loaded: its type, words of the buffer that it takes, elements of each, and the elements of a vector `w` as values. */
export const packedVector = (kind: ElementKind, count: number): { readonly type: string; readonly words: number; readonly per: number; readonly value: string; readonly elements: readonly string[] } => {
  const size = vectorWords(kind, count)
  const words = (isHalf(kind) ? count / 2 : count) / size
  const parts = Array.from({ length: size * words }, (_, k) => `w${words === 1 ? '' : `[${Math.floor(k / size)}]`}.${components[k % size]}`)
  const type = vectorType(kind, count)
  return { type: words === 1 ? type : `array<${type}, ${words}>`, words, per: (isHalf(kind) ? 2 : 1) * size, value: valueTypes[kind], elements: parts.flatMap((w) => (isHalf(kind) ? unpacked[kind]!(w) : [w])) }
}

const reading = (name: string, kind: ElementKind, count: number, scalar: boolean, vector: boolean) => {
  const words = vector ? vectorWords(kind, count) : 1
  const index = isHalf(kind) ? 'u32(i) / 2u' : 'u32(i)'
  const word = words === 1 ? `${name}[${index}]` : `${name}[${isHalf(kind) ? `u32(i) / ${2 * words}u` : `u32(i) / ${words}u`}][${index} % ${words}u]`
  const total = isHalf(kind) ? count / 2 : count
  const texts = Array.from({ length: total }, (_, k) => (words === 1 ? `w${k}` : `w${Math.floor(k / words)}.${components[k % words]}`))
  return {
    name, type: valueTypes[kind], half: isHalf(kind), word, count, per: isHalf(kind) ? 2 * words : words,
    scalar: scalar ? (isHalf(kind) ? one[kind]! : word) : '', loads: Array.from({ length: total / words }, (_, k) => k),
    lanes: vector ? texts.flatMap((w) => (isHalf(kind) ? unpacked[kind]!(w) : [w])) : [],
  }
}

/** Sums that are stored as 16 bits, whatever the output is. */
export const narrowing = (sums: readonly { readonly kind: ElementKind }[]): Readonly<Record<string, boolean>> => Object.fromEntries(sums.filter((s) => isHalf(s.kind)).map((s) => [`narrow_${s.kind}`, true]))
/** The bits of a 16-bit value. */
export const narrowed = (kind: ElementKind, text: string): string => (kind === 'u16' ? text : `narrow(${text})`)

/** Texts that write the output: a word of two halves, an element, or a vector whose elements are `values[k]`. */
export const storing = (l: Lowering, count: number, values: (k: number) => string): string => {
  const kind = elementKind(l, l.x.output)
  const words = vectorWords(kind, count)
  const texts = isHalf(kind) ? Array.from({ length: count / 2 }, (_, k) => `${narrowed(kind, values(2 * k))} | (${narrowed(kind, values(2 * k + 1))} << 16u)`) : Array.from({ length: count }, (_, k) => values(k))
  return words === 1 ? texts[0]! : `vec${words}<${wordTypes[kind]}>(${texts.join(', ')})`
}

export const outputValue = (l: Lowering): string => valueTypes[elementKind(l, l.x.output)]

/** What the partial `ix_common` prints; to be called when all blocks are made. `text`: all statements of the template, to see what they load. */
export const wgslCommon = (l: Lowering, text: string, path: string, vector: VectorUse, outVector: number, lower = false) => {
  const specs = new Map<string, TensorSpec>()
  for (const t of l.x.inputs) if (l.tensors.has(t.tensor)) specs.set(tensor(t.tensor), t)
  const printed = [...l.functions.values()].flatMap((f) => [...f.lines, f.result]).join('\n')
  const all = `${text}\n${printed}`
  const kindOf = new Map([...specs].map(([n, t]) => [n, elementKind(l, t)]))
  const out = elementKind(l, l.x.output)
  const segments = [...l.sources].filter((s) => s.startsWith('offsetWords:')).map((s) => s.slice(12))
  for (const s of segments) l.sources.add(`rows:${s}`)
  const types: Record<string, string> = { captures_i32: 'i32', captures_f32: 'f32', partials: 'u32', t_out: outVector > 1 ? vectorType(out, outVector) : isHalf(out) ? 'u32' : wordTypes[out] }
  for (const [name, kind] of kindOf) types[name] = vector.buffers.has(name) ? vectorType(kind, vector.count) : wordTypes[kind]
  for (const s of segments) types[offsets(s)] = 'i32'
  const bits = /\belement_bits\(/.test(all)
  const { dtype } = l.problem
  return {
    types,
    reads: [...kindOf].map(([name, kind]) => reading(name, kind, vector.count, new RegExp(`\\bload_${name}\\(`).test(all), vector.buffers.has(name))),
    segments: segments.sort().map((s) => ({ name: offsets(s).slice(8), words: param.offsetWords(s), rows: param.rows(s) })),
    flags: {
      matrix: false, narrow_f16: (out === 'f16') || (bits && dtype === 'f16'), narrow_bf16: (out === 'bf16') || (bits && dtype === 'bf16'), lower: lower || /\blower_row\(/.test(all),
      ...Object.fromEntries(helperNames.map((name) => [`uses_${name}`, new RegExp(`\\b${name}\\(`).test(printed)])),
    },
    words: { path, element_bits: bits ? (dtype === 'f32' ? 'bitcast<u32>(x)' : dtype === 'i32' ? 'bitcast<u32>(i32(x))' : 'narrow(x)') : '' },
  }
}

/** Lines without the bindings that nothing after them reads. */
export const prune = (lines: readonly string[], results: string): readonly string[] => {
  const kept: string[] = []
  let after = results
  for (const line of [...lines].reverse()) {
    const name = /^(?:(?:let|var) |if \(.*?\) \{ )(\w+)(?: =|:)/.exec(line)?.[1]
    if (name !== undefined && !new RegExp(`\\b${name}\\b`).test(after)) continue
    kept.unshift(line)
    after += `\n${line}`
  }
  return kept
}
