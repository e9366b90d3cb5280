import { axisOf, type Interaction, type InteractionProblem, tensorAxes } from '../../../ir/interaction/index.ts'
import type { Limits } from '../../../schedule/types.ts'
import { Block } from '../block.ts'
import { type Lowering, lowering, staticSize } from '../context.ts'
import { at, param } from '../names.ts'
import { powerDownTo, powerUpTo } from './powers.ts'
import { type LoopNest, type ScheduleValues, SUMS_ENTRY } from './types.ts'
import { refusedBuffers, refusedColumns, type Vector, wgslColumns } from './wgsl_columns.ts'
import { elementKind, isHalf, narrowed, narrowing, outputValue, prune, SEARCH_BYTES, storing, wgslCommon, workgroupBytes } from './wgsl_common.ts'
import { elementHead, innerVector, stepText } from './wgsl_movement.ts'
import { combine, finished, passTexts, reducedAxes } from './wgsl_passes.ts'
import { elementFactors, isColumns, keptSpec, statsOf, workgroups } from './wgsl_stats.ts'
import { bindStream, refusedStream, streamsOf } from './wgsl_streamed.ts'
import { sequenceCount, wgslWalk } from './wgsl_walk.ts'

const reducesBatch = (x: Interaction): boolean => x.reduced.some((a) => axisOf(x, a).kind === 'batch')

/** Elements of the innermost reduced axis that a lane takes at once, where the inputs lie along it. */
const rowVector = (l: Lowering): { readonly axis: string | undefined; readonly count: number } => {
  const axis = reducedAxes(l.x).at(-1)
  const size = axis === undefined || axisOf(l.x, axis).kind !== 'dense' || isColumns(l.x) ? undefined : staticSize(l, axis)
  const half = l.problem.dtype !== 'f32'
  const count = [half ? 8 : 4, half ? 4 : 0].find((n) => n && size && size % n === 0)
  return count ? { axis, count } : { axis: undefined, count: 1 }
}

const reducedSize = (x: Interaction, problem: InteractionProblem): number | undefined => {
  const sizes = reducedAxes(x).map((a) => (axisOf(x, a).kind === 'dense' ? problem.sizes[axisOf(x, a).like] : undefined))
  return sizes.some((s) => s === undefined) ? undefined : sizes.reduce((n, s) => n! * s!, 1)
}

/** Whether a group writes its own row, vector by vector. */
const writesRows = (l: Lowering, vector: Vector, parts: number): boolean => {
  const last = l.x.output.axes.at(-1)
  return parts === 1 && !reducesBatch(l.x) && vector.axis !== undefined && reducedAxes(l.x).length === 1 && last?.kind === 'axis' && last.name === vector.axis && innerVector(l, l.x.output).count === vector.count
}

/** Whether what is reduced is listed by an i32 input: of a jagged result the places that a gather took a sequence to, mostly one or none. */
const listed = (x: Interaction): boolean => x.inputs.some((t) => t.dtype === 'i32' && tensorAxes(t).some((a) => x.reduced.includes(a)))

/** Bytes of a row that neighbouring threads take: a line of a GPU's cache. */
const LINE = 128
/** Vectors of a row that a thread has in registers: more leave too few threads on a multiprocessor. */
const HELD = 16
/** Of a sequence's columns (bench/results/2026-11-27-h100), and of whole sequences by the bytes of an element, with the threads of one. */
const HELD_COLUMNS = 2
const WHOLE: Readonly<Record<number, { readonly threads: number; readonly held: number }>> = { 2: { threads: 512, held: 8 }, 4: { threads: 1024, held: 4 } }
/** Of a whole sequence whose columns are added up beside it, and of rows with such columns, by the bytes of an element (bench/results/2026-11-28-h100). */
type Beside = { readonly threads: number; readonly keep?: number; readonly span?: number }
const WHOLE_BESIDE: Beside = { threads: 512, keep: 4 }
const ROWS_BESIDE: Readonly<Record<number, Beside>> = { 2: { threads: 128, span: 32 }, 4: { threads: 128, span: 16 } }
/** Threads of a result where there are as many results as elements. */
const MANY = 8

