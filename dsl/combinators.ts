import type { MaskMod } from './hooks.ts'

type AnyMask = (b: number, h: number, q: number, kv: number, seq: any) => boolean
type SeqOf<M> = M extends (b: number, h: number, q: number, kv: number, seq: infer S) => boolean ? (unknown extends S ? {} : S) : never
/** The captures that every mask of the tuple needs. */
type AllSeqs<M extends readonly AnyMask[]> = M extends readonly [infer First, ...infer Rest extends readonly AnyMask[]]
  ? SeqOf<First> & AllSeqs<Rest>
  : {}

/** Keeps a pair that every mask keeps. */
export const and =
  <const M extends readonly AnyMask[]>(...masks: M): MaskMod<AllSeqs<M>> =>
  (b, h, q, kv, seq) =>
    masks.every((mask) => mask(b, h, q, kv, seq))

/** Keeps a pair that any mask keeps. */
export const or =
  <const M extends readonly AnyMask[]>(...masks: M): MaskMod<AllSeqs<M>> =>
  (b, h, q, kv, seq) =>
    masks.some((mask) => mask(b, h, q, kv, seq))

/** Keeps a pair that the mask drops. */
export const not =
  <M extends AnyMask>(mask: M): MaskMod<SeqOf<M>> =>
  (b, h, q, kv, seq) =>
    !mask(b, h, q, kv, seq)
