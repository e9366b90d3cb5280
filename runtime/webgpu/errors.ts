import { type DiagnosticCode, fail } from '../../codegen/ir/diagnostics/index.ts'

const FILTERS = ['validation', 'out-of-memory', 'internal'] as const

/**
 * Runs `work` inside error scopes; the first error the device reports becomes `code` with `details` and its message as `reason`.
 * Scopes are a stack of the whole device, so `work` must not wait: calls in flight at once then never see each other's errors.
 */
export const checked = async <T>(device: GPUDevice, code: DiagnosticCode, details: Readonly<Record<string, unknown>>, work: () => T): Promise<T> => {
  for (const filter of FILTERS) device.pushErrorScope(filter)
  const scopes: Promise<GPUError | null>[] = []
  try {
    return work()
  } finally {
    for (const _ of FILTERS) scopes.push(device.popErrorScope())
    const reported = (await Promise.all(scopes)).find((e) => e !== null)
    if (reported) fail(code, { ...details, reason: reported.message })
  }
}
