import { terminal } from '../../cli/context.ts'
import { asDiagnostics, exitCode } from '../../cli/exit.ts'
import { type Handler, handlers } from '../../cli/handlers.ts'
import { parse } from '../../cli/parse.ts'
import type { CommandName } from '../../cli/table.ts'
import type { Context } from '../../cli/types.ts'

export interface Said { readonly code: number; readonly json: any; readonly text: string; readonly notes: readonly string[]; readonly progress: readonly string[] }

/** A command line as the program runs it, without a process of its own. */
export const inProcess = async (...argv: readonly string[]): Promise<Said> => {
  const notes: string[] = []
  const progress: string[] = []
  try {
    const { command, args, options, given } = parse(argv)!
    const { run } = (await handlers[command]()) as { readonly run: Handler<CommandName> }
    const context: Context = { ...terminal(true, given), note: (line) => { notes.push(line) }, progress: (line) => { progress.push(line) } }
    const { ok, json, text } = await run(args, options as Parameters<typeof run>[1], context)
    return { code: ok ? 0 : 1, json: { ok, ...json }, text, notes, progress }
  } catch (error) {
    const diagnostics = asDiagnostics(error)
    return { code: exitCode(diagnostics), json: { ok: false, error: diagnostics[0], diagnostics }, text: '', notes, progress }
  }
}
