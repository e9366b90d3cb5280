import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type LoadedFile, loadFile } from '../../codegen/frontend/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'serrate-author-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

/** Writes an author's file outside this package and gives its path; the first line of a template literal is dropped. */
export const author = (text: string, name = `variant_${files++}.ts`): string => {
  const path = join(folder, name)
  writeFileSync(path, text.replace(/^\n/, ''))
  return path
}

export const loadText = (text: string, name?: string): Promise<LoadedFile> => loadFile(author(text, name))
