import { at } from '../names.ts'
import type { Block } from '../block.ts'
import type { Lowering } from '../context.ts'
import { elementKind, packedVector, prune } from './wgsl_common.ts'
import { elementHead } from './wgsl_movement.ts'
import type { Parts } from './wgsl_streamed_parts.ts'
import type { Refused, Shape } from './wgsl_streamed_shape.ts'
import { sequenceCount } from './wgsl_walk.ts'

/** A tensor read along the inner axis: the function that gives one of its vectors, and how that is called. */
export interface Stream {
  readonly name: string
  readonly element: string
  readonly kind: ReturnType<typeof elementKind>
  readonly type: string
  readonly lines: readonly string[]
  readonly guard: string
  readonly loads: readonly string[]
  readonly parameters: string
  readonly call: (step: string) => string
}

/** Words of an expression's text that are neither functions, constructors nor launch parameters. */
export const wordsOf = (text: string): readonly string[] => (text.match(/(?<![\w.])[A-Za-z_][\w.]*\b(?!\s*\()/g) ?? []).filter((w) => !w.startsWith('params.') && w !== 'true' && w !== 'false')

/** Lines and texts as they are said: a packed row whose place is all that is asked of it needs no sequence, it is the group. */
const sayingOf = (l: Lowering, { kept }: Shape, p: Parts, everything: readonly string[]) => {
  const { walk, batch, top, row } = p
  const asks = new RegExp(`\\bseq\\.|\\b${batch}\\b${top?.kind === 'axis' ? `|\\b${at(top.name)}\\b` : ''}`)
  const short = (text: string): string => (row ? text.replaceAll(row.text, 'group') : text)
  const packed = row !== undefined && !asks.test(everything.map(short).join('\n'))
  const direct = packed ? short : (text: string): string => text
  const inside = walk.sequences !== 'search' ? '' : packed ? `group < offset_${walk.segment}(${sequenceCount(l, kept)})` : `${batch} < ${sequenceCount(l, kept)} && ${walk.inside}`
  const body = everything.map(direct).join('\n')
  return { packed, direct, inside, body, groupHead: prune(packed ? [...elementHead(walk), ...walk.decode.map(p.renamed).slice(1)] : p.head, `${body} ${inside}`) }
}

/** The functions that give vectors of the tensors and the output's places, and what a group knows before it begins. */
export const vectorsOf = (l: Lowering, shape: Shape, p: Parts) => {
  const { inner, vector } = shape
  const { begin, decode, blocks, outside, place, steps } = p
  const all = new Map(blocks.flatMap(({ block }) => block.vectors.map((v) => [v.name, { v, block }] as const)))
  // An element's function may be given what is the same for all of a vector.
  const linesOf = new Map(blocks.map(({ block, texts }) => {
    const own = texts.some((t) => wordsOf(t).includes(at(inner)))
    return [block, prune([...decode, ...block.before], own ? `${texts.join('\n')} ${begin}` : texts.join('\n'))] as const
  }))
  for (const { block } of blocks) if (block.lane.length) return { refused: `its elements need ${/^(?:let|var) (\w+)/.exec(block.lane.at(-1)!)?.[1] ?? 'more than vectors'}, which is read one by one` } as Refused
  for (const { v } of all.values()) if (v.guard && Number.parseFloat(v.fill) !== 0) return { refused: `${v.name} has a fill beside 0` } as Refused
  const bodies = [...all.values()].map(({ v, block }) => ({ v, lines: prune([...decode, ...block.before], `${v.index} ${v.guard}`) }))
  const outLines = place && outside ? prune([...decode, ...outside.before], place.index) : []
  if (place?.guards.length) return { refused: 'an element of the output may not exist' } as Refused
  const everything = [...blocks.flatMap(({ block, texts }) => [...linesOf.get(block)!, ...texts]), ...bodies.flatMap(({ v, lines }) => [...lines, v.index, v.guard]), ...outLines, place?.index ?? '', steps]
  const { direct, groupHead, ...said } = sayingOf(l, shape, p, everything)
  const scope = groupHead.flatMap((line) => /^let (\w+) =/.exec(line)?.[1] ?? []).map((name) => ({ name, type: name === 'seq' ? 'Seq' : 'i32' }))
  const scoped = (text: string): typeof scope => [{ name: 'step', type: 'i32' }, ...scope].filter(({ name }) => new RegExp(`\\b${name}\\b`).test(text.replace(new RegExp(`let ${name} =`, 'g'), '')))
  const listed = (text: string) => {
    const names = scoped(text)
    return { parameters: names.map((p) => `${p.name}: ${p.type}`).join(', '), call: (name: string) => (step: string): string => `${name}(${names.map((p) => (p.name === 'step' ? step : p.name)).join(', ')})` }
  }
  const streams = bodies.map(({ v, lines }): Stream => {
    const { type, words, per } = packedVector(elementKind(l, { dtype: v.kind }), vector)
    const text = [...lines, v.index, v.guard].map(direct).join('\n')
    const { parameters, call } = listed(text)
    const name = v.name.slice(3)
    const index = Array.from({ length: words }, (_, k) => `${v.buffer}[u32(${direct(v.index)}) / ${per}u${k ? ` + ${k}u` : ''}]`)
    return { name, element: v.name, kind: elementKind(l, { dtype: v.kind }), type, lines: lines.map(direct), guard: direct(v.guard), loads: words === 1 ? index : [`${type}(${index.join(', ')})`], parameters, call: call(`vector_of_${name}`) }
  })
  const streamOf = new Map(streams.map((s) => [s.element, s]))
  const result = place ? { lines: outLines.map(direct), index: `u32(${direct(place.index)}) / ${vector}u`, ...listed([...outLines, place.index].map(direct).join('\n')) } : undefined
  const around = (block: Block, text: string): readonly string[] => prune(linesOf.get(block)!, `${text}${wordsOf(text).includes(at(inner)) ? ` ${begin}` : ''}`).map(direct)
  return { ...said, groupHead, scoped, streams, streamOf, result, around, isRead: (name: string): boolean => all.has(name) }
}

export type Vectors = Exclude<ReturnType<typeof vectorsOf>, Refused>
