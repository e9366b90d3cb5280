import { axisOf } from '../../../ir/interaction/index.ts'
import type { Infeasible, Limits } from '../../../schedule/types.ts'
import { lowering, valueType } from '../context.ts'
import { at, offsets, param } from '../names.ts'
import { cudaCommon } from './cuda_common.ts'
import { boundOf } from './cuda_domain.ts'
import { type Cache, cacheOf, PIECE } from './cuda_reduction_cache.ts'
import { columnsOf, isWhole, MERGE_COLUMNS, MERGE_THREADS, refusedColumns, sumBuffers } from './cuda_reduction_columns.ts'
import { groupLinesOf } from './cuda_reduction_lines.ts'
import { gridsOf, MERGED, partialsOf, partsOf, pathOf } from './cuda_reduction_parts.ts'
import { readsOnce } from './cuda_read_once.ts'
import { type Plan, planOf } from './cuda_reduction_plan.ts'
import { hasClusters, reductionDefaults, reductionSpace } from './cuda_reduction_schedule.ts'
import { type Steps, stepsOf, usesOf } from './cuda_reduction_steps.ts'
import { one, walkOf } from './cuda_walk.ts'
import { type LoopNest, type ScheduleValues, SUMS_ENTRY } from './types.ts'

/** Shared memory for results of a team's threads, and for what is kept over all passes. */
const reductionBytes = ({ block, columns, width, cluster }: Plan, { stats }: Steps, { threads }: ScheduleValues): number =>
  block ? (threads! / 32 + 1 + (cluster > 1 ? stats : 0)) * columns * width * 4 : 0
const stagedBytes = ({ slots, cachedNames }: Cache, { threads }: ScheduleValues): number => slots * cachedNames.size * threads! * PIECE

/** The first architecture with clusters: what a block may have of shared memory there. */
const HOPPER = { architecture: 'sm_90', sharedMemory: 227 * 1024 } as const

/** Why blocks cannot share a group. */
const refusedCluster = ({ kind, known, packed, crossed, team, columns, stride, cluster }: Plan, { threads }: ScheduleValues, { architecture }: Limits): Infeasible | undefined => {
  if (cluster === 1) return undefined
  const fix = 'Try cluster=1.'
  if (architecture !== undefined && !hasClusters(architecture)) return { reason: 'architecture', message: `${architecture} has no clusters of blocks`, fix }
  if (packed || crossed || known !== undefined || team !== threads || stride !== team / columns) return { reason: 'clusters', message: `${kind === 'rows' ? 'a row or a group of rows' : 'a group'} here is not all of one block's, so several have none to share`, fix }
  return undefined
}

