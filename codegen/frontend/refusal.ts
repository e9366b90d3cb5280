import type { Diagnostic } from '../ir/diagnostics/index.ts'

/** Thrown where evaluation cannot go on; without a diagnostic when it was already reported. */
export class Refusal extends Error {
  readonly diagnostic: Diagnostic | undefined
  /** Ends the whole definition: going on would take as long again. */
  readonly final: boolean
  constructor(found?: Diagnostic, final = false) {
    super(found?.message)
    this.diagnostic = found
    this.final = final
  }
}
