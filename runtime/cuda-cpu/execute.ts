import { spawn } from 'node:child_process'

export interface Finished {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Why the command could not be started. */
  readonly error?: Error
}

/** Runs a command to its end; never throws. */
export const execute = (command: string, args: readonly string[]): Promise<Finished> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', (error) => resolve({ status: null, stdout: '', stderr: '', error }))
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }))
  })
