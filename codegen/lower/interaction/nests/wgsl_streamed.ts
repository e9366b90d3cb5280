import { axisOf, type GridFactor, type Interaction } from '../../../ir/interaction/index.ts'
import { snake } from '../../../ir/names.ts'
import type { Infeasible, Limits } from '../../../schedule/types.ts'
import { type Lowering, staticSize, valueType } from '../context.ts'
import { offsets, param } from '../names.ts'
import { type BoundNest, type ScheduleValues, SUMS_ENTRY } from './types.ts'
import { refusedBuffers, refusedColumns } from './wgsl_columns.ts'
import { elementKind, isHalf, narrowing, packedVector, SEARCH_BYTES, vectorType, wgslCommon, workgroupBytes } from './wgsl_common.ts'
import { combine } from './wgsl_passes.ts'
import { isRefused, type Refused, type Shape, streamedShape } from './wgsl_streamed_shape.ts'
import { textsOf } from './wgsl_streamed_texts.ts'
import { sequenceCount } from './wgsl_walk.ts'

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

/** Bytes of workgroup memory: the tree's, one for each type of result, and a vector of columns of every thread. `search`: its sequences are looked up. */
const bytesOf = ({ vector, columns }: Shape, x: Interaction, l: Lowering, { threads, lanes }: ScheduleValues, search = true): number =>
  workgroupBytes(search ? SEARCH_BYTES : 0, ...[...new Set(x.passes.flatMap((p) => p.values.map((v) => valueType(l, v.type))))].map(() => (lanes === 1 ? 0 : threads! * 4 * (columns ? vector : 1))), x.sums ? threads! * 4 * vector : 0)

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
  const entry = (name: string, of: readonly GridFactor[]) => ({ name, entryPoint: name, threads: threads!, sharedBytes: bytesOf(shape, x, l, values, search), grid: of })
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
      sizes: { ...columnSums?.sizes, threads, lanes, local, vector, stride: columns ? local : 1, row: size / vector, part_lanes: writes === 'sequence' ? size / vector : lanes!, tail, per, held: t.held, reduced: columns ? 1 : vector },
      flags: { ...common.flags, ...narrowing(columnSums?.sums ?? []), streamed: true, uneven: t.uneven, rising: t.more.some((m) => m.rising), sums: columnSums !== undefined, columns, tree: lanes! > 1, group_search: search, results: writes === 'results', row: writes === 'row', sequence: writes === 'sequence', short_exp: short, keeps: t.held > 0, counted: x.passes.some((p) => p.op !== 'sum') },
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
