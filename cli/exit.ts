import { type Diagnostic, diagnostic, SerrateError } from '../codegen/ir/diagnostics/index.ts'

/** Wrong use, by the code's area (the command line, inputs) or by name; everything else is a finding. */
const wrongUse = /^SR(5|8)/
const wrongUseToo: ReadonlySet<string> = new Set(['SR1001', 'SR1009', 'SR3002', 'SR3006', 'SR3008', 'SR3010', 'SR3011', 'SR6005', 'SR7006', 'SR7007', 'SR7008', 'SR7010'])
const findings: ReadonlySet<string> = new Set(['SR8006', 'SR8050', 'SR8052', 'SR8900'])

export const exitCode = (diagnostics: readonly Diagnostic[]): 1 | 2 => {
  const code = diagnostics[0]!.code
  return !findings.has(code) && (wrongUse.test(code) || wrongUseToo.has(code)) ? 2 : 1
}

/** Any thrown value as diagnostics; what is not ours is SR8900, without a stack. */
export const asDiagnostics = (error: unknown): readonly Diagnostic[] =>
  error instanceof SerrateError ? error.diagnostics : [diagnostic('SR8900', { message: (error instanceof Error ? error.message : String(error)).split('\n')[0]!.replace(/\.$/, '') })]

/** The JSON document of a failure. `diagnostics` has all of them, `error` is the first. */
export const errorDocument = (diagnostics: readonly Diagnostic[]): Readonly<Record<string, unknown>> => ({ ok: false, error: diagnostics[0], diagnostics })
