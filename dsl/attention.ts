import type { CaptureDecl, Captures } from './captures.ts'
import type { MaskMod, ScoreMod, Seq } from './hooks.ts'
import { type Normalizer, softmax } from './normalizers.ts'

export interface AttentionSpec<C extends Captures> {
  /** An identifier: names the kernel, its files and its launcher. */
  readonly name: string
  readonly captures?: C
  /** Multiplies q·k. A number, or a scalar capture given at launch. Default 1/sqrt(headDim). */
  readonly smScale?: number | CaptureDecl<'scalar'>
  readonly scoreMod?: ScoreMod<Seq<C>>
  readonly maskMod?: MaskMod<Seq<C>>
  /** Default softmax(). */
  readonly normalizer?: Normalizer<Seq<C>>
  /** Where queries and keys lie unless a launch says otherwise; default self-attention. */
  readonly layout?: LayoutSpec
}

/** See `codegen/ir/layout.ts`: any definition runs on every layout, this is its default. */
export interface LayoutSpec {
  readonly queries?: 'self' | 'jagged' | 'dense' | 'broadcast'
  readonly align?: 'start' | 'end'
  readonly keys?: 'own' | 'shared'
}

/** A jagged attention: out_i = normalizer_j(scoreMod(smScale · q_i·k_j) where maskMod) · v_j, j over the keys of i's sequence. */
export interface AttentionDefinition<C extends Captures = Captures> {
  readonly kind: 'attention'
  readonly name: string
  readonly captures: C
  readonly smScale?: number | CaptureDecl<'scalar'>
  readonly scoreMod?: ScoreMod<any>
  readonly maskMod?: MaskMod<any>
  readonly normalizer: Normalizer<any>
  readonly layout?: LayoutSpec
}

/** Declares an attention variant over packed q, k, v [ΣL, H, D]. Runs as plain JavaScript; the compiler reads the same functions. */
export const defineAttention = <const C extends Captures = {}>(spec: AttentionSpec<C>): AttentionDefinition<C> =>
  Object.freeze({ ...spec, kind: 'attention', captures: spec.captures ?? ({} as C), normalizer: spec.normalizer ?? softmax() })