/** The streamed form's schedule: a line's worth of columns or a whole workgroup for a sequence, and in registers what is read again. */
const streamed = (x: Interaction, problem: InteractionProblem, limits: Limits, most: number): ScheduleValues | undefined => {
  const found = streamsOf(lowering(x, problem, 'wgsl'))
  if (!found) return undefined
  const { shape: { columns, size, vector, writes, kept }, count } = found
  const reduced = reducedSize(x, problem)
  const line = Math.max(1, Math.min(LINE / 16, powerUpTo(Math.ceil(size / vector))))
  const bytes = problem.dtype === 'f32' ? 4 : 2
  const whole = !columns && reduced === undefined && !limits.software ? WHOLE[bytes] : undefined
  const beside = x.sums && !limits.software ? (whole ? (size / vector <= WHOLE_BESIDE.threads ? WHOLE_BESIDE : undefined) : writes === 'row' ? ROWS_BESIDE[bytes]! : undefined) : undefined
  const threads = Math.min(most, beside?.threads ?? whole?.threads ?? 256)
  const side = kept.storage === 'jagged' ? (listed(x) ? 1 : MANY) : threads / line
  const lanes = columns ? Math.min(side, reduced === undefined ? side : powerUpTo(Math.ceil(reduced / 8))) : writes === 'row' ? Math.min(32, powerUpTo(Math.ceil(size / 16))) : reduced === undefined ? threads : Math.min(threads, powerUpTo(Math.ceil(reduced / 16)))
  const again = writes !== 'results' || x.passes.length > 1
  const own = reduced === undefined ? HELD : Math.ceil(reduced / (columns ? 1 : vector) / lanes)
  const room = limits.software && reduced === undefined ? 1 : beside?.keep ?? powerDownTo(Math.max(1, Math.floor((whole?.held ?? (columns ? HELD_COLUMNS : HELD)) / count)))
  const values = { threads, lanes, span: x.sums && writes === 'sequence' ? 1 : beside?.span ?? 8, parts: 1, unroll: 2, flight: limits.software || count > 1 ? 2 : 4, keep: again ? Math.min(room, powerUpTo(own)) : 0 }
  if (!refusedStream(lowering(x, problem, 'wgsl'), values, limits)) return values
  return threads > 64 ? streamed(x, problem, limits, threads / 2) : undefined
}

const defaults = (x: Interaction, problem: InteractionProblem, limits: Limits): ScheduleValues => {
  const threads = Math.min(256, limits.threads)
  const vectors = streamed(x, problem, limits, limits.threads)
  if (vectors) return vectors
  const size = reducedSize(x, problem)
  const lanes = isColumns(x) ? (size !== undefined && size < 64 ? 1 : 8) : size === undefined ? 32 : Math.min(32, powerUpTo(Math.ceil(size / 16)))
  return { threads, lanes, span: 8, parts: reducesBatch(x) && x.passes.length === 1 ? 64 : 1, unroll: 2, flight: 0, keep: 0 }
}

