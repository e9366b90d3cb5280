import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const KEEP = 4000

/** Drops the entries not used for longest of a cache that has grown far past what a session uses; modules already loaded stay loaded. */
export const prune = async (folder: string, keep = KEEP): Promise<void> => {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('runner-') && !name.startsWith('making-'))
  if (names.length <= keep) return
  const aged = await Promise.all(names.map(async (name) => ({ name, time: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })))
  const oldest = aged.sort((a, b) => a.time - b.time).slice(0, names.length - keep / 2)
  for (const { name } of oldest) await rm(join(folder, name), { recursive: true, force: true })
}
