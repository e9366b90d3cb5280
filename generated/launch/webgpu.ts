// serrate 0.1.0: what every WebGPU launcher here shares. Written by `serrate generate`. Needs nothing but WebGPU: it can be copied into a page.

/** One emitted WGSL kernel, as its manifest describes it. */
export interface Kernel {
  /** The source, relative to the folder above this one. */
  readonly file: string
  /** Emitted with a recorded winner's schedule; absent: with the default one. */
  readonly tuned?: boolean
  readonly dtype: 'f32' | 'f16'
  readonly headDim: number
  readonly lse: boolean
  readonly blockM: number
  /** WebGPU features that the device must have been asked for. */
  readonly features: readonly GPUFeatureName[]
  /** Lanes that a subgroup must have at least; 0: the kernel uses none. */
  readonly subgroupLanes: number
  readonly limits: Readonly<Record<string, number>>
  readonly smScale: { readonly kind: 'default' } | { readonly kind: 'const'; readonly value: number } | { readonly kind: 'capture'; readonly name: string }
  /** 4-byte fields of the uniform at binding 0, in order. */
  readonly params: readonly { readonly type: 'u32' | 'i32' | 'f32'; readonly source: string }[]
  readonly buffers: readonly { readonly name: string; readonly binding: number; readonly written: boolean; readonly entries: readonly ('tiles' | 'attention')[] }[]
  readonly captures: readonly { readonly name: string; readonly dtype: 'i32' | 'f32'; readonly kind: string; readonly perHead: boolean; readonly default?: number }[]
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

/** Numbers of a capture: an array, or a GPUBuffer made with COPY_SRC. */
export type Values<A extends Int32Array | Float32Array> = A | GPUBuffer

export interface Tensors {
  /** Packed [rows, heads, headDim]. */
  readonly q: GPUBuffer
  readonly k: GPUBuffer
  readonly v: GPUBuffer
  readonly out: GPUBuffer
  /** f32 [rows, heads], natural log, -inf for a row that keeps nothing. Softmax kernels compute it; left out, it goes to scratch. */
  readonly lse?: GPUBuffer
  /** [sequences + 1], starting at 0; i32, or i64 with `offsetWords: 2`. */
  readonly seqOffsets: GPUBuffer
  readonly offsetWords?: 1 | 2
  readonly rows: number
  readonly sequences: number
  readonly heads: number
}

type Given = Readonly<Record<string, number | Int32Array | Float32Array | GPUBuffer | undefined>>

/** A launch's own buffers; destroy them when the submitted work is done. */
export interface Launch { destroy(): void }

export interface Attention<Captures> {
  readonly kernel: Kernel
  readonly picked: Picked
  /** Encodes the tile builder and the attention kernel. Nothing is read back; lengths stay on the device. */
  encode(encoder: GPUCommandEncoder, tensors: Tensors, captures: Captures): Launch
}

const LEAST_BYTES = 64
const TILE_HEADER_WORDS = 8
const TILE_WORDS = 4

const pipeline = (device: GPUDevice, kernel: Kernel, module: GPUShaderModule, entry: 'tiles' | 'attention'): Promise<GPUComputePipeline> => {
  const storage = kernel.buffers.filter((b) => b.entries.includes(entry)).map((b): GPUBindGroupLayoutEntry => ({
    binding: b.binding, visibility: GPUShaderStage.COMPUTE, buffer: { type: b.written || (entry === 'tiles' && b.name === 'tiles') ? 'storage' : 'read-only-storage' },
  }))
  const layout = device.createBindGroupLayout({ entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } }, ...storage] })
  const entryPoint = entry === 'tiles' ? 'build_tiles' : 'attention'
  return device.createComputePipelineAsync({ layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }), compute: { module, entryPoint } })
}

const packed = (device: GPUDevice, encoder: GPUCommandEncoder, kernel: Kernel, given: Given, dtype: 'i32' | 'f32', create: (size: number, usage: number) => GPUBuffer, field: Map<string, number>, heads: number): GPUBuffer => {
  const parts = kernel.captures.filter((c) => c.kind !== 'scalar' && c.dtype === dtype).map((c) => {
    const value = given[c.name]
    if (!value || typeof value === 'number') throw new TypeError(`the capture ${c.name} (${c.kind} ${c.dtype}) is ${value}; pass an array or a GPUBuffer`)
    return { ...c, value, bytes: value instanceof GPUBuffer ? value.size : value.byteLength }
  })
  const buffer = create(parts.reduce((sum, p) => sum + p.bytes, 0), GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST)
  let at = 0
  for (const { name, perHead, value, bytes } of parts) {
    if (value instanceof GPUBuffer) encoder.copyBufferToBuffer(value, 0, buffer, at, bytes)
    else device.queue.writeBuffer(buffer, at, value as Int32Array<ArrayBuffer>)
    field.set(`base:${name}`, at / 4)
    field.set(`length:${name}`, bytes / 4 / (perHead ? heads : 1))
    at += bytes
  }
  return buffer
}

const uniform = (kernel: Kernel, field: ReadonlyMap<string, number>): ArrayBuffer => {
  const view = new DataView(new ArrayBuffer(16 * Math.ceil(kernel.params.length / 4)))
  const put = { u32: view.setUint32, i32: view.setInt32, f32: view.setFloat32 }
  kernel.params.forEach(({ type, source }, i) => {
    const value = field.get(source)
    if (value === undefined) throw new TypeError(`the capture ${source.slice(source.indexOf(':') + 1)} is not given`)
    put[type].call(view, 4 * i, value, true)
  })
  return view.buffer as ArrayBuffer
}

