import { type Expr } from '../../../ir/hook.ts'
import { axisOf, type GridFactor, type Interaction, tensorAxes, type TensorSpec } from '../../../ir/interaction/index.ts'
import { snake } from '../../../ir/names.ts'
import type { Infeasible, Limits } from '../../../schedule/types.ts'
import { Block } from '../block.ts'
import { type Lowering, staticSize, valueType } from '../context.ts'
import { at, first, offsets, param } from '../names.ts'
import { byReciprocal, inverted } from './cuda_reciprocal.ts'
import { type BoundNest, type ScheduleValues, SUMS_ENTRY } from './types.ts'
import { refusedBuffers, refusedColumns, wgslColumns } from './wgsl_columns.ts'
import { elementKind, isHalf, narrowing, packedVector, prune, storing, vectorType, wgslCommon } from './wgsl_common.ts'
import { elementHead } from './wgsl_movement.ts'
import { bound, combine, finished, reducedAxes, start } from './wgsl_passes.ts'
import { elementFactors, isColumns, keptSpec } from './wgsl_stats.ts'
import { decodeAxes, product, sequenceCount, wgslWalk } from './wgsl_walk.ts'

type Refused = { readonly refused: string; readonly fix?: string }

/** What a group writes: its results, the row that it reduced, or all rows of its sequence. */
type Writes = 'results' | 'row' | 'sequence'

interface Shape {
  readonly columns: boolean
  readonly kept: TensorSpec
  readonly axes: readonly string[]
  /** The axis that vectors lie along, its size, elements of a vector. */
  readonly inner: string
  readonly size: number
  readonly vector: number
  readonly writes: Writes
}

const plain = (t: TensorSpec): readonly string[] | undefined => (t.axes.every((a) => a.kind === 'axis') ? t.axes.map((a) => (a.kind === 'axis' ? a.name : '')) : undefined)

/** What a group writes in vectors along `inner`; undefined: none of these. */
const writesOf = (l: Lowering, kept: TensorSpec, axes: readonly string[], inner: string, columns: boolean): Writes | undefined => {
  const { x } = l
  const out = plain(x.output)
  if (!out || out.at(-1) !== inner) return undefined
  if (!out.some((a) => axes.includes(a))) return columns ? 'results' : undefined
  if (!columns && axes.length === 1) return 'row'
  const [head, ...rest] = out
  const whole = axes.every((a) => out.includes(a)) && rest.every((a) => staticSize(l, a) !== undefined && axisOf(x, a).kind === 'dense')
  return kept.storage === 'dense' && kept.batch !== null && x.output.storage === 'jagged' && axisOf(x, head!).kind === 'jagged' && axes.includes(head!) && whole ? 'sequence' : undefined
}

/** Why a reduction's elements cannot be taken as vectors under way together, or how they are. */
export const streamedShape = (l: Lowering): Shape | Refused => {
  const { x } = l
  if (x.reduced.some((a) => axisOf(x, a).kind === 'batch')) return { refused: 'a sum over all sequences is split into parts' }
  const columns = isColumns(x)
  const kept = keptSpec(x)
  const axes = reducedAxes(x)
  const [read] = x.inputs.filter((t) => t.dtype !== 'i32')
  const inner = columns ? tensorAxes(read!).at(-1)! : axes.at(-1)
  const size = inner === undefined || axisOf(x, inner).kind !== 'dense' ? undefined : staticSize(l, inner)
  if (!read || inner === undefined || !size) return { refused: 'no dense axis of known size lies innermost' }
  if (columns && plain(kept)?.at(-1) !== inner) return { refused: `neighbouring results are not neighbours along ${inner}` }
  const writes = writesOf(l, kept, axes, inner, columns)
  if (!writes) return { refused: 'a group cannot write what it makes in vectors' }
  const whole = isHalf(elementKind(l, x.output))
  const vector = (isHalf(elementKind(l, read)) ? [8, 4] : [4]).find((n) => size % n === 0 && (whole || n === 4))
  if (x.sums && writes !== 'row') return { refused: 'sums beside the output are added up with the rows that a group writes' }
  return vector ? { columns, kept, axes, inner, size, vector, writes } : { refused: `${inner}=${size} is no whole number of vectors` }
}

