import type { GridFactor } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { isLeaf, type Lowering, valueType } from '../context.ts'
import { at, offsets, param } from '../names.ts'
import { cudaCommon } from './cuda_common.ts'
import { ceiled, itemFactors } from './cuda_grid.ts'
import { pruned, reads } from './cuda_prune.ts'
import { one, type Walk, walkOf } from './cuda_walk.ts'
import { beginsText, scanDefaults, scanInfeasible, scanShape, scanSizes, scanSpace } from './scan_shape.ts'
import type { LoopNest } from './types.ts'

/** Statements that `text` needs, and what they read of the row that they begin with. */
const linesOf = (l: Lowering, walk: Walk, block: Block, text: string) => {
  const lines = pruned([...walk.head, ...walk.decode, ...block.before], text)
  const all = [...lines, text].join('\n')
  const seq = reads(all, 'seq')
  const batch = walk.sequences === 'batch' && (seq || reads(all, at(l.batch ?? 'b')))
  return { lines, seq, batch, rest: reads(all, 'rest'), group: walk.sequences === 'search' || batch || reads(all, 'group') }
}

const sequenceWords = (l: Lowering, walk: Walk) => ({
  at_batch: at(l.batch ?? 'b'), count: l.batch === null ? '0' : `(int)params.${param.batch(l.batch)}`,
  offsets: offsets(walk.segment), offset_words: param.offsetWords(walk.segment), rows: param.rows(walk.segment), inside: walk.inside,
})

/** A running sum: sums of blocks of rows, the sums of what comes before each block, then the elements. */
export const cudaScan: LoopNest = {
  name: 'cuda_scan', target: 'cuda', class: 'scan', space: scanSpace, defaults: scanDefaults, infeasible: scanInfeasible,
  bind(l, values) {
    const { x } = l
    const scan = x.scan!
    const { columns, tail } = scanShape(l)
    const sizes = scanSizes(tail, values)
    const walk = walkOf(l, x.output, 1)
    const read = new Block(l)
    const value = read.call('value', scan.value, x.spans.value)
    const begins = beginsText(l)
    const plain = isLeaf(x.epilogue) && x.epilogue.kind === 'param' && x.epilogue.name === 'stat:0'
    const write = new Block(l)
    const result = write.call('epilogue', x.epilogue, x.spans.epilogue)
    if (l.batch !== null && walk.sequences !== 'none') l.sources.add(`batch:${l.batch}`)
    const search = walk.sequences === 'search'
    const reading = linesOf(l, walk, read, `${value}\n${begins}`)
    const writing = linesOf(l, walk, write, result)
    const sharedBytes = 16 * sizes.threads + (search ? 16 : 0)
    const path = `rows of ${scan.axis}, ${sizes.block} a block${sizes.columns > 1 ? `, ${sizes.columns} columns side by side` : ''}`
    const common = cudaCommon(l, { barrier: true, warp: search, shared: true }, path)
    const rowFactors = { groups: walk.groups, tail: walk.tail.slice(0, walk.tail.length - columns.length) }
    const blocks: GridFactor = ceiled(itemFactors(l, rowFactors), sizes.block, x.output.ends ? 1 : 0)
    const tiles: GridFactor = { kind: 'const', value: sizes.tiles }
    const entry = (name: string, grid: readonly GridFactor[]) => ({ name, entryPoint: name, threads: sizes.threads, sharedBytes, grid })
    const whole = scan.value.type === 'i32'
    return {
      context: {
        ...common, sizes: { ...sizes, search_at: 16 * sizes.threads }, reading, writing,
        flags: { ...common.flags, search, plain, whole, direct: walk.tail.length === columns.length, ends: x.output.ends === true, reverse: scan.reverse, exclusive: scan.exclusive, pair: walk.pair, lower: walk.lower },
        words: { ...common.words, ...sequenceWords(l, walk), sum: whole ? 'int' : 'float', out: valueType(l, x.output.dtype === 'i32' ? 'i32' : 'f32'), value, begins, result, row_count: [rowFactors.groups, ...rowFactors.tail].join(' * '), tail: one(walk.tail) },
      },
      entries: [entry('blocks', [blocks, tiles]), entry('carries', [tiles]), entry('elements', [blocks, tiles])],
      buffers: [{ name: 'partials', access: 'read_write' as const, entries: ['blocks', 'carries', 'elements'] }],
      partials: [blocks, { kind: 'const', value: 2 * sizes.tail }],
      limits: { threadsPerBlock: sizes.threads, sharedMemoryPerBlock: sharedBytes },
    }
  },
}
