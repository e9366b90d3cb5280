import { type GridFactor } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { isLeaf } from '../context.ts'
import { ceiled } from './cuda_grid.ts'
import { beginsText, scanDefaults, scanInfeasible, scanShape, scanSizes, scanSpace } from './scan_shape.ts'
import type { LoopNest } from './types.ts'
import { elementKind, isHalf, narrowed, outputValue, wgslCommon } from './wgsl_common.ts'
import { stepText } from './wgsl_movement.ts'
import { elementFactors } from './wgsl_stats.ts'
import { sequenceCount, wgslWalk } from './wgsl_walk.ts'
import { at } from '../names.ts'

const NONE = { axis: undefined, count: 1 }

/** A running sum: sums of blocks of rows, the sums of what comes before each block, then the elements. */
export const wgslScan: LoopNest = {
  name: 'wgsl_scan', target: 'wgsl', class: 'scan', space: scanSpace, defaults: scanDefaults, infeasible: scanInfeasible,
  bind(l, values) {
    const { x } = l
    const { output } = x
    const scan = x.scan!
    const { rows, tail } = scanShape(l)
    const sizes = scanSizes(tail, values)
    const walk = wgslWalk(l, output)
    const read = new Block(l)
    const value = read.call('value', scan.value, x.spans.value)
    const begins = beginsText(l)
    const reading = stepText(l, walk, read, `${value} ${begins}`, NONE)
    const plain = isLeaf(x.epilogue) && x.epilogue.kind === 'param' && x.epilogue.name === 'stat:0'
    const write = new Block(l)
    const result = write.call('epilogue', x.epilogue, x.spans.epilogue)
    const writing = stepText(l, walk, write, result, NONE)
    const search = walk.sequences === 'search'
    const count = search ? sequenceCount(l, output) : ''
    const inside = search ? `${at(l.batch!)} < ${count} && ${walk.inside}` : ''
    l.sources.add('elements')
    const out = elementKind(l, output)
    const half = isHalf(out)
    const factors = elementFactors(l, rows)
    for (const f of factors) if (f.kind === 'count') l.sources.add(f.of)
    const text = [reading, ...(plain ? [] : [writing])].flatMap((s) => [...s.head, ...s.body, ...s.loads, ...s.lane]).join('\n') + `${value}${begins}${inside}${result}`
    if (!/\bseq\./.test(text)) l.fields.clear()
    const path = `rows of ${scan.axis}, ${sizes.block} a block${sizes.columns > 1 ? `, ${sizes.columns} columns side by side` : ''}`
    const common = wgslCommon(l, text, path, { count: 1, buffers: new Set() }, 1)
    const blocks: GridFactor = ceiled(factors, sizes.block, output.ends ? 1 : 0)
    const tiles: GridFactor = { kind: 'const', value: sizes.tiles }
    const entry = (name: string, entryPoint: string, grid: readonly GridFactor[]) => ({ name, entryPoint, threads: sizes.threads, sharedBytes: 16 * sizes.threads + 8, grid })
    return {
      context: {
        ...common, types: { ...common.types, ...(half && { t_out: 'atomic<u32>' }) }, sizes, reading, writing, searches: search ? [walk.segment] : [],
        flags: { ...common.flags, search, half, plain, ends: output.ends === true, reverse: scan.reverse, exclusive: scan.exclusive },
        words: {
          ...common.words, sum: scan.value.type === 'i32' ? 'i32' : 'f32', zero: scan.value.type === 'i32' ? '0' : '0.0', value, begins, inside, result, segment: walk.segment, count, tail: walk.tail, out: outputValue(l), stored: half ? narrowed(out, 'x') : 'x',
        },
      },
      entries: [entry('blocks', 'sum_blocks', [blocks, tiles]), entry('carries', 'sum_carries', [tiles]), entry('elements', 'sum_elements', [blocks, tiles])],
      buffers: [{ name: 'partials', access: 'read_write' as const, entries: ['blocks', 'carries', 'elements'] }],
      partials: [blocks, { kind: 'const', value: 2 * sizes.tail }],
      limits: { maxComputeInvocationsPerWorkgroup: sizes.threads, maxComputeWorkgroupSizeX: sizes.threads },
    }
  },
}
