/** A line on stderr at most every `everyMs`: done of total, rate, ETA, what went wrong so far. */
export const progressLine = (label: string, total: number, everyMs = 5000) => {
  const started = Date.now()
  let last = 0
  return (done: number, note: string): void => {
    const now = Date.now()
    if (now - last < everyMs && done < total) return
    last = now
    const seconds = (now - started) / 1000
    const eta = done ? Math.round((seconds / done) * (total - done)) : 0
    process.stderr.write(`${label}: ${done} of ${total} sources, ${seconds.toFixed(0)} s, ETA ${eta} s, ${note}\n`)
  }
}
