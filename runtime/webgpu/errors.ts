import { type DiagnosticCode, fail } from '../../codegen/ir/diagnostics/index.ts'

const FILTERS = ['validation', 'out-of-memory', 'internal'] as const

/** Runs `work` inside error scopes; the first error the device reports becomes `code` with `details` and its message as `reason`. */
export const checked = async <T>(device: GPUDevice, code: DiagnosticCode, details: Readonly<Record<string, unknown>>, work: () => T | Promise<T>): Promise<T> => {
  for (const filter of FILTERS) device.pushErrorScope(filter)
  let result: { value: T } | undefined
  let thrown: unknown
  try {
    result = { value: await work() }
  } catch (error) {
    thrown = error
  }
  const errors = await Promise.all(FILTERS.map(() => device.popErrorScope()))
  const reported = errors.find((e) => e !== null)
  if (reported) fail(code, { ...details, reason: reported.message })
  if (result) return result.value
  throw thrown
}
