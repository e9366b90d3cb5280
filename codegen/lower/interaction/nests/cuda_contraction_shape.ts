import { axisOf, type Interaction, type InteractionProblem } from '../../../ir/interaction/index.ts'
import type { Infeasible } from '../../../schedule/types.ts'
import { classify, type Contraction } from '../classify.ts'
import { type Lowering, lowering, staticSize } from '../context.ts'
import { type Extent, extentOfAxis } from './cuda_contraction_extent.ts'
import { exactIn16, type Multiply, readsPackedRows } from './cuda_contraction_operand.ts'
import type { ScheduleValues } from './types.ts'

/** Tensor cores where a factor rounded to 16 bits is as good as the output: f16 has no exponents to spare, an f32 output shows the rounding. */
const multiplyOf = (l: Lowering, { left, right }: Contraction): Multiply => {
  const { dtype, precision } = l.problem
  const exact = exactIn16(l, left, right)
  if ((dtype === 'bf16' && (exact || l.x.output.dtype === 'element')) || (dtype === 'f16' && exact)) return 'mma'
  return precision === 'tf32' && dtype === 'f32' ? 'tf32' : 'fma'
}

/** Rows of k summed in several blocks and merged in order: a long sequence's (`rows`), or those of all sequences (`all`). */
export type Split = 'none' | 'rows' | 'all'

const splitOf = (x: Interaction, c: Contraction, m: Extent, n: Extent): Split => {
  if (x.reduced.some((a) => axisOf(x, a).kind === 'batch')) return 'all'
  return axisOf(x, c.k).kind === 'jagged' && m.uniform && n.uniform ? 'rows' : 'none'
}

/** A product: how it multiplies, how far its axes reach, who sums what. */
export interface Product {
  readonly c: Contraction
  readonly multiply: Multiply
  readonly m: Extent
  readonly n: Extent
  readonly k: Extent
  readonly split: Split
  /** Rows of all sequences are one: the right factor is the same for all of them. */
  readonly packed: boolean
}

/** Reads no schedule. Adds to the lowering what extents read. */
export const productOf = (l: Lowering, c = classify(l.x) as Contraction): Product => {
  const multiply = multiplyOf(l, c)
  const [m, n, k] = [c.m, c.n, c.k].map((axis) => extentOfAxis(l, axis)) as [Extent, Extent, Extent]
  return { c, multiply, m, n, k, split: splitOf(l.x, c, m, n), packed: readsPackedRows(l, c.m, c.left, c.right, l.x.epilogue) }
}

export const productFor = (x: Interaction, problem: InteractionProblem): { readonly l: Lowering; readonly product: Product } => {
  const l = lowering(x, problem, 'cuda')
  return { l, product: productOf(l) }
}

/** Why blocks of a fixed number cannot walk the rows of a product; undefined where they can. Where they keep the right factor, one tile must hold all of its columns. */
export const whyNotPersistent = (l: Lowering, { c, m, n, split }: Product, v: ScheduleValues): Infeasible | undefined => {
  const { x } = l
  const no = (message: string, fix = 'Try persist=0.'): Infeasible => ({ reason: 'persist', message, fix })
  if (v.stages! < 2) return no('one tile of each operand leaves nothing to ask for ahead', 'Try stages=2.')
  if (split === 'all') return no('the rows of all sequences are in parts already')
  if (split === 'rows') return undefined
  const axes = x.output.axes.map((a) => (a.kind === 'axis' ? a.name : ''))
  if (m.uniform || x.output.storage !== 'jagged' || axes.join() !== `${c.m},${c.n}`) return no('the rows of the output are not packed rows')
  if (n.size === undefined || axisOf(x, c.k).kind !== 'dense' || staticSize(l, c.k) === undefined) return no('the right factor has no size that is known')
  return n.size > v.block_n! ? no(`a tile of ${v.block_n} columns does not hold the ${n.size} of the output`, 'Try block_n=256 or persist=0.') : undefined
}
