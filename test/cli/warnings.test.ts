import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root, serrate } from './program.ts'

const early = (name: string, message: string): readonly string[] => ['--import', `data:text/javascript,setTimeout(() => process.emitWarning(${JSON.stringify(message)}, ${JSON.stringify(name)}), 100)`]
const programs = [['cli/main.ts'], ['cli/serrate.mjs']].map(([file]) => join(root, file!))

it.each(programs)('%s says nothing on stderr of the experimental features it stands on', async (program) => {
  const { code, stderr } = await serrate(['verify', 'causal', '--dim', '8'], { program: [...early('ExperimentalWarning', 'Type Stripping is an experimental feature and might change at any time'), program] })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

it.each(programs)('%s shows every other warning', async (program) => {
  for (const [name, message] of [['DeprecationWarning', 'the old way'], ['ExperimentalWarning', 'SQLite is an experimental feature']] as const) {
    const { stderr } = await serrate(['verify', 'causal', '--dim', '8'], { program: [...early(name, message), program] })
    expect(stderr).toContain(`${name}: ${message}`)
  }
})
