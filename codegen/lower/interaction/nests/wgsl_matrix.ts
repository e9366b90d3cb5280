import type { SubgroupMatrix } from '../../../ir/plan.ts'
import type { Infeasible, Limits } from '../../../schedule/types.ts'
import type { ScheduleValues } from './types.ts'
import { QUAD } from './wgsl_contraction_tiles.ts'

/** Shapes of subgroup matrices, f16 into f32, by the value of `matrix`; 0: none. */
const shapes: readonly (SubgroupMatrix | undefined)[] = [
  undefined,
  { m: 16, n: 16, k: 16, lanes: 32 },
  { m: 16, n: 8, k: 16, lanes: 32 },
  { m: 8, n: 8, k: 8, lanes: 32 },
  { m: 8, n: 8, k: 8, lanes: 8 },
]
export const matrixValues = shapes.map((_, i) => i)
export const matrixAbout = `subgroup matrices: 0 none, ${shapes.flatMap((s, i) => (s ? [`${i} ${s.m}x${s.n}x${s.k} of ${s.lanes} lanes`] : [])).join(', ')}`
export const matrixOf = ({ matrix }: ScheduleValues): SubgroupMatrix | undefined => shapes[matrix ?? 0]

const same = (a: SubgroupMatrix, b: SubgroupMatrix): boolean => a.m === b.m && a.n === b.n && a.k === b.k && a.lanes === b.lanes

/** The value of `matrix` for what the device offers. */
export const offeredMatrix = ({ subgroupMatrix: offered }: Limits): number => (offered ? Math.max(0, shapes.findIndex((s) => s !== undefined && same(s, offered))) : 0)

/** Half elements between the rows of a tile: rows of neighbouring lanes in different banks. */
const PAD = 8

/** How subgroups share an output tile: each has `rows` by `columns` matrices, and there are `across` of them side by side; a row of matrices of all subgroups are `strip` rows of sums. */
export const matrixTiles = (s: SubgroupMatrix, v: ScheduleValues) => {
  const [rows, columns] = [v.thread_m! / QUAD, v.thread_n! / QUAD]
  const across = v.block_n! / (s.n * columns)
  return { rows, columns, across, strip: v.block_m! / rows, threads: (v.block_m! / (s.m * rows)) * across * s.lanes }
}

/** A tile of halves as it is stored: `rows` of the unit axis' elements, `pitch` apart. */
export const matrixTile = (kUnit: boolean, block: number, blockK: number) => {
  const [rows, columns] = kUnit ? [block, blockK] : [blockK, block]
  return { rows, quads: columns / QUAD, pitch: columns + PAD, halves: rows * (columns + PAD) }
}

/** f32 sums on their way to the output. */
export const stripBytes = (v: ScheduleValues): number => (4 * v.block_m! * v.block_n! * QUAD) / v.thread_m!

export const matrixBytes = (v: ScheduleValues): number => {
  const most = (block: number): number => 2 * Math.max(...[true, false].map((kUnit) => matrixTile(kUnit, block, v.block_k!).halves))
  return most(v.block_m!) + most(v.block_n!) + stripBytes(v)
}

/** Why a tile cannot be made of these matrices. */
export const matrixMisfit = (s: SubgroupMatrix, v: ScheduleValues): Infeasible | undefined => {
  const own = matrixTiles(s, v)
  const [m, n] = [s.m * own.rows, s.n * own.columns]
  if (v.block_m! % m || v.block_n! % n) return { reason: 'divisibility', message: `a subgroup has ${m} by ${n} sums, which do not divide a tile of ${v.block_m} by ${v.block_n}`, fix: 'Try thread_m=4 thread_n=4.' }
  return v.block_k! % s.k ? { reason: 'divisibility', message: `matrices of ${s.k} along k do not divide block_k=${v.block_k}`, fix: `Try block_k=${s.k}.` } : undefined
}
