import { fail } from '../codegen/ir/diagnostics/index.ts'
import { type KernelManifest, maxTiles, tileQueries, TILES, tilesBytes } from '../codegen/ir/manifest.ts'
import type { BufferName } from '../codegen/ir/plan.ts'
import { type CaptureArgument, packCaptures } from './captures.ts'
import type { CompiledKernel, Job, JobResult } from './device.ts'
import { bytesOf, decode, fromBytes, type TensorBits } from './dtypes.ts'
import { poisoned, withCanary } from './guards.ts'
import { checkCount, type Extent, extentOf, type LayoutInputs } from './layout.ts'
import { paramsOf } from './params.ts'
import { gather, type Placed, spanOf, type TensorName } from './strides.ts'
import { checkTensor, placeTensors, type TensorInputs } from './tensors.ts'

export type { CaptureArgument, PairArgument, SidesArgument } from './captures.ts'
export type { LayoutInputs } from './layout.ts'
export type { SeqOffsets } from './offsets.ts'
export type { View, Views } from './strides.ts'

/**
 * q [query rows, heads, headDim], k [kvRows, kvHeads, headDim] and v [kvRows, kvHeads, valueDim] in the manifest's dtype, packed unless `strides`
 * says otherwise; rows past the last offsets are never read.
 */
export interface AttentionInputs extends LayoutInputs, TensorInputs {
  readonly heads: number
  /** A divisor of heads: key head h / (heads / kvHeads) serves head h. Default heads. */
  readonly kvHeads?: number
  /** By launch name, of the capture's shape. */
  readonly captures?: Readonly<Record<string, CaptureArgument>>
  /** Throws when true and the kernel computes none. */
  readonly lse?: boolean
}

export interface PrepareOptions {
  /** Bytes of canary after every buffer; every buffer is then read back. */
  readonly canary?: number
  /** Fills outputs and workspace with a NaN pattern before the launch. */
  readonly poison?: boolean
  readonly timing?: Job['timing']
}

/** A checked launch. `job` is null when no output element exists (rows, heads, headDim or valueDim 0): nothing is launched. */
export interface Prepared {
  readonly manifest: KernelManifest
  readonly job: Job | null
  /** Rows of out. */
  readonly rows: number
  readonly heads: number
  readonly kvHeads: number
  readonly extent: Extent
  readonly placed: Readonly<Record<TensorName, Placed>>
  /** Bytes of each buffer, padding and canary left out. */
  readonly lengths: Readonly<Partial<Record<BufferName, number>>>
}

const MAX_GROUPS = 0x7fffffff
const MAX_PARTIALS = 64 << 20

/** The multiplier of q·k as the kernel gets it, rounded to f32. */
export const smScaleOf = (manifest: Pick<KernelManifest, 'smScale' | 'headDim'>, scalars: Readonly<Record<string, number>>): number => {
  const s = manifest.smScale
  return Math.fround(s.kind === 'const' ? s.value : s.kind === 'capture' ? scalars[s.name]! : 1 / Math.sqrt(Math.max(manifest.headDim, 1)))
}

const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
const dummy = (): Uint8Array => new Uint8Array(4)

interface Heads { readonly heads: number; readonly kvHeads: number }

/** Heads that have workgroups of their own, and how many share each. Throws SR5041 where a tile has too few rows for a group. */
const gridOf = ({ kernel, blockM, gqa }: KernelManifest, { heads, kvHeads }: Heads): { readonly gridHeads: number; readonly group: number } => {
  const group = heads / Math.max(1, kvHeads)
  if (gqa && group > blockM) fail('SR5041', { kernel, blockM, heads, kvHeads, group })
  return { gridHeads: gqa ? kvHeads : heads, group }
}

/** Query tiles that a launch can need. Throws SR5024 where they are more workgroups than a launch holds. */
const tilesOf = (manifest: KernelManifest, { layout, rows, sequences }: Extent, heads: number, group: number): number => {
  const { blockM, split } = manifest
  const tiles = maxTiles(rows, sequences, tileQueries(manifest, group), layout.align === 'end' ? 2 : 1)
  const groups = tiles * heads * split
  if (groups > MAX_GROUPS) fail('SR5024', { value: groups, tiles, heads, limit: MAX_GROUPS, blockM })
  return tiles
}

/** f32 accumulators, maxima and sums of every part. Throws SR5039 above 64 MiB. */
const partialsBytes = ({ kernel, split, blockM, valueDim }: KernelManifest, tiles: number, heads: number): number => {
  if (split === 1) return 0
  const size = 4 * tiles * heads * split * blockM * (valueDim + 2)
  return size > MAX_PARTIALS ? fail('SR5039', { kernel, split, mebibytes: Math.ceil(size / 2 ** 20) }) : size
}

const headsOf = ({ heads, kvHeads = heads }: AttentionInputs): Heads => {
  checkCount('heads', heads)
  checkCount('kvHeads', kvHeads)
  if (heads > 0 && (kvHeads === 0 || heads % kvHeads !== 0)) fail('SR5038', { heads, kvHeads })
  return { heads, kvHeads: Math.max(kvHeads, heads > 0 ? 1 : 0) }
}

/**
 * Checks inputs against a kernel's manifest and lays out one launch. Throws SR50xx naming the argument, the value seen and the fix.
 * No sequences (B = 0) with rows still launches: all rows are past the last offset and become 0.
 */
