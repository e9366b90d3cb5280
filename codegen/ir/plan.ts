import type { Dtype, NamedCapture, SmScale } from './algorithm.ts'
import { hash } from './hash.ts'
import type { Span } from './hook.ts'
import type { AttentionLayout } from './layout.ts'
import type { Schedule, TargetName, TemplateName } from './schedule.ts'

/** One 4-byte field of the launch parameters, in layout order. `source` tells the launcher what to put there. */
export interface ParamField {
  readonly name: string
  readonly type: 'u32' | 'i32' | 'f32'
  readonly source: ParamSource
}
export type ParamSource =
  | 'sequences' | 'heads' | 'headGroup' | 'rows' | 'kvRows' | 'maxTiles' | 'offsetWords' | 'kvOffsetWords' | 'queryRows' | 'layoutFlags'
  | 'qRowStride' | 'qHeadStride' | 'kRowStride' | 'kHeadStride' | 'vRowStride' | 'vHeadStride' | 'outRowStride' | 'outHeadStride' | 'lseRowStride' | 'lseHeadStride'
  | 'smScale'
  | `${'scalar' | 'base' | 'baseKv' | 'length' | 'rows' | 'columns' | 'group' | 'headStride'}:${string}`

export type BufferName = 'q' | 'k' | 'v' | 'out' | 'lse' | 'seq_offsets' | 'kv_offsets' | 'kv_index' | 'tiles' | 'partials' | 'captures_i32' | 'captures_f32'

/** `merge` only where keys are split. */
export type EntryName = 'tiles' | 'attention' | 'merge'

export interface BufferField {
  readonly name: BufferName
  readonly binding: number
  /** Access of the attention kernel; the tile builder reads seq_offsets and writes tiles. */
  readonly access: 'read' | 'read_write'
  readonly entries: readonly EntryName[]
}

/** One field of the `Seq` a hook receives: loaded once per query tile. */
export interface SeqField {
  readonly name: string
  readonly type: 'i32' | 'f32'
  /** The expression, in the target's language, that loads it. */
  readonly load: string
}

/** An author hook, or an analysis made from one, printed for the target. */
export interface PrintedFunction {
  readonly name: string
  /** Statements before the return, one a line. */
  readonly lines: readonly string[]
  readonly result: string
  /** Author's text and place, for the comment above it; empty text for a derived function. */
  readonly span: Span
  /** Members of the struct that it returns. */
  readonly fields?: readonly string[]
}

/**
 * How key tiles are walked for a query tile:
 * `all` no mask; `bounds` loop bounds found from the mask's monotone parts; `test` every tile classified before it is loaded;
 * `masked` nothing is provable: every tile evaluates the mask.
 */
export type TileMode = 'all' | 'bounds' | 'test' | 'masked'

/** Every number and every printed expression a template may use. The only input of a template. */
export interface Plan {
  readonly format: 1
  /** Kernel key: names the file, `${definition}_${dtype}_d${headDim}` plus what else distinguishes it. */
  readonly kernel: string
  readonly definition: { readonly name: string; readonly hash: string; readonly span: Span }
  readonly target: TargetName
  readonly template: TemplateName
  readonly dtype: Dtype
  readonly headDim: number
  readonly valueDim: number
  readonly lse: boolean
  /** Adds counters of executed and full tiles to the tiles buffer. */
  readonly instrument: boolean
  readonly schedule: Schedule
  readonly tileMode: TileMode
  readonly normalizer: 'softmax' | 'pointwise' | 'byHead'
  readonly smScale: SmScale
  /** The layout of a launch that does not say otherwise; the text does not depend on it. */
  readonly layout: AttentionLayout
  readonly captures: readonly NamedCapture[]
  readonly params: readonly ParamField[]
  readonly buffers: readonly BufferField[]
  readonly seqFields: readonly SeqField[]
  /** Key: score_mod, mask_mod, activation, scale, and the tile analyses of `tileMode`. */
  readonly functions: Readonly<Record<string, PrintedFunction>>
  /** Every size, stride, loop bound and index that the template prints. */
  readonly sizes: Readonly<Record<string, number>>
  readonly flags: Readonly<Record<string, boolean>>
  /** Text fragments chosen from tables: type names, literals. */
  readonly words: Readonly<Record<string, string>>
  readonly requires: Requires
}

/** What a device must offer. */
/** A product of `m` by `k` and `k` by `n` elements that the `lanes` of a subgroup take together. */
export interface SubgroupMatrix {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly lanes: number
}

export interface Requires {
  /** WebGPU feature names. */
  readonly features: readonly string[]
  /** WebGPU limits, or `sharedMemoryPerBlock` and `threadsPerBlock` on CUDA. */
  readonly limits: Readonly<Record<string, number>>
  /** Lanes that must share a subgroup; 0 when subgroups are not used. */
  readonly subgroupLanes: number
  /** The one shape of subgroup matrices, f16 into f32, and the one size of a subgroup that the text is written for. */
  readonly subgroupMatrix?: SubgroupMatrix
  /** CUDA architectures this plan is compiled for. */
  readonly architectures: readonly string[]
}

export const hashPlan = (plan: Plan): string => hash(plan)

export const printPlan = (plan: Plan): string => JSON.stringify(plan, null, 2)
