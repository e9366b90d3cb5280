import type { AttentionInputs } from '../../runtime/attention.ts'
import { bytesOf } from '../../runtime/dtypes.ts'
import { pairOffsets } from '../../runtime/pairs.ts'
import type { AttentionCase } from '../../verify/index.ts'
import type { Attention, Tensor, Tensors } from '../../generated/launch/webgpu.ts'

type Bytes = ArrayBufferView<ArrayBuffer>

/** A page's buffers: at least 64 bytes, in whole words. */
export const buffer = (device: GPUDevice, data: ArrayBufferView): GPUBuffer => {
  const words = new Uint8Array(Math.max(4 * Math.ceil(data.byteLength / 4), 64))
  words.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  const made = device.createBuffer({ size: words.length, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
  device.queue.writeBuffer(made, 0, words as Bytes)
  return made
}

export const read = async (device: GPUDevice, b: GPUBuffer): Promise<ArrayBuffer> => {
  const staging = device.createBuffer({ size: b.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(b, 0, staging, 0, b.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  return staging.getMappedRange().slice(0)
}

const words = (offsets: AttentionInputs['seqOffsets']): 1 | 2 => (offsets instanceof BigInt64Array ? 2 : 1)

/** A drawn case as a page would hold it; q, k and v are views of one buffer where they are views of one array. */
export const tensorsOf = (device: GPUDevice, { inputs: x, rows, dtype, valueDim, extent, views, algorithm }: AttentionCase): Tensors & { readonly out: GPUBuffer } => {
  const made = new Map<ArrayBufferLike, GPUBuffer>()
  const shared = (data: ArrayBufferView): GPUBuffer => made.get(data.buffer) ?? made.set(data.buffer, buffer(device, new Uint8Array(data.buffer))).get(data.buffer)!
  const tensor = (name: 'q' | 'k' | 'v'): Tensor => {
    const data = x[name] as Float32Array
    const offset = data.byteOffset + (x.strides?.[name]?.offset ?? 0) * bytesOf(dtype)
    return offset ? { buffer: shared(data), offset } : shared(data)
  }
  const { out: _out, lse: _lse, ...strides } = x.strides ?? {}
  return {
    q: tensor('q'), k: tensor('k'), v: tensor('v'), out: buffer(device, new Uint8Array(rows * x.heads * valueDim * bytesOf(dtype)).fill(0xff)),
    ...(x.seqOffsets && { seqOffsets: buffer(device, x.seqOffsets), offsetWords: words(x.seqOffsets) }),
    ...(x.kvOffsets && { kvOffsets: buffer(device, x.kvOffsets), kvOffsetWords: words(x.kvOffsets) }),
    ...(x.kvIndex && { kvIndex: buffer(device, x.kvIndex) }),
    ...(extent.queryRows && { queryRows: extent.queryRows }),
    sequences: extent.sequences, rows, kvRows: x.kvRows ?? rows, heads: x.heads, ...(x.kvHeads && { kvHeads: x.kvHeads }),
    layout: { queries: extent.layout.queries, align: extent.layout.align },
    strides,
    ...(algorithm.captures.some((c) => c.layout === 'jagged') && { pairOffsets: pairOffsets(views) }),
  }
}

/** Launches without a validation error and gives out's bytes. */
export const launch = async <C>(device: GPUDevice, attention: Attention<C>, tensors: Tensors & { readonly out: GPUBuffer }, captures: C): Promise<ArrayBuffer> => {
  device.pushErrorScope('validation')
  const encoder = device.createCommandEncoder()
  const work = attention.encode(encoder, tensors, captures)
  device.queue.submit([encoder.finish()])
  const error = await device.popErrorScope()
  if (error) throw new Error(error.message)
  const out = await read(device, tensors.out)
  work.destroy()
  return out
}
