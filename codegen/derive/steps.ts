import type { Expr } from '../ir/hook.ts'
import { axisOf, type Interaction, type KernelStep, type ListStep, type Pass, tensorAxes, type TensorSpec } from '../ir/interaction/index.ts'
import { type Algebra, leavesOf } from './algebra.ts'
import { isRead, type Listed, placesTensor } from './lists.ts'
import { pruned, usedPasses } from './prune.ts'

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

  constructor(a: Algebra, x: Interaction, named: ReadonlyMap<string, Expr>, passes: readonly Pass[]) {
    this.#a = a
    this.#x = x
    this.#named = named
    this.#passes = passes
  }

  /** Inputs that a step of this gradient may read. */
  get inputs(): readonly TensorSpec[] {
    return [...this.#x.inputs, { ...this.#x.output, name: 'd_out', tensor: 'd_out' }, ...this.#intermediates]
  }

  /** A tensor's name that no input and no other step has. */
  free(name: string): string {
    const taken = new Set([...this.inputs.map((t) => t.tensor), ...this.steps.map((s) => (s.kind === 'lists' ? s.name : s.writes)), ...this.#x.axes.map((a) => a.name)])
    let free = name
    while (taken.has(free)) free += '_'
    return free
  }

  expand(e: Expr): Expr { return this.#a.rewrite(e, (l) => this.#named.get(param(l))) }

  push(writes: string, draft: Pick<Interaction, 'output' | 'reduced' | 'passes' | 'epilogue'> & Partial<Pick<Interaction, 'axes'>>, inputs: readonly TensorSpec[] = []): void {
    const { passes, root } = usedPasses(this.#a, draft.passes, draft.epilogue)
    this.steps.push({
      kind: 'kernel', writes,
      interaction: pruned({ ...this.#x, ...draft, name: `${this.#x.name}_${writes}`, inputs: [...this.inputs, ...inputs], passes, reduced: passes.length ? draft.reduced : [], epilogue: root, constants: [], spans: {} }),
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

  /** Reads of an expression's value that a step of its own wrote, element by element of the output. */
  #written(name: string, value: Expr): Expr {
    const known = this.#made.get(value)
    if (known) return known
    const tensor = this.free(name)
    const spec: TensorSpec = { ...this.#x.output, name: tensor, tensor, dtype: value.type === 'i32' ? 'i32' : this.#dtype, fill: 0 }
    this.push(tensor, { output: { ...spec, name: 'out', tensor: 'out' }, reduced: this.#x.reduced, passes: this.#passes, epilogue: this.expand(value) })
    this.#intermediates.push(spec)
    const read = this.#a.b.param(value.type, `in:${tensor}`)
    this.#made.set(value, read)
    return read
  }

  /** The same value from tensors alone: results of passes are written first. */
  withoutStats(name: string, value: Expr, perElement: boolean): Expr {
    const stands = leavesOf(value).some((l) => this.#named.has(l) || l.startsWith('stat:'))
    if (!stands) return value
    if (perElement) return this.#written(name, this.expand(value))
    return this.#a.rewrite(value, (l) => {
      const named = this.#named.get(param(l))
      if (named) return this.#written(param(l).slice(3), named)
      return param(l).startsWith('stat:') ? this.#written(param(l).replace(':', ''), l) : undefined
    })
  }
}
