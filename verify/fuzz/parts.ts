import { addMet } from './met.ts'
import type { FuzzResult } from './run.ts'

/** What a whole run says: its parts, one a process, put together. */
export interface FuzzReport extends Omit<FuzzResult, 'hashes' | 'stopped' | 'secondsLeft'> {
  /** Distinct source texts. */
  readonly sources: number
  readonly randomSources: number
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

export const joinParts = (parts: readonly FuzzResult[]): FuzzReport => {
  const hashes = Object.assign({}, ...parts.map((p) => p.hashes)) as Record<string, boolean>
  const paths: Record<string, number> = {}
  const met: Record<string, number> = {}
  for (const p of parts) {
    addMet(paths, p.paths)
    addMet(met, p.met)
  }
  const { device, seed } = parts[0]!
  return {
    device, seed, paths, met,
    cases: sum(parts.map((p) => p.cases)),
    failed: sum(parts.map((p) => p.failed)),
    sources: Object.keys(hashes).length,
    randomSources: Object.values(hashes).filter(Boolean).length,
    dims: [...new Set(parts.flatMap((p) => p.dims))].sort((a, b) => a - b),
    seconds: sum(parts.map((p) => p.seconds)),
    failures: parts.flatMap((p) => p.failures),
  }
}
