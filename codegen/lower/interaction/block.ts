import { type Expr, type ParamNode, type Span, topological } from '../../ir/hook.ts'
import { axisOf, exprAxes, type TensorSpec, tensorAxes, walkedAxes } from '../../ir/interaction/index.ts'
import { localWords } from '../../ir/words.ts'
import { printExpression } from '../printer.ts'
import type { Dialect } from '../printer.ts'
import { dynamicSize, isLeaf, type Lowering, staticSize, valueType } from './context.ts'
import { at, captured, element, param, tensor } from './names.ts'
import { type Coordinates, indexedSequence, place, walkedSequence } from './place.ts'

/** A vector of consecutive elements, read at once where they exist. */
export interface VectorRead {
  readonly name: string
  readonly buffer: string
  readonly index: string
  readonly guard: string
  readonly fill: string
  readonly kind: TensorSpec['dtype']
  readonly type: string
}

type Section = 'before' | 'lane'

const fillText = (l: Lowering, t: TensorSpec): string => {
  if (t.dtype === 'i32' || (!l.bits && t.dtype === 'element' && l.problem.dtype === 'i32')) return l.text.dialect.literal(t.fill, 'i32')
  return l.bits ? `${bitsOf(l, t.fill)}u` : l.text.dialect.literal(t.fill, 'f32')
}

const f32 = new Float32Array(1)
const word = new Uint32Array(f32.buffer)
/** A number as the bits that a move of this dtype carries. f16 fills are exact small numbers. */
const bitsOf = (l: Lowering, value: number): string => {
  f32[0] = value
  if (l.problem.dtype === 'i32') return `0x${(value >>> 0).toString(16)}`
  if (l.problem.dtype === 'f32') return `0x${word[0]!.toString(16)}`
  if (l.problem.dtype === 'bf16') return `0x${(word[0]! >>> 16).toString(16)}`
  const e = ((word[0]! >>> 23) & 255) - 127
  const sign = (word[0]! >>> 16) & 0x8000
  return `0x${(value === 0 ? sign : e > 15 ? sign | 0x7c00 : sign | ((e + 15) << 10) | ((word[0]! >>> 13) & 1023)).toString(16)}`
}

/**
 * Statements that read what expressions need at the coordinates in scope, and call the functions printed from them. With an `inner` axis, statements are split:
 * `before` does not depend on it, `vectors` are reads along it, `lane` is repeated for each of its elements (`at_INNER` is the lane's, `start_INNER` the first).
 */
export class Block implements Coordinates {
  readonly before: string[] = []
  readonly lane: string[] = []
  readonly vectors: VectorRead[] = []
  readonly #l: Lowering
  readonly #inner: string | undefined
  readonly #flat: boolean
  readonly #known = new Map<string, string>()
  readonly #sequences = new Map<string, ReturnType<Coordinates['sequence']>>()
  #section: Section = 'before'

  /** `flat`: every input lies as the output does, so that one index, `element`, is the place in all of them. */
  constructor(l: Lowering, inner?: string, flat = false) {
    this.#l = l
    this.#inner = inner
    this.#flat = flat
  }

  #emit(line: string): void {
    this[this.#section].push(line)
  }

  /** Runs `work` with statements going where a value of these walked axes belongs. */
  #within<T>(axes: readonly string[], work: () => T): T {
    const saved = this.#section
    if (this.#inner !== undefined && axes.includes(this.#inner)) this.#section = 'lane'
    try { return work() } finally { this.#section = saved }
  }

  #once(name: string, axes: readonly string[], make: () => string): string {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const text = this.#within(axes, make)
    this.#known.set(name, text)
    return text
  }

