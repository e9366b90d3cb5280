import type { DiagnosticTable } from './types.ts'

export const tune = {
} as const satisfies DiagnosticTable
