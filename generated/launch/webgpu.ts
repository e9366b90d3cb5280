// serrate 0.1.0: what every WebGPU launcher here shares. Written by `serrate generate`. Needs nothing but WebGPU: the three files can be copied into a page.
import { type Given, packCaptures, scalarsOf } from './webgpu_captures.ts'
import { bindingOf, type Layout, placeTensors, type Tensor, type Tensors } from './webgpu_tensors.ts'

export type { DensePair, JaggedPair, Sides, Values } from './webgpu_captures.ts'
export type { Layout, Strides, Tensor, Tensors } from './webgpu_tensors.ts'

type Entry = 'tiles' | 'attention' | 'merge'
interface Param { readonly type: 'u32' | 'i32' | 'f32'; readonly source: string }

/** One emitted WGSL kernel, as its manifest describes it. */
export interface Kernel {
  /** The source, relative to the folder above this one. */
  readonly file: string
  /** Emitted with a recorded winner's schedule; absent: with the default one. */
  readonly tuned?: boolean
  /** bf16 is storage: pairs packed in u32, computed in f32. */
  readonly dtype: 'f32' | 'f16' | 'bf16'
  readonly headDim: number
  /** Of v and out. */
  readonly valueDim: number
  readonly lse: boolean
  /** Of a launch that does not say otherwise; the text serves every layout. */
  readonly layout: Layout
  readonly blockM: number
  /** Parts that the keys of a query tile are split into. */
  readonly split: number
  /** Tiles span sequences: self-attention only. */
  readonly pack: boolean
  /** Rows of a tile are (query, head) pairs of the heads that share a key head. */
  readonly gqa: boolean
  /** WebGPU features that the device must have been asked for. */
  readonly features: readonly GPUFeatureName[]
  /** Lanes that a subgroup must have at least; 0: the kernel uses none. */
  readonly subgroupLanes: number
  readonly limits: Readonly<Record<string, number>>
  readonly smScale: { readonly kind: 'default' } | { readonly kind: 'const'; readonly value: number } | { readonly kind: 'capture'; readonly name: string }
  /** 4-byte fields of the uniform at binding 0 that captures bring, in order, after those that every kernel has. */
  readonly captureParams: readonly Param[]
  readonly buffers: readonly { readonly name: string; readonly binding: number; readonly written: boolean; readonly entries: readonly Entry[] }[]
  readonly captures: readonly { readonly name: string; readonly dtype: 'i32' | 'f32'; readonly kind: string; readonly perHead: boolean; readonly layout?: 'dense' | 'jagged'; readonly default?: number }[]
}

/** The fastest kernel of a search on one adapter, and the time of that adapter's default schedule on the same batch. */
export interface Winner {
  readonly device: string
  readonly dtype: string
  readonly headDim: number
  readonly file: string
  readonly ms: number
  readonly defaultMs: number | null
}

/** Which kernel was taken: a winner recorded on this adapter, the default schedule, or the caller's own choice. */
export interface Picked {
  readonly from: 'winner' | 'default' | 'caller'
  readonly reason: string
}

/** A launch's own buffers; destroy them when the submitted work is done. */
export interface Launch { destroy(): void }

export interface Attention<Captures> {
  readonly kernel: Kernel
  readonly picked: Picked
  /** Encodes the tile builder, the attention kernel and, where it splits keys, the merge. Nothing is read back; lengths stay on the device. */
  encode(encoder: GPUCommandEncoder, tensors: Tensors, captures: Captures): Launch
}

const LEAST_BYTES = 64
const TILE_HEADER_WORDS = 8
const TILE_WORDS = 8

const entriesOf = ({ split }: Kernel): readonly Entry[] => ['tiles', 'attention', ...(split > 1 ? (['merge'] as const) : [])]
const entryPoints = { tiles: 'build_tiles', attention: 'attention', merge: 'merge' } as const

/** The tile builder writes the tile list; the merge reads the partial results. */
const writes = ({ name, written }: Kernel['buffers'][number], entry: Entry): boolean =>
  name === 'tiles' ? entry === 'tiles' : written && !(entry === 'merge' && name === 'partials')

const pipeline = async (device: GPUDevice, kernel: Kernel, module: GPUShaderModule, entry: Entry): Promise<GPUComputePipeline> => {
  const storage = kernel.buffers.filter((b) => b.entries.includes(entry)).map((b): GPUBindGroupLayoutEntry => ({
    binding: b.binding, visibility: GPUShaderStage.COMPUTE, buffer: { type: writes(b, entry) ? 'storage' : 'read-only-storage' },
  }))
  const layout = device.createBindGroupLayout({ entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } }, ...storage] })
  return device.createComputePipelineAsync({ layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }), compute: { module, entryPoint: entryPoints[entry] } })
}

