import type { CaptureDecl, Captures, CaptureValue, ColumnReads, WithColumns } from './captures.ts'

/** The last argument of every hook: this sequence's lengths (in tokens) and the captures for this b and h. */
export type Seq<C extends Captures = {}> = {
  readonly qLen: number
  readonly kvLen: number
} & { readonly [K in keyof C]: C[K] extends WithColumns ? ColumnReads : C[K] extends CaptureDecl<infer Kind> ? CaptureValue<Kind> : never }

/** `score` is smScale · q·k. `q` and `kv` are positions inside the sequence, from 0. Returns the new score. */
export type ScoreMod<S = Seq> = (score: number, b: number, h: number, q: number, kv: number, seq: S) => number
/** True keeps the pair. */
export type MaskMod<S = Seq> = (b: number, h: number, q: number, kv: number, seq: S) => boolean
