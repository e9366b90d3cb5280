import type { DiagnosticTable } from './types.ts'

export const device = {
} as const satisfies DiagnosticTable
