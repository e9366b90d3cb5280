import { Command, CommanderError } from 'commander'
import { diagnostic, fail, SerrateError } from '../codegen/ir/diagnostics/index.ts'
import { toolVersion } from '../codegen/emit/version.ts'
import { aboutOf } from './families.ts'
import { suggestion } from './suggest.ts'
import { type CommandName, commandNames, commands, common } from './table.ts'
import type { CommandSpec, OptionTable } from './types.ts'
import { shown } from './values.ts'

export interface Invocation {
  readonly command: CommandName
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  /** Keys of the options that stand on the command line. */
  readonly given: readonly string[]
}

/** `--lengths <list|file>` → `lengths`. */
export const optionKey = (flag: string): string => flag.split(' ')[0]!.slice(2).replace(/-(\w)/g, (_, c: string) => c.toUpperCase())
const optionName = (flag: string): string => flag.split(' ')[0]!

const argumentText = (spec: CommandSpec): string =>
  spec.arguments.map((a) => (a.required ? `<${a.name}${a.many ? '...' : ''}>` : `[${a.name}${a.many ? '...' : ''}]`)).join(' ')
export const usage = (name: CommandName): string => `serrate ${name} ${argumentText(commands[name])}`.trim()

export const shownInitial = (initial: unknown): string | undefined =>
  initial === undefined || initial === false ? undefined : Array.isArray(initial) ? initial.join(',') : String(initial)

const allOptions = (name: CommandName): OptionTable => ({ ...(commands[name].options as OptionTable), ...common })

const subcommand = (name: CommandName, take: (invocation: Invocation) => void): Command => {
  const spec: CommandSpec = commands[name]
  const sub = new Command(name).description(spec.summary).usage(`${argumentText(spec)} [options]`.trim()).allowExcessArguments(true)
  for (const a of spec.arguments) sub.argument(`[${a.name.replace(/[[\]]/g, '')}${a.many ? '...' : ''}]`, a.about)
  for (const [key, option] of Object.entries(allOptions(name))) {
    const initial = shownInitial(option.initial)
    const shownDefault = key === 'budget' ? `${Number(initial) / 1000}s` : initial
    sub.option(option.flag, `${aboutOf(spec, option)}${shownDefault === undefined ? '' : ` (default: ${shownDefault})`}${option.required ? ' (required)' : ''}`)
  }
  if (spec.examples.length) sub.addHelpText('after', `\nExamples:\n${spec.examples.map((e) => `  ${e}`).join('\n')}`)
  sub.addHelpText('after', `\nJSON: { ok, ${spec.json} }`)
  sub.action(() => take({ command: name, args: sub.args, options: parseOptions(name, sub.opts()), given: givenOptions(name, sub.opts()) }))
  return sub
}

const givenOptions = (name: CommandName, given: Record<string, unknown>): readonly string[] =>
  Object.entries(allOptions(name)).filter(([, option]) => given[optionKey(option.flag)] !== undefined).map(([key]) => key)

const parseOptions = (name: CommandName, given: Record<string, unknown>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(allOptions(name)).map(([key, option]) => {
    const raw = given[optionKey(option.flag)]
    if (raw === undefined && option.required) fail('SR8024', { option: optionName(option.flag), flag: option.flag, about: option.about })
    if (typeof raw === 'string' && raw.startsWith('--')) fail('SR8005', { option: optionName(option.flag), flag: option.flag })
    return [key, raw === undefined ? option.initial : typeof raw === 'string' ? option.parse(raw, optionName(option.flag)) : true]
  }))

/** What commander found wrong, as a row of our own table. */
const translate = (error: CommanderError, name: CommandName | undefined, argv: readonly string[]): SerrateError => {
  const command = name ? `serrate ${name}` : 'serrate'
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  if (error.code === 'commander.unknownOption') {
    const known = name ? Object.values(allOptions(name)).map((spec) => optionName(spec.flag)) : Object.values(common).map((spec) => optionName(spec.flag))
    return new SerrateError([diagnostic('SR8002', { command, value: shown(quoted), suggestion: suggestion(quoted, known), known: known.join(', ') })])
  }
  if (error.code === 'commander.optionMissingArgument') return new SerrateError([diagnostic('SR8005', { option: quoted.split(' ')[0], flag: quoted })])
  return unknownCommand(argv.find((a) => !a.startsWith('-')) ?? '')
}

const unknownCommand = (value: string): SerrateError =>
  new SerrateError([diagnostic('SR8001', { value: shown(value), suggestion: suggestion(value, commandNames), known: commandNames.join(', ') })])

const checkArguments = ({ command, args }: Invocation): void => {
  const specs = commands[command].arguments
  const missing = specs[args.length]
  if (missing?.required) fail('SR8003', { command: `serrate ${command}`, argument: missing.name, usage: usage(command) })
  if (!specs.some((a) => a.many) && args.length > specs.length) fail('SR8004', { command: `serrate ${command}`, value: shown(args[specs.length]!), usage: usage(command) })
}

/** `silent`: help and version are not printed. */
export const buildProgram = (take: (invocation: Invocation) => void = () => undefined, silent = false): Command => {
  const program = new Command('serrate')
    .description('Describe, generate and trust jagged GPU kernels: attention variants in a few lines of TypeScript, compiled to WGSL and CUDA.')
    .version(toolVersion, '--version', 'print the version')
    .helpCommand('help [command]', 'help for a command')
    .showSuggestionAfterError(false)
  for (const name of commandNames) program.addCommand(subcommand(name, take))
  program.addHelpText('after', '\nExit: 0 done; 1 a finding (a diagnostic, a mismatch, a device that cannot); 2 wrong use.')
  for (const c of [program, ...program.commands]) c.exitOverride().configureOutput({ outputError: () => undefined, writeErr: () => undefined, ...(silent && { writeOut: () => undefined }) })
  return program
}

/** The invocation, or undefined when help or the version was asked for: it is printed, but not beside `--json`. Throws SR80xx for wrong use. */
export const parse = (argv: readonly string[]): Invocation | undefined => {
  let found: Invocation | undefined
  const program = buildProgram((invocation) => { found = invocation }, argv.includes('--json'))
  const word = argv.find((a) => !a.startsWith('-'))
  const name = commandNames.find((n) => n === word)
  const asksHelp = argv.some((a) => a === '--help' || a === '-h' || a === '--version')
  if (!name && word !== 'help' && !(word === undefined && asksHelp)) {
    if (word === undefined && !argv.some((a) => a.startsWith('-') && a !== '--json' && a !== '--debug')) throw new SerrateError([diagnostic('SR8003', { command: 'serrate', argument: 'a command', usage: `serrate <${commandNames.join('|')}>` })])
    if (word !== undefined) throw unknownCommand(word)
  }
  if (word === 'help') {
    const about = argv[argv.indexOf('help') + 1]
    if (about !== undefined && !about.startsWith('-') && !commandNames.some((n) => n === about)) throw unknownCommand(about)
  }
  try {
    program.parse([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0 || error.code === 'commander.help') return undefined
    throw translate(error, name, argv)
  }
  if (found) checkArguments(found)
  return found
}
