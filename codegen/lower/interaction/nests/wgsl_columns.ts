import type { GridFactor, Interaction, InteractionProblem } from '../../../ir/interaction/index.ts'
import { snake } from '../../../ir/names.ts'
import type { Infeasible, Limits } from '../../../schedule/types.ts'
import type { Block } from '../block.ts'
import { buffers } from '../params.ts'
import { type Lowering, lowering, staticSize } from '../context.ts'
import { tensor } from '../names.ts'
import { type ScheduleValues, SUMS_ENTRY } from './types.ts'
import { elementKind, isHalf, vectorType } from './wgsl_common.ts'

/** Columns of a workgroup that adds up parts. */
const MERGED = 8
/** Numbers that a thread adds columns up in: more are no longer in registers. */
const MOST = 128

export type Vector = { readonly axis: string | undefined; readonly count: number }

/** Vectors of columns of a thread. */
const spreadOf = (l: Lowering, { axis, count }: Vector, lanes: number): number => Math.ceil(staticSize(l, axis!)! / count / lanes)

/** What keeps a workgroup from adding up columns; undefined: nothing. `rows`: rows are written by their groups, vector by vector. */
export const refusedColumns = (x: Interaction, problem: InteractionProblem, { rows, vector, lanes, threads }: { readonly rows: boolean; readonly vector: Vector; readonly lanes: number; readonly threads: number }, limits: Limits): Infeasible | undefined => {
  if (!x.sums) return undefined
  const fix = 'Take the gradients one by one.'
  if (!rows) return { reason: 'columns', message: 'a second entry writes rows that are not whole vectors along one reduced axis', fix }
  const l = lowering(x, problem, 'wgsl')
  const own = spreadOf(l, vector, lanes) * vector.count * x.sums.length
  if (own > MOST) return { reason: 'columns', message: `a thread would add up ${own} columns, of which ${MOST} stay in registers`, fix: lanes < 64 ? `Try lanes=${lanes * 2}.` : fix }
  const bytes = 4 * threads * (vector.count + x.passes.length) + 16
  return bytes > limits.sharedMemory ? { reason: 'columns', message: `it needs ${bytes} bytes of workgroup memory, of which there are ${limits.sharedMemory}`, fix: 'Try threads=64.' } : undefined
}

/** As refusedColumns, of a kernel that is bound: its entry binds all inputs, the output and the parts. */
export const refusedBuffers = (l: Lowering, limits: Limits): Infeasible | undefined => {
  const need = buffers(l, []).length + 1
  return need > limits.storageBuffers ? { reason: 'columns', message: `it would bind ${need} storage buffers with the parts of its columns, of which there are ${limits.storageBuffers}`, fix: 'Take the gradients one by one.' } : undefined
}

/** The sums as the template prints them. `block` is that of the epilogue. */
export const wgslColumns = (l: Lowering, block: Block, vector: Vector, { threads, lanes, span }: ScheduleValues, factors: readonly GridFactor[], of = l.x.sums ?? []) => {
  const sums = of.map(({ output, value }, row) => {
    const kind = elementKind(l, output)
    return { name: output.tensor, column: `columns_${snake(output.tensor)}`, buffer: tensor(output.tensor), type: vectorType(kind, isHalf(kind) ? 2 : 1), half: isHalf(kind), kind, row, text: block.call(`of_${snake(output.tensor)}`, value) }
  })
  const size = staticSize(l, vector.axis!)!
  const spread = spreadOf(l, vector, lanes!)
  const grid: readonly GridFactor[] = [{ kind: 'ceil', factors, per: (threads! / lanes!) * span!, least: 1 }]
  return {
    sums, grid, sizes: { span: span!, spread, own: spread * vector.count, sums: size * sums.length, columns: size, merged: MERGED, held: threads! * vector.count },
    merging: [{ kind: 'const' as const, value: Math.ceil((size * sums.length) / MERGED) }],
    partials: [...grid, { kind: 'const' as const, value: size * sums.length }],
    buffers: [{ name: 'partials', access: 'read_write' as const, entries: ['reduce', SUMS_ENTRY] }, ...sums.map(({ buffer }) => ({ name: buffer, access: 'read_write' as const, entries: [SUMS_ENTRY] }))],
  }
}
