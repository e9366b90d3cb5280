import type { Diagnostic } from '../ir/diagnostics/index.ts'
import type { Expr } from '../ir/hook.ts'
import type { TileMode } from '../ir/plan.ts'

/** Over the corners q0, q1, kv0, kv1 (inclusive, inside the sequence). Neither may be true: then nothing is proven. */
export interface BoxTest {
  /** bool: every pair of the box is kept. */
  readonly always: Expr
  /** bool: no pair of the box is kept. */
  readonly never: Expr
}

/** What can be said of a mask's tiles at run time, with no look at the scores. Every `Expr` reads q0, q1, kv0, kv1, qLen, kvLen, b, h and uniform i32 captures. */
export interface MaskAnalysis {
  readonly mode: TileMode
  readonly always?: Expr
  readonly never?: Expr
  /** Mode `bounds`: mask = rising AND falling; as kv grows at a fixed q, rising only turns true. */
  readonly rising?: BoxTest
  /** As kv grows at a fixed q, falling only turns false. */
  readonly falling?: BoxTest
  /** bool, over q0..q1 and all keys: nothing wraps, so the directions hold; absent: they always do. */
  readonly monotoneOk?: Expr
  readonly explanation: string
  /** Warnings about what costs the mask its tiles. */
  readonly notes: readonly Diagnostic[]
}

/** How a value changes as kv grows and all else is fixed. */
export type Direction = 'flat' | 'up' | 'down' | 'none'

/** Bounds of a number over the box. `lo <= value <= hi` wherever `ok` holds; `min` and `max` bound the value, `lo` and `hi` statically, where `ok` holds. */
export interface NumberRange {
  readonly type: 'i32' | 'f32'
  readonly lo: Expr
  readonly hi: Expr
  readonly ok: Expr
  readonly min: number
  readonly max: number
  readonly direction: Direction
  /** The value itself, wrap included, where it is the same for every pair (i32 only). */
  readonly exact?: Expr
  /** A float about which nothing is known: any value, NaN included. */
  readonly unknown?: true
}

export interface BoolRange extends BoxTest {
  readonly type: 'bool'
  readonly direction: Direction
  readonly exact?: Expr
}

export type Range = NumberRange | BoolRange
