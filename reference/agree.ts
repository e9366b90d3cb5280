import type { Algorithm } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { AttentionProblem } from './attend.ts'
import { bindCaptures, type Cursor } from './captures.ts'
import { authorHooks, compiledHooks } from './hooks.ts'

const near = (a: number, b: number): boolean => Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b))

/** Where the hooks are asked, at most `limit` pairs per sequence and head: an even sample that always holds the first and last pair. */
const samplePairs = function* (length: number, limit: number): Generator<readonly [number, number]> {
  const total = length * length
  const count = Math.min(total, limit)
  for (let i = 0; i < count; i++) {
    const at = count === 1 ? 0 : Math.floor((i * (total - 1)) / (count - 1))
    yield [Math.floor(at / length), at % length]
  }
}

/** Compares the hooks as compiled, in double precision, with the author's functions. Throws SR6003 naming the first pair that differs. */
export const checkHooks = (p: AttentionProblem, algorithm: Algorithm, limit = 1024): void => {
  const cursor: Cursor = { b: 0, h: 0, row0: 0, q: 0, kv: 0 }
  const bound = bindCaptures(p.definition, p.captures, p.heads, cursor)
  const author = authorHooks(p.definition, bound, cursor)
  const compiled = compiledHooks(algorithm, bound, cursor, (x) => x)
  const differ = (hook: string, a: number | boolean, c: number | boolean) => fail('SR6003', { hook, author: a, compiled: c, ...cursor })
  for (let b = 0; b + 1 < p.seqOffsets.length; b++) {
    const row0 = p.seqOffsets[b]!
    const length = p.seqOffsets[b + 1]! - row0
    for (let h = 0; h < p.heads && length > 0; h++) {
      Object.assign(cursor, { b, h, row0, q: 0, kv: 0 })
      const mine = author(length)
      const theirs = compiled(length)
      if (!near(mine.scale(), theirs.scale())) differ('scale', mine.scale(), theirs.scale())
      for (const [q, kv] of samplePairs(length, limit)) {
        Object.assign(cursor, { q, kv })
        const score = ((q * 7 + kv * 13) % 65) / 8 - 4
        const s = mine.keep() ? mine.score(score) : -Infinity
        const keep = s !== -Infinity
        if (keep !== theirs.keep()) differ('maskMod', keep, theirs.keep())
        if (!keep) continue
        if (!near(s, theirs.score(score))) differ('scoreMod', s, theirs.score(score))
        if (!near(mine.activation(s), theirs.activation(s))) differ('activation', mine.activation(s), theirs.activation(s))
      }
    }
  }
}