/** Passes over elements: lanes of a group accumulate in a fixed order, a tree adds the lanes up; a second entry makes the output of the results. */
export const wgslReduction: LoopNest = {
  name: 'wgsl_reduction', target: 'wgsl', class: 'reduction',
  space: {
    threads: { values: [64, 128, 256, 512, 1024], about: 'threads of a workgroup' },
    lanes: { values: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], about: 'threads of a group' },
    parts: { values: [1, 8, 64, 256], about: 'parts that the sequences of a sum over all of them are split into' },
    span: { values: [1, 2, 4, 8, 16, 32, 64], about: 'rounds of a workgroup: rows one after another whose columns it adds up' },
    unroll: { values: [1, 2, 4], about: 'vectors, words or elements of a thread that writes the output' },
    flight: { values: [0, 1, 2, 4, 8], about: 'vectors of a thread that are under way together; 0: elements one by one, and a second entry writes what is no result' },
    keep: { values: [0, 1, 2, 4, 8, 16], about: 'first vectors of a thread that stay in registers until the output is written, where flight > 0' },
  },
  defaults,
  infeasible(values, x, problem, limits) {
    const { threads, lanes, parts, flight } = values
    if (threads! > limits.threads) return { reason: 'threads', message: `${threads} threads a workgroup, the device allows ${limits.threads}`, fix: `Try threads=${limits.threads}.` }
    if (parts! > 1 && !(reducesBatch(x) && x.passes.length === 1)) return { reason: 'parts', message: `parts=${parts}, but only one pass over all sequences can be split`, fix: 'Set parts=1.' }
    if (lanes! > threads!) return { reason: 'lanes', message: `${lanes} threads a group, a workgroup has ${threads}`, fix: `Try lanes=${threads}.` }
    const l = lowering(x, problem, 'wgsl')
    if (flight! > 0) return refusedStream(l, values, limits)
    const bytes = reductionBytes(x, values)
    if (bytes > limits.sharedMemory) return { reason: 'workgroup memory', message: `it needs ${bytes} bytes of workgroup memory, of which there are ${limits.sharedMemory}`, fix: 'Try threads=256.' }
    const vector = rowVector(l)
    const refused = refusedColumns(x, problem, { rows: writesRows(l, vector, parts!), vector, lanes: lanes!, threads: threads! }, limits)
    if (refused || !x.sums) return refused
    bindReduction(l, values)
    return refusedBuffers(l, limits)
  },
  bind(l, values) { return values.flight! > 0 ? bindStream(l, values) : bindReduction(l, values) },
}

/** Workgroup memory of the trees of its passes' results and of what its groups write together. */
const reductionBytes = (x: Interaction, { threads }: ScheduleValues): number => 4 * threads! * (x.passes.reduce((n, p) => n + p.values.length, 0) + 1) + 16

const noColumns = { span: 1, spread: 0, own: 0, sums: 0, columns: 0, merged: 1, held: 0 }

