import { lowering, staticSize } from '../context.ts'
import { groupsOf, keepsAxes, shapeOf, VECTORS_OF_A_LANE } from './cuda_reduction_shape.ts'
import { reducedAxes } from './cuda_domain.ts'
import { walkOf } from './cuda_walk.ts'
import { axisOf, type Interaction, type InteractionProblem } from '../../../ir/interaction/index.ts'
import { powerUpTo } from './powers.ts'
import type { LoopNest, ScheduleValues } from './types.ts'

export const reductionSpace: LoopNest['space'] = {
  threads: { values: [128, 256, 512, 1024], about: 'threads of a block' },
  lanes: { values: [1, 2, 4, 8, 16, 32], about: 'threads side by side along columns' },
  items: { values: [0, 2, 4, 8, 16, 32], about: 'vectors that a thread keeps in registers over all passes; 0: none' },
  blocks: { values: [1, 2, 3, 4, 6, 8], about: 'blocks of a multiprocessor, at least: limits the registers of a thread' },
  cluster: { values: [1, 2, 4, 8], about: 'blocks of a cluster that share a group (compute capability 9.0 and later)' },
  staged: { values: [0, 2, 8, 12, 16, 24, 26, 48], about: 'vectors of 16 bytes that a thread keeps in shared memory over all passes, instead of registers; 0: none' },
  batch: { values: [0, 2, 4, 8, 16], about: 'loads of a thread that are under way at once, where nothing is kept; 0: as the compiler has them' },
  unroll: { values: [1, 2, 4, 8], about: 'rows of a team whose loads are under way at once' },
  parts: { values: [1, 66, 132, 264, 528], about: 'ranges of a sum over all sequences, merged in order; 1: none' },
  split: { values: [0, 16, 512, 1024, 2048, 4096], about: 'rows of a part of a long sequence, merged in order; 0: sequences are not split' },
  span: { values: [1, 2, 4, 8, 16, 32], about: 'rounds of a block: rows one after another whose columns it adds up' },
}

export const hasClusters = (architecture: string | undefined): boolean => Number(/^sm_(\d+)/.exec(architecture ?? '')?.[1] ?? 0) >= 90

const USUAL: ScheduleValues = { threads: 256, lanes: 8, items: 8, blocks: 3, cluster: 1, staged: 0, batch: 4, unroll: 4, parts: 264, split: 1024, span: 8 }

/** From so many columns on, sequences are taken to be long: their lengths are not known when a kernel is emitted. */
const WIDE = 256
/** Elements of a row that a warp keeps in few registers. */
const SHORT_ROW = 1024

/** Threads for rows of so many vectors whose columns are added up: of rows one by one (`single`), or of sequences. As many registers as spill nothing in their dtype. */
const withSums = (dtype: InteractionProblem['dtype'], vectors: number, single: boolean): ScheduleValues => {
  if (single) return { threads: Math.min(1024, Math.max(128, powerUpTo(vectors / VECTORS_OF_A_LANE))) }
  const threads = Math.min(1024, Math.max(dtype === 'f32' ? 512 : 256, powerUpTo(vectors)))
  return { threads, items: 4, blocks: dtype === 'bf16' && threads === 256 ? 3 : threads <= (dtype === 'f32' ? 512 : 256) ? 2 : 1 }
}

/** Columns of a sequence, walked once for one result: a cluster a sequence where there are some, else parts of long ones are merged, as for several results. */
const pooled = (clusters: boolean): ScheduleValues => (clusters ? { threads: 128, lanes: 16, blocks: 6, cluster: 4 } : {})

/** Columns of a sequence, walked again and again: of one input, or of several that share the memory. A block of 99 KiB runs on every architecture. */
const normalised = (inputs: number, wide: boolean, clusters: boolean): ScheduleValues => {
  if (!wide) return { staged: 16 }
  return clusters && inputs > 1 ? { cluster: 4, staged: 16 } : { lanes: 4, staged: clusters ? 26 : 24, blocks: 2 }
}

/** As `normalised`, where the elements are not copied in whole pieces: what fits stays in registers. Columns of one 16-bit input spill with three blocks a multiprocessor. */
const inRegisters = (inputs: number, passes: number, short: boolean): ScheduleValues => (!short ? {} : inputs === 1 && passes > 1 ? { blocks: 2 } : { lanes: 4 })

/** Sequences as one row each, `sums`: with the sums of their columns beside. A cluster keeps what a block cannot. */
const wholeSequences = (short: boolean, wide: boolean, clusters: boolean, sums: boolean): ScheduleValues => {
  if (clusters && wide) return short && !sums ? { cluster: 8, staged: 16 } : { cluster: 8, staged: 12, ...(short || !sums ? { threads: 512, blocks: 2 } : { threads: 1024, blocks: 1 }) }
  if (clusters && sums) return { cluster: 4, staged: 16 }
  return short ? { threads: 512, items: 4, blocks: 2 } : { threads: 1024, blocks: 1, ...(clusters && { staged: 8 }) }
}

/**
 * Measured on an H100 over ragged rows of 128 and 256 columns, sequences of up to 512 and 2,048 rows. Whole sequences reduced to one row norm fill a multiprocessor with a block or two; packed
 * rows need small blocks; a thread that adds up columns beside its rows needs registers for them.
 */
export const reductionDefaults = (x: Interaction, problem: InteractionProblem, { clusters: offered, staging }: { readonly clusters: boolean; readonly staging: boolean }): ScheduleValues => {
  const l = lowering(x, problem, 'cuda')
  const { kind, inner, vector } = shapeOf(l)
  const searched = walkOf(l, groupsOf(x, kind === 'columns' ? inner : undefined), 1).sequences === 'search'
  const several = x.passes.length > 1 || keepsAxes(x)
  const short = problem.dtype !== 'f32'
  const size = inner === undefined ? 1 : staticSize(l, inner)!
  const clusters = offered && reducedAxes(x).some((a) => axisOf(x, a).kind === 'jagged')
  const wide = size >= WIDE
  if (x.sums && inner !== undefined) {
    const single = reducedAxes(x).length === 1
    return { ...USUAL, ...(single || !clusters || (size / vector) & (size / vector - 1) ? withSums(problem.dtype, size / vector, single) : wholeSequences(short, wide, clusters, true)) }
  }
  if (kind === 'rows' && searched) return { ...USUAL, threads: 128, ...(size <= SHORT_ROW && reducedAxes(x).every((a) => axisOf(x, a).kind === 'dense') && { items: 4, blocks: 8 }) }
  if (kind === 'rows') return several ? { ...USUAL, ...wholeSequences(short, wide, clusters, false) } : USUAL
  if (searched) return { ...USUAL, blocks: 8 }
  return { ...USUAL, ...(!several ? pooled(clusters && x.passes[0]!.values.length === 1) : staging && vector === (short ? 8 : 4) ? normalised(x.inputs.length, wide, clusters) : inRegisters(x.inputs.length, x.passes.length, short)) }
}
