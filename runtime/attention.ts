import { fail } from '../codegen/ir/diagnostics/index.ts'
import { type KernelManifest, maxTiles, TILES, tilesBytes } from '../codegen/ir/manifest.ts'
import type { BufferName, ParamSource } from '../codegen/ir/plan.ts'
import { type CaptureArgument, type PackedCaptures, packCaptures } from './captures.ts'
import type { CompiledKernel, Job, JobResult } from './device.ts'
import { arrayNames, bytesOf, decode, fromBytes, type TensorBits } from './dtypes.ts'
import { poisoned, withCanary } from './guards.ts'
import { type CheckedOffsets, checkOffsets, describe, type SeqOffsets } from './offsets.ts'

export type { CaptureArgument } from './captures.ts'
export type { SeqOffsets } from './offsets.ts'

/** q, k and v are packed [rows, heads, headDim] in the manifest's dtype; rows past the last offset are never read. */
export interface AttentionInputs {
  readonly q: TensorBits
  readonly k: TensorBits
  readonly v: TensorBits
  readonly rows: number
  readonly heads: number
  readonly seqOffsets: SeqOffsets
  /** By launch name: a number for a scalar, else an Int32Array or Float32Array of the capture's shape. */
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

/** A checked launch. `job` is null when no output element exists (rows, heads or headDim 0): nothing is launched. */
export interface Prepared {
  readonly manifest: KernelManifest
  readonly job: Job | null
  readonly rows: number
  readonly heads: number
  readonly offsets: CheckedOffsets
  /** Bytes of each buffer, padding and canary left out. */
  readonly lengths: Readonly<Partial<Record<BufferName, number>>>
}

const MAX_GROUPS = 0x7fffffff

const checkCount = (what: string, value: number): void => {
  if (!Number.isInteger(value) || value < 0 || value > 0x7fffffff) fail('SR5022', { what, value })
}

const checkTensor = (tensor: string, bits: TensorBits, { rows, heads }: AttentionInputs, { dtype, headDim }: KernelManifest): void => {
  const type = dtype === 'f32' ? Float32Array : Uint16Array
  if (!(bits instanceof type)) fail('SR5021', { tensor, got: describe(bits), dtype, want: arrayNames[dtype] })
  const want = rows * heads * headDim
  if (bits.length !== want) fail('SR5020', { tensor, got: bits.length, want, rows, heads, headDim })
}

/** The multiplier of q·k as the kernel gets it, rounded to f32. */
export const smScaleOf = (manifest: Pick<KernelManifest, 'smScale' | 'headDim'>, scalars: Readonly<Record<string, number>>): number => {
  const s = manifest.smScale
  return Math.fround(s.kind === 'const' ? s.value : s.kind === 'capture' ? scalars[s.name]! : 1 / Math.sqrt(Math.max(manifest.headDim, 1)))
}

interface Facts { readonly rows: number; readonly heads: number; readonly tiles: number; readonly offsets: CheckedOffsets; readonly packed: PackedCaptures; readonly smScale: number }

const common: Readonly<Record<string, (f: Facts) => number>> = {
  sequences: (f) => f.offsets.sequences,
  heads: (f) => f.heads,
  rows: (f) => f.rows,
  maxTiles: (f) => f.tiles,
  offsetWords: (f) => f.offsets.words,
  smScale: (f) => f.smScale,
}
const captured: Readonly<Record<string, (f: Facts, name: string) => number>> = {
  scalar: (f, name) => f.packed.scalars[name]!,
  base: (f, name) => f.packed.base[name]!,
  length: (f, name) => f.packed.length[name]!,
}
const paramValue = (source: ParamSource, facts: Facts): number => {
  const [kind, name] = source.split(/:(.*)/s) as [string, string]
  return name === undefined ? common[kind]!(facts) : captured[kind]!(facts, name)
}

const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/**
 * Checks inputs against a kernel's manifest and lays out one launch. Throws SR50xx naming the argument, the value seen and the fix.
 * No sequences (B = 0) with rows still launches: all rows are past the last offset and become 0.
 */
export const prepareAttention = (manifest: KernelManifest, inputs: AttentionInputs, options: PrepareOptions = {}): Prepared => {
  const { rows, heads } = inputs
  checkCount('rows', rows)
  checkCount('heads', heads)
  if (inputs.lse && !manifest.lse) fail('SR5023', { kernel: manifest.kernel })
  for (const name of ['q', 'k', 'v'] as const) checkTensor(name, inputs[name], inputs, manifest)
  const offsets = checkOffsets(inputs.seqOffsets, rows, manifest.kernel)
  const packed = packCaptures(manifest.captures, inputs.captures ?? {}, { kernel: manifest.kernel, heads, sequences: offsets.sequences, rows, end: offsets.end })

  const tiles = maxTiles(rows, offsets.sequences, manifest.blockM)
  if (tiles * heads > MAX_GROUPS) fail('SR5024', { value: tiles * heads, tiles, heads, limit: MAX_GROUPS, blockM: manifest.blockM })
  const blank = (length: number): Uint8Array => (options.poison ? poisoned(length) : new Uint8Array(length))
  const contents: Readonly<Record<BufferName, () => Uint8Array>> = {
    q: () => bytes(inputs.q),
    k: () => bytes(inputs.k),
    v: () => bytes(inputs.v),
    out: () => blank(rows * heads * manifest.headDim * bytesOf(manifest.dtype)),
    lse: () => blank(rows * heads * 4),
    seq_offsets: () => bytes(inputs.seqOffsets),
    tiles: () => blank(tilesBytes(tiles, manifest.tilesEntries)),
    captures_i32: () => bytes(packed.arrays.i32),
    captures_f32: () => bytes(packed.arrays.f32),
  }
  const base = { manifest, rows, heads, offsets }
  if (rows === 0 || heads === 0 || manifest.headDim === 0) return Object.freeze({ ...base, job: null, lengths: {} })

  const lengths: Partial<Record<BufferName, number>> = {}
  const buffers: Partial<Record<BufferName, Uint8Array>> = {}
  for (const { name } of manifest.buffers) {
    const content = contents[name]()
    lengths[name] = content.length
    buffers[name] = withCanary(content, options.canary ?? 0)
  }
  const facts: Facts = { rows, heads, tiles, offsets, packed, smScale: smScaleOf(manifest, packed.scalars) }
  const written = manifest.buffers.map((b) => b.name).filter((n) => options.canary || n === 'out' || n === 'lse' || (n === 'tiles' && manifest.instrument))
  const job: Job = {
    buffers,
    params: Object.fromEntries(manifest.params.map((p) => [p.name, paramValue(p.source, facts)])),
    heads,
    maxTiles: tiles,
    outputs: written,
    ...(options.timing && { timing: options.timing }),
  }
  return Object.freeze({ ...base, job, lengths })
}

export interface AttentionOutput {
  /** [rows, heads, headDim]; 0 in rows past the last offset. */
  readonly out: Float64Array
  readonly bits: TensorBits
  /** [rows, heads], natural log; -inf where a row keeps nothing and past the last offset. */
  readonly lse?: Float32Array
  /** Key tiles loaded for head 0, and those of them that skipped the mask (instrumented kernels). */
  readonly counters?: { readonly tiles: number; readonly executed: number; readonly full: number }
}

/** Takes a launch's results apart; `result` is null exactly when nothing was launched. */
export const readAttention = (prepared: Prepared, result: JobResult | null): AttentionOutput => {
  const { manifest, rows, heads } = prepared
  const elements = rows * heads * manifest.headDim
  const lse = manifest.lse ? new Float32Array(rows * heads).fill(-Infinity) : undefined
  if (!result || !prepared.job) {
    const bits = manifest.dtype === 'f32' ? new Float32Array(elements) : new Uint16Array(elements)
    return { out: new Float64Array(elements), bits, ...(lse && { lse }) }
  }
  const bits = fromBytes(manifest.dtype, result.buffers.out!, elements)
  if (lse) lse.set(fromBytes('f32', result.buffers.lse!, lse.length))
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
