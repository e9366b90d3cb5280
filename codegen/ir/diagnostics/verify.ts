import type { DiagnosticTable } from './types.ts'

export const verify = {
} as const satisfies DiagnosticTable
