import type { TileClass, TileCounts } from '../codegen/analyse/index.ts'
import type { Measurement } from '../tune/index.ts'

/** Everything the page shows, as plain data: any section whose list is empty is left out. */
export interface ReportData {
  readonly title: string
  /** One or two sentences under the title. */
  readonly summary: string
  /** Figures in a row under the summary, as text: `{ label: 'verified', value: '8 of 8' }`. */
  readonly figures: readonly { readonly label: string; readonly value: string }[]
  readonly tool: string
  readonly device: { readonly name: string; readonly backend: string; readonly software: boolean; readonly details: readonly string[] }
  readonly lengths: { readonly name: string; readonly values: readonly number[] }
  readonly tileMaps: readonly TileMap[]
  readonly tuning: readonly TuningView[]
  readonly errors: readonly ErrorRow[]
  readonly sources: readonly SourceView[]
}

/** Tiles of one kernel over a batch, for head 0. */
export interface TileMap {
  readonly kernel: string
  /** How the mask becomes tiles, in a sentence or two. */
  readonly explanation: string
  readonly blockM: number
  readonly blockN: number
  /** The sequences drawn. `rows` has a row a query tile, a class a key tile. */
  readonly drawn: readonly { readonly length: number; readonly rows: readonly (readonly TileClass[])[] }[]
  /** Of the whole batch. */
  readonly sequences: number
  readonly longest: number
  readonly counts: TileCounts
  /** Key tiles of a grid in which every sequence is padded to the longest. */
  readonly padded: number
}

export interface TuningView {
  readonly kernel: string
  readonly device: string
  /** `f32, head dim 64, 2 heads, 61 sequences of 10,084 tokens`. */
  readonly problem: string
  readonly points: number
  readonly infeasible: Readonly<Record<string, number>>
  /** In the order tried; the first is the default. */
  readonly measurements: readonly Measurement[]
  /** How the search ended, in words. */
  readonly end: string
}

export interface ErrorRow {
  readonly kernel: string
  readonly target: string
  readonly dtype: string
  readonly headDim: number
  /** null where something was NaN or infinite. */
  readonly max: number | null
  readonly allowed: number
  readonly ok: boolean
}

/** One definition beside the sources made from it. */
export interface SourceView {
  readonly definition: string
  readonly hooks: readonly AuthorHook[]
  readonly emitted: readonly { readonly label: string; readonly language: 'wgsl' | 'cuda'; readonly text: string }[]
}

export interface AuthorHook {
  /** The function's name in the emitted source: `mask_mod`. */
  readonly name: string
  readonly file: string
  readonly line: number
  readonly text: string
}
