import { spawnSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Diagnostic } from '../../codegen/ir/diagnostics/index.ts'
import { sizeOf } from '../../cli/generated.ts'
import { folder, root } from '../cli/program.ts'
import { cli, thrown } from './seen.ts'
import type { Provocation, Seen } from './types.ts'

/** The launcher alone in a folder, on a Node that strips no types. */
const launcherAlone = async (): Promise<Seen> => {
  const file = join(folder(), 'serrate.mjs')
  copyFileSync(join(root, 'cli/serrate.mjs'), file)
  const { status, stdout } = spawnSync(process.execPath, ['--no-experimental-strip-types', file, 'list', '--json'], { encoding: 'utf8' })
  return { ...((JSON.parse(stdout) as { error: Diagnostic }).error), exit: status }
}

const brokenCommand = `import { registerHooks } from 'node:module'
registerHooks({ load: (url, c, next) => (url === ${JSON.stringify(pathToFileURL(join(root, 'cli/commands/list.ts')).href)} ? { format: 'module', source: 'export const run = () => { throw new Error("the table is empty") }', shortCircuit: true } : next(url, c)) })`

export const program: readonly Provocation[] = [
  { code: 'SR8006', what: 'a Node that runs no TypeScript', provoke: launcherAlone, exit: 1, sees: /Node \d+\.\d+\.\d+ cannot run TypeScript, and .*node_modules\/node\/bin\/node is not there/, fix: /npm ci/ },
  { code: 'SR8052', what: 'generated files of 21 MB', provoke: thrown(() => sizeOf([{ path: 'a.wgsl', content: 'x'.repeat(22_000_000) }])), sees: /take 22,000,000 bytes; the limit is 20,971,520/, fix: /on demand/ },
  { code: 'SR8900', what: 'a defect', provoke: cli('list', { node: ['--import', `data:text/javascript,${encodeURIComponent(brokenCommand)}`] }), exit: 1, sees: /the table is empty/, fix: /--debug/ },
]
