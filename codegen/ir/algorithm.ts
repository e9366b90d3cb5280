import type { CaptureDecl } from '../../dsl/captures.ts'
import { hash } from './hash.ts'
import { type Hook, printHook, type Span } from './hook.ts'
import type { AttentionLayout } from './layout.ts'

export type Dtype = 'f32' | 'f16' | 'bf16'

export interface NamedCapture extends CaptureDecl { readonly name: string }

export type SmScale = { readonly kind: 'default' } | { readonly kind: 'const'; readonly value: number } | { readonly kind: 'capture'; readonly name: string }

/** `sink`: a logit that takes part in the row sum only. `scale`: multiplies the normalised row. `keepAfter`: weights dropped after the row sum is taken. */
export interface SoftmaxPart { readonly kind: 'softmax'; readonly sink?: Hook; readonly scale?: Hook; readonly keepAfter?: Hook }
export interface PointwisePart { readonly kind: 'pointwise'; readonly activation: Hook; readonly scale?: Hook }
/** Heads below `headCount` use `first`, the others `rest`; one of each kind. */
export interface ByHead { readonly kind: 'byHead'; readonly headCount: Hook; readonly first: SoftmaxPart | PointwisePart; readonly rest: SoftmaxPart | PointwisePart }
export type AlgorithmNormalizer = SoftmaxPart | PointwisePart | ByHead

/** What is computed, with no schedule and no target: jagged attention with the author's hooks. */
export interface Algorithm {
  readonly kind: 'attention'
  readonly name: string
  /** The layout a launch has unless it says otherwise; kernels serve every layout. */
  readonly layout: AttentionLayout
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
  /** Of q and k. */
  readonly headDim: number
  /** Of v and out; default headDim. */
  readonly valueDim?: number
  readonly lse: boolean
}

export const valueDimOf = (problem: Pick<Problem, 'headDim' | 'valueDim'>): number => problem.valueDim ?? problem.headDim

const printCapture = (c: NamedCapture): string =>
  `  capture ${c.name}: ${c.kind} ${c.dtype}${c.layout ? ` ${c.layout}` : ''}${c.columns ? ` columns ${c.columns}` : ''}${c.perHead ? ' perHead' : ''}${c.default === undefined ? '' : ` = ${c.default}`}`

const printSmScale = (s: SmScale): string => (s.kind === 'default' ? '1/sqrt(headDim)' : s.kind === 'const' ? String(s.value) : `@${s.name}`)

const indent = (text: string): string => text.replace(/^/gm, '  ')

const partHooks = (n: SoftmaxPart | PointwisePart): readonly (Hook | undefined)[] => (n.kind === 'pointwise' ? [n.activation, n.scale] : [n.sink, n.scale, n.keepAfter])

/** Every hook of a definition, in the order that they are printed in. */
export const hooksOf = ({ scoreMod, maskMod, normalizer: n }: Pick<Algorithm, 'scoreMod' | 'maskMod' | 'normalizer'>): readonly Hook[] =>
  [scoreMod, maskMod, ...(n.kind === 'byHead' ? [n.headCount, ...partHooks(n.first), ...partHooks(n.rest)] : partHooks(n))].filter((h) => h !== undefined)

const printNormalizer = (n: AlgorithmNormalizer): readonly string[] =>
  n.kind === 'byHead'
    ? ['  normalizer byHead', indent(printHook(n.headCount)), ...[n.first, n.rest].flatMap(printNormalizer).map(indent)]
    : [`  normalizer ${n.kind}`, ...partHooks(n).filter((h) => h !== undefined).map((h) => indent(printHook(h)))]

export const printAlgorithm = (a: Algorithm): string =>
  [
    `attention ${a.name} {`,
    `  layout queries ${a.layout.queries}, align ${a.layout.align}, keys ${a.layout.sharedKeys ? 'shared' : 'own'}`,
    ...a.captures.map(printCapture),
    `  smScale = ${printSmScale(a.smScale)}`,
    ...[a.scoreMod, a.maskMod].filter((h) => h !== undefined).map((h) => indent(printHook(h))),
    ...printNormalizer(a.normalizer),
    '}',
  ].join('\n')

/** Covers the whole computation; moving the author's code to another line does not change it. */
export const hashAlgorithm = (a: Algorithm): string => hash(printAlgorithm(a))

/** A normalizer's parts: one, or one for each kind of head. */
export const partsOf = ({ normalizer: n }: Algorithm): readonly (SoftmaxPart | PointwisePart)[] => (n.kind === 'byHead' ? [n.first, n.rest] : [n])
