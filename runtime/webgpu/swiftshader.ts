import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { readTar } from './tar.ts'

const FILES = ['libvulkan.so.1', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json'] as const

/** Where SwiftShader lies once unpacked. */
export interface SwiftShader {
  readonly folder: string
  readonly loader: string
  readonly icd: string
}

const packageFolder = (): string => {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../..')
  } catch {
    return fail('SR4003')
  }
}

const cacheFolders = (): readonly string[] => {
  const { SERRATE_CACHE, XDG_CACHE_HOME } = process.env
  if (SERRATE_CACHE) return [SERRATE_CACHE]
  return [join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'serrate'), join(tmpdir(), `serrate-${process.getuid?.() ?? 'user'}`)]
}

const complete = (folder: string): boolean => FILES.every((f) => existsSync(join(folder, f)))

/** Unpacks beside the target, then renames: a reader sees all files or none, and of two writers one wins. */
const unpack = (archive: string, folder: string): void => {
  const files = readTar(brotliDecompressSync(readFileSync(archive)), archive)
  mkdirSync(dirname(folder), { recursive: true })
  const draft = mkdtempSync(`${folder}.`)
  try {
    for (const name of FILES) writeFileSync(join(draft, name), files.get(name) ?? fail('SR4020', { reader: 'SwiftShader', file: archive, reason: `it has no ${name}` }), { mode: 0o755 })
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!complete(folder)) throw error
  }
}

/** SwiftShader out of the npm package @sparticuz/chromium, unpacked once into the user's cache. Throws SR4003, SR4004, SR4005. */
export const swiftShader = (): SwiftShader => {
  if (process.platform !== 'linux' || process.arch !== 'x64') fail('SR4005', { platform: `${process.platform}-${process.arch}` })
  const source = packageFolder()
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string }
  const failures: string[] = []
  for (const cache of cacheFolders()) {
    const folder = join(cache, `swiftshader-${version}`)
    try {
      if (!complete(folder)) unpack(join(source, 'bin', 'swiftshader.tar.br'), folder)
      return { folder, loader: join(folder, 'libvulkan.so.1'), icd: join(folder, 'vk_swiftshader_icd.json') }
    } catch (error) {
      failures.push(`${folder}: ${(error as Error).message}`)
    }
  }
  return fail('SR4004', { folder: cacheFolders().join(' or '), reason: failures.join('; ') })
}
