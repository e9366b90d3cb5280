import type { DiagnosticTable } from './types.ts'

export const analyse = {
} as const satisfies DiagnosticTable
