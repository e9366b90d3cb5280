import { axisOf, type LayoutAxis, segmentOf, type TensorSpec } from '../../ir/interaction/index.ts'
import { lengthsOf } from './segments.ts'
import { dynamicSize, type Lowering, staticSize } from './context.ts'
import { at, first, len, offsets, param } from './names.ts'

/** What the text of a place needs from the block that it stands in. */
export interface Coordinates {
  /** Text of a coordinate; emits its statement where it is computed. */
  coordinate(axis: string): string
  /** Text of the batch coordinate `batch` of the tensor and of its sequence's fields. */
  sequence(batch: string): { readonly first: (segment: string) => string; readonly length: (axis: string) => string; readonly guard: string | undefined }
}

export interface Place {
  /** The element's index in its buffer, in the target's wide integers. */
  readonly index: string
  /** Conditions under which the element exists. */
  readonly guards: readonly string[]
}

const need = (l: Lowering, source: string, name: string): string => { l.sources.add(source); return l.text.param(name) }

/** Entries along a layout axis of a dense tensor. */
export const extent = (l: Lowering, axis: LayoutAxis): string => {
  if (axis.kind !== 'axis') {
    const rows = staticSize(l, axis.row)!
    return String(axis.kind === 'lower' ? (rows * (rows - 1)) / 2 : rows * staticSize(l, axis.column)!)
  }
  const a = axisOf(l.x, axis.name)
  if (a.kind === 'jagged') return `${l.text.target === 'wgsl' ? 'i32' : 'int'}(${need(l, `capacity:${a.like}`, param.capacity(a.like))})`
  const size = staticSize(l, axis.name)
  if (size !== undefined) return String(size)
  const dynamic = dynamicSize(l, axis.name)
  return `${l.text.target === 'wgsl' ? 'i32' : 'int'}(${need(l, dynamic.source, dynamic.name)})`
}

/** Guards of one coordinate against an upper limit: indexed ones may be negative. */
const within = (l: Lowering, axis: string, text: string, limit: string, always: boolean): readonly string[] =>
  axisOf(l.x, axis).index ? [`${text} >= 0`, `${text} < ${limit}`] : always ? [`${text} < ${limit}`] : []

const lowerPlace = (row: string, column: string): string => `${row} * (${row} - 1) / 2 + ${column}`

/** Where the element of a tensor at the block's coordinates lies, and when it exists. */
export const place = (l: Lowering, t: TensorSpec, c: Coordinates): Place => {
  const guards: string[] = []
  let index: string
  let rest = t.axes
  if (t.storage === 'jagged') {
    const [head, ...tail] = t.axes
    rest = tail
    const batch = t.batch ?? 'b'
    const sequence = c.sequence(batch)
    if (sequence.guard) guards.push(sequence.guard)
    const segment = segmentOf(l.x, t)!
    l.segments.set(segment.name, segment)
    const start = sequence.first(segment.name)
    const inside = (axis: string): string => {
      const text = c.coordinate(axis)
      guards.push(...within(l, axis, text, sequence.length(axis), l.padded.has(axis)))
      return text
    }
    if (head!.kind === 'axis') index = `(${start} + ${inside(head!.name)})`
    else {
      const [row, column] = [inside(head!.row), inside(head!.column)]
      if (head!.kind === 'lower') guards.push(`${column} < ${row}`)
      index = head!.kind === 'outer' ? `(${start} + ${l.text.toWide(row)} * ${sequence.length(head!.column)} + ${column})` : `(${start} + ${lowerPlace(l.text.toWide(row), column)})`
    }
  } else {
    index = l.text.toWide('0')
    if (t.batch !== null) {
      const sequence = c.sequence(t.batch)
      if (sequence.guard) guards.push(sequence.guard)
      index = t.ends ? `(${l.text.toWide(c.coordinate(t.batch))} + 1)` : l.text.toWide(c.coordinate(t.batch))
    }
  }
  for (const axis of rest) {
    let text: string
    if (axis.kind === 'axis') {
      text = c.coordinate(axis.name)
      const jagged = axisOf(l.x, axis.name).kind === 'jagged'
      guards.push(...within(l, axis.name, text, extent(l, axis), jagged && !l.padded.has(axis.name)))
    } else {
      const [row, column] = [c.coordinate(axis.row), c.coordinate(axis.column)]
      if (axis.kind === 'lower') guards.push(`${column} < ${row}`)
      text = axis.kind === 'lower' ? `(${lowerPlace(row, column)})` : `(${row} * ${staticSize(l, axis.column)} + ${column})`
    }
    index = index === l.text.toWide('0') ? l.text.toWide(text) : `(${index} * ${extent(l, axis)} + ${text})`
  }
  return { index, guards: [...new Set(guards)] }
}

/** Fields of the walked sequence; asking for one puts it into `Seq`. */
export const walkedSequence = (l: Lowering): ReturnType<Coordinates['sequence']> => {
  const field = (name: string, kind: 'first' | 'len', segment: string): string => {
    l.fields.set(name, { name, kind, segment })
    l.sources.add(`offsetWords:${segment}`)
    return `seq.${name}`
  }
  return {
    first: (segment) => field(first(segment), 'first', segment),
    length: (axis) => { const s = lengthsOf(l.x, axis); l.segments.set(s.name, s); return field(len(s.name), 'len', s.name) },
    guard: undefined,
  }
}

/** Statements that find an indexed batch's sequence: its coordinate must be declared before. */
export const indexedSequence = (l: Lowering, batch: string, declare: (line: string) => void): ReturnType<Coordinates['sequence']> => {
  const there = `has_${at(batch)}`
  const done = new Set<string>()
  const once = (name: string, line: string): string => { if (!done.has(name)) { done.add(name); declare(line) } return name }
  l.sources.add(`batch:${batch}`)
  const int = l.text.target === 'wgsl' ? 'i32' : 'int'
  once(there, l.text.declare('bool', there, `${at(batch)} >= 0 && ${at(batch)} < ${int}(${l.text.param(param.batch(batch))})`))
  const offset = (segment: string, index: string): string => {
    l.sources.add(`offsetWords:${segment}`)
    return l.text.offset(offsets(segment), param.offsetWords(segment), index)
  }
  const variable = (name: string, type: string, value: string): string => {
    if (done.has(name)) return name
    done.add(name)
    declare(l.text.variable(type, name, '0'))
    declare(`if (${there}) { ${name} = ${value}; }`)
    return name
  }
  return {
    first: (segment) => variable(`${first(segment)}_${at(batch)}`, l.text.wide, offset(segment, at(batch))),
    length: (axis) => {
      const s = lengthsOf(l.x, axis)
      l.segments.set(s.name, s)
      return variable(`${len(s.name)}_${at(batch)}`, l.text.types.i32, `${l.text.target === 'cuda' ? '(int)' : ''}(${offset(s.name, `${at(batch)} + 1`)} - ${offset(s.name, at(batch))})`)
    },
    guard: there,
  }
}
