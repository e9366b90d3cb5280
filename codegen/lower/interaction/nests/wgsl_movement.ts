import { axisOf, type TensorSpec } from '../../../ir/interaction/index.ts'
import { Block } from '../block.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at } from '../names.ts'
import type { LoopNest } from './types.ts'
import { elementKind, isHalf, narrowed, outputValue, prune, storing, wgslCommon } from './wgsl_common.ts'
import { sequenceCount, wgslWalk, type WgslWalk } from './wgsl_walk.ts'

/** Elements of the last axis that a thread takes at once: 16 bytes of them where its size allows. */
export const innerVector = (l: Lowering, t: TensorSpec): { readonly axis: string | undefined; readonly count: number } => {
  const last = t.axes.at(-1)
  if (last?.kind !== 'axis' || (t.storage === 'jagged' && t.axes.length === 1) || axisOf(l.x, last.name).kind !== 'dense') return { axis: undefined, count: 1 }
  const size = staticSize(l, last.name)
  const half = isHalf(elementKind(l, t))
  const count = [half ? 8 : 4, half ? 4 : 0].find((n) => n && size && size % n === 0)
  return count ? { axis: last.name, count } : { axis: undefined, count: 1 }
}

/** Statements of `element`: from its index to its coordinates. */
export const elementHead = (walk: WgslWalk): readonly string[] =>
  walk.sequences === 'none' ? ['let rest = element;'] : [`let group = element / (${walk.tail});`, `let rest = element - group * (${walk.tail});`]

/** The text of one step of a walk that writes the output: how an element is found and computed from a block and the call that gives its value. */
export const stepText = (l: Lowering, walk: WgslWalk, block: Block, value: string, vector: { readonly axis: string | undefined; readonly count: number }, extra: { readonly body: readonly string[]; readonly lane: readonly string[] } = { body: [], lane: [] }) => {
  const batch = at(l.batch ?? 'b')
  const start = vector.axis ? `start_${at(vector.axis).slice(3)}` : ''
  const rename = (line: string): string => (vector.axis ? line.replace(`let ${at(vector.axis)} =`, `let ${start} =`) : line)
  const lanes = block.vectors.map((v) => v.name)
  const laneText = [...block.lane, ...extra.lane, value].join('\n')
  const own = vector.axis && new RegExp(`\\b${at(vector.axis)}\\b`).test(laneText) ? [`let ${at(vector.axis)} = ${start} + i;`] : []
  const lane = prune([...own, ...lanes.map((n) => `let ${n} = vector_${n}[i];`), ...block.lane, ...extra.lane], value)
  const loads = block.vectors.flatMap((v) => [
    ...(v.guard ? [`var vector_${v.name}: array<${v.type}, ${vector.count}>;`, `if (${v.guard}) { vector_${v.name} = load_${v.buffer}_vector(${v.index}); }`, ...(/^(0|0\.0|0x0u)$/.test(v.fill) ? [] : [`else { for (var i = 0; i < ${vector.count}; i++) { vector_${v.name}[i] = ${v.fill}; } }`])]
      : [`let vector_${v.name} = load_${v.buffer}_vector(${v.index});`]),
  ])
  const used = [...lane, value, ...loads].join('\n')
  const body = prune([...walk.decode.map(rename), ...block.before, ...extra.body], used)
  const sequence = [...body, used].join('\n').includes('seq.') || walk.inside !== ''
  const head = prune([
    ...elementHead(walk),
    ...(walk.sequences === 'search' ? [`let ${batch} = sequence_of_${walk.segment}(group, low, high);`] : walk.sequences === 'batch' ? [`let ${batch} = group;`] : []),
    ...(sequence ? [`let seq = load_sequence(${batch});`] : []),
  ], [...body, used, walk.inside === '' ? '' : `${batch} ${walk.inside}`].join('\n'))
  return { head, body, loads, lane }
}

/** Elementwise maps, gathers and reshapes: one pass over the output, each word of it written by one thread. */
export const wgslMovement: LoopNest = {
  name: 'wgsl_movement', target: 'wgsl', class: 'movement',
  space: {
    threads: { values: [64, 128, 256], about: 'threads of a workgroup' },
    unroll: { values: [1, 2, 4, 8], about: 'vectors, words or elements of a thread' },
  },
  defaults: () => ({ threads: 256, unroll: 4 }),
  infeasible: ({ threads }, _x, _p, limits) => (threads! > limits.threads ? { reason: 'threads', message: `${threads} threads a workgroup, the device allows ${limits.threads}`, fix: `Try threads=${limits.threads}.` } : undefined),
  bind(l, { threads, unroll }) {
    const { output } = l.x
    const vector = innerVector(l, output)
    const walk = wgslWalk(l, output)
    const block = new Block(l, vector.axis)
    const value = block.call('value', l.x.epilogue, l.x.spans.epilogue ?? l.x.spans.value)
    const step = stepText(l, walk, block, value, vector)
    l.sources.add('elements')
    const half = isHalf(elementKind(l, output))
    const per = vector.count > 1 ? vector.count : half ? 2 : 1
    const search = walk.sequences === 'search'
    const count = search ? sequenceCount(l, output) : ''
    const text = [...step.head, ...step.body, ...step.loads, ...step.lane, value].join('\n')
    const used = /\bseq\./.test(`${text}\n${walk.inside}`)
    if (!used) l.fields.clear()
    const path = vector.axis ? `vectors of ${vector.count} along ${vector.axis}` : half ? 'words of two elements' : 'elements'
    const common = wgslCommon(l, text, path, { count: vector.count, buffers: new Set(block.vectors.map((v) => v.buffer)) }, vector.count)
    return {
      context: {
        ...common, ...step, searches: search ? [walk.segment] : [], sizes: { threads, unroll, per, chunk: threads! * unroll! },
        flags: { ...common.flags, search, vector: vector.count > 1, words: vector.count === 1 && half },
        words: { ...common.words, entry: 'move_elements', value: outputValue(l), result: value, count, inside: search ? `${at(l.batch!)} < ${count} && ${walk.inside}` : '', last: half ? narrowed(elementKind(l, output), 'x0') : '', tail: walk.tail, segment: walk.segment, stored: storing(l, per, (k) => `x${vector.count > 1 ? `[${k}]` : half ? k : ''}`) },
      },
      entries: [{ name: 'move', entryPoint: 'move_elements', threads: threads!, sharedBytes: search ? 8 : 0, grid: [{ kind: 'count', of: 'elements', per: per * threads! * unroll! }] }],
      limits: { maxComputeInvocationsPerWorkgroup: threads!, maxComputeWorkgroupSizeX: threads! },
    }
  },
}