/** The first fields of every kernel's uniform. */
const params: readonly Param[] = [
  { type: 'u32', source: 'sequences' },
  { type: 'u32', source: 'heads' },
  { type: 'u32', source: 'headGroup' },
  { type: 'u32', source: 'rows' },
  { type: 'u32', source: 'kvRows' },
  { type: 'u32', source: 'maxTiles' },
  { type: 'u32', source: 'offsetWords' },
  { type: 'u32', source: 'kvOffsetWords' },
  { type: 'u32', source: 'queryRows' },
  { type: 'u32', source: 'layoutFlags' },
  { type: 'u32', source: 'qRowStride' },
  { type: 'u32', source: 'qHeadStride' },
  { type: 'u32', source: 'kRowStride' },
  { type: 'u32', source: 'kHeadStride' },
  { type: 'u32', source: 'vRowStride' },
  { type: 'u32', source: 'vHeadStride' },
  { type: 'u32', source: 'outRowStride' },
  { type: 'u32', source: 'outHeadStride' },
  { type: 'u32', source: 'lseRowStride' },
  { type: 'u32', source: 'lseHeadStride' },
  { type: 'f32', source: 'smScale' },
]
const uniformBytes = ({ captureParams }: Kernel): number => 16 * Math.ceil((params.length + captureParams.length) / 4)

const uniform = (kernel: Kernel, numbers: Readonly<Record<string, number>>): ArrayBuffer => {
  const view = new DataView(new ArrayBuffer(uniformBytes(kernel)))
  const put = { u32: view.setUint32, i32: view.setInt32, f32: view.setFloat32 }
  ;[...params, ...kernel.captureParams].forEach(({ type, source }, i) => {
    const value = numbers[source]
    if (value === undefined) throw new TypeError(`the capture ${source.slice(source.indexOf(':') + 1)} is not given`)
    put[type].call(view, 4 * i, value, true)
  })
  return view.buffer as ArrayBuffer
}

/** Compiles a kernel for a device. `source` is the text of `kernel.file`. */
export const createAttention = async <Captures extends object>(device: GPUDevice, kernel: Kernel, source: string, picked: Picked = { from: 'caller', reason: 'the caller named the kernel' }): Promise<Attention<Captures>> => {
  for (const feature of kernel.features) if (!device.features.has(feature)) throw new TypeError(`${kernel.file} needs the feature ${feature}, which the device was not asked for`)
  const module = device.createShaderModule({ code: source, label: kernel.file })
  const entries = entriesOf(kernel)
  const pipelines = await Promise.all(entries.map((entry) => pipeline(device, kernel, module, entry)))
  return { kernel, picked, encode: (encoder, tensors, captures) => {
    const placed = placeTensors(kernel, tensors)
    const { rows, heads, gridHeads, tiles } = placed
    const made: GPUBuffer[] = []
    const create = (size: number, usage: number): GPUBuffer => {
      const buffer = device.createBuffer({ size: Math.max(size, LEAST_BYTES), usage })
      made.push(buffer)
      return buffer
    }
    if (rows === 0 || heads === 0) return { destroy: () => {} }
    const { STORAGE, INDIRECT, UNIFORM, COPY_DST } = GPUBufferUsage
    const given = captures as Given
    const scalars = scalarsOf(kernel, given)
    const packed = packCaptures(device, encoder, kernel, tensors, placed, given, create)
    const fields = create(uniformBytes(kernel), UNIFORM | COPY_DST)
    device.queue.writeBuffer(fields, 0, uniform(kernel, { ...placed.numbers, ...scalars, ...packed.numbers }))
    const list = create(4 * (TILE_HEADER_WORDS + TILE_WORDS * tiles), STORAGE | INDIRECT)
    const none = (): GPUBuffer => create(0, STORAGE)
    const own: Readonly<Record<string, () => Tensor>> = {
      q: () => tensors.q, k: () => tensors.k, v: () => tensors.v, out: () => tensors.out, tiles: () => list,
      lse: () => tensors.lse ?? create(4 * (placed.numbers.lseRowStride! * (rows - 1) + placed.numbers.lseHeadStride! * (heads - 1) + 1), STORAGE),
      seq_offsets: () => tensors.seqOffsets ?? none(),
      kv_offsets: () => tensors.kvOffsets ?? tensors.seqOffsets!,
      kv_index: () => tensors.kvIndex ?? none(),
      partials: () => create(4 * tiles * gridHeads * kernel.split * kernel.blockM * (kernel.valueDim + 2), STORAGE),
      captures_i32: packed.buffers.i32, captures_f32: packed.buffers.f32,
    }
    const storage = new Map(kernel.buffers.map(({ name }) => [name, bindingOf(own[name]!())]))
    const group = (of: GPUComputePipeline, entry: Entry) => device.createBindGroup({
      layout: of.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: fields } }, ...kernel.buffers.filter((b) => b.entries.includes(entry)).map((b) => ({ binding: b.binding, resource: storage.get(b.name)! }))],
    })
    const pass = encoder.beginComputePass()
    entries.forEach((entry, i) => {
      pass.setPipeline(pipelines[i]!)
      pass.setBindGroup(0, group(pipelines[i]!, entry))
      if (entry === 'tiles') pass.dispatchWorkgroups(1)
      else pass.dispatchWorkgroupsIndirect(list, 0)
    })
    pass.end()
    return { destroy: () => made.forEach((b) => b.destroy()) }
  } }
}

