import type { DiagnosticTable } from './types.ts'

export const cli = {
} as const satisfies DiagnosticTable
