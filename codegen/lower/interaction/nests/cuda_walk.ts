import { axisOf, type LayoutAxis, segmentOf, type TensorSpec } from '../../../ir/interaction/index.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at, first, len, param } from '../names.ts'
import { extent, walkedSequence } from '../place.ts'

/** How the elements of a tensor are counted through: groups of `tail` elements, a group a packed row, a sequence, or an entry of the first axis. */
export interface Walk {
  readonly sequences: 'search' | 'batch' | 'none'
  /** Text of the number of groups. */
  readonly groups: string
  /** Factors of the elements of a group, outermost first. */
  readonly tail: readonly string[]
  readonly segment: string
  /** Condition under which a packed row belongs to the sequence that was found. */
  readonly inside: string
  /** Statements that give the coordinates of a group from `group` and, with `rest` the index in the group, of its element. */
  readonly head: readonly string[]
  readonly decode: readonly string[]
  /** Device functions that they call. */
  readonly pair: boolean
  readonly lower: boolean
}

export const one = (factors: readonly string[]): string => {
  const numbers = factors.filter((f) => /^\d+$/.test(f)).map(Number)
  const texts = factors.filter((f) => !/^\d+$/.test(f))
  const known = numbers.reduce((a, b) => a * Math.max(1, b), 1)
  return [...(known !== 1 || !texts.length ? [String(known)] : []), ...texts].join(' * ')
}
const atLeast = (text: string): string => (text === '0' ? '1' : text)

/** Statements that take `rest` apart, the last axis fastest; `inner` is counted in vectors. */
const decodeTail = (l: Lowering, axes: readonly LayoutAxis[], vector: number): { readonly lines: readonly string[]; readonly lower: boolean } => {
  const lines: string[] = []
  let lower = false
  for (let i = axes.length - 1; i >= 0; i--) {
    const a = axes[i]!
    const last = i === axes.length - 1
    const size = last && vector > 1 ? String(staticSize(l, (a as { name: string }).name)! / vector) : atLeast(extent(l, a))
    const entry = i === 0 ? 'rest' : `rest % ${size}`
    if (a.kind === 'axis') lines.push(`const int ${last && vector > 1 ? `start_${at(a.name).slice(3)}` : at(a.name)} = (int)(${entry})${last && vector > 1 ? ` * ${vector}` : ''};`)
    else if (a.kind === 'outer') {
      lines.push(`const unsigned pair_${i} = ${entry};`, `const int ${at(a.row)} = (int)(pair_${i} / ${atLeast(String(staticSize(l, a.column)))}), ${at(a.column)} = (int)(pair_${i} % ${atLeast(String(staticSize(l, a.column)))});`)
    } else {
      lower = true
      lines.push(`const unsigned pair_${i} = ${entry};`, `const int ${at(a.row)} = (int)lower_row(pair_${i}), ${at(a.column)} = (int)(pair_${i} - (long long)${at(a.row)} * (${at(a.row)} - 1) / 2);`)
    }
    if (i > 0) lines.push(`rest /= ${size};`)
  }
  return { lines, lower }
}

const need = (l: Lowering, source: string, name: string): string => { l.sources.add(source); return l.text.param(name) }

/** The walk over a tensor whose axes are all walked; `vector` elements of the last axis are one step. */
export const walkOf = (l: Lowering, t: TensorSpec, vector: number): Walk => {
  const segment = segmentOf(l.x, t)
  const [head, ...rest] = t.axes
  const divided = (axes: readonly LayoutAxis[]): readonly string[] => axes.map((a, i) => (i === axes.length - 1 && vector > 1 ? String(staticSize(l, (a as { name: string }).name)! / vector) : extent(l, a)))
  if (segment && head) {
    l.segments.set(segment.name, segment)
    need(l, `offsetWords:${segment.name}`, '')
    need(l, `batch:${segment.batch}`, '')
    const seq = walkedSequence(l)
    const begin = seq.first(segment.name)
    const tail = decodeTail(l, rest, vector)
    const base = { sequences: 'search' as const, groups: `(long long)${need(l, `rows:${segment.name}`, param.rows(segment.name))}`, tail: divided(rest), segment: segment.name, decode: tail.lines }
    if (head.kind === 'axis') {
      const length = seq.length(head.name)
      return { ...base, head: [`const int ${at(head.name)} = (int)(group - ${begin});`], inside: `group >= ${begin} && group < ${begin} + ${length}`, pair: false, lower: tail.lower }
    }
    const rows = seq.length(head.row)
    if (head.kind === 'outer') {
      const columns = seq.length(head.column)
      return {
        ...base, pair: true, lower: tail.lower, inside: `group >= ${begin} && group < ${begin} + (long long)${rows} * ${columns}`,
        head: [`const int ${at(head.row)} = pair_row(group - ${begin}, ${columns});`, `const int ${at(head.column)} = (int)(group - ${begin} - (long long)${at(head.row)} * ${columns});`],
      }
    }
    return {
      ...base, pair: false, lower: true, inside: `group >= ${begin} && group < ${begin} + (long long)${rows} * (${rows} - 1) / 2`,
      head: [`const int ${at(head.row)} = (int)lower_row(group - ${begin});`, `const int ${at(head.column)} = (int)(group - ${begin} - (long long)${at(head.row)} * (${at(head.row)} - 1) / 2);`],
    }
  }
  const none = { segment: '', inside: '', pair: false } as const
  if (t.batch !== null) {
    const tail = decodeTail(l, t.axes, vector)
    return { ...none, sequences: 'batch', groups: `(long long)${need(l, `batch:${axisOf(l.x, t.batch).name}`, param.batch(t.batch))}`, tail: divided(t.axes), head: [], decode: tail.lines, lower: tail.lower }
  }
  if (rest.length && head!.kind === 'axis') {
    const tail = decodeTail(l, rest, vector)
    return { ...none, sequences: 'none', groups: `(long long)${extent(l, head!)}`, tail: divided(rest), head: [`const int ${at(head!.name)} = (int)group;`], decode: tail.lines, lower: tail.lower }
  }
  const tail = decodeTail(l, t.axes, vector)
  return { ...none, sequences: 'none', groups: '1ll', tail: divided(t.axes), head: [], decode: tail.lines, lower: tail.lower }
}

/** The output's last axis where its elements can be taken as vectors, and how many of 16 bytes divide it. */
export const vectorAxis = (l: Lowering, t: TensorSpec, most = Infinity): { readonly axis: string | undefined; readonly vector: number } => {
  const last = t.axes.at(-1)
  if (last?.kind !== 'axis' || (t.storage === 'jagged' && t.axes.length === 1) || axisOf(l.x, last.name).kind !== 'dense') return { axis: undefined, vector: 1 }
  const size = staticSize(l, last.name)
  if (!size) return { axis: undefined, vector: 1 }
  let vector = Math.min(most, 16 / elementBytes(l, t))
  while (size % vector) vector /= 2
  return vector > 1 ? { axis: last.name, vector } : { axis: undefined, vector: 1 }
}

export const elementBytes = (l: Lowering, t: TensorSpec): number => (t.dtype === 'element' && (l.problem.dtype === 'f16' || l.problem.dtype === 'bf16') ? 2 : 4)
export { first, len }
