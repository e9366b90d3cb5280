import { lowering } from '../context.ts'
import { groupsOf, keepsAxes, shapeOf } from './cuda_reduction_shape.ts'
import { walkOf } from './cuda_walk.ts'
import type { LoopNest } from './types.ts'

export const reductionSpace: LoopNest['space'] = {
  threads: { values: [128, 256, 512, 1024], about: 'threads of a block' },
  lanes: { values: [1, 2, 4, 8, 16, 32], about: 'threads side by side along columns' },
  items: { values: [0, 2, 4, 8, 16, 32], about: 'vectors that a thread keeps in registers over all passes; 0: none' },
  blocks: { values: [1, 2, 3, 4, 6, 8], about: 'blocks of a multiprocessor, at least: limits the registers of a thread' },
  batch: { values: [0, 2, 4, 8, 16], about: 'loads of a thread that are under way at once, where nothing is kept; 0: as the compiler has them' },
  unroll: { values: [1, 2, 4, 8], about: 'rows of a team whose loads are under way at once' },
  parts: { values: [1, 66, 132, 264, 528], about: 'ranges of a sum over all sequences, merged in order; 1: none' },
  split: { values: [0, 512, 1024, 2048, 4096], about: 'rows of a part of a long sequence, merged in order; 0: sequences are not split' },
}

/** Measured on an H100: blocks of a few hundred threads, vectors of 16 bytes, registers for three blocks a multiprocessor. */
export const reductionDefaults: LoopNest['defaults'] = (x, problem) => {
  const l = lowering(x, problem, 'cuda')
  const { kind, inner } = shapeOf(l)
  const searched = walkOf(l, groupsOf(x, kind === 'columns' ? inner : undefined), 1).sequences === 'search'
  const several = x.passes.length > 1 || keepsAxes(x)
  const whole = several && kind === 'rows' && !searched
  const threads = kind === 'columns' ? 256 : searched ? 128 : whole ? (problem.dtype === 'f32' ? 1024 : 512) : 256
  return { threads, lanes: several ? (problem.dtype === 'f32' ? 8 : 4) : 8, items: threads === 512 ? 4 : 8, blocks: whole ? 1024 / threads : kind === 'columns' && searched ? 8 : 3, batch: 4, unroll: 4, parts: 264, split: 1024 }
}
