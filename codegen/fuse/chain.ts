import { Algebra } from '../derive/algebra.ts'
import { fail } from '../ir/diagnostics/index.ts'
import { deepFreeze } from '../ir/hash.ts'
import { type Interaction, type InteractionProgram, ownerOf, printTensor, type TensorSpec, tensorAxes } from '../ir/interaction/index.ts'
import { fresh, type Names, renamed, renamedAxis, renamedTensor } from './rename.ts'

/** One step of a chain as the front end read it. */
export interface ChainPart {
  readonly name: string
  readonly interaction: Interaction
  /** By input: the tensor that it is. */
  readonly wires: Readonly<Record<string, string>>
}

/** Axes of a tensor by position, under the chain's names. */
type Known = Map<string, TensorSpec>

/** The chain's names of a step's axes: those of the tensors it reads, then its own where they are free. */
const unified = (chain: string, part: ChainPart, known: Known, taken: ReadonlySet<string>): ReadonlyMap<string, string> => {
  const { interaction: x, wires } = part
  const axes = new Map<string, string>()
  const set = (name: string, to: string, tensor: string): void => {
    const before = axes.get(name)
    if (before !== undefined && before !== to) fail('SR2007', { chain, step: part.name, axis: name, first: before, second: to, tensor })
    axes.set(name, to)
  }
  for (const t of x.inputs) {
    const tensor = wires[t.name] ?? t.tensor
    const made = known.get(tensor)
    if (!made) continue
    if (t.tensor !== t.name && t.batch === null && made.batch !== null) continue // reread by an axis that counts sequences
    const alike = made.storage === t.storage && made.axes.length === t.axes.length && made.axes.every((a, i) => a.kind === t.axes[i]!.kind) && (made.batch === null) === (t.batch === null)
    if (!alike) fail('SR2008', { chain, step: part.name, input: t.name, wanted: printTensor(t), tensor, found: printTensor(made) })
    const to = tensorAxes(made)
    tensorAxes(t).forEach((name, i) => { if (!x.axes.find((a) => a.name === name)?.index) set(name, to[i]!, tensor) })
  }
  const used = new Set([...taken, ...axes.values()])
  for (const { name, kind } of x.axes) {
    if (axes.has(name)) continue
    const own = kind === 'batch' && name === 'b' ? name : fresh(name, used)
    axes.set(name, own)
    used.add(own)
  }
  return axes
}

/**
 * The steps of a chain as one program: axes and tensors under names that hold for all of it; the last step is its result. Throws SR2007 where one axis would have to be
 * two, SR2008 where a step reads a tensor of another layout than an earlier one makes.
 */
export const chainProgram = (name: string, parts: readonly ChainPart[]): InteractionProgram => {
  const known: Known = new Map()
  const taken = new Set<string>()
  const steps = parts.map((part) => {
    const a = new Algebra()
    const { interaction: x, wires } = part
    const axes = unified(name, part, known, taken)
    const names: Names = { axes, inputs: new Map(), stats: 0 }
    const tensors = new Map(x.inputs.map((t) => [t.tensor, wires[t.tensor] ?? wires[t.name] ?? t.tensor]))
    const inputs = x.inputs.map((t) => ({ ...renamedTensor(names, t), tensor: tensors.get(t.tensor)! }))
    const output = renamedTensor(names, x.output)
    const owner = (axis: string): string => axes.get(ownerOf(x, axis)) ?? ownerOf(x, axis)
    const interaction: Interaction = deepFreeze({
      ...x, inputs, output,
      axes: x.axes.map((k) => ({ ...renamedAxis(a, names, k), like: owner(k.name) })),
      reduced: x.reduced.map((r) => axes.get(r)!),
      passes: x.passes.map((p) => ({ ...p, values: p.values.map((v) => renamed(a, names, v)) })),
      ...(x.scan && { scan: { ...x.scan, axis: axes.get(x.scan.axis)!, value: renamed(a, names, x.scan.value) } }),
      epilogue: renamed(a, names, x.epilogue),
    })
    for (const t of inputs) if (!known.has(t.tensor) && t.name === t.tensor) known.set(t.tensor, t)
    for (const t of inputs) if (!known.has(t.tensor)) known.set(t.tensor, t)
    known.set(part.name, output)
    for (const to of axes.values()) taken.add(to)
    return { kind: 'kernel' as const, writes: part.name, interaction }
  })
  const last = parts.at(-1)!.name
  return deepFreeze({ name, steps, results: { out: last } })
}
