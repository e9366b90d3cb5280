import { Block } from '../block.ts'
import { at } from '../names.ts'
import { ceiled } from './cuda_grid.ts'
import { scatterSpace, scatterWalk } from './scatter_shape.ts'
import type { LoopNest } from './types.ts'
import { elementKind, isHalf, narrowed, outputValue, wgslCommon } from './wgsl_common.ts'
import { stepText } from './wgsl_movement.ts'
import { elementFactors } from './wgsl_stats.ts'
import { sequenceCount, wgslWalk } from './wgsl_walk.ts'

/** Elements written to computed rows: the output is cleared, then each element walked and stored where it belongs. */
export const wgslScatter: LoopNest = {
  name: 'wgsl_scatter', target: 'wgsl', class: 'scatter', space: scatterSpace,
  defaults: (_x, _p, limits) => ({ threads: Math.min(256, limits.threads), unroll: 4 }),
  infeasible: ({ threads }, _x, _p, limits) => (threads! > limits.threads ? { reason: 'threads', message: `${threads} threads a workgroup, the device allows ${limits.threads}`, fix: `Try threads=${limits.threads}.` } : undefined),
  bind(l, { threads, unroll }) {
    const { x } = l
    const spec = scatterWalk(x)
    const walk = wgslWalk(l, spec)
    const block = new Block(l)
    const value = block.call('value', x.epilogue, x.spans.epilogue ?? x.spans.value)
    const place = block.place(x.output)
    const step = stepText(l, walk, block, [value, place.index, ...place.guards].join('\n'), { axis: undefined, count: 1 })
    l.sources.add('elements')
    const count = sequenceCount(l, spec)
    const factors = elementFactors(l, spec)
    for (const f of factors) if (f.kind === 'count') l.sources.add(f.of)
    const out = elementKind(l, x.output)
    const half = isHalf(out)
    const text = [...step.head, ...step.body, ...step.loads, ...step.lane, value, place.index, ...place.guards].join('\n')
    const common = wgslCommon(l, text, 'elements', { count: 1, buffers: new Set() }, 1)
    const per = threads! * unroll!
    const walked = walk.tail === '1' ? walk.groups : `${walk.groups} * (${walk.tail})`
    const entry = (name: string, entryPoint: string, grid: ReturnType<typeof ceiled>) => ({ name, entryPoint, threads: threads!, sharedBytes: 8, grid: [grid] })
    return {
      context: {
        ...common, ...step, types: { ...common.types, ...(half && { t_out: 'atomic<u32>' }) }, searches: [walk.segment], sizes: { threads, unroll },
        flags: { ...common.flags, half },
        words: { ...common.words, value: outputValue(l), result: value, place: place.index, guards: place.guards.join(' && '), inside: `${at(l.batch!)} < ${count} && ${walk.inside}`, count, segment: walk.segment, tail: walk.tail, walked, stored: half ? narrowed(out, 'x') : 'x' },
      },
      entries: [entry('clear', 'clear_elements', ceiled([{ kind: 'count', of: 'elements', per: half ? 2 : 1 }], per)), entry('scatter', 'scatter_elements', ceiled(factors, per))],
      limits: { maxComputeInvocationsPerWorkgroup: threads!, maxComputeWorkgroupSizeX: threads! },
    }
  },
}
