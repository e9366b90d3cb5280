import type { Algorithm, PointwisePart, SoftmaxPart } from '../../ir/algorithm.ts'
import { type Hook, topological } from '../../ir/hook.ts'

const parts = ({ normalizer: n }: Algorithm): readonly (SoftmaxPart | PointwisePart)[] => (n.kind === 'byHead' ? [n.first, n.rest] : [n])

/** Hooks that give a number for a query row. */
const rowHooks = (a: Algorithm): readonly Hook[] => parts(a).flatMap((p) => (p.kind === 'softmax' ? [p.sink, p.scale] : [p.scale])).filter((h) => h !== undefined)
const pairHooks = (a: Algorithm): readonly Hook[] => [a.scoreMod, a.maskMod, ...parts(a).map((p) => (p.kind === 'softmax' ? p.keepAfter : undefined))].filter((h) => h !== undefined)

/** `reads_q_NAME`, `reads_kv_NAME`: the sides at which hooks read a perToken capture. */
const sides = (a: Algorithm): Readonly<Record<string, boolean>> => {
  const nodes = topological(...[...rowHooks(a), ...pairHooks(a)].map((h) => h.body))
  const reads = (name: string, side: 'q' | 'kv'): boolean => nodes.some((n) => (n.kind === 'capture' || n.kind === 'table') && n.name === name && n.side === side)
  return Object.fromEntries(a.captures.filter((c) => c.kind === 'perToken').flatMap((c) => (['q', 'kv'] as const).map((side) => [`reads_${side}_${c.name}`, reads(c.name, side)])))
}

/** What the kernel's text needs for its hooks. `masked`: key tiles are told apart by the mask. */
export const hookFlags = (a: Algorithm, masked: boolean): Readonly<Record<string, boolean>> => {
  const rows = rowHooks(a).length > 0
  const byHead = a.normalizer.kind === 'byHead'
  const keepAfter = parts(a).some((p) => p.kind === 'softmax' && p.keepAfter)
  const hooks = masked || rows || byHead || keepAfter || a.scoreMod !== undefined
  const has = (kind: string): boolean => a.captures.some((c) => c.kind === kind)
  return {
    ...sides(a),
    uses_b: hooks || has('perSequence'), uses_h: hooks || has('perHead'), uses_q0: masked || rows || keepAfter || a.scoreMod !== undefined,
    key_loops: masked || keepAfter, row_q: rows, merge_sequence: rows || byHead, has_factor: rows || a.normalizer.kind !== 'pointwise',
  }
}
