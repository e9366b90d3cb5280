import { segmentOf } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { valueType } from '../context.ts'
import { at, offsets, param } from '../names.ts'
import { cudaCommon } from './cuda_common.ts'
import { ceiled, itemFactors } from './cuda_grid.ts'
import { laneNames } from './cuda_lanes.ts'
import { one, vectorAxis, walkOf } from './cuda_walk.ts'
import { scatterSpace, scatterWalk } from './scatter_shape.ts'
import type { LoopNest } from './types.ts'

/** Elements written to computed rows: the output is cleared, then each element walked and stored where it belongs. */
export const cudaScatter: LoopNest = {
  name: 'cuda_scatter', target: 'cuda', class: 'scatter', space: scatterSpace,
  defaults: () => ({ threads: 256, unroll: 4 }),
  infeasible: () => undefined,
  bind(l, { threads, unroll }) {
    const { x } = l
    const spec = scatterWalk(x)
    const { axis, vector } = vectorAxis(l, spec)
    const walk = walkOf(l, spec, vector)
    const segment = segmentOf(x, x.output)!
    l.sources.add(`rows:${segment.name}`)
    const block = new Block(l, axis)
    const value = block.call('value', x.epilogue, x.spans.epilogue ?? x.spans.value)
    const place = block.place(x.output, axis !== undefined)
    const rowElements = one(walk.tail) === '1' && vector === 1 ? '1' : `(${one(walk.tail)}) * ${vector}`
    const common = cudaCommon(l, { barrier: true, warp: true, shared: true }, axis === undefined ? 'elements: the last axis of the output has no vectors' : `vectors of ${vector} along ${axis}`)
    const entry = (name: string, grid: ReturnType<typeof ceiled>) => ({ name, entryPoint: name, threads: threads!, sharedBytes: 16, grid: [grid] })
    const step = threads! * unroll!
    return {
      context: {
        ...common, sizes: { threads, unroll, vector },
        flags: { ...common.flags, flat: false, pair: walk.pair, lower: walk.lower, lanes: axis !== undefined },
        words: {
          ...common.words, value: valueType(l, x.output.dtype === 'i32' ? 'i32' : 'f32'), groups: walk.groups, tail: one(walk.tail), inside: walk.inside, at_batch: at(l.batch!), count: `(int)params.${param.batch(l.batch!)}`,
          offsets: offsets(walk.segment), offset_words: param.offsetWords(walk.segment), rows: param.rows(walk.segment), result: value, place: place.index, guards: place.guards.join(' && '), out_elements: `(long long)params.${param.rows(segment.name)} * ${rowElements}`,
        },
        head: walk.head, decode: walk.decode, before: block.before, ...laneNames(block, value, axis === undefined ? '' : at(axis), vector),
      },
      entries: [entry('clear', ceiled([...itemFactors(l, { groups: `params.${param.rows(segment.name)}`, tail: walk.tail }), { kind: 'const', value: vector }], step)), entry('scatter', ceiled(itemFactors(l, walk), step))],
      limits: { threadsPerBlock: threads!, sharedMemoryPerBlock: 16 },
    }
  },
}