export const bindReduction = (l: Lowering, values: ScheduleValues) => {
  const { threads, lanes, parts, unroll } = values
  const { x } = l
  const { output } = x
  const kept = keptSpec(x)
  const stats = statsOf(x)
  const columns = isColumns(x)
  const local = threads! / lanes!
  const reducing = rowVector(l)
  const batched = reducesBatch(x)
  const split = parts! > 1
  const batch = at(l.batch ?? 'b')

  const groupWalk = wgslWalk(l, kept)
  const { passes, steps, vectors } = passTexts(l, reducing)
  const passText = passes.flatMap((p) => [...p.decode, ...p.loads, ...p.lane, ...p.values.map((v) => v.added)]).join('\n')
  const rows = writesRows(l, reducing, parts!)
  const fused = !rows && !split && !x.reduced.some((a) => [...output.axes.flatMap((o) => (o.kind === 'axis' ? [o.name] : [o.row, o.column])), output.batch].includes(a)) && (!isHalf(elementKind(l, output)) || local % 2 === 0)
  const search = wgslWalk(l, output)
  const none = { axis: undefined, count: 1 }
  const writing = fused ? none : innerVector(l, output)
  const vector = !rows && vectors.size && writing.count !== reducing.count ? none : writing  // a buffer has one type
  const block = new Block(l, vector.axis)
  const value = block.call('epilogue', x.epilogue, x.spans.epilogue)
  const factors = elementFactors(l, kept)
  const columnSums = x.sums && wgslColumns(l, block, reducing, values, factors)
  const valueText = [value, ...(columnSums?.sums ?? []).map((s) => s.text)].join('\n')
  const where = block.place(kept).index
  const names = stats.map((_s, k) => `stat_${k}`)
  const loaded = fused || rows ? [] : ['let own = ' + where + ';', ...names.map((n, k) => `let ${n} = read_stat_${k}(own);`)]
  const varies = vector.axis !== undefined && !x.reduced.includes(vector.axis)
  const step = stepText(l, search, block, valueText, vector, varies ? { body: [], lane: loaded } : { body: loaded, lane: [] })
  const rowBody = rows ? prune([`let start_${at(reducing.axis!).slice(3)} = step * ${reducing.count};`, ...block.before], [...step.loads, ...step.lane, valueText].join('\n')) : []
  const rowText = rows ? [...rowBody, ...step.loads, ...step.lane, valueText].join('\n') : fused ? [...block.before, value].join('\n') : ''
  const needsSeq = `${passText}\n${steps}\n${rowText}\n${groupWalk.inside}`.includes('seq.') || groupWalk.sequences === 'search'
  const groupHead = prune([
    ...elementHead(groupWalk),
    ...(groupWalk.sequences === 'search' ? [`let ${batch} = sequence_of_${groupWalk.segment}(group, found[0], found[1]);`] : groupWalk.sequences === 'batch' ? [`let ${batch} = group;`] : []),
    ...(needsSeq && !batched && l.fields.size ? [`let seq = load_sequence(${batch});`] : []),
    ...groupWalk.decode,
  ], `${passText} ${steps} ${rowText} ${groupWalk.inside} ${batch}`.replace(groupWalk.sequences === 'search' ? '' : new RegExp(` ${batch}$`), ''))

  const writeText = rows ? rowText : fused ? [...block.before, value].join('\n') : [...step.head, ...step.body, ...step.loads, ...step.lane, value].join('\n')

  l.sources.add('elements')
  if (batched) { const axis = x.reduced.find((a) => axisOf(x, a).kind === 'batch')!; l.sources.add(`batch:${axis}`) }
  const out = elementKind(l, output)
  const half = isHalf(out)
  const per = vector.count > 1 ? vector.count : half ? 2 : 1
  const searching = search.sequences === 'search' && !fused && !rows
  const searches = [...new Set([...(groupWalk.sequences === 'search' ? [groupWalk.segment] : []), ...(searching ? [search.segment] : [])])]
  const count = search.sequences === 'search' ? sequenceCount(l, output) : ''
  const groupCount = groupWalk.sequences === 'search' ? sequenceCount(l, kept) : ''
  const shared = new Set([...vectors, ...block.vectors.map((v) => v.buffer)])
  const counts = [...new Set([...(vectors.size ? [reducing.count] : []), ...(block.vectors.length ? [vector.count] : [])])]
  const everything = `${groupHead.join('\n')}\n${passText}\n${steps}\n${writeText}`
  const path = `${columns ? 'columns' : 'rows'}${reducing.axis ? `, vectors of ${reducing.count} along ${reducing.axis}` : ''}; ${fused ? 'results are written by their groups' : rows ? `rows are written by their groups${columnSums ? ', their columns added up beside them' : ''}` : `a second entry writes the output${vector.axis ? ` in vectors of ${vector.count} along ${vector.axis}` : ''}`}`
  if (!/\bseq\b/.test(`${everything}${groupWalk.inside}${search.inside}`)) l.fields.clear()
  const common = wgslCommon(l, everything, path, { count: counts[0] ?? 1, buffers: shared }, vector.count)
  const words = stats.length + (split ? 1 : 0)
  for (const f of factors) if (f.kind === 'count') l.sources.add(f.of)
  const groups = groupWalk.groups === '1' ? groupWalk.tail : `${groupWalk.groups} * (${groupWalk.tail})`
  const trees = [...new Map(passes.flatMap((p) => p.values.map((v) => [v.tree, { name: v.tree, type: v.type, combined: combine(p.op, 'a', 'b') }] as const))).values()]
  const bits = (type: string, text: string): string => `bitcast<u32>(${text})`
  const held = 4 * (columnSums?.sizes.held ?? 0)
  const bytes: Readonly<Record<string, number>> = {
    reduce: workgroupBytes(...trees.map(() => (lanes! > 1 ? 4 * threads! : 0)), fused ? 4 * local : 0, held, groupWalk.sequences === 'search' ? SEARCH_BYTES : 0),
    write: searching ? workgroupBytes(SEARCH_BYTES) : 0,
    [SUMS_ENTRY]: held,
  }
  const entry = (name: string, entryPoint: string, grid: ReturnType<typeof workgroups>) => ({ name, entryPoint, threads: threads!, sharedBytes: bytes[name]!, grid })
  const reduceGrid = workgroups(factors, local)
  return {
    context: {
      ...common, ...step, types: columnSums ? { ...common.types, partials: 'f32', ...Object.fromEntries(columnSums.sums.map((s) => [s.buffer, s.type])) } : common.types, sums: columnSums?.sums ?? [], searches, passes, trees, groupHead,
      before: fused ? prune([...block.before], value) : [],
      rowBody,
      readers: fused || rows ? [] : stats.map((s, k) => ({ name: `read_stat_${k}`, op: s.op, type: s.type, k, start: passes.flatMap((p) => p.values)[k]!.start, combined: combine(s.op, 'x', `bitcast<${s.type}>(partials[at + ${k}])`), finished: finished(s.op, 'x', 'count') })),
      saved: stats.map((s, k) => ({ k, text: bits(s.type, split ? `acc_${k}` : `stat_${k}`) })),
      sizes: { ...(columnSums?.sizes ?? noColumns), threads, lanes, local, unroll, per, words, stats: stats.length, row: rows ? staticSize(l, reducing.axis!)! / reducing.count : 0, vector: vector.count, stride: columns ? local : 1, reduced: reducing.count, parts },
      flags: { ...common.flags, streamed: false, ...narrowing(columnSums?.sums ?? []), sums: columnSums !== undefined, search: searching, group_search: groupWalk.sequences === 'search', vector: vector.count > 1, words: vector.count === 1 && half, fused, rows, two: !fused && !rows, columns, batched, split, tree: lanes! > 1, reduced_vector: reducing.axis !== undefined, half },
      words: {
        ...common.words, entry: 'write_elements', value: outputValue(l), result: value, count, segment: search.segment, tail: search.tail, groups, group_tail: groupWalk.tail, group_segment: groupWalk.segment, group_count: groupCount,
        inside: search.sequences === 'search' ? `${batch} < ${count} && ${search.inside}` : '', group_inside: groupWalk.sequences === 'search' ? `${batch} < ${groupCount} && ${groupWalk.inside}` : '',
        steps, at_batch: batch, sequences: batched ? `i32(params.${param.batch(x.reduced.find((a) => axisOf(x, a).kind === 'batch')!)})` : '', seq: /\bseq\./.test(`${passText}\n${steps}`) ? 'yes' : '',
        last: half ? narrowed(out, fused ? 'results[i]' : 'x0') : '', stored: fused ? (half ? `${narrowed(out, 'results[i]')} | (${narrowed(out, 'results[i + 1u]')} << 16u)` : 'results[i]') : storing(l, per, (k) => rows ? `values[${k}]` : `x${vector.count > 1 ? `[${k}]` : half ? k : ''}`),
      },
    },
    entries: columnSums ? [entry('reduce', 'reduce', columnSums.grid), entry(SUMS_ENTRY, SUMS_ENTRY, columnSums.merging)] : fused || rows ? [entry('reduce', 'reduce', reduceGrid)]
      : [entry('reduce', 'reduce', [...reduceGrid, ...(split ? [{ kind: 'const' as const, value: parts! }] : [])]), entry('write', 'write_elements', [{ kind: 'count', of: 'elements', per: per * threads! * unroll! }])],
    ...(columnSums ? { buffers: columnSums.buffers, partials: columnSums.partials } : fused || rows ? {} : { buffers: [{ name: 'partials', access: 'read_write' as const, entries: ['reduce', 'write'] }], partials: [...factors, { kind: 'const' as const, value: words * parts! }] }),
    limits: { maxComputeInvocationsPerWorkgroup: threads!, maxComputeWorkgroupSizeX: threads! },
  }
}
