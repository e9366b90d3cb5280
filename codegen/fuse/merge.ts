import { Algebra } from '../derive/algebra.ts'
import { pruned } from '../derive/prune.ts'
import { deepFreeze } from '../ir/hash.ts'
import { type Expr, topological } from '../ir/hook.ts'
import { type Axis, axisOf, type Interaction, type Pass, type TensorSpec, tensorAxes } from '../ir/interaction/index.ts'
import { besides, renamed, renamedAxis, renamedTensor } from './rename.ts'

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((x) => b.includes(x))

/** The producer's axes by the consumer's, where the consumer reads `t` at coordinates that it walks and nowhere outside of it. */
const mapping = (p: Interaction, c: Interaction, t: TensorSpec): ReadonlyMap<string, string> | string => {
  const [from, to] = [tensorAxes(p.output), tensorAxes(t)]
  if (t.storage !== p.output.storage || t.axes.some((x, i) => x.kind !== p.output.axes[i]?.kind)) return 'another layout'
  if (t.axes.some((x) => x.kind === 'lower')) return 'a packed triangle'
  if (to.some((name) => axisOf(c, name).index)) return 'it is read through an index map'
  if (t.storage === 'dense' && to.some((name) => axisOf(c, name).kind === 'jagged')) return 'it is stored padded'
  if (c.output.storage === 'dense' && to.some((name) => axisOf(c, name).kind === 'jagged' && tensorAxes(c.output).includes(name))) return 'it is read past the length of a sequence'
  return new Map(from.map((name, i) => [name, to[i]!]))
}

/** Every axis by the one that owns its lengths or size: a mapped axis may have been the owner of others. */
const byOwner = (axes: readonly Axis[]): readonly Axis[] => {
  const owner = (name: string): string => { const like = axes.find((x) => x.name === name)?.like ?? name; return like === name ? name : owner(like) }
  return axes.map((x) => ({ ...x, like: owner(x.like) }))
}

/** Captures of both; undefined where one name stands for two. */
const captures = (p: Interaction, c: Interaction): Interaction['captures'] | undefined => {
  const all = [...c.captures]
  for (const x of p.captures) {
    const known = all.find((k) => k.name === x.name)
    if (known && JSON.stringify(known) !== JSON.stringify(x)) return undefined
    if (!known) all.push(x)
  }
  return all
}

/**
 * One interaction that computes what `p` and then `c`, which reads p's output `tensor`, compute; or why there is none. An elementwise producer goes into the consumer's
 * expressions; an elementwise consumer of the same elements into the producer's epilogue; passes over the same axes follow each other.
 */
export const merge = (p: Interaction, c: Interaction, tensor: string): Interaction | string => {
  const reads = c.inputs.filter((t) => t.tensor === tensor)
  const [first, ...others] = reads
  if (!first) return 'it does not read it'
  if (p.output.dtype !== 'element' && p.output.dtype !== 'f32') return 'it is whole numbers'
  const all = captures(p, c)
  if (!all) return 'a capture of both means two things'
  const into = p.passes.length === 0
  if (!into && others.length) return 'it is read twice'
  const maps = reads.map((t) => mapping(p, c, t))
  const problem = maps.find((m) => typeof m === 'string')
  if (typeof problem === 'string') return problem
  const a = new Algebra()
  const plain = { axes: new Map<string, string>(), inputs: new Map<string, string>(), stats: 0 }
  const stats = p.passes.reduce((n, x) => n + x.values.length, 0)
  if (!into) {
    const map = maps[0] as ReadonlyMap<string, string>
    const reduced = p.reduced.map((n) => map.get(n) ?? n)
    const follows = c.passes.length > 0
    if (!same([...map.values()], follows ? [...new Set([...tensorAxes(c.output), ...c.reduced])] : tensorAxes(c.output))) return 'other elements'
    if (follows && !same(reduced, c.reduced)) return 'passes over other axes'
  }
  let merged: Interaction = { ...c, inputs: [], captures: all }
  const axes = new Map<string, Axis>(c.axes.map((x) => [x.name, renamedAxis(a, plain, x)]))
  const inputs: TensorSpec[] = c.inputs.filter((t) => t.tensor !== tensor)
  const values = new Map<string, Expr>()
  let passes: Pass[] = []
  let reduced = c.reduced
  for (const [i, t] of reads.entries()) {
    const names = besides(p, { ...c, axes: [...axes.values()], inputs: [...inputs, ...c.inputs] }, maps[i] as ReadonlyMap<string, string>, 0)
    for (const x of p.axes) {
      const own = renamedAxis(a, names, x)
      const known = axes.get(own.name)
      if (!known) axes.set(own.name, own)
      else if (own.length && known.like === known.name) axes.set(own.name, { ...known, length: own.length })
    }
    inputs.push(...p.inputs.map((x) => renamedTensor(names, x)))
    values.set(t.name, renamed(a, names, p.epilogue))
    if (!into) {
      passes = p.passes.map((x) => ({ ...x, values: x.values.map((v) => renamed(a, names, v)) }))
      reduced = p.reduced.map((n) => names.axes.get(n) ?? n)
    }
  }
  const leaf = (name: string): Expr | undefined => (name.startsWith('in:') ? values.get(name.slice(3)) : undefined)
  const shifted = { ...plain, stats: into ? 0 : stats }
  passes = [...passes, ...c.passes.map((x) => ({ ...x, values: x.values.map((v) => renamed(a, shifted, v, leaf)) }))]
  const constants = [...new Set([...c.constants, ...p.constants])].filter((n) => inputs.some((t) => t.name === n))
  merged = { ...merged, name: `${p.name}__${c.name}`.slice(0, 64), axes: byOwner([...axes.values()]), inputs, passes, reduced, epilogue: renamed(a, shifted, c.epilogue, leaf), constants }
  return deepFreeze(pruned(merged))
}

/** Elements of an input that an interaction reads more than once for each of its own: recomputing them there costs as often. */
export const readsPerElement = (c: Interaction, t: TensorSpec): 'once' | 'often' => {
  const axes = new Set(tensorAxes(t))
  return [...new Set([...tensorAxes(c.output), ...c.reduced])].every((n) => axes.has(n)) ? 'once' : 'often'
}

export const computes = (p: Interaction): boolean => topological(p.epilogue).some((e) => e.kind === 'op')
