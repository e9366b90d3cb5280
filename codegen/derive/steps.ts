import type { Expr } from '../ir/hook.ts'
import { axisOf, type Interaction, type KernelStep, type ListStep, type Pass, type Scan, tensorAxes, type TensorSpec } from '../ir/interaction/index.ts'
import { type Algebra, leavesOf } from './algebra.ts'
import { linearSums } from './linear.ts'
import { isRead, type Listed, placesTensor } from './lists.ts'
import { pruned, usedPasses } from './prune.ts'

/** More results of passes than this cost as much as the value at every element of the output. */
const MOST_STATS = 2
/** Storage buffers that every WebGPU device binds at once. */
const MOST_BUFFERS = 8

/** Buffers of a sum that reads what `value` does and `more` tensors: beside them its output, its parts, offsets and arrays of captures. */
const buffersOf = (x: Interaction, value: Expr, more: number): number => {
  const reads = new Set(leavesOf(value).filter((l) => l.startsWith('in:')).map((l) => x.inputs.find((t) => t.name === l.slice(3))?.tensor ?? l))
  const offsets = new Set(x.axes.filter((a) => a.kind === 'jagged').map((a) => a.like))
  const arrays = new Set(x.captures.filter((c) => c.kind !== 'scalar').map((c) => c.dtype))
  return reads.size + more + 2 + offsets.size + arrays.size
}

/** The output without its reduced axes; null where it has none of them, or pairs of axes would be left in two. */
const rowTensor = (x: Interaction): TensorSpec | null => {
  const { batch, axes, storage } = x.output
  const kept = axes.filter((l) => l.kind === 'axis' && !x.reduced.includes(l.name))
  return kept.length === axes.length || axes.some((l) => l.kind !== 'axis') ? null : { ...x.output, batch: batch !== null && x.reduced.includes(batch) ? null : batch, axes: kept, storage: kept[0] === axes[0] ? storage : 'dense' }
}

const param = (e: Expr): string => (e.kind === 'param' ? e.name : '')

/** The steps of a gradient, under way. */
export class Steps {
  readonly steps: (KernelStep | ListStep)[] = []
  readonly #a: Algebra
  readonly #x: Interaction
  readonly #named: ReadonlyMap<string, Expr>
  readonly #passes: readonly Pass[]
  readonly #made = new Map<Expr, Expr>()
  readonly #intermediates: TensorSpec[] = []
  readonly #lists = new Map<string, string>()
  readonly #reserved = new Set<string>()

  constructor(a: Algebra, x: Interaction, named: ReadonlyMap<string, Expr>, passes: readonly Pass[]) {
    this.#a = a
    const { scan: _scan, ...plain } = x
    this.#x = plain
    this.#named = named
    this.#passes = passes
  }