  coordinate(axis: string): string {
    const { index } = axisOf(this.#l.x, axis)
    if (!index) return at(axis)
    return this.#once(`at:${axis}`, walkedAxes(this.#l.x, [axis]), () => {
      const text = isLeaf(index) && index.kind === 'param' && index.name.startsWith('at:') ? this.leaf(index) : this.call(`index_${axis.toLowerCase()}`, index)
      this.#emit(this.#l.text.declare(this.#l.text.types.i32, at(axis), text))
      return at(axis)
    })
  }

  sequence(batch: string): ReturnType<Coordinates['sequence']> {
    const known = this.#sequences.get(batch)
    if (known) return known
    let made: ReturnType<Coordinates['sequence']>
    if (!axisOf(this.#l.x, batch).index) made = walkedSequence(this.#l)
    else {
      const axes = walkedAxes(this.#l.x, [batch])
      this.coordinate(batch)
      made = this.#within(axes, () => indexedSequence(this.#l, batch, (line) => this.#within(axes, () => this.#emit(line))))
    }
    this.#sequences.set(batch, made)
    return made
  }

  #read(name: string): string {
    const l = this.#l
    const t = l.x.inputs.find((i) => i.name === name)!
    const axes = walkedAxes(l.x, tensorAxes(t))
    return this.#once(`in:${name}`, axes, () => {
      l.tensors.add(t.tensor)
      const last = t.axes.at(-1)
      const others = walkedAxes(l.x, tensorAxes(t).slice(0, -1))
      const unit = this.#inner !== undefined && last?.kind === 'axis' && last.name === this.#inner && !others.includes(this.#inner)
      const type = valueType(l, t.dtype === 'i32' ? 'i32' : 'f32')
      if (this.#flat) {
        this.vectors.push({ name: element(name), buffer: tensor(t.tensor), index: 'element', guard: '', fill: fillText(l, t), kind: t.dtype, type })
        return element(name)
      }
      if (unit) {
        const saved = this.#section
        this.#section = 'before'
        const { index, guards } = place(l, t, { ...this.#unit(), sequence: (b) => this.sequence(b) })
        this.#section = saved
        this.vectors.push({ name: element(name), buffer: tensor(t.tensor), index, guard: guards.join(' && '), fill: fillText(l, t), kind: t.dtype, type })
        return element(name)
      }
      const { index, guards } = place(l, t, this)
      const load = l.text.load(tensor(t.tensor), index, t.dtype)
      if (!guards.length) this.#emit(l.text.declare(type, element(name), load))
      else {
        this.#emit(l.text.variable(type, element(name), fillText(l, t)))
        this.#emit(`if (${guards.join(' && ')}) { ${element(name)} = ${load}; }`)
      }
      return element(name)
    })
  }

  /** Coordinates of a vector's first element. */
  #unit(): Pick<Coordinates, 'coordinate'> {
    return { coordinate: (axis) => (axis === this.#inner ? `start_${at(axis).slice(3)}` : this.coordinate(axis)) }
  }

  #size(name: string): string {
    const { like, kind } = axisOf(this.#l.x, name)
    if (kind === 'jagged') {
      this.#l.sources.add(`capacity:${like}`)
      return `${this.#l.text.target === 'wgsl' ? 'i32' : 'int'}(${this.#l.text.param(param.capacity(like))})`
    }
    const size = staticSize(this.#l, name)
    if (size !== undefined) return String(size)
    const dynamic = dynamicSize(this.#l, name)
    this.#l.sources.add(dynamic.source)
    return `${this.#l.text.target === 'wgsl' ? 'i32' : 'int'}(${this.#l.text.param(dynamic.name)})`
  }

  /** Text of a leaf in this block's scope. */
  leaf(e: Expr): string {
    const l = this.#l
    if (e.kind === 'capture') {
      const c = l.x.captures.find((k) => k.name === e.name)!
      if (c.kind === 'perSequence') { l.sources.add(`base:${c.name}`); return this.#once(`capture:${c.name}`, [], () => { const value = l.text.perSequence(c.name, c.dtype, l.batch ?? 'b'); this.#emit(l.text.declare(valueType(l, c.dtype), captured(c.name), l.bits && c.dtype === 'f32' ? `element_bits(${value})` : value)); return captured(c.name) }) }
      l.sources.add(`${l.bits && c.dtype === 'f32' ? 'scalarBits' : 'scalar'}:${c.name}`)
      return l.text.param(captured(c.name))
    }
    const [kind, name] = (e as ParamNode).name.split(':') as [string, string]
    if (kind === 'in') return this.#read(name)
    if (kind === 'at') return this.coordinate(name)
    if (kind === 'stat' || kind === 'row') return `${kind}_${name}`
    if (kind === 'kept') return `kept_${name}[k][i]`
    if (kind === 'len') return this.#length(name)
    return this.#size(name)
  }

  #length(name: string): string {
    const axis = axisOf(this.#l.x, name)
    const batch = axis.batch ?? 'b'
    return this.#within(walkedAxes(this.#l.x, [batch]), () => this.sequence(batch).length(name))
  }

  /** Text of `root` at this block's coordinates: the leaf itself, or a call of the function printed from it. */
  call(name: string, root: Expr, author?: Span): string {
    if (root.kind === 'const') return this.#l.bits && root.type === 'f32' ? `${bitsOf(this.#l, root.value as number)}u` : this.#l.text.dialect.literal(root.value, root.type)
    if (isLeaf(root)) return this.leaf(root)
    const l = this.#l
    const leaves = topological(root).filter(isLeaf)
    const names = new Map<Expr, string>()
    const taken = new Set<string>()
    for (const leaf of leaves) {
      const wanted = leaf.kind === 'capture' ? captured(leaf.name) : parameterName(leaf as ParamNode)
      names.set(leaf, wanted)
      taken.add(wanted)
    }
    const dialect: Dialect = {
      ...l.text.dialect,
      literal: (v, type) => (l.bits && type === 'f32' ? `${bitsOf(l, v as number)}u` : l.text.dialect.literal(v, type)),
      param: (n) => parameterName({ name: n } as ParamNode),
      capture: (n) => captured(n),
      table: (n, index) => { l.sources.add(`base:${n}`); l.sources.add(`length:${n}`); return l.text.table(`${captured(n)}_at`, index) },
    }
    const tables = topological(root).some((e) => e.kind === 'table')
    const { lines, results } = printExpression([root], dialect, [...localWords, ...taken])
    if (!l.functions.has(name)) l.functions.set(name, {
      name, tables, type: valueType(l, root.type), lines, result: results[0]!, ...(author && { span: author }),
      parameters: leaves.map((e) => ({ name: names.get(e)!, type: valueType(l, e.type) })),
    })
    const args = leaves.map((e) => this.#within(exprAxes(l.x, e), () => this.leaf(e)))
    return `${name}(${[...(tables && l.text.target === 'cuda' ? ['params'] : []), ...args].join(', ')})`
  }

  /** Where an element of a tensor lies at these coordinates; its index may stand for the first of a vector along the inner axis. */
  place(t: TensorSpec, vector = false): { readonly index: string; readonly guards: readonly string[] } {
    return place(this.#l, t, vector ? { ...this.#unit(), sequence: (b) => this.sequence(b) } : this)
  }
}

const parameterName = ({ name }: Pick<ParamNode, 'name'>): string => {
  const [kind, rest] = name.split(':') as [string, string]
  return kind === 'in' ? element(rest) : kind === 'at' ? at(rest) : /^(stat|row|kept)$/.test(kind) ? `${kind}_${rest}` : `${kind}_${rest.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()}`
}
