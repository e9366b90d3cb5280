import { formatDiagnostic } from '../codegen/ir/diagnostics/index.ts'
import { terminal } from './context.ts'
import { asDiagnostics, errorDocument, exitCode } from './exit.ts'
import { type Handler, handlers } from './handlers.ts'
import { helpDocument } from './help.ts'
import { type Invocation, parse } from './parse.ts'
import type { CommandName } from './table.ts'

const write = (text: string): Promise<void> => new Promise((done) => process.stdout.write(text, () => done()))
const line = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

const execute = async <K extends CommandName>(name: K, { args, options, given }: Invocation): Promise<void> => {
  const { run } = (await handlers[name]()) as { readonly run: Handler<K> }
  const context = terminal(options.json === true, given)
  const outcome = await run(args, options as Parameters<Handler<K>>[1], context)
  context.progress('')
  process.exitCode = outcome.ok ? 0 : 1
  await write(options.json ? `${JSON.stringify({ ok: outcome.ok, ...outcome.json }, null, 2)}\n` : line(outcome.text))
}

/** Runs one command line; sets the exit code and never throws. */
export const main = async (argv: readonly string[]): Promise<void> => {
  try {
    const invocation = parse(argv)
    const help = invocation ? undefined : helpDocument(argv)
    if (invocation) await execute(invocation.command, invocation)
    else if (help) await write(`${JSON.stringify(help, null, 2)}\n`)
  } catch (error) {
    const diagnostics = asDiagnostics(error)
    process.exitCode = exitCode(diagnostics)
    if (argv.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    if (argv.includes('--json')) await write(`${JSON.stringify(errorDocument(diagnostics), null, 2)}\n`)
    else process.stderr.write(`${diagnostics.map(formatDiagnostic).join('\n')}\n`)
  }
}
