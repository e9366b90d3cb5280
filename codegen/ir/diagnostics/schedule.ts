import type { DiagnosticTable } from './types.ts'

export const schedule = {
} as const satisfies DiagnosticTable