/** What winners are recorded under: an adapter's own name for itself. A browser that hides it matches none. */
export const adapterName = ({ device, description, architecture, vendor }: Pick<GPUAdapterInfo, 'device' | 'description' | 'architecture' | 'vendor'>): string => {
  if (/swiftshader/i.test(architecture)) return 'SwiftShader'
  return device && !device.startsWith('0x') ? device : description || architecture || vendor || 'an unnamed adapter'
}

/** What a device lacks for a kernel; undefined where it lacks nothing. */
const lacks = (device: GPUDevice, { features, limits, subgroupLanes }: Kernel): string | undefined => {
  const feature = features.find((f) => !device.features.has(f))
  if (feature) return `the feature ${feature}, which the device was not asked for`
  const limit = Object.keys(limits).find((name) => limits[name]! > ((device.limits as unknown as Record<string, number>)[name] ?? 0))
  if (limit) return `${limit} ${limits[limit]}; the device was given ${(device.limits as unknown as Record<string, number>)[limit]}`
  const lanes = device.adapterInfo.subgroupMinSize ?? 0
  return subgroupLanes > lanes ? `subgroups of ${subgroupLanes} lanes; the adapter may use ${lanes}` : undefined
}

/** A kernel's key. `valueDim` default headDim. */
export interface Wanted { readonly dtype: string; readonly headDim: number; readonly valueDim?: number }

/** The recorded winner where this device can run it, else the default kernel that uses the most of the device. Lengths stay on the device, so they do not decide. Throws a TypeError naming what is missing where no kernel can run. */
export const pickKernel = <K extends Kernel>(device: GPUDevice, kernels: readonly K[], winners: readonly Winner[], { dtype, headDim, valueDim = headDim }: Wanted): { readonly kernel: K; readonly picked: Picked } => {
  const name = adapterName(device.adapterInfo)
  const same = (k: Kernel): boolean => k.dtype === dtype && k.headDim === headDim && k.valueDim === valueDim
  const winner = winners.find((w) => w.device === name && kernels.some((k) => k.file === w.file && same(k)))
  const kernel = winner && kernels.find((k) => k.file === winner.file)
  const lack = kernel && lacks(device, kernel)
  if (winner && kernel && !lack) return { kernel, picked: { from: 'winner', reason: `recorded on ${name}: ${winner.ms} ms, the default schedule ${winner.defaultMs ?? 'failed'}` } }
  const usual = kernels.filter((k) => same(k) && !k.tuned).sort((a, b) => b.subgroupLanes - a.subgroupLanes)
  const fits = usual.find((k) => !lacks(device, k))
  if (!fits) throw new TypeError(usual.length ? `${usual.at(-1)!.file} needs ${lacks(device, usual.at(-1)!)}` : `no kernel for ${dtype}, head dim ${headDim}${valueDim === headDim ? '' : `, value dim ${valueDim}`}, is emitted here`)
  return { kernel: fits, picked: { from: 'default', reason: lack ? `the winner recorded on ${name} needs ${lack}` : `no winner for ${dtype}, head dim ${headDim}, is recorded on ${name}` } }
}

/** Picks, reads and compiles. */
export const openAttention = async <Captures extends object>(device: GPUDevice, kernels: readonly Kernel[], winners: readonly Winner[], wanted: Wanted, read: (file: string) => string | Promise<string>): Promise<Attention<Captures>> => {
  const { kernel, picked } = pickKernel(device, kernels, winners, wanted)
  return createAttention(device, kernel, await read(kernel.file), picked)
}
