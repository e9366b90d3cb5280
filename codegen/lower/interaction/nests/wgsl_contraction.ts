import { axisOf, type GridFactor, type Interaction, type InteractionEntry, type InteractionProblem, segmentOf } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { type Classified, classify, type Contraction } from '../classify.ts'
import { lowering, type Lowering, staticSize } from '../context.ts'
import { at, offsets, param } from '../names.ts'
import { lengthsOf } from '../segments.ts'
import { type Extent, extentOfAxis, pieces, rowSize } from './cuda_contraction_extent.ts'
import { exactIn16, readsPackedRows } from './cuda_contraction_operand.ts'
import type { LoopNest } from './types.ts'
import { elementKind, isHalf, outputValue, storing, wgslCommon } from './wgsl_common.ts'
import { wgslOperand } from './wgsl_contraction_operand.ts'
import { matrixAbout, matrixBytes, matrixMisfit, matrixOf, matrixTile, matrixTiles, matrixValues, offeredMatrix, stripBytes } from './wgsl_matrix.ts'
import { defaultTiles, FOUND_BYTES, QUAD, sharedBytesAtMost, stagedOf, threadsOf, VECTOR_BYTES } from './wgsl_contraction_tiles.ts'

const MERGE_THREADS = 256
/** Threads that share a vector of the output when the parts are merged. */
const MERGE_LANES = 8
const MERGE_VECTORS = MERGE_THREADS / MERGE_LANES

const offsetOf = (segment: string): string => `offset_${offsets(segment).slice(8)}`

/** What a function's text reads of its surroundings: the sequence and its number, as parameters and as arguments. */
const surroundings = (text: string, batch: string, seq = /\bseq\./.test(text), b = batch !== '' && new RegExp(`\\b${batch}\\b`).test(text)) => ({
  params: `${seq ? 'seq: Seq, ' : ''}${b ? `${batch}: i32, ` : ''}`, args: `${seq ? 'seq, ' : ''}${b ? `${batch}, ` : ''}`, seq, b,
})

/** How the sums of a column vector are written: elements, whole vectors, or words of two that other threads may share. */
const writing = (l: Lowering, n: string) => {
  const { output } = l.x
  const half = isHalf(elementKind(l, output))
  const last = output.axes.at(-1)
  const size = last?.kind === 'axis' && last.name === n ? staticSize(l, n) : undefined
  const vector = size !== undefined && size > 0 && size % QUAD === 0 && !(output.storage === 'jagged' && output.axes.length === 1)
  const zero = elementKind(l, output) === 'i32' ? '0' : '0.0'
  return { half, vector, zero: vector ? storing(l, QUAD, () => zero) : zero, stored: vector ? storing(l, QUAD, (i) => `x.${'xyzw'[i]!}`) : '' }
}

/** Factors whose elements are halves in memory: nothing is lost in a matrix of f16. */
const inHalves = (x: Interaction, problem: InteractionProblem, c: Contraction): boolean => problem.dtype === 'f16' && exactIn16(lowering(x, problem, 'wgsl'), c.left, c.right)

