import type { CaptureDecl } from '../../dsl/captures.ts'
import { hash } from './hash.ts'
import { type Hook, printHook, type Span } from './hook.ts'

export type Dtype = 'f32' | 'f16' | 'bf16'

export interface NamedCapture extends CaptureDecl { readonly name: string }

export type SmScale = { readonly kind: 'default' } | { readonly kind: 'const'; readonly value: number } | { readonly kind: 'capture'; readonly name: string }

export type AlgorithmNormalizer =
  | { readonly kind: 'softmax' }
  | { readonly kind: 'pointwise'; readonly activation: Hook; readonly scale?: Hook }

/** What is computed, with no schedule and no target: jagged self-attention with the author's hooks. */
export interface Algorithm {
  readonly kind: 'attention'
  readonly name: string
  readonly layout: 'jagged'
  /** In declaration order; a `smScale` capture comes last under its launch name. */
  readonly captures: readonly NamedCapture[]
  readonly scoreMod?: Hook
  readonly maskMod?: Hook
  readonly normalizer: AlgorithmNormalizer
  readonly smScale: SmScale
  readonly span: Span
}

/** What a kernel is specialised for beside its algorithm. Lengths, B and H are run-time values. */
export interface Problem {
  readonly dtype: Dtype
  readonly headDim: number
  readonly lse: boolean
}

const printCapture = (c: NamedCapture): string =>
  `  capture ${c.name}: ${c.kind} ${c.dtype}${c.perHead ? ' perHead' : ''}${c.default === undefined ? '' : ` = ${c.default}`}`

const printSmScale = (s: SmScale): string => (s.kind === 'default' ? '1/sqrt(headDim)' : s.kind === 'const' ? String(s.value) : `@${s.name}`)

const indent = (text: string): string => text.replace(/^/gm, '  ')

export const printAlgorithm = (a: Algorithm): string =>
  [
    `attention ${a.name} {`,
    '  layout q, k, v, out: jagged [tokens, heads, headDim]',
    ...a.captures.map(printCapture),
    `  smScale = ${printSmScale(a.smScale)}`,
    ...[a.scoreMod, a.maskMod].filter((h) => h !== undefined).map((h) => indent(printHook(h))),
    `  normalizer ${a.normalizer.kind}`,
    ...(a.normalizer.kind === 'pointwise' ? [a.normalizer.activation, ...(a.normalizer.scale ? [a.normalizer.scale] : [])].map((h) => indent(printHook(h))) : []),
    '}',
  ].join('\n')

/** Covers the whole computation; moving the author's code to another line does not change it. */
export const hashAlgorithm = (a: Algorithm): string => hash(printAlgorithm(a))
