import { homedir } from 'node:os'
import { join } from 'node:path'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { hash } from '../../codegen/ir/hash.ts'
import { execute } from './execute.ts'

const folder = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
export const INCLUDE = folder('./include')
export const SOURCES = folder('./src')

/** A compiler, and all that decides what it makes of a text. */
export interface Toolchain {
  readonly command: string
  /** "g++ 12.2.0". */
  readonly name: string
  /** Hash of the compiler, the processor and the emulation's own sources. */
  readonly key: string
}

const filesUnder = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => /\.[ch]pp$/.test(f)).sort().map((f) => join(root, f))

export const runtimeSources = (): readonly string[] => filesUnder(SOURCES).filter((f) => f.endsWith('.cpp'))

/** What -march=native depends on. */
const processorFlags = (): string => /^flags.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0] ?? ''

/** Throws SR4503 on another platform, SR4501 when there is no compiler. */
export const findToolchain = async (command = process.env.SERRATE_CXX ?? 'g++'): Promise<Toolchain> => {
  const platform = `${process.platform}-${process.arch}`
  if (platform !== 'linux-x64') fail('SR4503', { platform })
  const { status, stdout, stderr, error } = await execute(command, ['-dumpfullversion'])
  if (error || status !== 0) fail('SR4501', { command, reason: error?.message ?? (stderr.trim() || `it exits with ${status}`) })
  const sources = [...filesUnder(INCLUDE), ...filesUnder(SOURCES)].map((f) => readFileSync(f, 'utf8'))
  const version = stdout.trim()
  return { command, name: `g++ ${version}`, key: hash([command, version, processorFlags(), sources]) }
}

export const defaultCacheDir = (): string => {
  const { SERRATE_CACHE, XDG_CACHE_HOME } = process.env
  return join(SERRATE_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'serrate'), 'cuda-cpu')
}
