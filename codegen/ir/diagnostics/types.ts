/** One row of a table of diagnostics. `fix` says the smallest change that helps. */
export interface DiagnosticRow {
  readonly severity: 'error' | 'warning'
  /** One sentence; `{name}` is replaced by the detail of that name. */
  readonly message: string
  readonly fix: string
}
export type DiagnosticTable = Readonly<Record<`SR${number}`, DiagnosticRow>>

export interface Diagnostic {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly fix: string
  /** What stands below the message: the lines of a compiler, for example. */
  readonly detail?: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** The author's text at that place. */
  readonly text?: string
}
