import type { Algorithm, Problem } from '../../ir/algorithm.ts'
import { TILES } from '../../ir/manifest.ts'
import type { Facts, Template, TemplateNumbers } from '../types.ts'
import { firstFailure } from './wgsl_checks.ts'
import { wgslCost } from './wgsl_cost.ts'
import { defaultValues } from './wgsl_defaults.ts'
import { shapeOf, usesScratch, type WgslShape } from './wgsl_shape.ts'
import { space, type WgslSchedule, wgslSchedule } from './wgsl_space.ts'

/** Bisection of a tile that analysis leaves open; the host's classifyTile uses the same numbers. */
const BISECT = Object.freeze({ budget: 64, stack: 15 })

const sizesOf = (s: WgslSchedule, x: WgslShape): Readonly<Record<string, number>> => ({
  rows: s.rows, lanes: s.lanes, keys: x.keys, more_keys: x.keys - 1, row_groups: x.rowGroups,
  head_vecs: x.headVecs, chunk_vecs: x.chunkVecs, chunks: x.chunks, q_vecs: x.qVecs, columns: x.columns,
  q_pitch: x.qPitch, kv_pitch: x.kvPitch, p_pitch: x.pPitch,
  q_tile: s.block_m * x.qPitch, kv_tile: s.block_n * x.kvPitch, p_tile: s.block_m * x.pPitch, row_scratch: x.rowScratch,
  weight_width: x.weightWidth, weight_vecs: x.weightVecs, weight_steps: s.lanes * x.weightVecs,
  scores: s.rows * x.keys, row_accumulators: x.chunks * x.columns, accumulators: s.rows * x.chunks * x.columns,
  bisect_budget: BISECT.budget, bisect_stack: BISECT.stack, pad: TILES.pad,
})

const flagsOf = (s: WgslSchedule, x: WgslShape, { dtype, headDim }: Problem, algorithm: Algorithm, facts: Facts): Readonly<Record<string, boolean>> => {
  const { tileMode, normalizer } = facts
  const softmax = normalizer === 'softmax'
  const scale = algorithm.normalizer.kind === 'pointwise' && algorithm.normalizer.scale !== undefined
  const masked = tileMode !== 'all'
  const hooks = masked || algorithm.scoreMod !== undefined || scale
  const has = (kind: string): boolean => algorithm.captures.some((c) => c.kind === kind)
  return {
    f16: dtype === 'f16', softmax, subgroups: s.subgroups > 0, row_scratch: usesScratch(s, normalizer),
    tile_bounds: tileMode === 'bounds', tile_test: tileMode === 'test', uses_mask: masked, always_masked: tileMode === 'masked',
    sometimes_masked: tileMode === 'bounds' || tileMode === 'test', counts_full: tileMode !== 'masked',
    stage_q: s.stage_q === 1, vector_loads: headDim % 4 === 0, ragged_chunks: x.chunks * x.chunkVecs > x.headVecs,
    ragged_columns: x.columns * s.lanes > x.chunkVecs,
    ragged_store: x.columns * s.lanes > x.chunkVecs || x.chunks * x.chunkVecs > x.headVecs, barrier_before_values: !usesScratch(s, normalizer),
    uses_b: hooks || has('perSequence'), uses_h: hooks || has('perHead'), has_factor: softmax || scale,
  }
}

const wordsOf = (s: WgslSchedule, x: WgslShape, { dtype, headDim }: Problem, { normalizer }: Facts): Readonly<Record<string, string>> => {
  const vec4 = `vec4<${dtype}>`
  const f32 = dtype === 'f32'
  return {
    storage_type: headDim % 4 === 0 ? vec4 : dtype,
    tile_type: vec4,
    weight_type: x.weightWidth === 1 ? 'f32' : `vec${x.weightWidth}<f32>`,
    widen: f32 ? '' : 'vec4<f32>',
    narrow: f32 ? '' : vec4,
    narrow_scalar: f32 ? '' : dtype,
    masked: normalizer === 'softmax' ? 'MASKED' : '0.0',
    key: x.weightVecs > 1 ? 'key' : 'n',
  }
}

const featuresOf = (dtype: Problem['dtype'], subgroupLanes: number): readonly string[] => [...(dtype === 'f16' ? ['shader-f16'] : []), ...(subgroupLanes > 0 ? ['subgroups'] : [])]

const numbers = (values: WgslSchedule, problem: Problem, algorithm: Algorithm, facts: Facts): TemplateNumbers => {
  const x = shapeOf(values, problem, facts)
  return {
    sizes: sizesOf(values, x),
    flags: flagsOf(values, x, problem, algorithm, facts),
    words: wordsOf(values, x, problem, facts),
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
  dtypes: ['f32', 'f16'],
  space,
  defaults: (problem, facts, limits) => ({ template: 'wgsl_fma', values: { ...defaultValues(problem, facts, limits) } }),
  infeasible: ({ values }, problem, facts, limits) => firstFailure(wgslSchedule(values), problem, facts, limits),
  numbers: ({ values }, problem, algorithm, facts) => numbers(wgslSchedule(values), problem, algorithm, facts),
  cost: ({ values }, problem, limits) => wgslCost(wgslSchedule(values), problem, limits),
})
