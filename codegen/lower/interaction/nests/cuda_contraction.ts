import { type GridFactor, type InteractionEntry, segmentOf } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { type Classified, type Contraction, plainRead } from '../classify.ts'
import { type Lowering, staticSize, valueType } from '../context.ts'
import { at, first, len, offsets, param } from '../names.ts'
import { lengthsOf } from '../segments.ts'
import { cudaCommon, WARP } from './cuda_common.ts'
import { laneNames } from './cuda_lanes.ts'
import { pieces, rowSize } from './cuda_contraction_extent.ts'
import { type Multiply, type Operand, operand, readsPackedRows, sameTensor } from './cuda_contraction_operand.ts'
import { productFor, productOf, type Split, whyNotPersistent } from './cuda_contraction_shape.ts'
import { betterWays, defaultTiles, holdsAll, keptBytesAtMost, keptOf, minBlocks, sharedBytesAtMost, stagedOf, tileOf, usesSums } from './cuda_contraction_tiles.ts'
import { ceiled } from './cuda_grid.ts'
import { copiesOnce } from './cuda_read_once.ts'
import type { LoopNest, ScheduleValues } from './types.ts'

const MERGE_THREADS = 256
/** Elements of a sequence's output that a block of the merge kernel takes. */
const MERGE_ELEMENTS = 2048
/** Threads that share an element when the parts of all rows are merged. */
const MERGE_LANES = 8

/** Names that tell a sequence from its offsets along an axis. */
const segmentWords = (l: Lowering, axis: string) => {
  const { name } = lengthsOf(l.x, axis)
  l.segments.set(name, lengthsOf(l.x, axis))
  l.sources.add(`offsetWords:${name}`)
  return { segment: name, offsets: offsets(name), offset_words: param.offsetWords(name), segment_rows: param.rows(name) }
}

const multiplyTexts: Readonly<Record<Multiply, string>> = { mma: 'mma.m16n8k16 with 16-bit operands', tf32: 'mma.m16n8k8, f32 rounded to TF32', fma: 'exact f32' }
const splitTexts: Readonly<Record<Split, string>> = { none: 'a tile of the output a block', rows: 'a tile of the output a block; long sequences in parts, merged in order', all: 'the rows of all sequences in parts, merged in order' }

const walkTexts = { keeps: 'blocks walk the rows and keep the right factor of a sequence', walksK: 'blocks walk the rows; sequences that several share are merged in order' }

const copiesText = (left: Operand, right: Operand): string => {
  if (!left.vector && !right.vector) return 'both factors are computed'
  return left.vector && right.vector ? 'both factors are copied' : `the ${left.vector ? 'left' : 'right'} factor is copied, the other computed`
}

/** An operand as templates name it: its unit axis is the one whose neighbours lie side by side. */
const operandContext = (o: Operand) => ({ ...o, at_axis: o.atAxis, at_k: o.atK, at_row: o.kUnit ? o.atAxis : o.atK, at_unit: o.kUnit ? o.atK : o.atAxis, row_stride: o.rowStride })

/** How the output is written: bytes of an element, elements of 16 bytes, whether rows are written so, elements of a row where that is known. */
const outputOf = (l: Lowering, c: Contraction, split: Split, v: ScheduleValues, threads: number) => {
  const { output } = l.x
  const last = output.axes.at(-1)!
  const bytes = output.dtype === 'element' && l.problem.dtype !== 'f32' ? 2 : 4
  const vector = 16 / bytes
  const row = last.kind === 'axis' ? staticSize(l, last.name) : undefined
  const wholeVectors = row !== undefined && row > 0 && row % vector === 0 && v.block_n! % vector === 0 && v.block_n! / vector <= threads
  return { bytes, vector, row, vectors: wholeVectors && split !== 'all' && output.dtype !== 'i32' && last.kind === 'axis' && last.name === c.n && output.axes.length === 2 }
}

/** Packed rows of the output past the last offset: undefined where it has none. */
const tailOf = (l: Lowering) => {
  const segment = segmentOf(l.x, l.x.output)
  if (segment === null) return undefined
  l.segments.set(segment.name, segment)
  l.sources.add(`offsetWords:${segment.name}`)
  return { offsets: offsets(segment.name), words: param.offsetWords(segment.name), rows: param.rows(segment.name), size: rowSize(l, l.x.output.axes) }
}

