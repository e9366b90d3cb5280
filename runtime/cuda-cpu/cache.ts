import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../codegen/ir/diagnostics/index.ts'

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Throws SR4504 when the folder cannot be made or written. */
export const openCache = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true })
    const probe = await mkdtemp(join(folder, 'probe-'))
    await rm(probe, { recursive: true })
  } catch (error) {
    fail('SR4504', { folder, reason: reasonOf(error) })
  }
}

/** The file of that name, made first if it is not there: written elsewhere and moved into place, so that processes may share a cache. */
export const cached = async (folder: string, name: string, make: (target: string) => Promise<void>): Promise<string> => {
  const file = join(folder, name)
  if (existsSync(file)) return file
  const work = await mkdtemp(join(folder, 'making-'))
  try {
    const target = join(work, 'made')
    await make(target)
    await rename(target, file)
    return file
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A text under its own folder, `NAME/file`, so that compiler messages and line tables show the file's plain name. */
export const cachedText = async (folder: string, name: string, file: string, text: string): Promise<string> => {
  await mkdir(join(folder, name), { recursive: true })
  return cached(folder, join(name, file), (target) => writeFile(target, text))
}
