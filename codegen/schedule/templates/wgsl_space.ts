import type { SpaceField } from '../types.ts'
import { GQA } from './gqa.ts'

/** Decided numbers of the FMA loop nest on WGSL. */
export interface WgslSchedule {
  readonly block_m: number
  readonly block_n: number
  readonly rows: number
  readonly lanes: number
  readonly chunk_d: number
  readonly stage_q: number
  readonly subgroups: number
  readonly split: number
  readonly order: number
  readonly pack: number
  readonly gqa: number
  readonly prefetch: number
}

export const space: Readonly<Record<keyof WgslSchedule, SpaceField>> = Object.freeze({
  block_m: { values: [16, 32, 64, 128], about: 'BLOCK_M: query rows of a workgroup' },
  block_n: { values: [8, 16, 32, 64, 128], about: 'BLOCK_N: keys of a key tile' },
  rows: { values: [1, 2, 4, 8], about: 'query rows whose scores and accumulators one thread holds in registers' },
  lanes: { values: [4, 8, 16, 32], about: 'threads that share a query row' },
  chunk_d: { values: [16, 32, 64, 128], about: 'head dim staged in workgroup memory at a time' },
  stage_q: { values: [0, 1], about: '1: the whole query tile stays in workgroup memory; 0: it is staged again with each chunk of keys' },
  subgroups: { values: [0, 4, 8, 16, 32], about: 'lanes that reduce a row by subgroup shuffles; 0: through workgroup memory' },
  split: { values: [1, 2, 4, 8, 16], about: 'parts that the keys of a query tile are split into, added up by the merge entry; for few queries over many keys' },
  order: { values: [0, 1], about: '1: query tiles of long sequences come first in the work list' },
  pack: { values: [0, 1], about: '1: a tile is BLOCK_M packed rows, whatever sequences they belong to; for short sequences, self-attention only' },
  gqa: GQA,
  prefetch: { values: [0, 1], about: '1: the next chunk of keys or values is read into registers while this one is used' },
})

const KEYS = Object.keys(space) as readonly (keyof WgslSchedule)[]

/** The schedule's values under their names. */
export const wgslSchedule = (values: Readonly<Record<string, number>>): WgslSchedule =>
  Object.fromEntries(KEYS.map((key) => [key, values[key]!])) as unknown as WgslSchedule
