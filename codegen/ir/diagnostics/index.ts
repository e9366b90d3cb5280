import { SHOWN, type Span } from '../span.ts'
import { analyse } from './analyse.ts'
import { cli } from './cli.ts'
import { cudaCpu } from './cuda-cpu.ts'
import { cuda } from './cuda.ts'
import { device } from './device.ts'
import { frontend } from './frontend.ts'
import { input } from './input.ts'
import { schedule } from './schedule.ts'
import { tune } from './tune.ts'
import type { Diagnostic, DiagnosticRow } from './types.ts'
import { verify } from './verify.ts'

export type { Diagnostic } from './types.ts'

/** Every diagnostic: SR1 front end, SR2 analysis, SR3 schedule and plan, SR4 device, SR5 inputs, SR6 verify, SR7 tune, SR8 command line. */
export const diagnostics = Object.freeze({ ...frontend, ...analyse, ...schedule, ...device, ...cuda, ...cudaCpu, ...input, ...verify, ...tune, ...cli })
export type DiagnosticCode = keyof typeof diagnostics

const fill = (text: string, details: Readonly<Record<string, unknown>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in details ? String(details[name]) : whole))

/** A span as a diagnostic holds it: its file is a path that opens from where the tool runs. */
export const placeOf = ({ file, line, column, text, [SHOWN]: shown }: Span): Pick<Diagnostic, 'file' | 'line' | 'column' | 'text'> => ({ file: shown ?? file, line, column, text })

/** A detail of many lines gives its first to the sentence; the rest stands below it. */
const firstLines = (details: Readonly<Record<string, unknown>>): { first: Readonly<Record<string, unknown>>; rest: string } => {
  const long = Object.entries(details).flatMap(([name, value]) => (typeof value === 'string' && value.includes('\n') ? [[name, value.trim().split('\n')] as const] : []))
  const short = Object.fromEntries(long.map(([name, [line = '']]) => [name, line.trim().replace(/[.:]$/, '')]))
  return { first: { ...details, ...short }, rest: long.flatMap(([, lines]) => lines.slice(1)).join('\n').trimEnd() }
}

/** A row of the table with its details filled in. */
export const diagnostic = (code: DiagnosticCode, details: Readonly<Record<string, unknown>> = {}, span?: Span): Diagnostic => {
  const row: DiagnosticRow = diagnostics[code]
  const { first, rest } = firstLines(details)
  return { code, severity: row.severity, message: fill(row.message, first), fix: fill(row.fix, first), ...(rest && { detail: rest }), ...(span && placeOf(span)) }
}

export const formatDiagnostic = (d: Diagnostic): string =>
  `${d.file ? `${d.file}:${d.line}:${d.column} ` : ''}${d.severity} ${d.code}: ${d.message}${d.text ? `\n    ${d.text.split('\n')[0]}` : ''}${d.detail ? `\n${d.detail.replace(/^/gm, '    ')}` : ''}\n  fix: ${d.fix}`

/** The one error this project throws on purpose: never empty. */
export class SerrateError extends Error {
  readonly diagnostics: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'))
    this.name = 'SerrateError'
    this.diagnostics = diagnostics
  }
  get code(): string {
    return this.diagnostics[0]!.code
  }
}

export const fail = (code: DiagnosticCode, details?: Readonly<Record<string, unknown>>, span?: Span): never => {
  throw new SerrateError([diagnostic(code, details, span)])
}
