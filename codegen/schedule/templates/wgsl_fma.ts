import { type Algorithm, type Problem, valueDimOf } from '../../ir/algorithm.ts'
import { LAYOUT, TILES } from '../../ir/manifest.ts'
import type { Facts, Template, TemplateNumbers } from '../types.ts'
import { groupFlags } from './gqa.ts'
import { hookFlags } from './wgsl_hooks.ts'
import { firstFailure } from './wgsl_checks.ts'
import { wgslCost } from './wgsl_cost.ts'
import { defaultValues } from './wgsl_defaults.ts'
import { shapeOf, usesScratch, type WgslShape } from './wgsl_shape.ts'
import { space, type WgslSchedule, wgslSchedule } from './wgsl_space.ts'

/** Bisection of a tile that analysis leaves open; the host's classifyTile uses the same numbers. */
const BISECT = Object.freeze({ budget: 64, stack: 15 })

/** Lengths are told apart by the binary logarithm of their key tiles, up to 2^11. */
const BUCKETS = 12

const sizesOf = (s: WgslSchedule, x: WgslShape, valueDim: number): Readonly<Record<string, number>> => ({
  rows: s.rows, lanes: s.lanes, keys: x.keys, more_keys: x.keys - 1, row_groups: x.rowGroups,
  head_vecs: x.headVecs, chunk_vecs: x.chunkVecs, chunks: x.chunks, q_vecs: x.qVecs, columns: x.columns,
  value_vecs: x.valueVecs, value_chunk_vecs: x.valueChunkVecs, value_chunks: x.valueChunks,
  q_pitch: x.qPitch, kv_pitch: x.kvPitch, p_pitch: x.pPitch,
  q_steps: x.qSteps, k_steps: x.kSteps, v_steps: x.vSteps, head_stride: x.threads / x.chunkVecs, value_stride: x.threads / x.valueChunkVecs,
  more_chunks: x.chunks - 1, more_value_chunks: x.valueChunks - 1, row_scratch: x.rowScratch,
  weight_width: x.weightWidth, weight_vecs: x.weightVecs, weight_steps: s.lanes * x.weightVecs,
  scores: s.rows * x.keys, row_accumulators: x.valueChunks * x.columns, accumulators: s.rows * x.valueChunks * x.columns,
  bisect_budget: BISECT.budget, bisect_stack: BISECT.stack, pad: TILES.pad,
  tile_header: TILES.entries, tile_words: TILES.entryWords, flag_broadcast: LAYOUT.broadcast, flag_align_end: LAYOUT.alignEnd, flag_kv_index: LAYOUT.kvIndex,
  buckets: BUCKETS, split: s.split, partial_words: valueDim + 2,
})

/** Only softmax reduces rows: a pointwise kernel is the same with and without subgroups. */
const lanesOf = (s: WgslSchedule, { normalizer }: Facts): number => (normalizer === 'pointwise' ? 0 : s.subgroups)

const flagsOf = (s: WgslSchedule, x: WgslShape, problem: Problem, algorithm: Algorithm, facts: Facts): Readonly<Record<string, boolean>> => {
  const { tileMode, normalizer } = facts
  const { dtype, headDim } = problem
  const valueDim = valueDimOf(problem)
  const masked = tileMode !== 'all'
  const raggedHead = x.chunks * x.chunkVecs > x.headVecs
  const raggedValue = x.valueChunks * x.valueChunkVecs > x.valueVecs
  const raggedColumns = x.columns * s.lanes > x.valueChunkVecs
  const scratch = usesScratch(s, normalizer)
  const hooks = hookFlags(algorithm, masked || s.pack === 1)
  return {
    ...hooks, ...groupFlags(algorithm, facts, s, hooks),
    f16: dtype === 'f16', bf16: dtype === 'bf16', softmax: normalizer !== 'pointwise', by_head: normalizer === 'byHead', activates: normalizer === 'pointwise',
    subgroups: lanesOf(s, facts) > 0, row_scratch: scratch, split: s.split > 1, order: s.order === 1, pack: s.pack === 1, prefetch: s.prefetch === 1,
    tile_bounds: tileMode === 'bounds', tile_test: tileMode === 'test', uses_mask: masked, always_masked: tileMode === 'masked',
    sometimes_masked: tileMode === 'bounds' || tileMode === 'test' || (tileMode === 'all' && s.pack === 1), counts_full: tileMode !== 'masked',
    stage_q: s.stage_q === 1, vector_head: headDim % 4 === 0, vector_value: valueDim % 4 === 0,
    ragged_head: raggedHead, ragged_value: raggedValue, ragged_columns: raggedColumns, ragged_store: raggedColumns || raggedValue, uses_value_vecs: raggedColumns || raggedValue,
    barrier_before_values: !scratch || normalizer === 'byHead',
  }
}