export const prepareAttention = (manifest: KernelManifest, inputs: AttentionInputs, options: PrepareOptions = {}): Prepared => {
  const { heads, kvHeads } = headsOf(inputs)
  if (inputs.lse && !manifest.lse) fail('SR5023', { kernel: manifest.kernel })
  const extent = extentOf(manifest, inputs)
  const { rows, views } = extent
  const placed = placeTensors(manifest, extent, heads, kvHeads, inputs.strides)
  for (const name of ['q', 'k', 'v'] as const) checkTensor(manifest, name, inputs[name], placed[name], inputs.strides?.[name] !== undefined)
  const sizes = { kernel: manifest.kernel, heads, queries: extent.layout.queries, sequences: views.length, views, q: { rows: extent.qRows, end: extent.qEnd }, kv: { rows: extent.kvRows, end: extent.kvEnd } }
  const packed = packCaptures(manifest.captures, inputs.captures ?? {}, sizes)
  const { gridHeads, group } = gridOf(manifest, { heads, kvHeads })
  const tiles = tilesOf(manifest, extent, gridHeads, group)
  const base = { manifest, rows, heads, kvHeads, extent, placed }
  if (rows === 0 || heads === 0 || manifest.headDim === 0 || manifest.valueDim === 0) return Object.freeze({ ...base, job: null, lengths: {} })

  const size = bytesOf(manifest.dtype)
  const blank = (length: number): Uint8Array => (options.poison ? poisoned(length) : new Uint8Array(length))
  const view = (name: 'q' | 'k' | 'v') => (): Uint8Array => bytes(inputs[name].subarray(placed[name].offset, placed[name].offset + spanOf(placed[name])))
  const offsets = (given: ArrayBufferView | undefined): Uint8Array => (given ? bytes(given) : dummy())
  const contents: Readonly<Record<BufferName, () => Uint8Array>> = {
    q: view('q'),
    k: view('k'),
    v: view('v'),
    out: () => blank(spanOf(placed.out) * size),
    lse: () => blank(spanOf(placed.lse) * 4),
    seq_offsets: () => offsets(inputs.seqOffsets),
    kv_offsets: () => offsets(inputs.kvOffsets ?? inputs.seqOffsets),
    kv_index: () => offsets(inputs.kvIndex),
    tiles: () => blank(tilesBytes(tiles, manifest.tilesEntries)),
    partials: () => blank(partialsBytes(manifest, tiles, gridHeads)),
    captures_i32: () => bytes(packed.arrays.i32),
    captures_f32: () => bytes(packed.arrays.f32),
  }
  const lengths: Partial<Record<BufferName, number>> = {}
  const buffers: Partial<Record<BufferName, Uint8Array>> = {}
  for (const { name } of manifest.buffers) {
    const content = contents[name]()
    lengths[name] = content.length
    buffers[name] = withCanary(content, options.canary ?? 0)
  }
  const written = manifest.buffers.map((b) => b.name).filter((n) => options.canary || n === 'out' || n === 'lse' || (n === 'tiles' && manifest.instrument))
  const job: Job = {
    buffers,
    params: paramsOf(manifest, { extent, heads, kvHeads, tiles, packed, placed, smScale: smScaleOf(manifest, packed.scalars) }),
    gridHeads,
    maxTiles: tiles,
    outputs: written,
    ...(options.timing && { timing: options.timing }),
  }
  return Object.freeze({ ...base, job, lengths })
}

export interface AttentionOutput {
  /** [rows, heads, valueDim], packed; 0 in rows past the last offset. */
  readonly out: Float64Array
  readonly bits: TensorBits
  /** [rows, heads], natural log; -inf where a row keeps nothing and past the last offset. */
  readonly lse?: Float32Array
  /** Key tiles loaded for head 0, and those of them that skipped the mask (instrumented kernels). */
  readonly counters?: { readonly tiles: number; readonly executed: number; readonly full: number }
}

/** Takes a launch's results apart; `result` is null exactly when nothing was launched. */
export const readAttention = (prepared: Prepared, result: JobResult | null): AttentionOutput => {
  const { manifest, rows, heads, placed } = prepared
  const elements = rows * heads * manifest.valueDim
  const bits = manifest.dtype === 'f32' ? new Float32Array(elements) : new Uint16Array(elements)
  const lse = manifest.lse ? new Float32Array(rows * heads).fill(-Infinity) : undefined
  if (!result || !prepared.job) return { out: new Float64Array(elements), bits, ...(lse && { lse }) }
  gather(fromBytes(manifest.dtype, result.buffers.out!, spanOf(placed.out)), placed.out, bits)
  if (lse) gather(fromBytes('f32', result.buffers.lse!, spanOf(placed.lse)) as Float32Array, placed.lse, lse)
  const words = manifest.instrument ? result.buffers.tiles!.slice(0, 4 * TILES.entries) : undefined
  const at = words && new Uint32Array(words.buffer)
  return {
    out: decode(manifest.dtype, bits),
    bits,
    ...(lse && { lse }),
    ...(at && { counters: { tiles: at[TILES.count]!, executed: at[TILES.executed]!, full: at[TILES.full]! } }),
  }
}

/** One checked launch from inputs to outputs. */
export const runAttention = async (compiled: CompiledKernel, manifest: KernelManifest, inputs: AttentionInputs, options: PrepareOptions = {}): Promise<AttentionOutput & { readonly times: readonly number[]; readonly findings: readonly string[] }> => {
  const prepared = prepareAttention(manifest, inputs, options)
  const result = prepared.job && (await compiled.run(prepared.job))
  return { ...readAttention(prepared, result), times: result?.times ?? [], findings: result?.findings ?? [] }
}
