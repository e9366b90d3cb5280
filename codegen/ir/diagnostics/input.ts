import type { DiagnosticTable } from './types.ts'

export const input = {
} as const satisfies DiagnosticTable
