import { lowering, staticSize } from '../context.ts'
import { groupsOf, keepsAxes, powerOf2, shapeOf, VECTORS_OF_A_LANE } from './cuda_reduction_shape.ts'
import { reducedAxes } from './cuda_domain.ts'
import { walkOf } from './cuda_walk.ts'
import type { InteractionProblem } from '../../../ir/interaction/index.ts'
import type { LoopNest, ScheduleValues } from './types.ts'

export const reductionSpace: LoopNest['space'] = {
  threads: { values: [128, 256, 512, 1024], about: 'threads of a block' },
  lanes: { values: [1, 2, 4, 8, 16, 32], about: 'threads side by side along columns' },
  items: { values: [0, 2, 4, 8, 16, 32], about: 'vectors that a thread keeps in registers over all passes; 0: none' },
  blocks: { values: [1, 2, 3, 4, 6, 8], about: 'blocks of a multiprocessor, at least: limits the registers of a thread' },
  staged: { values: [0, 2, 8, 12, 16, 24, 26, 48], about: 'vectors of 16 bytes that a thread keeps in shared memory over all passes, instead of registers; 0: none' },
  batch: { values: [0, 2, 4, 8, 16], about: 'loads of a thread that are under way at once, where nothing is kept; 0: as the compiler has them' },
  unroll: { values: [1, 2, 4, 8], about: 'rows of a team whose loads are under way at once' },
  parts: { values: [1, 66, 132, 264, 528], about: 'ranges of a sum over all sequences, merged in order; 1: none' },
  split: { values: [0, 16, 512, 1024, 2048, 4096], about: 'rows of a part of a long sequence, merged in order; 0: sequences are not split' },
  span: { values: [1, 2, 4, 8, 16, 32], about: 'rounds of a block: rows one after another whose columns it adds up' },
}

/** Threads for rows of so many vectors whose columns are added up: of rows one by one (`single`), or of sequences. As many registers as spill nothing in their dtype. */
const withSums = (dtype: InteractionProblem['dtype'], vectors: number, single: boolean): ScheduleValues => {
  if (single) return { threads: Math.min(1024, Math.max(128, powerOf2(vectors / VECTORS_OF_A_LANE))) }
  const threads = Math.min(1024, Math.max(dtype === 'f32' ? 512 : 256, powerOf2(vectors)))
  return { threads, items: 4, blocks: dtype === 'bf16' && threads === 256 ? 3 : threads <= (dtype === 'f32' ? 512 : 256) ? 2 : 1 }
}

/**
 * Measured on an H100 over ragged rows of 128 and 256 columns. Whole sequences reduced to one row norm fill a multiprocessor with a block or two; packed rows need
 * small blocks; a thread that adds up columns beside its rows needs registers for them; columns of one 16-bit input that is walked over and over spill with three blocks a multiprocessor.
 */
export const reductionDefaults: LoopNest['defaults'] = (x, problem) => {
  const l = lowering(x, problem, 'cuda')
  const { kind, inner, vector } = shapeOf(l)
  const searched = walkOf(l, groupsOf(x, kind === 'columns' ? inner : undefined), 1).sequences === 'search'
  const several = x.passes.length > 1 || keepsAxes(x)
  const short = problem.dtype !== 'f32'
  const shared = { lanes: 8, items: 8, blocks: 3, staged: 0, batch: 4, unroll: 4, parts: 264, split: 1024, span: 8 }
  if (x.sums && inner !== undefined) return { ...shared, ...withSums(problem.dtype, staticSize(l, inner)! / vector, reducedAxes(x).length === 1) }
  if (kind === 'rows' && searched) return { ...shared, threads: 128 }
  if (kind === 'rows') return several ? short ? { ...shared, threads: 512, items: 4, blocks: 2 } : { ...shared, threads: 1024, blocks: 1 } : { ...shared, threads: 256 }
  if (searched) return { ...shared, threads: 256, blocks: 8 }
  if (!several || !short) return { ...shared, threads: 256 }
  return x.inputs.length === 1 && x.passes.length > 1 ? { ...shared, threads: 256, blocks: 2 } : { ...shared, threads: 256, lanes: 4 }
}
