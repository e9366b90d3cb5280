import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

export const root = join(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')

export interface Ran { readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly json: any }

const parsed = (stdout: string): unknown => { try { return JSON.parse(stdout) } catch { return undefined } }

/** Runs the program as a user does, in a process of its own; `json` is stdout parsed, where it parses. */
export const spawned = (args: readonly string[], { cwd = root, program = [join(root, 'cli/main.ts')], env = process.env }: { cwd?: string; program?: readonly string[]; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> =>
  new Promise((done) => {
    const child = spawn(node, [...program, ...args], { cwd, env })
    let stdout = '', stderr = ''
    child.stdout.on('data', (d) => { stdout += d })
    child.stderr.on('data', (d) => { stderr += d })
    child.on('close', (code) => done({ code, stdout, stderr, json: parsed(stdout) }))
  })

interface Server { readonly child: ChildProcessWithoutNullStreams; readonly lines: AsyncIterator<string> }
let server: Server | undefined
let turn: Promise<unknown> = Promise.resolve()

const started = (): Server => {
  const child = spawn(node, [join(import.meta.dirname, 'server.ts')], { cwd: root })
  child.stderr.resume()
  child.unref()
  process.once('exit', () => child.kill())
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

/** One command line after another in a process that a test file shares: what the program loads is loaded once. Ends and starts anew where the program ended it. */
const served = async (args: readonly string[], cwd: string): Promise<Ran> => {
  server ??= started()
  server.child.stdin.write(`${JSON.stringify({ args, cwd })}\n`)
  const { value, done } = await server.lines.next()
  if (done) { server = undefined; return { code: null, stdout: '', stderr: 'the process ended', json: undefined } }
  const { code, stdout, stderr } = JSON.parse(value) as Omit<Ran, 'json'>
  return { code, stdout, stderr, json: parsed(stdout) }
}

/** Runs a command line; with a program or an environment of its own, or a signal to come, `spawned` does. `json` is stdout parsed, where it parses. */
export const serrate = (args: readonly string[], options: Parameters<typeof spawned>[1] = {}): Promise<Ran> => {
  if (options.program || options.env) return spawned(args, options)
  const ran = turn.then(() => served(args, options.cwd ?? root))
  turn = ran
  return ran
}

/** A folder inside the clone, so that files in it can import 'serrate'; removed when the test ends. */
export const folder = (): string => {
  const parent = join(root, '.serrate', 'test')
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, 'cli-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
