import { topological } from '../../../ir/hook.ts'
import { axisOf, inputsOf, type Interaction, type TensorSpec } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { type Lowering, lowering, valueType } from '../context.ts'
import { at, offsets, param } from '../names.ts'
import { cudaCommon } from './cuda_common.ts'
import { ceiled, itemFactors } from './cuda_grid.ts'
import { elementBytes, one, vectorAxis, walkOf } from './cuda_walk.ts'
import type { LoopNest } from './types.ts'
import { laneNames } from './cuda_lanes.ts'

const layout = (x: Interaction, t: TensorSpec): string => JSON.stringify([t.storage, t.batch, t.axes, t.axes.flatMap((a) => (a.kind === 'axis' ? [axisOf(x, a.name).index !== undefined] : []))])

/** Whether every element of the output is computed from the elements at its own place. */
const isFlat = (x: Interaction): boolean => {
  const leaves = topological(x.epilogue).filter((e) => e.kind === 'param' || e.kind === 'capture')
  return leaves.every((e) => (e.kind === 'capture' ? x.captures.find((c) => c.name === e.name)!.kind !== 'perSequence' : e.kind === 'param' && e.name.startsWith('in:')))
    && inputsOf(x, x.epilogue).every((t) => layout(x, t) === layout(x, x.output)) && inputsOf(x, x.epilogue).length > 0
}

const outputType = (l: Lowering): string => valueType(l, l.x.output.dtype === 'i32' ? 'i32' : 'f32')

const bindFlat = (l: Lowering, threads: number, unroll: number) => {
  const vector = 16 / elementBytes(l, l.x.output)
  const walk = walkOf(l, l.x.output, 1)
  l.fields.clear()
  const block = new Block(l, undefined, true)
  const value = block.call('value', l.x.epilogue, l.x.spans.epilogue ?? l.x.spans.value)
  return {
    vector, walk, block, value, flat: true, at: '', path: `flat: every element is made from those at its own place, ${vector} at a time`,
    live: walk.sequences === 'search' ? `offset_at(params.${offsets(walk.segment)}, params.${param.offsetWords(walk.segment)}, params.${param.rows(walk.segment)}, params.${param.batch(l.x.output.batch!)})` : '',
    threads, unroll,
  }
}

const bindRows = (l: Lowering, threads: number, unroll: number) => {
  const { axis, vector } = vectorAxis(l, l.x.output)
  const walk = walkOf(l, l.x.output, vector)
  const block = new Block(l, axis)
  const value = block.call('value', l.x.epilogue, l.x.spans.epilogue ?? l.x.spans.value)
  return {
    vector, walk, block, value, flat: false, at: axis === undefined ? '' : at(axis), live: '',
    path: axis === undefined ? 'elements: the last axis of the output has no vectors' : `vectors of ${vector} along ${axis}`, threads, unroll,
  }
}

/** Elementwise maps, gathers and reshapes: one pass over the output, each element of it written once. */
export const cudaMovement: LoopNest = {
  name: 'cuda_movement', target: 'cuda', class: 'movement',
  space: {
    threads: { values: [128, 256, 512], about: 'threads of a block' },
    unroll: { values: [1, 2, 4, 8], about: 'vectors of a thread, loaded before the first is stored' },
  },
  defaults: (x, problem) => ({ threads: 256, unroll: isFlat(x) || vectorAxis(lowering(x, problem, 'cuda'), x.output).vector > 1 ? 4 : 8 }),
  infeasible: () => undefined,
  bind(l, { threads, unroll }) {
    const b = (isFlat(l.x) ? bindFlat : bindRows)(l, threads!, unroll!)
    if (l.batch !== null && b.walk.sequences !== 'none') l.sources.add(`batch:${l.batch}`)
    const search = b.walk.sequences === 'search' && !b.flat
    const common = cudaCommon(l, { barrier: search, warp: search, shared: search }, b.path)
    const lanes = laneNames(b.block, b.value, b.at, b.vector)
    return {
      context: {
        ...common, sizes: { threads, unroll, vector: b.vector },
        flags: { ...common.flags, flat: b.flat, search, batched: b.walk.sequences === 'batch', live: b.live !== '', pair: b.walk.pair && !b.flat, lower: b.walk.lower && !b.flat, lanes: !b.flat && b.at !== '', uses_batch: l.batch !== null && b.walk.sequences !== 'none' },
        words: {
          ...common.words, value: outputType(l), groups: b.walk.groups, tail: one(b.walk.tail), live: b.live, inside: b.walk.inside, batch: l.batch ?? '', at_batch: at(l.batch ?? 'b'),
          count: l.batch === null ? '0' : `(int)params.${param.batch(l.batch)}`, offsets: offsets(b.walk.segment), offset_words: param.offsetWords(b.walk.segment), rows: param.rows(b.walk.segment),
        },
        head: b.walk.head, decode: b.walk.decode, before: b.block.before, ...lanes,
      },
      entries: [{ name: 'move', entryPoint: 'move', threads: threads!, sharedBytes: search ? 16 : 0, grid: [b.flat ? ceiled([ceiled(itemFactors(l, b.walk), b.vector)], threads! * unroll!) : ceiled(itemFactors(l, b.walk), threads! * unroll!)] }],
      limits: { threadsPerBlock: threads!, sharedMemoryPerBlock: search ? 16 : 0 },
    }
  },
}
