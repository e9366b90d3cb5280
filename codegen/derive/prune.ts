import { type Expr, topological } from '../ir/hook.ts'
import { type Axis, type Interaction, type Pass, tensorAxes } from '../ir/interaction/index.ts'
import { type Algebra, leavesOf } from './algebra.ts'

/** Neighbours of one kind as one pass, where the second reads no result of the first. */
const merged = (passes: readonly Pass[]): readonly Pass[] =>
  passes.reduce<{ readonly passes: readonly Pass[]; readonly first: number; readonly next: number }>(({ passes: done, first, next }, p) => {
    const last = done.at(-1)
    const reads = leavesOf(...p.values).some((l) => l.startsWith('stat:') && Number(l.slice(5)) >= first)
    const same = last?.op === p.op && last.values.every((v) => v.type === p.values[0]!.type)
    return same && !reads
      ? { passes: [...done.slice(0, -1), { op: p.op, values: [...last.values, ...p.values] }], first, next: next + p.values.length }
      : { passes: [...done, p], first: next, next: next + p.values.length }
  }, { passes: [], first: 0, next: 0 }).passes

/** Without results of passes that nothing reads; the others numbered again. */
export const usedPasses = (a: Algebra, passes: readonly Pass[], roots: readonly Expr[]): { readonly passes: readonly Pass[]; readonly roots: readonly Expr[] } => {
  const values = passes.flatMap((p, i) => p.values.map((value) => ({ p: i, value })))
  const used = new Set<number>()
  const visit = (e: Expr): void => {
    for (const name of leavesOf(e)) {
      const i = name.startsWith('stat:') ? Number(name.slice(5)) : -1
      if (i < 0 || used.has(i)) continue
      used.add(i)
      visit(values[i]!.value)
    }
  }
  roots.forEach(visit)
  const number = new Map([...used].sort((i, j) => i - j).map((old, i) => [old, i]))
  const renumber = (e: Expr): Expr => a.rewrite(e, (l) => (l.kind === 'param' && l.name.startsWith('stat:') ? a.b.param(l.type, `stat:${number.get(Number(l.name.slice(5)))!}`) : undefined))
  const kept = passes.flatMap((p, i): readonly Pass[] => {
    const own = values.flatMap((v, s) => (v.p === i && used.has(s) ? [renumber(v.value)] : []))
    return own.length ? [{ op: p.op, values: own }] : []
  })
  return { passes: merged(kept), roots: roots.map(renumber) }
}

/** Without the inputs, captures and axes that nothing reads. */
export const pruned = (x: Interaction): Interaction => {
  const axes = new Set<string>([...x.reduced, ...tensorAxes(x.output), ...(x.sums ?? []).flatMap((s) => tensorAxes(s.output))])
  const inputs = new Set<string>()
  const captures = new Set<string>()
  const seen = new Set<Expr>()
  const byName = new Map(x.axes.map((a) => [a.name, a]))
  const axis = (name: string): void => {
    const a = byName.get(name)
    if (!a || done.has(name)) return
    done.add(name)
    axes.add(name)
    ;[a.like, ...(a.batch ? [a.batch] : [])].forEach(axis)
    ;[a.index, a.length].forEach((e) => e && visit(e))
  }
  const done = new Set<string>()
  const visit = (e: Expr): void => {
    for (const node of topological(e)) {
      if (seen.has(node)) continue
      seen.add(node)
      if (node.kind === 'capture' || node.kind === 'table') { captures.add(node.name); if (x.captures.some((c) => c.name === node.name && c.kind === 'perSequence')) axis('b') }
      if (node.kind !== 'param') continue
      const [kind, name] = node.name.split(':') as [string, string]
      if (kind === 'at' || kind === 'len' || kind === 'size') axis(name)
      if (kind !== 'in') continue
      inputs.add(name)
      tensorAxes(x.inputs.find((t) => t.name === name)!).forEach(axis)
    }
  }
  ;[...axes].forEach(axis)
  ;[x.epilogue, ...x.passes.flatMap((p) => p.values), ...(x.sums ?? []).map((s) => s.value), ...(x.scan ? [x.scan.value] : [])].forEach(visit)
  const kept: readonly Axis[] = x.axes.filter((a) => axes.has(a.name))
  return { ...x, axes: kept, inputs: x.inputs.filter((t) => inputs.has(t.name)), captures: x.captures.filter((c) => captures.has(c.name)) }
}
