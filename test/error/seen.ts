import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { folder, root, serrate } from '../cli/program.ts'
import type { Seen } from './types.ts'

const NOTHING: Seen = { code: 'nothing', message: '', fix: '' }

/** The error that `work` throws. */
export const thrown = (work: () => unknown) => async (): Promise<Seen> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof SerrateError) return error.diagnostics[0]!
    throw error
  }
  return NOTHING
}

/** The first diagnostic of a command line; `text` is the file that FILE in it names. */
export const cli = (args: string, { text = '', env = {}, node = [] }: { readonly text?: string; readonly env?: Readonly<Record<string, string>>; readonly node?: readonly string[] } = {}) => async (): Promise<Seen> => {
  const file = join(folder(), 'author.ts')
  writeFileSync(file, text)
  const words = args.split(' ').map((w) => w.replace('FILE', file))
  const { code, json } = await serrate([...words, '--json'], { program: [...node, join(root, 'cli/main.ts')], env: { ...process.env, ...env } })
  const found = json?.diagnostics?.[0] as Diagnostic | undefined
  return found ? { ...found, exit: code } : { ...NOTHING, exit: code }
}

/** Node's flags that make `specifier` (or a file whose address ends so) this text. */
export const replaced = (specifier: string, text: string): readonly string[] => {
  const hooks = `import { registerHooks } from 'node:module'
const url = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(text)})
registerHooks({ resolve: (s, c, next) => (s === ${JSON.stringify(specifier)} ? { url, shortCircuit: true } : next(s, c)) })`
  return ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`]
}

/** Runs `work` with properties of `process` changed. */
export const onPlatform = async <T>(change: { readonly platform?: string; readonly arch?: string }, work: () => Promise<T> | T): Promise<T> => {
  const before = Object.fromEntries(Object.keys(change).map((k) => [k, Object.getOwnPropertyDescriptor(process, k)!]))
  for (const [key, value] of Object.entries(change)) Object.defineProperty(process, key, { ...before[key]!, value })
  try {
    return await work()
  } finally {
    Object.defineProperties(process, before)
  }
}
