/** One option: its flag, how its text becomes a value, and the value when it is not given. */
export interface OptionSpec<T = unknown> {
  /** As help shows it: `--lengths <list|file>`; a flag without `<` is a switch. */
  readonly flag: string
  readonly about: string
  readonly initial: T
  readonly parse: (text: string, flag: string) => T
  readonly required?: boolean
  /** The family of definitions that it has a meaning for; absent: both. */
  readonly only?: Family
}

/** What a definition describes. */
export type Family = 'attention' | 'interaction'

export interface ArgumentSpec {
  /** As usage shows it: `NAME|FILE[#export]`. */
  readonly name: string
  readonly about: string
  readonly required: boolean
  readonly many?: boolean
}

export type OptionTable = Readonly<Record<string, OptionSpec<any>>>

export interface CommandSpec<O extends OptionTable = OptionTable> {
  readonly summary: string
  readonly arguments: readonly ArgumentSpec[]
  readonly options: O
  /** The fields of the JSON document, beside `ok`. */
  readonly json: string
  readonly examples: readonly string[]
}

export type Values<O extends OptionTable> = { readonly [K in keyof O]: O[K] extends OptionSpec<infer T> ? T : never }

/** What a command may use of the terminal: notes and progress go to stderr. */
export interface Context {
  readonly json: boolean
  readonly interactive: boolean
  note(line: string): void
  /** Replaces the current line on a terminal; prints nothing elsewhere. */
  progress(line: string): void
  /** Keys of the options that stand on the command line. */
  readonly given: readonly string[]
}

/** What a command found. `ok` false is exit code 1. `text` is for people, `json` for programs; exactly one is printed on stdout. */
export interface Outcome {
  readonly ok: boolean
  readonly json: Readonly<Record<string, unknown>>
  readonly text: string
}
