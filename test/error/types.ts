import type { DiagnosticCode } from '../../codegen/ir/diagnostics/index.ts'

/** What came back: a thrown error, or a document of the command line. */
export interface Seen {
  readonly code: string
  readonly message: string
  readonly fix: string
  /** Exit code, where it went through the command line. */
  readonly exit?: number | null
}

/** How a code is provoked through what people use, and what its message and fix must say. */
export interface Provocation {
  readonly code: DiagnosticCode
  readonly what: string
  readonly provoke: () => Promise<Seen>
  /** The value seen. */
  readonly sees: RegExp
  readonly fix: RegExp
  readonly exit?: 0 | 1 | 2
  /** Why this machine cannot provoke it. */
  readonly skip?: string | undefined
}