  /** Inputs that a step of this gradient may read. */
  get inputs(): readonly TensorSpec[] {
    return [...this.#x.inputs, { ...this.#x.output, name: 'd_out', tensor: 'd_out' }, ...this.#intermediates]
  }

  /** As `free`, for a tensor that a later step makes beside its output. */
  reserve(name: string): string {
    const free = this.free(name)
    this.#reserved.add(free)
    return free
  }

  /** A tensor's name that no input and no other step has. */
  free(name: string): string {
    const taken = new Set([...this.#reserved, ...this.inputs.map((t) => t.tensor), ...this.steps.map((s) => (s.kind === 'lists' ? s.name : s.writes)), ...this.#x.axes.map((a) => a.name)])
    let free = name
    while (taken.has(free)) free += '_'
    return free
  }

  expand(e: Expr): Expr { return this.#a.rewrite(e, (l) => this.#named.get(param(l))) }

  push(writes: string, draft: Pick<Interaction, 'output' | 'reduced' | 'passes' | 'epilogue'> & Partial<Pick<Interaction, 'axes' | 'scan' | 'sums'>>, inputs: readonly TensorSpec[] = []): void {
    const roots = [draft.epilogue, ...(draft.sums ?? []).map((s) => s.value)]
    const linear = linearSums(this.#a, { ...this.#x, ...draft }, draft.passes, roots)
    const { passes, roots: [epilogue, ...values] } = draft.scan ? { passes: [], roots } : usedPasses(this.#a, linear.passes, linear.roots)
    const sums = draft.sums?.map((s, i) => ({ ...s, value: values[i]! }))
    this.steps.push({
      kind: 'kernel', writes,
      interaction: pruned({ ...this.#x, ...draft, name: `${this.#x.name}_${writes}`, inputs: [...this.inputs, ...inputs], passes, reduced: passes.length ? draft.reduced : [], epilogue: epilogue!, ...(sums && { sums }), constants: [], spans: {} }),
    })
  }

  /** The lists of an axis' entries: their keys written first, where no input holds them. */
  lists(listed: Listed): string {
    const known = this.#lists.get(listed.axis)
    if (known) return known
    const axis = axisOf(this.#x, listed.axis)
    const index = this.#a.rewrite(axis.index!, () => undefined)
    const input = this.#x.inputs.find((t) => t.name === isRead(index))
    const given = axis.kind === 'batch' && listed.by === 'sequence' && input && input.storage === 'dense' && input.axes.length === 0
    const keys = given ? input.tensor : this.free(`${listed.axis}_keys`)
    if (!given) {
      this.push(keys, { output: { ...placesTensor(this.#x, listed, 'out', 'i32') }, reduced: [], passes: [], epilogue: index })
      const step = this.steps.pop() as KernelStep
      const axes = step.interaction.axes
      this.steps.push({ ...step, interaction: { ...step.interaction, axes: axes.some((a) => a.name === axis.name) ? axes : [...axes, axis] } })
    }
    const list = this.free(`${listed.axis}_list`)
    this.steps.push({ kind: 'lists', name: list, keys, axis: given ? `${listed.axis}_out` : listed.axis })
    this.#lists.set(listed.axis, list)
    return list
  }

  /** Of what is written in between: the problem's own where it is the gradient of one sum, an operand of products as d_out is. */
  get #dtype(): 'element' | 'f32' {
    const { passes, output, reduced } = this.#x
    const sum = passes.length === 1 && passes[0]!.op === 'sum' && passes[0]!.values.length === 1
    return sum && !reduced.some((n) => tensorAxes(output).includes(n)) ? 'element' : 'f32'
  }

  /** The read of a running sum that a step of its own writes in f32, laid out like the output. */
  scan(name: string, shape: TensorSpec, scan: Scan, sum: Expr): Expr {
    const tensor = this.free(name)
    const spec: TensorSpec = { ...shape, name: tensor, tensor, dtype: sum.type === 'i32' ? 'i32' : 'f32', fill: 0 }
    this.push(tensor, { output: { ...spec, name: 'out', tensor: 'out' }, reduced: [], passes: [], scan, epilogue: sum })
    this.#intermediates.push(spec)
    return this.#a.b.param(sum.type, `in:${tensor}`)
  }

  /** Reads of an expression's value that a step of its own wrote, element by element of a tensor laid out as `like`. */
  #written(name: string, value: Expr, like: TensorSpec = this.#x.output): Expr {
    const known = this.#made.get(value)
    if (known) return known
    const tensor = this.free(name)
    const spec: TensorSpec = { ...like, name: tensor, tensor, dtype: value.type === 'i32' ? 'i32' : this.#dtype, fill: 0 }
    this.push(tensor, { output: { ...spec, name: 'out', tensor: 'out' }, reduced: this.#x.reduced, passes: this.#passes, epilogue: this.expand(value) })
    this.#intermediates.push(spec)
    const read = this.#a.b.param(value.type, `in:${tensor}`)
    this.#made.set(value, read)
    return read
  }

  /** Up to two results of passes are written as they are, one number a row, where they can all be bound: fewer bytes than the value at every element. */
  #fromRows(name: string, value: Expr): Expr {
    const stats = new Set(leavesOf(value).filter((l) => l.startsWith('stat:')))
    const rows = rowTensor(this.#x)
    if (rows === null || stats.size > MOST_STATS || buffersOf(this.#x, value, stats.size) > MOST_BUFFERS) return this.#written(name, value)
    return this.#a.rewrite(value, (l) => (stats.has(param(l)) ? this.#written(param(l).replace(':', ''), l, rows) : undefined))
  }

  /** The same value from tensors alone: results of passes are written first. */
  withoutStats(name: string, value: Expr, perElement: boolean): Expr {
    const stands = leavesOf(value).some((l) => this.#named.has(l) || l.startsWith('stat:'))
    if (!stands) return value
    if (perElement) return this.#fromRows(name, this.expand(value))
    return this.#a.rewrite(value, (l) => {
      const named = this.#named.get(param(l))
      if (named) return this.#written(param(l).slice(3), named)
      return param(l).startsWith('stat:') ? this.#written(param(l).replace(':', ''), l) : undefined
    })
  }
}