/** Matrix products: tiles of two factors in shared memory, a ring of them along k, f32 sums in registers. */
export const cudaContraction: LoopNest = {
  name: 'cuda_contraction', target: 'cuda', class: 'contraction',
  space: {
    block_m: { values: [16, 32, 64, 128, 256], about: 'rows of the output tile of a block' },
    block_n: { values: [16, 32, 64, 128, 256], about: 'columns of the output tile of a block' },
    block_k: { values: [16, 32, 64, 128, 256], about: 'elements of k in shared memory at once' },
    stages: { values: [1, 2, 3, 4, 6, 8], about: 'tiles of each operand in shared memory; fewer than 2 only where they hold all of k' },
    thread_n: { values: [8, 16], about: 'columns of sums of a thread in exact f32, where the tile has 8 times as many' },
    lane_rows: { values: [0, 4, 8], about: 'rows of threads that a warp spans in exact f32, neighbours in turn along rows and columns so that they read the same shared words; 0: as the threads are numbered' },
    persist: { values: [0, 1], about: '1: blocks of a fixed number walk the rows, asking for the tiles of the next sequence while they multiply those of this one; 0: a block for each tile' },
    early_merge: { values: [0, 1], about: '1: the kernel that merges parts begins while the last of them are summed' },
    part_rows: { values: [32, 256, 512, 1024, 2048, 4096], about: 'rows of a sequence that one block sums, where k is ragged' },
    parts: { values: [4, 32, 64, 128, 132, 256, 264, 396, 512], about: 'parts that the rows of all sequences are split into' },
  },
  defaults(x, problem, limits) {
    const { l, product: { c, multiply, split, packed } } = productFor(x, problem)
    const tiles = defaultTiles(multiply, x, problem, c)
    const copied = [c.left, c.right].map((e) => plainRead(e) !== undefined)
    // Where nothing but the sums is left to do, or a factor is computed (bench/results/2026-11-27-h100).
    const walks = packed && (x.epilogue.kind === 'param' || !copied[0])
    const way = split === 'none' ? (walks ? 'walked' : 'tiles') : split === 'all' && !copied.every(Boolean) ? 'computed' : split
    const better = betterWays(multiply, way, tiles, { m: staticSize(l, c.m), n: staticSize(l, c.n), k: staticSize(l, c.k) })
    // Last what asks for less memory, where a device has little.
    const ways = [...better, {}, { stages: 2 }, { block_k: 32, stages: 2 }].map((fields) => ({ ...tiles, ...fields }))
    return ways.find((values) => !this.infeasible(values, x, problem, limits)) ?? tiles
  },
  infeasible(v, x, problem, limits) {
    const { l, product } = productFor(x, problem)
    const { c, multiply, split, packed } = product
    const tile = tileOf(multiply, v), { threads } = tile
    if (threads < WARP) return { reason: 'threads', message: `${threads} threads are less than a warp`, fix: 'Try block_m=32.' }
    if (threads > 512) return { reason: 'registers', message: `${threads} threads with their sums do not fit the registers of a multiprocessor`, fix: 'Try block_m=128 block_n=128.' }
    const sums = (v.block_m! * v.block_n!) / threads
    if (sums > 128) return { reason: 'registers', message: `a thread would hold ${sums} sums in registers, of which 128 fit`, fix: 'Try block_n=128.' }
    if (multiply === 'fma' && v.lane_rows! > 0 && ((v.block_m! / tile.threadM) % v.lane_rows! !== 0 || (v.block_n! / tile.threadN) % (WARP / v.lane_rows!) !== 0)) return { reason: 'lanes', message: `a warp of ${v.lane_rows} by ${WARP / v.lane_rows!} threads does not divide the tile`, fix: 'Try lane_rows=0.' }
    if (v.stages === 1 && !holdsAll(x, problem, v)) return { reason: 'stages', message: 'one tile of each operand does not hold all of k', fix: 'Try stages=2.' }
    if (v.early_merge === 1 && split === 'none') return { reason: 'merge', message: 'no parts are merged', fix: 'Try early_merge=0.' }
    const why = v.persist === 1 ? whyNotPersistent(l, product, v) : undefined
    if (why) return why
    const need = v.persist === 1 && split === 'none' ? keptBytesAtMost(multiply, keptOf(staticSize(l, c.k)!, v, packed), v) : sharedBytesAtMost(multiply, v)
    return need > limits.sharedMemory ? { reason: 'shared memory', message: `it needs ${need} bytes of shared memory, of which a block has ${limits.sharedMemory}`, fix: 'Try stages=2 or block_k=32.' } : undefined
  },
  bind(l, v, classified: Classified) {
    const c = classified as Contraction
    const { x } = l
    const { multiply, m, n, k, split, packed } = productOf(l, c)
    const tile = tileOf(multiply, v)
    const walk = v.persist === 1
    const keeps = walk && split === 'none', walksK = walk && split === 'rows'
    const flat = (split === 'all' && readsPackedRows(l, c.k, c.left, c.right)) || (keeps && packed)
    const vector = (multiply === 'mma' || l.problem.dtype === 'f32') && (v.block_k! * tile.bytes) / 16 <= tile.threads && (Math.max(v.block_m!, v.block_n!) * tile.bytes) / 16 <= tile.threads ? 16 / tile.bytes : 0
    const left = operand(l, 'left', c.left, c.m, c.k, vector), right = operand(l, 'right', c.right, c.n, c.k, vector)
    const [leftTile, rightTile] = [stagedOf(multiply, left, v.block_m!, v.block_k!), stagedOf(multiply, right, v.block_n!, v.block_k!)]

    const block = new Block(l, c.n)
    const result = block.call('result', x.epilogue, x.spans.epilogue)
    const { index: outIndex, guards } = new Block(l).place(x.output)
    const out = outputOf(l, c, split, v, tile.threads)

    const same = left.vector && right.vector && left.kUnit === right.kUnit && v.block_m === v.block_n && sameTensor(l, c.left, c.right)
    const pairOut = out.vectors && (multiply !== 'fma' || !right.kUnit)
    const whole = !walk && holdsAll(x, l.problem, v)
    const kept = keptOf(k.size ?? 1, v, flat)
    const batch = l.batch !== null
    if (batch) l.sources.add(`batch:${l.batch}`)
    const slots = split === 'rows' ? c.k : split === 'none' && !m.uniform ? c.m : undefined
    const owner = split === 'all' ? c.k : slots
    const words = owner === undefined ? { segment: '', offsets: '', offset_words: '', segment_rows: '' } : segmentWords(l, owner)
    const tail = tailOf(l)

    const count = batch ? param.batch(l.batch!) : ''
    const [tilesM, tilesN] = [pieces(m.uniform ? m : { text: '', uniform: true, size: 1 }, v.block_m!), pieces(n.uniform ? n : { text: '', uniform: true, size: 1 }, v.block_n!)]
    const sequences: GridFactor = batch ? { kind: 'count', of: `batch:${l.batch!}`, per: 1 } : { kind: 'const', value: 1 }
    const outer: GridFactor = split === 'all' || walksK ? { kind: 'const', value: v.parts! } : slots !== undefined ? { kind: 'tiles', segment: words.segment, per: split === 'rows' ? v.part_rows! : v.block_m! } : sequences
    const ring = v.stages! * leftTile.elements + (keeps ? kept.factors * kept.steps : v.stages!) * rightTile.elements
    const sharedBytes = walk ? ring * tile.bytes : Math.max(ring * tile.bytes, out.vectors ? v.block_m! * (v.block_n! + out.vector) * out.bytes : 0)
    const async = left.vector || right.vector
    const once = split !== 'none' && copiesOnce(x, c, (m.size ?? Infinity) <= v.block_m! && (n.size ?? Infinity) <= v.block_n!)
    const common = cudaCommon(l, { barrier: true, warp: true, shared: true, async_copy: async, copy_once: async && once, copy_ahead: async && multiply === 'mma', mma: multiply === 'mma' }, `${multiplyTexts[multiply]}; ${keeps ? walkTexts.keeps : walksK ? walkTexts.walksK : splitTexts[split]}${flat ? ', as those of one sequence' : ''}; ${copiesText(left, right)}`)

    const blocks = minBlocks(multiply, v, usesSums(x), sharedBytes)
    const main: InteractionEntry = { name: 'main', entryPoint: 'main', threads: tile.threads, sharedBytes, ...(keeps && { persistent: blocks }), grid: [outer, tilesM, tilesN].filter((g) => g.kind !== 'const' || g.value !== 1 || g === outer) }
    const mergePieces: readonly GridFactor[] = [walksK ? { kind: 'const', value: v.parts! - 1 } : { kind: 'count', of: `rows:${words.segment}`, per: v.part_rows! }, ceiled([pieces(m, 1), pieces(n, 1)], split === 'all' ? MERGE_THREADS / MERGE_LANES : MERGE_ELEMENTS)]
    const entries = split === 'none' ? [main] : [main, { name: 'merge', entryPoint: 'merge', threads: MERGE_THREADS, sharedBytes: split === 'all' ? MERGE_THREADS * 4 : 0, grid: split === 'rows' ? mergePieces : mergePieces.slice(1) }]
    const flatFields = [...l.fields.values()].map((f) => ({ name: f.name, first: f.kind === 'first' }))
    return {
      context: {
        pairs: common.pairs,
        left: { ...operandContext(left), ...leftTile, is_left: true }, right: { ...operandContext(right), ...rightTile, is_left: false },
        result: { before: block.before, ...laneNames(block, result, at(c.n), 2), start: `start_${at(c.n).slice(3)}`, index: outIndex, guard: guards.join(' && '), plain: result === 'stat_0', type: valueType(l, x.output.dtype === 'i32' ? 'i32' : 'f32') },
        tail: tail ?? {}, flatFields, firstField: owner === undefined ? '' : first(words.segment), lenField: owner === undefined ? '' : len(words.segment),
        flags: {
          ...common.flags, multiply_mma: multiply === 'mma', multiply_tf32: multiply === 'tf32', multiply_fma: multiply === 'fma',
          // who sums what
          batch, flat, at_b: batch && !flat, walk, keeps, walks_k: walksK, whole, same, early: v.early_merge === 1,
          split: split !== 'none', split_rows: split === 'rows' && !walk, split_all: split === 'all', slots: slots !== undefined, slots_m: slots === c.m, search: owner !== undefined && !flat, loop_n: !n.uniform,
          // how sums are held and written
          lanes: v.lane_rows! > 0, tail: tail !== undefined, vector_out: out.vectors, staged_out: out.vectors && !walk, pair_out: pairOut, out_16: out.bytes === 2,
          trade_out: walk && multiply === 'mma' && pairOut && out.bytes === 2 && v.block_n! / tile.warpsN % 32 === 0, quad_out: walk && out.vectors && multiply === 'fma' && !right.kUnit && out.bytes === 4,
        },
        words: {
          ...common.words, ...words, count, at_b: batch ? at(l.batch!) : '', at_m: at(c.m), at_n: at(c.n), m_end: m.text, n_end: n.text, k_end: k.text,
          m_host: m.text.replaceAll('params.', 'params->'), n_host: n.text.replaceAll('params.', 'params->'), out: x.output.dtype === 'f32' ? 'float' : x.output.dtype === 'i32' ? 'int' : 'element_t', staged: multiply === 'mma' ? 'element_t' : 'float',
        },
        sizes: {
          block_m: v.block_m!, block_n: v.block_n!, block_k: v.block_k!, out_row: out.row ?? 0, stages: v.stages!, threads: tile.threads, vector, out_vector: out.vector, shared_bytes: sharedBytes,
          warps_m: tile.warpsM, warps_n: tile.warpsN, thread_m: tile.threadM, thread_n: tile.threadN, lane_rows: v.lane_rows!, lane_columns: v.lane_rows === 0 ? 0 : WARP / v.lane_rows!, part_rows: v.part_rows!, parts: v.parts!,
          merge_threads: MERGE_THREADS, merge_elements: MERGE_ELEMENTS, merge_lanes: MERGE_LANES, ahead: whole ? v.stages! : v.stages! - 1, min_blocks: blocks, k_steps: kept.steps, kept: kept.factors,
        },
      },
      entries,
      ...(split !== 'none' && { partials: [walksK ? { kind: 'const', value: 2 * v.parts! } as const : outer, pieces(m, 1), pieces(n, 1)], buffers: [{ name: 'partials', access: 'read_write', entries: ['main', 'merge'] }] }),
      limits: { sharedMemoryPerBlock: sharedBytes, threadsPerBlock: tile.threads },
    }
  },
}
