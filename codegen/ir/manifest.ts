import type { Dtype, NamedCapture, SmScale } from './algorithm.ts'
import type { AttentionLayout } from './layout.ts'
import type { BufferField, ParamField, Requires, TileMode } from './plan.ts'
import type { Schedule, TargetName } from './schedule.ts'

/** All that a launcher or a device needs to run an emitted source; written beside it. */
export interface KernelManifest {
  readonly format: 1
  readonly kernel: string
  readonly definition: string
  readonly target: TargetName
  readonly dtype: Dtype
  readonly headDim: number
  readonly valueDim: number
  readonly lse: boolean
  readonly instrument: boolean
  readonly normalizer: 'softmax' | 'pointwise' | 'byHead'
  /** The layout of a launch that does not say otherwise. */
  readonly layout: AttentionLayout
  readonly tileMode: TileMode
  readonly smScale: SmScale
  readonly schedule: Schedule
  readonly captures: readonly NamedCapture[]
  readonly params: readonly ParamField[]
  readonly buffers: readonly BufferField[]
  /** Entry point names; on CUDA also the extern "C" launcher's. */
  readonly entryPoints: { readonly tiles: string; readonly attention: string; readonly merge?: string; readonly launcher?: string }
  readonly blockM: number
  readonly blockN: number
  /** Threads of a workgroup (block), per entry point. */
  readonly threads: { readonly tiles: number; readonly attention: number; readonly merge?: number }
  /** Parts that the keys of a query tile are split into; 1: not. */
  readonly split: number
  /** Tiles are BLOCK_M packed rows, whatever sequences they belong to: `self` layout only. */
  readonly pack: boolean
  /** Rows of a tile are (query, head) pairs of the heads that share a key head: BLOCK_M / group queries a tile, key heads in the grid. */
  readonly gqa: boolean
  /** Dynamic shared memory of the attention kernel, bytes (CUDA); workgroup storage used (WGSL). */
  readonly sharedBytes: number
  /** Words before the entries of the tiles workspace; absent: TILES.entries. */
  readonly tilesEntries?: number
  /** The attention grid need not exceed the multiprocessors: each block takes tile after tile. */
  readonly persistent?: boolean
  /** The tile builder has a block for so many sequences, and so many blocks at most; absent: it is one. */
  readonly builders?: { readonly sequences: number; readonly blocks: number }
  readonly requires: Requires
  readonly hashes: { readonly definition: string; readonly plan: string; readonly source: string }
}

/** An emitted kernel: text and manifest, nothing on disk needed. */
export interface KernelSource {
  readonly text: string
  readonly manifest: KernelManifest
}

/**
 * The `tiles` workspace, in u32 words: 0..2 indirect dispatch size; 3 number of query tiles; 4 executed and 5 full key tiles (instrumented
 * kernels); then from `entries` 8 words a query tile: first row of the sequence in q, its queries, the tile's first query, the sequence (PAD: no keys,
 * output 0, lse -inf), first row of its keys, their number, its first row in out, and the position of query row 0 (i32 bits).
 */
export const TILES = Object.freeze({ count: 3, executed: 4, full: 5, entries: 8, entryWords: 8, pad: 0xffffffff })

/** Queries of a tile where `headGroup` heads share a key head. */
export const tileQueries = ({ blockM, gqa }: Pick<KernelManifest, 'blockM' | 'gqa'>, headGroup: number): number => (gqa ? Math.floor(blockM / Math.max(1, headGroup)) : blockM)

/** Query tiles that `rows` query rows in `sequences` sequences can need, rows past the last offset included; `parts` 2 where rows without a position are tiles of their own. */
export const maxTiles = (rows: number, sequences: number, blockM: number, parts = 1): number => Math.floor(rows / blockM) + Math.min(parts * sequences, rows) + 1

export const tilesBytes = (tiles: number, entries: number = TILES.entries): number => 4 * (entries + TILES.entryWords * tiles)

/** Blocks of the tile builder. */
export const builderBlocks = ({ builders }: Pick<KernelManifest, 'builders'>, sequences: number): number =>
  builders ? Math.max(1, Math.min(builders.blocks, Math.floor(sequences / builders.sequences))) : 1

/** Bits of the `layout_flags` param. */
export const LAYOUT = Object.freeze({ broadcast: 1, alignEnd: 2, kvIndex: 4 })
