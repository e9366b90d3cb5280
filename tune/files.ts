import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { type DiagnosticCode, fail } from '../codegen/ir/diagnostics/index.ts'

const message = (error: unknown): string => (error as Error).message.replace(/\.$/, '')

/** JSON of a file; undefined where there is no such file. Throws `code` with the path where it cannot be read or parsed. */
export const readJson = (path: string, code: DiagnosticCode): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return fail(code, { path, reason: error instanceof SyntaxError ? `it is not JSON (${message(error)})` : message(error) })
  }
}

/** Replaces a file in one step, its folder made when missing. Throws SR7008. */
export const writeText = async (path: string, text: string): Promise<void> => {
  try {
    mkdirSync(dirname(path), { recursive: true })
    await writeFileAtomic(path, text)
  } catch (error) {
    fail('SR7008', { path, reason: message(error) })
  }
}
