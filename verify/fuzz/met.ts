import type { Algorithm } from '../../codegen/ir/algorithm.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { AttentionCase } from '../case.ts'
import type { VerifyResult } from '../result.ts'
import { tilesOf } from '../tiles.ts'
import { pathsOf } from './paths.ts'

/** How often each thing that could go wrong was met by a case, by name. */
export type Met = Readonly<Record<string, number>>

/** What a run of CI size must meet at least once. */
export const mustMeet = Object.freeze([
  'plain cases', 'split cases', 'ordered cases', 'packed cases', 'full tiles', 'partial tiles', 'empty tiles', 'tiles of several sequences', 'tiles of one sequence among packed',
  'self', 'jagged', 'dense', 'broadcast', 'align end', 'rows before the first key', 'shared keys', 'shared key heads', 'value dims of their own', 'head-major', 'views', 'i64 offsets', 'rows past the last offset',
  'rows that keep nothing', 'softmax', 'pointwise', 'byHead', 'sinks', 'weights dropped after the sum', 'grouped cases', 'tiles of several heads',
])

/** Packed tiles of rows of one sequence, and of several. */
const packedTiles = ({ offsets, rows }: AttentionCase, blockM: number): { readonly one: number; readonly several: number } => {
  const found = { one: 0, several: 0 }
  for (let row = 0; row < rows; row += blockM) {
    const inside = offsets.filter((begin, b) => b + 1 < offsets.length && offsets[b + 1]! > begin && begin < row + blockM && offsets[b + 1]! > row).length
    if (inside > 1) found.several++
    else if (inside === 1) found.one++
  }
  return found
}

/** What a passed case met. Tiles are counted where the kernel counted the same. */
export const metBy = (algorithm: Algorithm, kernel: KernelSource, c: AttentionCase, result: VerifyResult): Met => {
  const { manifest } = kernel
  const tiles = tilesOf(algorithm, kernel, c)
  const packed = manifest.pack ? packedTiles(c, manifest.blockM) : { one: 0, several: 0 }
  const n = algorithm.normalizer
  const softmax = (n.kind === 'byHead' ? [n.first, n.rest] : [n]).find((p) => p.kind === 'softmax')
  return {
    ...Object.fromEntries(pathsOf(manifest.schedule).map((path) => [`${path} cases`, 1])),
    'full tiles': tiles?.full ?? 0, 'partial tiles': tiles?.partial ?? 0, 'empty tiles': tiles?.empty ?? 0,
    'tiles of several sequences': packed.several, 'tiles of one sequence among packed': packed.one, 'tiles of several heads': manifest.gqa && c.kvHeads < c.heads ? (tiles?.executed ?? 0) : 0,
    [c.extent.layout.queries]: 1, 'align end': Number(c.extent.layout.align === 'end'), 'rows before the first key': Number(c.views.some((v) => v.dropped > 0)), 'shared keys': Number(c.extent.kvIndex !== undefined),
    'shared key heads': Number(c.kvHeads < c.heads), 'value dims of their own': Number(c.valueDim !== c.headDim), 'head-major': Number(c.placement === 'headMajor'), views: Number(c.placement === 'view'),
    'i64 offsets': Number((c.inputs.seqOffsets ?? c.inputs.kvOffsets) instanceof BigInt64Array), 'rows past the last offset': Number(c.rows > c.offsets.at(-1)!),
    'rows that keep nothing': Number(result.checks.rowsPast === 'pass'), [n.kind]: 1, sinks: Number(softmax?.sink !== undefined), 'weights dropped after the sum': Number(softmax?.keepAfter !== undefined),
  }
}

/** Adds up in place. */
export const addMet = (sum: Record<string, number>, more: Met): void => {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count
}
