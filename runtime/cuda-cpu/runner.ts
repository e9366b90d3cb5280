import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'

/** A child process that has one module loaded and answers requests one at a time. Dies with its input, so it outlives no parent. */
export interface Runner {
  /** The reply's bytes, or why there is none. */
  request(message: Uint8Array): Promise<Buffer | string>
  readonly alive: boolean
  kill(): void
}

const LENGTH_BYTES = 8

const setHeld = (child: ChildProcess, held: boolean): void => {
  const change = held ? 'ref' : 'unref'
  for (const handle of [child, child.stdin, child.stdout, child.stderr] as (Socket | ChildProcess)[]) handle[change]()
}

export const startRunner = (program: string, module: string): Runner => {
  const child = spawn(program, [module], { stdio: ['pipe', 'pipe', 'pipe'] })
  let chunks: Buffer[] = []
  let received = 0
  let expected = 0
  let errors = ''
  let settle: ((reply: Buffer | string) => void) | undefined
  let ended: string | undefined
  const finish = (reply: Buffer | string): void => {
    setHeld(child, false)
    const done = settle
    settle = undefined
    chunks = []
    received = expected = 0
    done?.(reply)
  }
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    received += chunk.length
    if (expected === 0 && received >= LENGTH_BYTES) {
      chunks = [Buffer.concat(chunks)]
      expected = LENGTH_BYTES + Number(chunks[0]!.readBigUInt64LE())
    }
    if (expected > 0 && received >= expected) finish(Buffer.concat(chunks).subarray(LENGTH_BYTES, expected))
  })
  child.stderr.on('data', (chunk: Buffer) => { errors = (errors + chunk.toString()).slice(-2000) })
  child.stdin.on('error', () => {})
  const end = (how: string): void => {
    ended ??= `${how}${errors ? `: ${errors.trim()}` : ''}`
    finish(ended)
  }
  child.on('error', (error) => end(`cannot be started: ${error.message}`))
  child.on('close', (code, signal) => end(signal ? `ended with ${signal}` : `exited with ${code}`))
  setHeld(child, false)
  return {
    request: (message) =>
      new Promise((resolve) => {
        if (ended !== undefined) return resolve(ended)
        settle = resolve
        setHeld(child, true)
        child.stdin.write(message)
      }),
    get alive() { return ended === undefined && child.exitCode === null && child.signalCode === null },
    kill: () => { child.kill('SIGKILL') },
  }
}
