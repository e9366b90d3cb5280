import { toolVersion } from '../codegen/emit/version.ts'
import { environment } from './environment.ts'
import { shownInitial, usage } from './parse.ts'
import { type CommandName, commandNames, commands, common } from './table.ts'
import type { CommandSpec, OptionTable } from './types.ts'

const optionsOf = (table: OptionTable) => Object.values(table).map((o) => ({ flag: o.flag, about: o.about, ...(o.only && { only: o.only }), required: o.required, ...(shownInitial(o.initial) !== undefined && { default: o.initial }) }))

const commandHelp = (name: CommandName) => {
  const spec: CommandSpec = commands[name]
  return { name, summary: spec.summary, usage: usage(name), arguments: spec.arguments, options: optionsOf(spec.options), common: optionsOf(common), json: `{ ok, ${spec.json} }`, examples: spec.examples }
}

/** `--help`, `help COMMAND` or `--version` beside `--json`, as a document; undefined where none was asked for. */
export const helpDocument = (argv: readonly string[]): Readonly<Record<string, unknown>> | undefined => {
  if (!argv.includes('--json')) return undefined
  const words = argv.filter((a) => !a.startsWith('-'))
  const asked = words[0] === 'help' ? words[1] : words[0]
  const name = commandNames.find((n) => n === asked)
  if (argv.includes('--version') && !name) return { ok: true, version: toolVersion }
  if (name) return { ok: true, ...commandHelp(name) }
  return {
    ok: true, version: toolVersion, commands: commandNames.map((n) => ({ name: n, summary: commands[n].summary, usage: usage(n) })), common: optionsOf(common), environment,
    exit: { 0: 'done', 1: 'a finding (a diagnostic, a mismatch, a device that cannot)', 2: 'wrong use' },
  }
}