/** A tensor read along the inner axis: the function that gives one of its vectors, and how that is called. */
interface Stream {
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
const wordsOf = (text: string): readonly string[] => (text.match(/(?<![\w.])[A-Za-z_][\w.]*\b(?!\s*\()/g) ?? []).filter((w) => !w.startsWith('params.') && w !== 'true' && w !== 'false')

const stepAt = (from: string, k: number): string => (k === 0 ? from : `${from} + ${k === 1 ? '' : `${k} * `}LANES`)

const isRefused = (s: object): s is Refused => 'refused' in s

/** 16-bit results: e^x is good enough as the device has it. */
const shortenExp = (l: Lowering): boolean => {
  if (!isHalf(elementKind(l, l.x.output))) return false
  const shorter = (text: string): string => text.replace(/\bexp_f32\(/g, 'exp_short(')
  let found = false
  for (const [name, f] of l.functions) {
    const lines = f.lines.map(shorter), result = shorter(f.result)
    if (result === f.result && lines.join() === f.lines.join()) continue
    found = true
    l.functions.set(name, { ...f, lines, result })
  }
  return found
}

/** The texts of a reduction whose threads have `flight` vectors under way and keep their first `keep` over all passes. Fills the lowering. */
const textsOf = (l: Lowering, shape: Shape, values: ScheduleValues) => {
  const { lanes, flight, keep } = values
  const { x } = l
  const { columns, kept, axes, inner, size, vector, writes } = shape
  const batch = at(l.batch ?? 'b')
  const begin = `start_${at(inner).slice(3)}`
  const renamed = (line: string): string => line.replace(new RegExp(`^let ${at(inner)} = (.*);`), (_all, value: string) => `let ${begin} = ${columns ? value : `${/[ ]/.test(value) ? `(${value})` : value} * ${vector}`};`)
  const walk = wgslWalk(l, kept)
  const extent = (name: string): string => (name === inner ? String(size / vector) : bound(l, name))
  const steps = product(axes.map(extent))
  const none = axes.some((a) => extent(a) === '0')
  const decode = decodeAxes(l, axes.map((name) => ({ kind: 'axis' as const, name })), 'step', (a) => (a.kind === 'axis' ? extent(a.name) : '1')).map(renamed)
  const head = [
    ...elementHead(walk),
    ...(walk.sequences === 'search' ? [`let ${batch} = sequence_of_${walk.segment}(group, found[0], found[1]);`] : walk.sequences === 'batch' ? [`let ${batch} = group;`] : []),
    `let seq = load_sequence(${batch});`, ...walk.decode.map(renamed),
  ]

  // A packed row whose place is all that is asked of it needs no sequence: it is the group.
  const [top] = kept.axes
  const row = walk.sequences === 'search' && top?.kind === 'axis' ? `(seq.${first(walk.segment)} + ${at(top.name)})` : undefined
  const direct = (text: string): string => (row && packed ? text.replaceAll(row, 'group') : text)
  let packed = row !== undefined

  const blocks: { readonly block: Block; readonly texts: readonly string[] }[] = []
  const textOf = (names: readonly (readonly [string, Expr, boolean])[]): { readonly block: Block; readonly texts: readonly string[] } => {
    const block = new Block(l, inner)
    const made = { block, texts: names.map(([name, e, own]) => block.call(name, e, own ? (name === 'epilogue' ? x.spans.epilogue : x.spans.value) : undefined)) }
    blocks.push(made)
    return made
  }
  let stat = 0
  const many = x.passes.length > 1 || x.passes.some((p) => p.values.length > 1)
  const passes = x.passes.map((p, n) => {
    const made = textOf(p.values.map((v, k) => [many ? `value_${stat + k}` : 'value', byReciprocal(v), n === 0 && k === 0] as const))
    const values = p.values.map((v, k) => ({ n: stat + k, type: valueType(l, v.type), i32: valueType(l, v.type) === 'i32', text: made.texts[k]! }))
    stat += values.length
    return { op: p.op, block: made.block, values }
  })
  const last = textOf([['epilogue', inverted(x), true]])
  const factors = elementFactors(l, kept)
  const columnSums = x.sums && wgslColumns(l, last.block, { axis: inner, count: vector }, values, factors, x.sums.map((s) => ({ ...s, value: byReciprocal(s.value) })))
  if (columnSums) blocks[blocks.length - 1] = { block: last.block, texts: [...last.texts, ...columnSums.sums.map((s) => s.text)] }
  const outside = writes === 'sequence' ? new Block(l, inner) : undefined
  const place = outside?.place(x.output, true)
  const value = last.texts[0]!

  // tensors
  const used = (b: Block): readonly string[] => b.vectors.map((v) => v.name)
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
  const everywhere = (): string => [...blocks.flatMap(({ block, texts }) => [...linesOf.get(block)!, ...texts]), ...bodies.flatMap(({ v, lines }) => [...lines, v.index, v.guard]), ...outLines, place?.index ?? '', steps].map(direct).join('\n')
  const asks = (text: string): boolean => new RegExp(`\\bseq\\.|\\b${batch}\\b${top?.kind === 'axis' ? `|\\b${at(top.name)}\\b` : ''}`).test(text)
  if (row) packed = !asks(everywhere())
  const inside = walk.sequences !== 'search' ? '' : packed ? `group < offset_${walk.segment}(${sequenceCount(l, kept)})` : `${batch} < ${sequenceCount(l, kept)} && ${walk.inside}`
  const body = everywhere()
  const groupHead = prune(packed ? [...elementHead(walk), ...walk.decode.map(renamed).slice(1)] : head, `${body} ${inside}`)
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

  // statements
  const statType = (n: number): string => { const { type } = passes.flatMap((p) => p.values).find((v) => v.n === n)!; return columns ? `array<${type}, ${vector}>` : type }
  const elementText = (text: string, k: number): string => (columns ? text.replace(/\bstat_(\d+)\b/g, `stat_$1[${k}]`) : text).replace(/\bin_\w+\b/g, (w) => (all.has(w) ? `${w}[${k}]` : w)).replace(new RegExp(`\\b${at(inner)}\\b`, 'g'), k === 0 ? begin : `${begin} + ${k}`)
  const taken = (text: string) => ({
    vectors: [...new Set(wordsOf(text))].flatMap((w) => streamOf.get(w) ?? []),
    stats: [...new Set(wordsOf(text))].filter((w) => w.startsWith('stat_')),
  })
  const around = (block: Block, text: string): readonly string[] => {
    const own = wordsOf(text).includes(at(inner)) ? ` ${begin}` : ''
    return prune(linesOf.get(block)!, text + own).map(direct)
  }
  const placed = (block: Block, text: string): typeof scope => scoped([...around(block, text), wordsOf(text).includes(at(inner)) ? `${text} ${begin}` : text].join('\n')).filter(({ name }) => !around(block, text).some((line) => line.startsWith(`let ${name} =`)))
  const parametersOf = (block: Block, text: string): readonly string[] => [...taken(text).vectors.map((s) => `${s.name}: ${s.type}`), ...taken(text).stats.map((s) => `${s}: ${statType(Number(s.slice(5)))}`), ...placed(block, text).map((p) => `${p.name}: ${p.type}`)]
  const argumentsOf = (block: Block, text: string, k: number, step: string): readonly string[] => [...taken(text).vectors.map((s) => `v${k}_${s.name}`), ...taken(text).stats, ...placed(block, text).map((p) => (p.name === 'step' ? step : p.name))]
  const widened = (block: Block, text: string): readonly string[] => [...around(block, text), ...taken(text).vectors.map((s) => `let ${s.element} = elements_${s.kind}(${s.name});`)]

  const total = /^\d+$/.test(steps) && axes.every((a) => staticSize(l, a) !== undefined && axisOf(x, a).kind === 'dense') ? Number(steps) : undefined
  const again = x.passes.length > 1 || writes !== 'results'
  const most = total === undefined ? Infinity : Math.ceil(total / lanes!)
  const held = again ? Math.min(keep!, most) : 0
  const rest = held < most
  if (x.sums && rest) return { refused: `keep=${keep} leaves vectors of a row out of registers, where its columns are added up`, ...(most <= 16 && { fix: `Try keep=${2 ** Math.ceil(Math.log2(most))}.` }) } as Refused
  const together = Math.min(flight!, most - held)
  const reading = streams.filter((s) => passes.some((p) => used(p.block).includes(s.element)))
  const load = (own: readonly Stream[], k: number, from: string): readonly string[] => (own.length ? [...own.map((s) => `var v${k}_${s.name}: ${s.type};`), `if (${stepAt(from, k)} < steps) { ${own.map((s) => `v${k}_${s.name} = ${s.call(stepAt(from, k))};`).join(' ')} }`] : [])
  const slots = Array.from({ length: held }, (_, k) => k)
  const flights = Array.from({ length: rest ? together : 0 }, (_, k) => k)
  const loop = (own: readonly Stream[], work: (k: number, step: string) => string): readonly string[] => (rest ? [
    `for (var step = ${stepAt('lane', held)}; step < steps; step += ${together === 1 ? '' : `${together} * `}LANES) {`,
    ...flights.flatMap((k) => (k === 0 ? own.map((s) => `let v0_${s.name} = ${s.call('step')};`) : load(own, k, 'step'))).map((line) => `  ${line}`),
    ...flights.map((k) => (k === 0 ? `  ${work(k, 'step')}` : `  if (${stepAt('step', k)} < steps) { ${work(k, stepAt('step', k))} }`)), '}',
  ] : [])
  const passLines = passes.map((p) => {
    const own = streams.filter((s) => used(p.block).includes(s.element))
    const work = (k: number, step: string): string => p.values.map((v) => `acc_${v.n} = more_${v.n}(${[`acc_${v.n}`, ...argumentsOf(p.block, v.text, k, step)].join(', ')});`).join(' ')
    return {
      about: `${p.op} over ${x.reduced.join(', ')}`,
      values: p.values.map((v) => {
        const begins = start[p.op][v.i32 ? 'i32' : 'f32']
        const ends = (k: number): string => finished(p.op, columns ? `acc_${v.n}[${k}]` : `acc_${v.n}`, 'count')
        const lanesOf = (make: (k: number) => string): string => `array<${v.type}, ${vector}>(${Array.from({ length: vector }, (_, k) => make(k)).join(', ')})`
        return {
          n: v.n, type: statType(v.n), tree: `${p.op === 'mean' ? 'sum' : p.op}_${v.type}`,
          start: columns && Number(begins) !== 0 ? lanesOf(() => begins) : columns ? `array<${v.type}, ${vector}>()` : begins,
          finished: p.op === 'sum' ? `acc_${v.n}` : columns ? lanesOf(ends) : ends(0),
        }
      }),
      lines: [...slots.map((k) => `if (${stepAt('lane', k)} < steps) { ${work(k, stepAt('lane', k))} }`), ...loop(own, work)],
    }
  })
  const more = passes.flatMap((p) => p.values.map((v) => ({
    n: v.n, op: p.op, type: statType(v.n), parameters: parametersOf(p.block, v.text).map((t) => `, ${t}`).join(''), widened: widened(p.block, v.text), columns,
    texts: Array.from({ length: vector }, (_, k) => combine(p.op, columns ? `acc[${k}]` : 'total', elementText(v.text, k))),
  })))
  const sums = columnSums?.sums ?? []
  const atEnd = streams.filter((s) => [value, ...sums.map((c) => c.text)].some((text) => taken(text).vectors.includes(s)))
  const stored = storing(l, vector, (k) => elementText(value, k))
  const target = (step: string): string => (writes === 'row' ? `t_out[element * ROW + ${step}]` : `t_out[${result?.call('place_of_out')(step) ?? ''}]`)
  const unkept = held > 0 ? atEnd.filter((s) => !reading.includes(s)) : []
  const column = (k: number, { column: name, text }: { readonly column: string; readonly text: string }): string => ` ${name}_${k} = more_${name}(${[`${name}_${k}`, ...argumentsOf(last.block, text, k, stepAt('lane', k))].join(', ')});`
  const put = (k: number, from: string): string => `${target(stepAt(from, k))} = result_of(${argumentsOf(last.block, value, k, stepAt(from, k)).join(', ')});${sums.map((s) => column(k, s)).join('')}`
  const writeLines = writes === 'results' ? atEnd.map((s) => `let v0_${s.name} = ${s.call('0')};`)
    : [...slots.map((k) => `if (${stepAt('lane', k)} < steps) { ${unkept.map((s) => `let v${k}_${s.name} = ${s.call(stepAt('lane', k))}; `).join('')}${put(k, 'lane')} }`), ...loop(atEnd, (k) => put(k, 'step'))]
  return {
    walk, packed, groupHead, inside, steps: none ? '0' : steps, streams, reading, more, passes: passLines, result, held, together, rest,
    factors, columnSums: columnSums && {
      ...columnSums, sums: sums.map((s) => ({ ...s, parameters: parametersOf(last.block, s.text).join(', '), widened: widened(last.block, s.text), texts: Array.from({ length: vector }, (_, k) => `acc[${k}] + ${elementText(s.text, k)}`) })),
      lines: sums.flatMap((s) => slots.map((k) => `var ${s.column}_${k}: array<f32, VECTOR>;`)),
      partLines: sums.flatMap((s) => slots.map((k) => `write_part(${s.column}_${k}, ${k}, part * SUMS + ${s.row}${s.row === 0 ? '' : ` * ${size}`}, thread);`)),
    },
    keptLines: slots.flatMap((k) => load(reading, k, 'lane')), stored, resultParameters: parametersOf(last.block, value).join(', '), resultArguments: argumentsOf(last.block, value, 0, '0').join(', '), widened: widened(last.block, value), writeLines, body,
  }
}

/** Bytes of workgroup memory: the tree's, one for each type of result, and a vector of columns of every thread. */
const bytesOf = ({ vector, columns }: Shape, x: Interaction, l: Lowering, { threads, lanes }: ScheduleValues): number =>
  8 + (lanes === 1 ? 0 : new Set(x.passes.flatMap((p) => p.values.map((v) => valueType(l, v.type)))).size * threads! * 4 * (columns ? vector : 1)) + (x.sums ? threads! * 4 * vector : 0)

/** Why the streamed form of a reduction does not apply. */
export const refusedStream = (l: Lowering, values: ScheduleValues, limits: Limits): Infeasible | undefined => {
  const shape = streamedShape(l)
  const texts = isRefused(shape) ? shape : textsOf(l, shape, values)
  if (isRefused(texts)) return { reason: 'flight', message: `flight=${values.flight}, but ${texts.refused}`, fix: texts.fix ?? 'Set flight=0.' }
  const { x, problem } = l
  const { inner, vector } = shape as Shape
  const columns = refusedColumns(x, problem, { rows: true, vector: { axis: inner, count: vector }, lanes: values.lanes!, threads: values.threads! }, limits)
  if (columns) return columns
  if (x.sums) {
    bindStream(l, values)
    const buffers = refusedBuffers(l, limits)
    if (buffers) return buffers
  }
  const bytes = bytesOf(shape as Shape, x, l, values)
  return bytes > limits.sharedMemory ? { reason: 'workgroup memory', message: `it needs ${bytes} bytes of workgroup memory, of which there are ${limits.sharedMemory}`, fix: 'Try threads=64.' } : undefined
}

/** More threads than a row has vectors. */
const MANY = 1 << 20

/** Tensors that its passes read, to be kept or under way. */
export const streamsOf = (l: Lowering): { readonly shape: Shape; readonly count: number } | undefined => {
  const shape = streamedShape(l)
  if (isRefused(shape)) return undefined
  const texts = textsOf(l, shape, { threads: MANY, lanes: MANY, span: 1, flight: 1, keep: 1 })
  return isRefused(texts) ? undefined : { shape, count: Math.max(1, texts.reading.length) }
}

export const bindStream = (l: Lowering, values: ScheduleValues): BoundNest => {
  const { threads, lanes } = values
  const { x } = l
  const shape = streamedShape(l) as Shape
  const { columns, kept, inner, size, vector, writes, axes } = shape
  const t = textsOf(l, shape, values) as Exclude<ReturnType<typeof textsOf>, Refused>
  const short = shortenExp(l)
  const local = threads! / lanes!
  const per = local * (columns ? vector : 1)
  const { factors, columnSums } = t
  for (const f of factors) if (f.kind === 'count') l.sources.add(f.of)
  const text = [t.body, ...t.groupHead, t.inside, t.steps, t.stored, ...t.passes.flatMap((p) => p.lines), ...t.writeLines].join('\n')
  if (!/\bseq\b/.test([...t.groupHead, t.inside, t.steps, t.body].join('\n'))) l.fields.clear()
  const tail = writes === 'sequence' ? x.output.axes.slice(1).reduce((n, a) => n * (a.kind === 'axis' ? staticSize(l, a.name)! : 1), 1) / vector : 0
  const segment = writes === 'sequence' ? l.segments.get(axisOf(x, axes.find((a) => axisOf(x, a).kind === 'jagged')!).like)! : undefined
  if (segment) { l.sources.add(`rows:${segment.name}`); l.sources.add(`offsetWords:${segment.name}`); sequenceCount(l, x.output) }
  const about = { results: 'results are written by their groups', row: 'rows are written by their groups', sequence: 'sequences are written by their groups' }[writes]
  const path = `${columns ? 'columns' : 'rows'}, vectors of ${vector} along ${inner}, ${t.together || t.held} of a thread under way; ${about}${t.held ? `, from registers${t.rest ? ` up to ${t.held} vectors of a thread` : ''}` : ''}${columnSums ? ', their columns added up beside them' : ''}`
  const common = wgslCommon(l, text, path, { count: vector, buffers: new Set(t.streams.map((s) => `t_${snake(bufferOf(x, s.name))}`)) }, vector)
  const search = t.walk.sequences === 'search' && !t.packed
  const grid: readonly GridFactor[] = [{ kind: 'ceil', factors, per, least: writes === 'sequence' ? 1 : 0 }]
  const entry = (name: string, of: readonly GridFactor[]) => ({ name, entryPoint: name, threads: threads!, sharedBytes: bytesOf(shape, x, l, values), grid: of })
  const types = [...new Set(x.passes.flatMap((p) => p.values.map((v) => valueType(l, v.type))))]
  return {
    context: {
      ...common, types: columnSums ? { ...common.types, partials: 'f32', ...Object.fromEntries(columnSums.sums.map((s) => [s.buffer, s.type])) } : common.types, reads: common.reads.map((r) => ({ ...r, lanes: [] })),
      searches: search ? [t.walk.segment] : [], streams: t.streams, more: t.more, passes: t.passes, groupHead: t.groupHead, keptLines: t.keptLines, writeLines: t.writeLines, widened: t.widened,
      kinds: [...new Map(t.streams.map((s) => [s.kind, { kind: s.kind, ...packedVector(s.kind, vector) }])).values()],
      columnSums: columnSums?.sums ?? [], sums: columnSums?.sums ?? [], columnLines: columnSums?.lines ?? [], partLines: columnSums?.partLines ?? [],
      outPlace: t.result ? [{ lines: t.result.lines, parameters: t.result.parameters, index: t.result.index }] : [],
      scratches: lanes === 1 ? [] : types,
      trees: lanes === 1 ? [] : [...new Map(x.passes.flatMap((p) => p.values.map((v) => { const type = valueType(l, v.type); const name = `${p.op === 'mean' ? 'sum' : p.op}_${type}`; return [name, { name, type, value: columns ? `array<${type}, ${vector}>` : type, combined: combine(p.op, 'a', 'b') }] as const }))).values()],
      sizes: { ...columnSums?.sizes, threads, lanes, local, vector, stride: columns ? local : 1, row: size / vector, tail, per, held: t.held, reduced: columns ? 1 : vector },
      flags: { ...common.flags, ...narrowing(columnSums?.sums ?? []), streamed: true, sums: columnSums !== undefined, columns, tree: lanes! > 1, group_search: search, results: writes === 'results', row: writes === 'row', sequence: writes === 'sequence', short_exp: short, keeps: t.held > 0, counted: x.passes.some((p) => p.op !== 'sum') },
      words: {
        ...common.words, out: vectorType(elementKind(l, x.output), vector), stored: t.stored, result_parameters: t.resultParameters, result_arguments: t.resultArguments, steps: t.steps, group_inside: t.inside, group_tail: t.walk.tail, group_segment: t.walk.segment,
        groups: t.walk.groups === '1' ? t.walk.tail : `${t.walk.groups} * (${t.walk.tail})`, group_count: search ? sequenceCount(l, kept) : '',
        end: segment ? `offset_${offsets(segment.name).slice(8)}(${sequenceCount(l, x.output)})` : '', rows: segment ? `i32(params.${param.rows(segment.name)})` : '',
      },
    },
    entries: columnSums ? [entry('reduce', columnSums.grid), entry(SUMS_ENTRY, columnSums.merging)] : [entry('reduce', grid)],
    ...(columnSums && { buffers: columnSums.buffers, partials: columnSums.partials }),
    limits: { maxComputeInvocationsPerWorkgroup: threads!, maxComputeWorkgroupSizeX: threads! },
  }
}

const bufferOf = (x: Interaction, element: string): string => x.inputs.find((i) => snake(i.name) === element)!.tensor
