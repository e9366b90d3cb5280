import { spawn } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export const root = join(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')

export interface Ran { readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly json: any }

/** Runs the program as a user does; `json` is stdout parsed, where it parses. */
export const serrate = (args: readonly string[], { cwd = root, program = [join(root, 'cli/main.ts')], env = process.env }: { cwd?: string; program?: readonly string[]; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> =>
  new Promise((done) => {
    const child = spawn(node, [...program, ...args], { cwd, env })
    let stdout = '', stderr = ''
    child.stdout.on('data', (d) => { stdout += d })
    child.stderr.on('data', (d) => { stderr += d })
    child.on('close', (code) => {
      let json: unknown
      try { json = JSON.parse(stdout) } catch { json = undefined }
      done({ code, stdout, stderr, json })
    })
  })

/** A folder inside the clone, so that files in it can import 'serrate'; removed when the test ends. */
export const folder = (): string => {
  const parent = join(root, '.serrate', 'test')
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, 'cli-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
