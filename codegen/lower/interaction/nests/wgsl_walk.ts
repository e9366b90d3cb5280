import { axisOf, type LayoutAxis, segmentOf, type TensorSpec } from '../../../ir/interaction/index.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at, offsets, param } from '../names.ts'
import { extent, walkedSequence } from '../place.ts'

/** How the elements of a tensor are counted through: groups of `tail` elements, a group a packed row, a sequence, or all there is. */
export interface WgslWalk {
  readonly sequences: 'search' | 'batch' | 'none'
  readonly tail: string
  /** Number of groups. */
  readonly groups: string
  /** Name of the segment's offset function, where a packed row's sequence is searched. */
  readonly segment: string
  readonly inside: string
  /** Statements: `group` and `rest` to coordinates. */
  readonly decode: readonly string[]
}

export const atLeast = (text: string): string => (text === '0' ? '1' : text)

export const product = (factors: readonly string[]): string => {
  const known = factors.filter((f) => /^\d+$/.test(f)).reduce((n, f) => n * Math.max(1, Number(f)), 1)
  const texts = factors.filter((f) => !/^\d+$/.test(f))
  return [...(known !== 1 || !texts.length ? [String(known)] : []), ...texts].join(' * ')
}

/** Statements that take `from` apart, the last axis fastest. */
export const decodeAxes = (l: Lowering, axes: readonly LayoutAxis[], from: string, size: (a: LayoutAxis) => string): readonly string[] => {
  const lines: string[] = []
  let rest = from
  for (let i = axes.length - 1; i >= 0; i--) {
    const a = axes[i]!
    const n = atLeast(size(a))
    const entry = i === 0 ? rest : `${rest} % ${n}`
    if (a.kind === 'axis') lines.push(`let ${at(a.name)} = ${n === '1' && i > 0 ? '0' : entry};`)
    else if (a.kind === 'outer') {
      const columns = atLeast(String(staticSize(l, a.column)))
      lines.push(`let pair_${i} = ${entry};`, `let ${at(a.row)} = pair_${i} / ${columns};`, `let ${at(a.column)} = pair_${i} % ${columns};`)
    } else lines.push(`let pair_${i} = ${entry};`, `let ${at(a.row)} = lower_row(pair_${i});`, `let ${at(a.column)} = pair_${i} - ${at(a.row)} * (${at(a.row)} - 1) / 2;`)
    if (i > 0 && n !== '1') {
      lines.push(`let ${from}_${i} = ${rest} / ${n};`)
      rest = `${from}_${i}`
    }
  }
  return lines
}

/** The walk over a tensor whose axes are all walked. */
export const wgslWalk = (l: Lowering, t: TensorSpec): WgslWalk => {
  const size = (a: LayoutAxis): string => extent(l, a)
  const segment = segmentOf(l.x, t)
  const [head, ...rest] = t.axes
  if (segment && head) {
    l.segments.set(segment.name, segment)
    l.sources.add(`offsetWords:${segment.name}`)
    l.sources.add(`batch:${segment.batch}`)
    const seq = walkedSequence(l)
    const begin = seq.first(segment.name)
    l.sources.add(`rows:${segment.name}`)
    const base = { sequences: 'search' as const, groups: `i32(params.${param.rows(segment.name)})`, tail: product(rest.map(size)), segment: offsets(segment.name).slice(8) }
    const tail = decodeAxes(l, rest, 'rest', size)
    if (head.kind === 'axis') return { ...base, inside: `group - ${begin} < ${seq.length(head.name)}`, decode: [`let ${at(head.name)} = group - ${begin};`, ...tail] }
    const rows = seq.length(head.row)
    const columns = seq.length(head.column)
    if (head.kind === 'outer') return { ...base, inside: `group - ${begin} < ${rows} * ${columns}`, decode: [`let pair = group - ${begin};`, `let ${at(head.row)} = pair / max(${columns}, 1);`, `let ${at(head.column)} = pair - ${at(head.row)} * ${columns};`, ...tail] }
    return { ...base, inside: `group - ${begin} < ${rows} * (${rows} - 1) / 2`, decode: [`let pair = group - ${begin};`, `let ${at(head.row)} = lower_row(pair);`, `let ${at(head.column)} = pair - ${at(head.row)} * (${at(head.row)} - 1) / 2;`, ...tail] }
  }
  const decode = decodeAxes(l, t.axes, 'rest', size)
  if (t.batch !== null) return { sequences: 'batch', groups: sequenceCount(l, t), tail: product(t.axes.map(size)), segment: '', inside: '', decode }
  return { sequences: 'none', groups: '1', tail: product(t.axes.map(size)), segment: '', inside: '', decode }
}

/** Sequences of a kernel's walked batch axis. */
export const sequenceCount = (l: Lowering, t: TensorSpec): string => { l.sources.add(`batch:${t.batch}`); return `i32(params.${param.batch(axisOf(l.x, t.batch!).name)})` }
