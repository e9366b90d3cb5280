import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { bufferName, elementCount, type InteractionExtent, type InteractionManifest, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { packCaptures } from '../captures.ts'
import type { DeviceInfo, InteractionJob } from '../device.ts'
import { poisoned, withCanary } from '../guards.ts'
import { describe } from '../offsets.ts'
import { arrayName, type ElementBits, elementBytes, elementType, isArrayOf } from './elements.ts'
import { checkExtent, sequencesOf } from './extent.ts'
import { checkNames, type InteractionInputs, type InteractionOptions, needed, boundTensors } from './inputs.ts'
import { type InteractionFacts, paramsOf, productOf } from './params.ts'
import { shapeText } from './shape.ts'

/** A checked launch. `job` is null when the output has no elements: nothing is launched. */
export interface PreparedInteraction {
  readonly manifest: InteractionManifest
  readonly job: InteractionJob | null
  /** Of the output. */
  readonly elements: number
  readonly extent: InteractionExtent
  /** Bytes of each buffer, padding and canary left out. */
  readonly lengths: Readonly<Record<string, number>>
}

/** The output's buffer. */
export const OUT = bufferName.tensor('out')

export const sumsOf = ({ sums }: Pick<InteractionManifest, 'sums'>): readonly TensorSpec[] => sums ?? []
/** Buffers that a caller gets: the output's and those of sums. */
export const madeBuffers = (m: InteractionManifest): readonly string[] => [OUT, ...sumsOf(m).map((t) => bufferName.tensor(t.tensor))]

const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** Throws SR5021 for another dtype, SR5052 for another number of elements. */
const checkTensor = (m: InteractionManifest, extent: InteractionExtent, t: TensorSpec, bits: ElementBits): void => {
  const dtype = elementType(m, t)
  if (!isArrayOf(dtype, bits)) fail('SR5021', { tensor: t.tensor, got: describe(bits), dtype, want: arrayName(dtype) })
  const want = elementCount(m, extent, t)
  if (bits.length !== want) fail('SR5052', { tensor: t.tensor, got: bits.length, want, shape: shapeText(m, extent, t) })
}

const checkTensors = (m: InteractionManifest, { tensors }: InteractionInputs, extent: InteractionExtent): void => {
  checkNames(m, 'tensors', tensors, m.inputs.map((t) => t.tensor))
  for (const t of boundTensors(m)) checkTensor(m, extent, t, needed(m, 'tensors', tensors, t.tensor, `${t.tensor} [${shapeText(m, extent, t)}]`, arrayName(elementType(m, t))))
}

/** Throws SR4011 for a buffer that the device cannot bind. */
const checkBinding = ({ kernel }: InteractionManifest, info: DeviceInfo | undefined, name: string, need: number): void => {
  const have = Math.min(info?.limits.maxStorageBufferBindingSize ?? Infinity, info?.limits.maxBufferSize ?? Infinity)
  if (need > have) fail('SR4011', { kernel, name, need, device: info!.name, have })
}

/** What a buffer holds before the launch: bytes that are given, or a length to be blank. */
const contentsOf = (f: InteractionFacts, { tensors }: InteractionInputs): Readonly<Record<string, Uint8Array | number>> => {
  const { manifest: m, sums, captures } = f
  return {
    ...Object.fromEntries(boundTensors(m).map((t) => [bufferName.tensor(t.tensor), bytes(tensors[t.tensor]!)])),
    ...Object.fromEntries(m.segments.map((s) => [bufferName.offsets(s.name), bytes(sums[s.name]!.array)])),
    captures_i32: bytes(captures.arrays.i32),
    captures_f32: bytes(captures.arrays.f32),
    [OUT]: f.elements * elementBytes(elementType(m, m.output)),
    ...Object.fromEntries(sumsOf(m).map((t) => [bufferName.tensor(t.tensor), elementCount(m, f.extent, t) * elementBytes(elementType(m, t))])),
    partials: m.partials ? 4 * productOf(f, m.partials) : 0,
  }
}

/**
 * Checks inputs against a kernel's manifest and lays out one launch. Throws SR50xx naming the argument, the value seen and the fix.
 * Rows past the last offset are launched too: they become 0.
 */
export const prepareInteraction = (manifest: InteractionManifest, inputs: InteractionInputs, options: InteractionOptions = {}): PreparedInteraction => {
  const checked = checkExtent(manifest, inputs)
  const { extent } = checked
  checkTensors(manifest, inputs, extent)
  const sequences = sequencesOf(manifest, extent)
  const none = { rows: 0, end: 0 }
  const captures = packCaptures(manifest.captures, inputs.captures ?? {}, { kernel: manifest.kernel, heads: 1, queries: 'self', sequences, views: [], q: none, kv: none })
  const elements = elementCount(manifest, extent, manifest.output)
  if (elements === 0) return Object.freeze({ manifest, job: null, elements, extent, lengths: {} })
  const facts: InteractionFacts = { ...checked, manifest, captures, elements }
  const contents = contentsOf(facts, inputs)
  const lengths: Record<string, number> = {}
  const buffers: Record<string, Uint8Array> = {}
  for (const { name } of manifest.buffers) {
    const content = contents[name] ?? new Uint8Array()
    const length = typeof content === 'number' ? content : content.length
    checkBinding(manifest, options.device, name, length)
    lengths[name] = length
    buffers[name] = withCanary(typeof content !== 'number' ? content : options.poison ? poisoned(content) : new Uint8Array(content), options.canary ?? 0)
  }
  const made = [...madeBuffers(manifest), ...(options.poison && manifest.sums ? ['partials'] : [])]
  const job: InteractionJob = {
    buffers,
    params: paramsOf(facts),
    grids: manifest.entries.map((e) => productOf(facts, e.grid)),
    outputs: manifest.buffers.map((b) => b.name).filter((n) => options.canary || made.includes(n)),
    ...(options.timing && { timing: options.timing }),
  }
  return Object.freeze({ manifest, job, elements, extent, lengths })
}