const scalars = (kernel: Kernel, given: Given, field: Map<string, number>): void => {
  for (const c of kernel.captures) if (c.kind === 'scalar' && typeof (given[c.name] ?? c.default) === 'number') field.set(`scalar:${c.name}`, (given[c.name] ?? c.default) as number)
  const s = kernel.smScale
  const value = s.kind === 'const' ? s.value : s.kind === 'capture' ? field.get(`scalar:${s.name}`) : 1 / Math.sqrt(kernel.headDim)
  if (value === undefined) throw new TypeError(`the capture ${s.kind === 'capture' ? s.name : ''} is not given`)
  field.set('smScale', value)
}

/** Compiles a kernel for a device. `source` is the text of `kernel.file`. */
export const createAttention = async <Captures extends object>(device: GPUDevice, kernel: Kernel, source: string, picked: Picked = { from: 'caller', reason: 'the caller named the kernel' }): Promise<Attention<Captures>> => {
  for (const feature of kernel.features) if (!device.features.has(feature)) throw new TypeError(`${kernel.file} needs the feature ${feature}, which the device was not asked for`)
  const module = device.createShaderModule({ code: source, label: kernel.file })
  const [tilesPipeline, attentionPipeline] = await Promise.all([pipeline(device, kernel, module, 'tiles'), pipeline(device, kernel, module, 'attention')])
  return { kernel, picked, encode: (encoder, tensors, captures) => {
    const { rows, heads, sequences } = tensors
    const made: GPUBuffer[] = []
    const create = (size: number, usage: number): GPUBuffer => {
      const buffer = device.createBuffer({ size: Math.max(size, LEAST_BYTES), usage })
      made.push(buffer)
      return buffer
    }
    if (rows === 0 || heads === 0) return { destroy: () => {} }
    const { STORAGE, INDIRECT, UNIFORM, COPY_DST } = GPUBufferUsage
    const maxTiles = Math.floor(rows / kernel.blockM) + Math.min(sequences, rows) + 1
    const field = new Map<string, number>(Object.entries({ sequences, heads, rows, maxTiles, offsetWords: tensors.offsetWords ?? 1 }))
    const given = captures as Given
    scalars(kernel, given, field)
    const tiles = create(4 * (TILE_HEADER_WORDS + TILE_WORDS * maxTiles), STORAGE | INDIRECT)
    const own: Readonly<Record<string, () => GPUBuffer>> = {
      q: () => tensors.q, k: () => tensors.k, v: () => tensors.v, out: () => tensors.out, seq_offsets: () => tensors.seqOffsets, tiles: () => tiles,
      lse: () => tensors.lse ?? create(4 * rows * heads, STORAGE),
      captures_i32: () => packed(device, encoder, kernel, given, 'i32', create, field, heads),
      captures_f32: () => packed(device, encoder, kernel, given, 'f32', create, field, heads),
    }
    const storage = new Map(kernel.buffers.map(({ name }) => [name, own[name]!()]))
    const params = create(16 * Math.ceil(kernel.params.length / 4), UNIFORM | COPY_DST)
    device.queue.writeBuffer(params, 0, uniform(kernel, field))
    const group = (of: GPUComputePipeline, entry: 'tiles' | 'attention') => device.createBindGroup({
      layout: of.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: params } }, ...kernel.buffers.filter((b) => b.entries.includes(entry)).map((b) => ({ binding: b.binding, resource: { buffer: storage.get(b.name)! } }))],
    })
    const pass = encoder.beginComputePass()
    pass.setPipeline(tilesPipeline)
    pass.setBindGroup(0, group(tilesPipeline, 'tiles'))
    pass.dispatchWorkgroups(1)
    pass.setPipeline(attentionPipeline)
    pass.setBindGroup(0, group(attentionPipeline, 'attention'))
    pass.dispatchWorkgroupsIndirect(tiles, 0)
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

/** The recorded winner where this device can run it, else the default kernel that uses the most of the device. Lengths stay on the device, so they do not decide. Throws a TypeError naming what is missing where no kernel can run. */
export const pickKernel = <K extends Kernel>(device: GPUDevice, kernels: readonly K[], winners: readonly Winner[], { dtype, headDim }: { readonly dtype: string; readonly headDim: number }): { readonly kernel: K; readonly picked: Picked } => {
  const name = adapterName(device.adapterInfo)
  const same = (k: { readonly dtype: string; readonly headDim: number }): boolean => k.dtype === dtype && k.headDim === headDim
  const winner = winners.find((w) => w.device === name && same(w))
  const kernel = winner && kernels.find((k) => k.file === winner.file)
  const lack = kernel && lacks(device, kernel)
  if (winner && kernel && !lack) return { kernel, picked: { from: 'winner', reason: `recorded on ${name}: ${winner.ms} ms, the default schedule ${winner.defaultMs ?? 'failed'}` } }
  const usual = kernels.filter((k) => same(k) && !k.tuned).sort((a, b) => b.subgroupLanes - a.subgroupLanes)
  const fits = usual.find((k) => !lacks(device, k))
  if (!fits) throw new TypeError(usual.length ? `${usual.at(-1)!.file} needs ${lacks(device, usual.at(-1)!)}` : `no kernel for ${dtype}, head dim ${headDim}, is emitted here`)
  return { kernel: fits, picked: { from: 'default', reason: lack ? `the winner recorded on ${name} needs ${lack}` : `no winner for ${dtype}, head dim ${headDim}, is recorded on ${name}` } }
}

/** Picks, reads and compiles. */
export const openAttention = async <Captures extends object>(device: GPUDevice, kernels: readonly Kernel[], winners: readonly Winner[], wanted: { readonly dtype: string; readonly headDim: number }, read: (file: string) => string | Promise<string>): Promise<Attention<Captures>> => {
  const { kernel, picked } = pickKernel(device, kernels, winners, wanted)
  return createAttention(device, kernel, await read(kernel.file), picked)
}
