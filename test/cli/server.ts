/** Runs command lines one after another in one process: a JSON line of `args` and `cwd` in, one of `code`, `stdout` and `stderr` out. What a user starts is cli/main.ts, which some tests do start. */
import '../../cli/quiet.mjs'
import { createInterface } from 'node:readline'

const { main } = await import('../../cli/program.ts')
const answer = process.stdout.write.bind(process.stdout)

/** What is written to a stream until the next call. */
const captured = (stream: NodeJS.WriteStream): (() => string) => {
  let text = ''
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    const done = rest.find((r) => typeof r === 'function') as (() => void) | undefined
    done?.()
    return true
  }) as typeof stream.write
  return () => text
}

for await (const line of createInterface({ input: process.stdin })) {
  const { args, cwd } = JSON.parse(line) as { readonly args: readonly string[]; readonly cwd: string }
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)]
  process.exitCode = 0
  process.chdir(cwd)
  await main(args)
  answer(`${JSON.stringify({ code: process.exitCode, stdout: stdout(), stderr: stderr() })}\n`)
}
