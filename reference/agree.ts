import type { Algorithm } from '../codegen/ir/algorithm.ts'
import { fail } from '../codegen/ir/diagnostics/index.ts'
import { sequenceViews } from '../codegen/ir/layout.ts'
import { type AttentionProblem, extentOfProblem } from './attend.ts'
import { bindCaptures, startCursor } from './captures.ts'
import { authorHooks, compiledHooks } from './hooks.ts'

const near = (a: number, b: number): boolean => Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b))

/** Where the hooks are asked, at most `limit` pairs per sequence and head: an even sample that always holds the first and last pair. */
const samplePairs = function* (rows: number, columns: number, limit: number): Generator<readonly [number, number]> {
  const total = rows * columns
  const count = Math.min(total, limit)
  for (let i = 0; i < count; i++) {
    const at = count === 1 ? 0 : Math.floor((i * (total - 1)) / (count - 1))
    yield [Math.floor(at / columns), at % columns]
  }
}

/** Compares the hooks as compiled, in double precision, with the author's functions. Throws SR6003 naming the first pair that differs. */
export const checkHooks = (p: AttentionProblem, algorithm: Algorithm, limit = 1024): void => {
  const cursor = startCursor()
  const views = sequenceViews(extentOfProblem(p))
  const bound = bindCaptures(p.definition, p.captures, { heads: p.heads, views }, cursor)
  const author = authorHooks(p.definition, bound, cursor)
  const compiled = compiledHooks(algorithm, bound, cursor, (x) => x)
  const differ = (hook: string, a: number | boolean | string, c: number | boolean | string) => fail('SR6003', { hook, author: a, compiled: c, b: cursor.b, h: cursor.h, q: cursor.q, kv: cursor.kv })
  for (const view of views) {
    for (let h = 0; h < p.heads && view.kvLen > 0 && view.qLen > view.dropped; h++) {
      Object.assign(cursor, { b: view.b, h, q: view.dropped + view.position0, kv: 0, view })
      const [mine, theirs] = [author(), compiled()]
      if (mine.part.kind !== theirs.part.kind) differ('the head count of byHead', mine.part.kind, theirs.part.kind)
      for (const [row, kv] of samplePairs(view.qLen - view.dropped, view.kvLen, limit)) {
        Object.assign(cursor, { q: row + view.dropped + view.position0, kv })
        for (const hook of ['scale', 'sink'] as const) if (!near(mine.part[hook](), theirs.part[hook]())) differ(hook, mine.part[hook](), theirs.part[hook]())
        const score = ((cursor.q * 7 + kv * 13) % 65) / 8 - 4
        const s = mine.keep() ? mine.score(score) : -Infinity
        const keep = s !== -Infinity
        if (keep !== theirs.keep()) differ('maskMod', keep, theirs.keep())
        if (!keep) continue
        if (mine.part.keepAfter() !== theirs.part.keepAfter()) differ('keepAfter', mine.part.keepAfter(), theirs.part.keepAfter())
        if (!near(s, theirs.score(score))) differ('scoreMod', s, theirs.score(score))
        if (!near(mine.part.activation(s), theirs.part.activation(s))) differ('activation', mine.part.activation(s), theirs.part.activation(s))
      }
    }
  }
}