/** Passes over reduced axes: a team of threads for each of the other coordinates. */
export const cudaReduction: LoopNest = {
  name: 'cuda_reduction', target: 'cuda', class: 'reduction',
  space: reductionSpace,
  defaults(x, problem, limits) {
    const clusters = hasClusters(limits.architecture)
    const ways = [{ clusters, staging: true }, { clusters: false, staging: true }, { clusters: false, staging: false }].map((way) => reductionDefaults(x, problem, way))
    return ways.find((values) => !this.infeasible(values, x, problem, limits)) ?? ways.at(-1)!
  },
  infeasible(values, x, problem, limits) {
    if (!x.sums && values.staged === 0 && values.cluster === 1) return undefined
    const l = lowering(x, problem, 'cuda')
    const plan = planOf(l, values)
    const steps = stepsOf(l, plan)
    const cache = cacheOf(l, plan, steps, values)
    const need = stagedBytes(cache, values) + reductionBytes(plan, steps, values)
    const most = values.cluster! > 1 && limits.architecture === undefined ? HOPPER.sharedMemory : limits.sharedMemory
    if (need > most) return { reason: 'shared memory', message: `it needs ${need} bytes of shared memory, of which a block may have ${most}`, fix: 'Try staged=0.' }
    const refused = refusedCluster(plan, values, limits)
    if (refused) return refused
    return x.sums ? refusedColumns(l, plan, cache, values) : undefined
  },
  bind(l, values) {
    const { x } = l
    const { threads, blocks: least, parts, split } = values
    const plan = planOf(l, values)
    const { kind, inner, vector, start, size, walk, packed, keepsReduced, rowInner, domain, outDomain, crossed, columns: lanes, team, teams, slabs, search, width, block } = plan
    const steps = stepsOf(l, plan)
    const { passes, value, shortExp, scalarStore, place } = steps
    const cache = cacheOf(l, plan, steps, values)
    const { keep, always, rows, firstBlock, cacheDecode, slots } = cache
    const divided = partsOf(l, plan, steps, values)
    const { inParts, inSlots, partial, splitSegment } = divided
    const columns = x.sums && columnsOf(l, plan, steps, cache, values)
    const uses = usesOf(l, plan, steps, cache)
    const { passUses, epilogue } = uses

    if (l.batch !== null) l.sources.add(`batch:${l.batch}`)
    const jaggedOut = x.output.storage === 'jagged'
    const outWalk = jaggedOut ? walkOf(l, x.output, 1) : undefined
    const packedLength = packed?.axis === undefined ? '' : boundOf(l, packed.axis, false)
    const packedSegment = packed?.axis === undefined ? '' : axisOf(x, packed.axis).like
    if (packed?.axis !== undefined) { l.sources.add(`offsetWords:${packedSegment}`); l.fields.set(`first_${packedSegment}`, { name: `first_${packedSegment}`, kind: 'first', segment: packedSegment }) }
    const restLoops = (packed?.rest ?? []).map((a) => ({ name: at(a), bound: boundOf(l, a, false) }))
    const own = Math.max(reductionBytes(plan, steps, values), columns?.bytes ?? 0) + (search ? 16 : 0)
    const stageAt = Math.ceil(own / PIECE) * PIECE
    const shared = slots ? stageAt + stagedBytes(cache, values) : own
    const common = cudaCommon(l, { barrier: block || search || columns !== undefined, warp: true, shared: shared > 0, shared_store: false, async_copy: slots > 0, read_once: readsOnce(l, plan) && slots === 0, cluster: plan.cluster > 1 }, pathOf(plan, cache, divided, columns, values))
    const lines = groupLinesOf(l, plan, steps, uses, cache, partial, restLoops)
    const grids = gridsOf(l, plan, cache, divided, columns, values)
    const text = JSON.stringify([passUses, epilogue, cacheDecode, walk])
    return {
      context: {
        ...common,
        partials: passes[0]!.values.map((v) => v.stat),
        sizes: { blocks: Math.max(1, Math.min(least!, Math.floor(2048 / threads!))), teams, values: passes[0]!.values.length, parts, split, merged: MERGED, threads, vector, columns: lanes, team, slabs, items: Math.max(1, keep), rows, search_at: own - (search ? 16 : 0), staged: slots, stage_at: stageAt, cluster: plan.cluster, width, size, spread: columns?.spread ?? 0, period: columns?.period ?? 0, held: columns?.held ?? 0, span: columns?.span ?? 1, sums: columns?.width ?? 0, merge_threads: MERGE_THREADS, merge_columns: MERGE_COLUMNS },
        sums: columns?.sums ?? [], kept: steps.kept, fixed: cache.fixed.map((v) => ({ ...v, element: v.kind === 'i32' ? 'int' : 'float' })),
        flags: {
          ...common.flags, sums: columns !== undefined, rounds: columns !== undefined && columns.span > 1, fixed: cache.fixed.length > 0, part_of_team: plan.stride !== team / lanes, whole: columns?.whole === true && isWhole(uses), short_exp: shortExp, crossed, search, batched: walk.sequences === 'batch', flat: false, block, column_lanes: kind === 'columns', pair: text.includes('pair_row('), lower: text.includes('lower_row('), packed: packed !== undefined && packed.axis !== undefined,
          partial, parts: inParts, split: inSlots, over_sequences: packed !== undefined, sequences: packed !== undefined && packed.axis === undefined, cached: keep > 0, staged: slots > 0, always, either: keep > 0 && !always && slots === 0, has_batch: l.batch !== null, keeps: keepsReduced.length > 0, scalar_store: scalarStore,
          jagged_out: jaggedOut, vector_lanes: inner !== undefined, count: x.passes.some((p) => p.op !== 'sum'), wide_steps: domain.steps.includes('long long') || outDomain.steps.includes('long long'), epilogue_lanes: kind === 'columns' || (inner !== undefined && keepsReduced.includes(inner)),
        },
        words: {
          ...common.words, groups: walk.groups, tail: one(walk.tail), inside_group: walk.inside, at_batch: at(l.batch ?? 'b'), count: l.batch === null ? '0' : `(int)params.${param.batch(l.batch)}`,
          offsets: offsets(walk.segment || packedSegment), offset_words: param.offsetWords(walk.segment || packedSegment), rows: param.rows(walk.segment || packedSegment),
          start: inner === undefined ? '' : `start_${start.slice(3)}`, at: start, value: valueType(l, x.output.dtype === 'i32' ? 'i32' : 'f32'),
          live: outWalk ? `offset_at(params.${offsets(outWalk.segment)}, params.${param.offsetWords(outWalk.segment)}, params.${param.rows(outWalk.segment)}, params.${param.batch(x.output.batch!)})` : '',
          out_groups: outWalk?.groups ?? '', out_tail: outWalk ? one(outWalk.tail) : '', place: place.index, place_guard: place.guards.join(' && '),
          step: domain.steps.includes('long long') || outDomain.steps.includes('long long') ? 'long long' : 'int', steps: domain.steps,
          split_offsets: offsets(splitSegment), split_words: param.offsetWords(splitSegment), split_rows: param.rows(splitSegment), split_length: inSlots ? domain.factors[0]! : '', row_steps: inSlots ? one(domain.factors.slice(1)) : '',
          packed_at: packed?.axis === undefined ? '' : at(packed.axis), packed_length: packedLength, packed_first: `first_${packedSegment}`,
          stride: plan.stride === team / lanes ? `${plan.cluster > 1 ? 'CLUSTER * ' : ''}TEAM / COLUMNS` : String(plan.stride), column: columns?.spread === 1 ? '0' : 'k',
          elements: domain.steps === '0' ? '0' : `(long long)${packed ? '1' : domain.steps}${rowInner && vector > 1 ? ` * ${vector}` : ''}`,
        },
        head: walk.head, decode: walk.decode, passes: passUses, epilogue: { ...epilogue, value, n: 'out' }, cache: firstBlock.map((v) => ({ ...v, elements: vector })), cacheDecode, ...lines, restLoops,
        combines: [...new Set(passes.map((p) => p.combine))],
      },
      entries: grids.map(([name, grid]) => ({ name, entryPoint: name, threads: name === SUMS_ENTRY ? MERGE_THREADS : threads!, sharedBytes: name === SUMS_ENTRY ? MERGE_THREADS * 4 : shared, grid })),
      ...(columns && { buffers: sumBuffers(columns), partials: [...grids[0]![1], { kind: 'const' as const, value: columns.width }] }),
      ...(partial && { buffers: [{ name: 'partials', access: 'read_write' as const, entries: ['reduce', 'merge'] }], partials: partialsOf(plan, steps, divided, values) }),
      ...(plan.cluster > 1 && { architectures: [HOPPER.architecture] }),
      limits: { threadsPerBlock: columns ? Math.max(threads!, MERGE_THREADS) : threads!, sharedMemoryPerBlock: shared },
    }
  },
}
