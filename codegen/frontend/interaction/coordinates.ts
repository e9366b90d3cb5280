import type { ts } from 'ts-morph'
import type { InteractionDefinition } from '../../../dsl/interaction.ts'
import type { NamedCapture } from '../../ir/algorithm.ts'
import type { Expr } from '../../ir/hook.ts'
import { tensorAxes } from '../../ir/interaction/axes.ts'
import type { TensorSpec } from '../../ir/interaction/types.ts'
import { asIndex } from '../typing.ts'
import { expr, type ObjectValue, type Value } from '../values.ts'
import { type Axes, ownerOf } from './axes.ts'
import { call } from './functions.ts'
import { mapsOf } from './names.ts'
import type { Places } from './places.ts'

/** Fields whose values are made when they are read. */
class Fields extends Map<string, Value> {
  readonly #make: (key: string) => Value
  constructor(keys: Iterable<string>, make: (key: string) => Value) {
    super([...keys].map((k) => [k, { kind: 'undefined' }]))
    this.#make = make
  }
  override get(key: string): Value | undefined {
    return this.has(key) ? this.#make(key) : undefined
  }
}

const object = (role: 'axes' | 'inputs' | 'seq', keys: Iterable<string>, make: (key: string) => Value): ObjectValue => ({ kind: 'object', role, fields: new Fields(keys, make) })

/** The arguments of an interaction's functions, and the index maps and lengths that they lead to. */
export class Coordinates {
  readonly P: Places
  readonly live: InteractionDefinition
  readonly axes: Axes
  readonly inputs: readonly TensorSpec[]
  readonly captures: readonly NamedCapture[]
  /** In the order in which one depends on another. */
  readonly indices = new Map<string, Expr>()
  readonly lengths = new Map<string, Expr>()
  readonly #busy = new Set<string>()

  constructor(P: Places, live: InteractionDefinition, axes: Axes, inputs: readonly TensorSpec[], captures: readonly NamedCapture[]) {
    this.P = P
    this.live = live
    this.axes = axes
    this.inputs = inputs
    this.captures = captures
  }

  #names(...kinds: readonly string[]): readonly string[] {
    return [...this.axes.drafts].flatMap(([name, d]) => (kinds.includes(d.kind) ? [name] : []))
  }
  #batch(name: string): string | undefined {
    return this.axes.drafts.get(name)!.batch
  }
  /** Lengths of the same sequence: the owner's, unless it is counted along another batch axis. */
  lengthName(name: string): string {
    const owner = ownerOf(this.axes.likes, name)
    return this.#batch(owner) === this.#batch(name) ? owner : name
  }

  at(): ObjectValue {
    return object('axes', this.axes.drafts.keys(), (n) => expr(mapsOf(this.live)[n] ? this.index(n) : this.P.I.builder.param('i32', `at:${n}`)))
  }

  elements(read: (t: TensorSpec) => void = () => {}): ObjectValue {
    return object('inputs', this.inputs.map((t) => t.name), (n) => {
      const t = this.inputs.find((x) => x.name === n)!
      read(t)
      return expr(this.P.I.builder.param(t.dtype === 'i32' ? 'i32' : 'f32', `in:${n}`))
    })
  }

  /** `inline`: derived lengths are written out, as a length's own function sees them. */
  seq(inline = false): ObjectValue {
    const { builder } = this.P.I
    const lengths = object('axes', this.#names('jagged'), (n) => {
      const owner = this.lengthName(n)
      return expr(inline && this.live.lengths?.[owner] ? this.length(owner) : builder.param('i32', `len:${owner}`))
    })
    const sizes = object('axes', this.#names('dense'), (n) => expr(builder.param('i32', `size:${ownerOf(this.axes.likes, n)}`)))
    const captures = this.captures.map((c): [string, Value] => [c.name, c.kind === 'table' ? { kind: 'table', name: c.name, type: c.dtype } : expr(builder.capture(c.dtype, c.name))])
    return { kind: 'object', role: 'seq', fields: new Map<string, Value>([['lengths', lengths], ['sizes', sizes], ...captures]) }
  }

  #once(what: 'index' | 'length', name: string, at: ts.Node, make: () => Expr): Expr {
    const known = (what === 'index' ? this.indices : this.lengths).get(name)
    if (known) return known
    if (this.#busy.has(`${what} ${name}`)) this.P.I.refuse('SR1514', at, { what, axis: name })
    this.#busy.add(`${what} ${name}`)
    try {
      const made = make()
      ;(what === 'index' ? this.indices : this.lengths).set(name, made)
      return made
    } finally {
      this.#busy.delete(`${what} ${name}`)
    }
  }

  /** The coordinate of a computed axis. */
  index(name: string): Expr {
    const path = [this.live.scatter?.[name] ? 'scatter' : 'index', name]
    const at = this.P.at(...path)
    return this.#once('index', name, at, () => {
      const v = this.elements((t) => {
        if (t.dtype !== 'i32') this.P.I.refuse('SR1513', at, { axis: name, input: t.name })
        for (const n of tensorAxes(t)) if (mapsOf(this.live)[n]) this.index(n)
      })
      return this.#whole(path, call(this.P, path, [['at', this.at()], ['seq', this.seq()], ['v', v]]))
    })
  }

  /** The length of an axis that follows from others. */
  length(name: string): Expr {
    return this.#once('length', name, this.P.at('lengths', name), () => this.#whole(['lengths', name], call(this.P, ['lengths', name], [['seq', this.seq(true)]])))
  }

  #whole(path: readonly string[], v: Value): Expr {
    const at = this.P.at(...path)
    const hook = path.join('.')
    const fix = 'Return a whole number, for example with Math.floor.'
    if (v.kind === 'boolean' || (v.kind === 'expr' && v.expr.type === 'bool')) this.P.I.refuse('SR1205', at, { hook, found: 'a boolean', wanted: 'a whole number', fix })
    return asIndex(this.P.I, v, at) ?? this.P.I.refuse('SR1205', at, { hook, found: 'a float', wanted: 'a whole number', fix })
  }
}
