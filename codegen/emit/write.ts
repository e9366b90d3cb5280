import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fail } from '../ir/diagnostics/index.ts'

/** A file to be: its path inside the output folder, with `/`, and its whole content. */
export interface OutputFile {
  readonly path: string
  readonly content: string | Uint8Array
}

export interface FolderChange {
  readonly written: readonly string[]
  readonly unchanged: readonly string[]
  readonly removed: readonly string[]
}

const placed = (root: string, path: string): string => {
  const full = resolve(root, path)
  return full.startsWith(resolve(root) + sep) ? full : fail('SR8021', { path, root })
}

const isSame = (file: string, content: string | Uint8Array): boolean => existsSync(file) && statSync(file).isFile() && readFileSync(file).equals(typeof content === 'string' ? Buffer.from(content) : content)

const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return { EACCES: 'no permission', EPERM: 'no permission', EROFS: 'a read-only file system', ENOTDIR: 'part of the path is a file', EEXIST: 'part of the path is a file', ENOSPC: 'no space left', EISDIR: 'a folder has that name' }[code ?? ''] ?? message
}

const staged = (file: string): string => `${file}.${process.pid}.tmp`

/** Level by level: a recursive mkdir never returns under some file systems (/proc). */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' })
    return
  }
  makeFolder(dirname(folder))
  mkdirSync(folder, { recursive: false })
}

/** Writes every file beside its place, then moves all of them in: a failure leaves none half-written and no new one. Throws SR8020. */
const commit = (files: readonly { readonly file: string; readonly content: string | Uint8Array }[]): void => {
  const made: string[] = []
  try {
    for (const { file, content } of files) {
      makeFolder(dirname(file))
      if (existsSync(file) && !statSync(file).isFile()) throw Object.assign(new Error(file), { code: 'EISDIR' })
      made.push(staged(file))
      writeFileSync(staged(file), content)
    }
    for (const { file } of files) renameSync(staged(file), file)
  } catch (error) {
    for (const file of made) rmSync(file, { force: true })
    fail('SR8020', { path: dirname(files[made.length - 1]?.file ?? files[0]!.file), why: reasonOf(error) })
  }
}

const filesUnder = (root: string): readonly string[] =>
  existsSync(root) && !statSync(root).isDirectory() ? fail('SR8020', { path: root, why: 'it is a file' })
  : existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => relative(root, join(e.parentPath, e.name)).split(sep).join('/')).sort() : []

/** What writing would do, without doing it. `owned` says which files of the folder are ours to remove when they are no longer made. */
export const compareFolder = (root: string, files: readonly OutputFile[], owned: (path: string) => boolean = () => false): FolderChange => {
  const changed = files.filter((f) => !isSame(placed(root, f.path), f.content)).map((f) => f.path)
  const wanted = new Set(files.map((f) => f.path))
  return { written: changed, unchanged: files.map((f) => f.path).filter((p) => !changed.includes(p)), removed: filesUnder(root).filter((p) => !wanted.has(p) && owned(p)) }
}

/** Writes what differs and removes what is stale; a file that is already right keeps its time. Throws SR8020, SR8021. */
export const writeFolder = (root: string, files: readonly OutputFile[], owned?: (path: string) => boolean): FolderChange => {
  const change = compareFolder(root, files, owned)
  const content = new Map(files.map((f) => [f.path, f.content]))
  if (change.written.length) commit(change.written.map((path) => ({ file: placed(root, path), content: content.get(path)! })))
  for (const path of change.removed) {
    const file = placed(root, path)
    rmSync(file)
    if (dirname(file) !== resolve(root) && readdirSync(dirname(file)).length === 0) rmdirSync(dirname(file))
  }
  return change
}

/** One file, whole or not at all. Throws SR8020. */
export const writeWhole = (file: string, content: string | Uint8Array): void => commit([{ file: resolve(file), content }])
