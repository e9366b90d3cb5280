import type { TileMode } from '../codegen/ir/plan.ts'
import type { Comparison } from './compare.ts'

/** `skipped`: there was nothing to check it on (no rows; no second sequence). */
export type Outcome = 'pass' | 'fail' | 'skipped'

export interface VerifyResult {
  readonly ok: boolean
  readonly errors: { readonly out: Comparison; readonly lse?: Comparison }
  /** Allowed error of each output. */
  readonly tolerance: { readonly out: number; readonly lse?: number }
  /** Key tiles loaded and key tiles that skipped the mask, head 0 (instrumented kernels only). */
  readonly paths: { readonly tileMode: TileMode; readonly tiles?: number; readonly executed?: number; readonly full?: number }
  readonly checks: {
    /** Every output element was written. */
    readonly poison: Outcome
    /** Nothing was written outside a buffer, and no input. */
    readonly canaries: Outcome
    readonly repeatBitEqual: Outcome
    /** Changing one sequence left every other row bit-equal. */
    readonly leak: Outcome
    /** Rows that keep nothing, and rows past the last offset, are exactly 0 with an lse of exactly -inf. */
    readonly rowsPast: Outcome
    /** What the device itself noticed. */
    readonly findings: readonly string[]
  }
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[]
  readonly repro: string
}
