import type { DiagnosticTable } from './types.ts'

export const frontend = {
} as const satisfies DiagnosticTable