/** Matrix products: tiles of two factors in workgroup memory, f32 sums in registers: 4 by 4 blocks of a thread, or matrices of a subgroup where the device has them. */
export const wgslContraction: LoopNest = {
  name: 'wgsl_contraction', target: 'wgsl', class: 'contraction',
  space: {
    block_m: { values: [16, 32, 64, 128], about: 'rows of the output tile of a workgroup' },
    block_n: { values: [16, 32, 64, 128], about: 'columns of the output tile of a workgroup' },
    block_k: { values: [8, 16, 32], about: 'elements of k in workgroup memory at once' },
    thread_m: { values: [4, 8], about: 'rows of a thread, or four times the matrices of a subgroup along rows' },
    thread_n: { values: [4, 8], about: 'columns of a thread, or four times the matrices of a subgroup along columns' },
    matrix: { values: matrixValues, about: matrixAbout },
    parts: { values: [4, 32, 64, 128, 256], about: 'parts that the rows of all sequences are split into' },
  },
  defaults: (x, problem, limits) => {
    const c = classify(x) as Contraction
    const matrix = !limits.software && inHalves(x, problem, c) ? offeredMatrix(limits) : 0
    const { block_m, block_n, block_k, thread_m, thread_n, parts } = defaultTiles(x, problem, c, limits.software === true)
    const plain = { block_m: block_m!, block_n: block_n!, block_k: block_k!, thread_m: thread_m!, thread_n: thread_n!, matrix: 0, parts: parts! }
    const wanted = { ...plain, block_m: Math.max(32, plain.block_m), block_n: Math.max(32, plain.block_n), block_k: 32, thread_m: 8, thread_n: 8, matrix }
    return matrix && matrixBytes(wanted) <= limits.sharedMemory ? wanted : plain
  },
  infeasible(v, x, problem, limits) {
    const shape = matrixOf(v)
    if (shape) {
      if (offeredMatrix(limits) !== v.matrix) return { reason: 'subgroup matrices', message: `it takes subgroup matrices of ${shape.m}x${shape.n}x${shape.k} on ${shape.lanes} lanes, which the device does not offer first`, fix: `Try matrix=${offeredMatrix(limits)}.` }
      if (!inHalves(x, problem, classify(x) as Contraction)) return { reason: 'subgroup matrices', message: 'subgroup matrices take factors that are f16 elements as they are read', fix: 'Try matrix=0.' }
      const misfit = matrixMisfit(shape, v)
      if (misfit) return misfit
    }
    const threads = shape ? matrixTiles(shape, v).threads : threadsOf(v)
    if (threads > limits.threads) return { reason: 'threads', message: `${threads} threads a workgroup, of which the device allows ${limits.threads}`, fix: 'Try thread_m=8 thread_n=8.' }
    const need = shape ? matrixBytes(v) + FOUND_BYTES : sharedBytesAtMost(v)
    return need > limits.sharedMemory ? { reason: 'workgroup memory', message: `it needs ${need} bytes of workgroup memory, of which there are ${limits.sharedMemory}`, fix: 'Try block_k=8.' } : undefined
  },
  bind(l, v, classified: Classified) {
    const c = classified as Contraction
    const { x } = l
    const [m, n, k] = [c.m, c.n, c.k].map((axis) => extentOfAxis(l, axis)) as [Extent, Extent, Extent]
    const split = x.reduced.some((a) => axisOf(x, a).kind === 'batch')
    const flat = split && readsPackedRows(l, c.k, c.left, c.right)
    const operands = { left: wgslOperand(l, 'left', c.left, c.m, c.k), right: wgslOperand(l, 'right', c.right, c.n, c.k) }

    const block = new Block(l)
    const result = block.call('result_value', x.epilogue, x.spans.epilogue)
    const place = new Block(l)
    const { index, guards } = place.place(x.output)
    const batch = l.batch === null ? '' : at(l.batch)
    if (l.batch !== null) l.sources.add(`batch:${l.batch}`)
    const slots = !split && !m.uniform
    const owner = split ? c.k : slots ? c.m : undefined
    const segment = owner === undefined ? undefined : lengthsOf(x, owner)
    const outSegment = segmentOf(x, x.output)
    for (const s of [segment, outSegment]) if (s) { l.segments.set(s.name, s); l.sources.add(`offsetWords:${s.name}`) }
    const tail = outSegment === null ? undefined : { offset: offsetOf(outSegment.name), rows: param.rows(outSegment.name), size: rowSize(l, x.output.axes) }

    const lower = guards.includes(`${at(c.n)} < ${at(c.m)}`)
    const write = writing(l, c.n)
    const plain = result === 'stat_0'
    const own = (text: string) => surroundings(text, flat ? '' : batch)
    const left = own(operands.left.text), right = own(operands.right.text)
    const element = own([...block.before, result].join('\n')), put = own([...block.before, ...place.before, result, index].join('\n'))
    const sequence = left.seq || right.seq || put.seq || [m, n, k].some((e) => !e.uniform)
    if (!sequence) l.fields.clear()
    const count = l.batch === null ? '' : `i32(params.${param.batch(l.batch)})`
    const tilesOf = (e: Extent, per: number): string => (e.size !== undefined ? String(Math.max(1, Math.ceil(e.size / per))) : `((${e.text} + ${per - 1}) / ${per})`)

    const shape = matrixOf(v)
    const shared = shape && matrixTiles(shape, v)
    const threads = shared ? shared.threads : threadsOf(v)
    const tileOf = (kUnit: boolean, block: number) => (shape ? { ...matrixTile(kUnit, block, v.block_k!), vectors: 0 } : { ...stagedOf(kUnit, block, v.block_k!), halves: 0 })
    const tiles = { left: tileOf(operands.left.kUnit, v.block_m!), right: tileOf(operands.right.kUnit, v.block_n!) }
    const search = owner !== undefined && !flat
    const sharedBytes = (tiles.left.vectors + tiles.right.vectors) * VECTOR_BYTES + 2 * (tiles.left.halves + tiles.right.halves) + (shape ? stripBytes(v) : 0) + (search ? FOUND_BYTES : 0)
    const whole: GridFactor = { kind: 'const', value: 1 }
    const outer: GridFactor = split ? { kind: 'const', value: v.parts! } : slots ? { kind: 'tiles', segment: segment!.name, per: v.block_m! } : l.batch === null ? whole : { kind: 'count', of: `batch:${l.batch}`, per: 1 }
    const grid = [outer, m.uniform ? pieces(m, v.block_m!) : whole, n.uniform ? pieces(n, v.block_n!) : whole].filter((g) => g === outer || g.kind !== 'const' || g.value !== 1)
    const entries: InteractionEntry[] = [
      { name: 'main', entryPoint: 'main', threads, sharedBytes, grid },
      ...(split ? [{ name: 'merge', entryPoint: 'merge', threads: MERGE_THREADS, sharedBytes: MERGE_THREADS * VECTOR_BYTES, grid: [pieces(m, 1), pieces(n, QUAD * MERGE_VECTORS)] }] : []),
    ]
    const side = (s: 'left' | 'right') => ({ ...operands[s], ...tiles[s], ...(s === 'left' ? left : right), block: s === 'left' ? v.block_m! : v.block_n!, skip: (s === 'left' ? v.block_m! : v.block_n!) / QUAD })
    const text = [operands.left.text, operands.right.text, ...block.before, result].join('\n')
    const vectors = { count: QUAD, buffers: new Set([...operands.left.buffers, ...operands.right.buffers]) }
    const common = wgslCommon(l, text, `${shape ? `subgroup matrices of ${shape.m}x${shape.n}x${shape.k}, f16 into f32; ` : ''}${[operands.left, operands.right].map((o) => `${o.name} factor in ${o.vector ? 'vectors' : 'elements'} along ${o.kUnit ? c.k : o.name === 'left' ? c.m : c.n}`).join(', ')}${split ? `; the rows of all sequences in parts, merged in order${flat ? ', as those of one sequence' : ''}` : ''}`, vectors, write.vector ? QUAD : 1)
    const atomic = write.half && !write.vector
    const range = (size: number): readonly number[] => Array.from({ length: size / QUAD }, (_, i) => i)
    const putArgs = { args: split ? '' : put.args, first: split ? 'first, ' : '' }
    return {
      context: {
        ...common, types: { ...common.types, partials: 'f32', ...(atomic && { t_out: 'atomic<u32>' }) },
        left: side('left'), right: side('right'), rows: range(v.thread_m!).map((row) => ({ row, columns: range(v.thread_n!).map((column) => ({ row, column, ...putArgs })) })), columns: range(v.thread_n!), sums: putArgs,
        matrix: shape ? { ...shape, ...shared, own_rows: shape.m * shared!.rows, own_columns: shape.n * shared!.columns, left_order: operands.left.kUnit ? 'row_major' : 'col_major', right_order: operands.right.kUnit ? 'col_major' : 'row_major' } : {},
        result: { lines: block.before, value: result, index, plain, params: element.params, args: element.args, type: outputValue(l) },
        put: { params: put.params, args: put.args, lines: place.before, seq: put.seq }, tail: tail ?? {}, flatFields: [...l.fields.values()].map((f) => ({ first: f.kind === 'first' })),
        flags: {
          ...common.flags, matrix: shape !== undefined, split, flat, slots, batch: batch !== '', search, loop_n: !n.uniform, lower, tail: tail !== undefined, seq: sequence, atomic, vector_out: write.vector,
        },
        words: {
          ...common.words, count, at_b: batch, at_m: at(c.m), at_n: at(c.n), m_end: m.text, n_end: n.text, k_end: k.text, offset: segment ? offsetOf(segment.name) : '',
          tiles_m: m.uniform ? tilesOf(m, v.block_m!) : '', tiles_n: n.uniform ? tilesOf(n, v.block_n!) : '1', stored: write.stored, zero: write.zero, slot_rows: segment ? param.rows(segment.name) : '',
        },
        sizes: {
          block_m: v.block_m!, block_n: v.block_n!, block_k: v.block_k!, quads_n: v.block_n! / QUAD, threads, row_threads: v.block_m! / v.thread_m!, column_threads: v.block_n! / v.thread_n!,
          parts: v.parts!, merge_threads: MERGE_THREADS, merge_lanes: MERGE_LANES, merge_vectors: MERGE_VECTORS, quad: QUAD,
        },
      },
      entries,
      ...(split && { partials: [outer, pieces(m, 1), pieces(n, 1)], buffers: [{ name: 'partials', access: 'read_write' as const, entries: ['main', 'merge'] }] }),
      ...(shape && { features: ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'], subgroupMatrix: shape }),
      limits: { maxComputeInvocationsPerWorkgroup: Math.max(threads, split ? MERGE_THREADS : 0), maxComputeWorkgroupSizeX: Math.max(threads, split ? MERGE_THREADS : 0) },
    }
  },
}
