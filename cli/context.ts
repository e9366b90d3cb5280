import type { Context } from './types.ts'

/** Notes and progress on stderr, so that stdout holds the result alone. */
export const terminal = (json: boolean, given: readonly string[] = []): Context => {
  const interactive = !json && process.stderr.isTTY === true
  let open = false
  const clear = () => { if (open) process.stderr.write('\r\x1b[2K'); open = false }
  return Object.freeze({
    json,
    interactive,
    given,
    note(line: string) {
      clear()
      process.stderr.write(`${line}\n`)
    },
    progress(line: string) {
      if (!interactive) return
      clear()
      open = line !== ''
      process.stderr.write(line.slice(0, (process.stderr.columns ?? 80) - 1))
    },
  })
}