/** What multiplies a row's accumulators: see templates/wgsl/row_end.hbs. */
const factorOf = (algorithm: Algorithm): string => {
  const n = algorithm.normalizer
  const parts = n.kind === 'byHead' ? [n.first, n.rest] : [n]
  const scaled = parts.some((p) => p.kind === 'pointwise' && p.scale) ? 'select(0.0, scale(b, h, q, seq), seq.kv_len > 0)' : '1.0'
  return n.kind === 'byHead' ? `select(${scaled}, normalised, softmax_head)` : n.kind === 'softmax' ? 'normalised' : scaled
}

const elements = (dtype: Problem['dtype'], dim: number): string => (dtype === 'bf16' ? (dim % 4 === 0 ? 'vec2<u32>' : 'u32') : dim % 4 === 0 ? `vec4<${dtype}>` : dtype)

const maskedScore: Readonly<Record<Facts['normalizer'], string>> = { softmax: 'MASKED', pointwise: '0.0', byHead: 'dropped' }

const wordsOf = (s: WgslSchedule, x: WgslShape, problem: Problem, algorithm: Algorithm, { normalizer }: Facts): Readonly<Record<string, string>> => {
  const { dtype, headDim } = problem
  const valueDim = valueDimOf(problem)
  const f16 = dtype === 'f16'
  return {
    q_element: elements(dtype, headDim), k_element: elements(dtype, headDim), v_element: elements(dtype, valueDim),
    out_element: dtype === 'bf16' && valueDim % 4 !== 0 ? 'atomic<u32>' : elements(dtype, valueDim),
    lse_element: 'u32', seq_offsets_element: 'u32', kv_offsets_element: 'u32', kv_index_element: 'i32', partials_element: 'f32', captures_i32_element: 'i32', captures_f32_element: 'f32',
    tile_type: f16 ? 'vec4<f16>' : 'vec4<f32>',
    weight_type: x.weightWidth === 1 ? 'f32' : `vec${x.weightWidth}<f32>`,
    widen: f16 ? 'vec4<f32>' : '',
    narrow: f16 ? 'vec4<f16>' : '',
    narrow_scalar: f16 ? 'f16' : '',
    masked: maskedScore[normalizer],
    softmax_heads: algorithm.normalizer.kind === 'byHead' && algorithm.normalizer.first.kind === 'softmax' ? '<' : '>=',
    factor: factorOf(algorithm),
    end_tile: s.split > 1 ? 'end_tile' : 'key_tiles',
    key: x.weightVecs > 1 ? 'key' : 'n',
    ...groupWords[s.gqa]!,
  }
}

/** Query heads that have workgroups of their own, queries of a tile, and where a row of the tile is read. */
const groupWords: readonly Readonly<Record<string, string>>[] = [
  { grid_heads: 'params.num_heads', queries: 'BLOCK_M', query_base: 'tile.first_query + ' },
  { grid_heads: '(params.num_heads / params.head_group)', queries: 'tile_queries()', query_base: '' },
]

const featuresOf = (dtype: Problem['dtype'], subgroupLanes: number): readonly string[] => [...(dtype === 'f16' ? ['shader-f16'] : []), ...(subgroupLanes > 0 ? ['subgroups'] : [])]

const numbers = (values: WgslSchedule, problem: Problem, algorithm: Algorithm, facts: Facts): TemplateNumbers => {
  const x = shapeOf(values, problem, facts)
  return {
    sizes: sizesOf(values, x, valueDimOf(problem)),
    flags: flagsOf(values, x, problem, algorithm, facts),
    words: wordsOf(values, x, problem, algorithm, facts),
    threads: x.threads,
    blockM: values.block_m,
    blockN: values.block_n,
    sharedBytes: x.sharedBytes,
    requires: {
      features: featuresOf(problem.dtype, values.subgroups),
      limits: { maxComputeWorkgroupStorageSize: x.sharedBytes, maxComputeInvocationsPerWorkgroup: x.threads, maxComputeWorkgroupSizeX: x.threads, maxStorageBuffersPerShaderStage: facts.buffers },
      subgroupLanes: values.subgroups,
      architectures: [],
    },
  }
}

/** Flash attention forward on f32 multiply-adds: register tiles, keys and values staged through workgroup memory. */
export const wgslFma: Template = Object.freeze<Template>({
  name: 'wgsl_fma',
  target: 'wgsl',
  dtypes: ['f32', 'f16', 'bf16'],
  space,
  defaults: (problem, facts, limits) => ({ template: 'wgsl_fma', values: { ...defaultValues(problem, facts, limits) } }),
  infeasible: ({ values }, problem, facts, limits) => firstFailure(wgslSchedule(values), problem, facts, limits),
  numbers: ({ values }, problem, algorithm, facts) => numbers(wgslSchedule(values), problem, algorithm, facts),
  cost: ({ values }, problem, limits) => wgslCost(wgslSchedule(values), problem, limits),
})
