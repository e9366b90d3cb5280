// serrate 0.1.0: what every WebGPU launcher of an interaction shares. Written by `serrate generate`. Needs nothing but WebGPU: it can be copied into a page.

/** A product is taken of factors: a number, a quantity of the launch (`rows:l`), or a part of one, rounded up. `tiles`: slots of `per` rows of a segment whose sequences are counted by `batch`. */
export type Factor =
  | number | string
  | { readonly of: string; readonly per: number }
  | { readonly tiles: string; readonly batch: string; readonly per: number }
  | { readonly lower: string }
  | { readonly factors: readonly Factor[]; readonly per: number; readonly least: number }

/** One emitted WGSL kernel, as its manifest describes it. */
export interface Kernel {
  /** The source, relative to the folder that holds `launch/`. */
  readonly file: string
  /** Emitted with a recorded winner's schedule; absent: with the default one. */
  readonly tuned?: boolean
  /** bf16 is storage: pairs packed in u32, computed in f32. */
  readonly dtype: 'f32' | 'f16' | 'bf16' | 'i32'
  readonly sizes: Readonly<Record<string, number>>
  readonly limits: Readonly<Record<string, number>>
  /** By name, `out` the output's: bytes of an element, and how many there are. */
  readonly tensors: Readonly<Record<string, { readonly buffer: string; readonly bytes: 2 | 4; readonly elements: readonly Factor[] }>>
  /** Running sums that the kernel reads, by name, and the quantity that counts their sequences. */
  readonly offsets: Readonly<Record<string, { readonly buffer: string; readonly batch: string }>>
  /** 4-byte fields of the uniform at binding 0, in order: `TYPE SOURCE`. */
  readonly params: readonly string[]
  /** From binding 1 on. `entries`: those that bind it; absent: all. */
  readonly buffers: readonly { readonly name: string; readonly written?: true; readonly entries?: readonly string[] }[]
  /** In launch order. */
  readonly entries: readonly { readonly name: string; readonly entryPoint: string; readonly grid: readonly Factor[] }[]
  /** f32 elements of workspace; absent: none. */
  readonly partials?: readonly Factor[]
  /** Where the kernel asks into how many parts a sum is split. */
  readonly parts?: number
  readonly captures: readonly { readonly name: string; readonly dtype: 'i32' | 'f32'; readonly kind: string; readonly default?: number }[]
}

/** The fastest kernel of a search on one adapter, and the time of that adapter's default schedule on the same batch. */
export interface Winner {
  readonly device: string
  readonly dtype: string
  readonly file: string
  readonly ms: number
  readonly defaultMs: number | null
}

/** Which kernel was taken: a winner recorded on this adapter, the default schedule, or the caller's own choice. */
export interface Picked {
  readonly from: 'winner' | 'default' | 'caller'
  readonly reason: string
}

/** A buffer, or a part of one (its `offset` in bytes as WebGPU aligns bindings). */
export type Tensor = GPUBuffer | GPUBufferBinding
/** Numbers of a capture: an array, or a GPUBuffer made with COPY_SRC. */
export type Values<A extends Int32Array | Float32Array> = A | GPUBuffer

type Numbers = Readonly<Record<string, number>>

/** What a launch takes; each launcher names its own. */
export interface Launch {
  readonly tensors: Readonly<Record<string, Tensor>>
  readonly offsets?: Readonly<Record<string, Tensor>>
  /** 2 where an offset is an i64. */
  readonly offsetWords?: Readonly<Record<string, 1 | 2>>
  readonly batches?: Numbers
  readonly rows?: Numbers
  readonly capacities?: Numbers
  readonly sizes?: Numbers
  readonly captures?: Readonly<Record<string, number | Values<Int32Array> | Values<Float32Array>>>
}

/** A launch's own buffers; destroy them when the submitted work is done. */
export interface Work { destroy(): void }

export interface Interaction<L> {
  readonly kernel: Kernel
  readonly picked: Picked
  /** Encodes the kernel's entries. Nothing is read back; lengths stay on the device. Throws a TypeError naming what does not fit. */
  encode(encoder: GPUCommandEncoder, launch: L): Work
}

const LEAST_BYTES = 64
/** Workgroups of one dimension; more continue in the next row. */
const PER_DIMENSION = 65535

const refuse = (kernel: Kernel, why: string): never => { throw new TypeError(`${kernel.file}: ${why}`) }
const bindingOf = (t: Tensor): GPUBufferBinding => ('buffer' in t ? t : { buffer: t })
const bytesOf = (t: Tensor): number => { const { buffer, offset = 0, size } = bindingOf(t); return size ?? (buffer as GPUBuffer).size - offset }

const groups = { batch: 'batches', rows: 'rows', capacity: 'capacities', size: 'sizes' } as const

const bits = (dtype: Kernel['dtype'], value: number): number => {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  const word = view.getUint32(0)
  if (dtype === 'i32') return value >>> 0
  if (dtype === 'f32') return word
  if (Number.isNaN(value)) return dtype === 'bf16' ? 0x7fc0 : 0x7e00
  if (dtype === 'bf16') return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  const [sign, magnitude] = [(word >>> 16) & 0x8000, Math.abs(value)]
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 1)))
  const quantum = 2 ** (exponent - 10)
  const steps = magnitude / quantum
  const even = Math.floor(steps) + Number(steps % 1 > 0.5 || (steps % 1 === 0.5 && Math.floor(steps) % 2 === 1))
  return sign | Math.min(0x7c00, ((exponent + 14) << 10) + even)
}

/** Every quantity by its source: counts as the launch gives them, words of offsets, scalars. */
const quantities = (kernel: Kernel, launch: Launch): Map<string, number> => {
  const known = new Map<string, number>([['parts', kernel.parts ?? 1]])
  for (const [kind, group] of Object.entries(groups)) {
    for (const [name, value] of Object.entries(launch[group] ?? {})) {
      if (!(Number.isInteger(value) && value >= 0 && value < 4294967296)) refuse(kernel, `${group}.${name} is ${value}; it is a whole number from 0`)
      known.set(`${kind}:${name}`, value)
    }
  }
  for (const name of Object.keys(kernel.offsets)) known.set(`offsetWords:${name}`, launch.offsetWords?.[name] ?? 1)
  for (const c of kernel.captures) {
    const value = c.kind === 'scalar' ? (launch.captures?.[c.name] ?? c.default) : undefined
    if (typeof value === 'number') { known.set(`scalar:${c.name}`, value); known.set(`scalarBits:${c.name}`, bits(kernel.dtype, value)) }
  }
  return known
}

const named = (kernel: Kernel, known: ReadonlyMap<string, number>, source: string): number => {
  const [kind, name] = source.split(':') as [string, string?]
  return known.get(source) ?? refuse(kernel, kind in groups ? `pass ${groups[kind as keyof typeof groups]}.${name}` : `the capture ${name} is not given`)
}

const product = (kernel: Kernel, known: ReadonlyMap<string, number>, factors: readonly Factor[]): number => {
  const of = (source: string): number => named(kernel, known, source)
  const factor = (f: Factor): number =>
    typeof f === 'number' ? f
    : typeof f === 'string' ? of(f)
    : 'of' in f ? Math.ceil(of(f.of) / f.per)
    : 'tiles' in f ? Math.floor(of(f.tiles) / f.per) + of(f.batch) + 1
    : 'lower' in f ? (of(f.lower) * (of(f.lower) - 1)) / 2
    : Math.max(f.least, Math.ceil(product(kernel, known, f.factors) / f.per))
  return factors.reduce((n: number, f) => n * factor(f), 1)
}

type Create = (size: number, usage: number) => GPUBuffer

/** Copies the arrays of each dtype one after another into one buffer; says where each begins and how long it is. */
const packCaptures = (device: GPUDevice, encoder: GPUCommandEncoder, kernel: Kernel, launch: Launch, known: Map<string, number>, create: Create): Readonly<Record<string, () => GPUBuffer>> => {
  const parts = { i32: [] as Values<Int32Array | Float32Array>[], f32: [] as Values<Int32Array | Float32Array>[] }
  const ends = { i32: 0, f32: 0 }
  for (const { name, dtype, kind } of kernel.captures) {
    if (kind === 'scalar') continue
    const value = launch.captures?.[name]
    const array = dtype === 'i32' ? Int32Array : Float32Array
    if (!(value instanceof GPUBuffer || value instanceof array)) return refuse(kernel, `the capture ${name} (${kind} ${dtype}) is ${value === undefined ? 'not given' : typeof value === 'object' ? `a ${value.constructor.name}` : `a ${typeof value}`}; pass ${dtype === 'i32' ? 'an Int32Array' : 'a Float32Array'} or a GPUBuffer`)
    const count = (value instanceof GPUBuffer ? value.size : value.byteLength) / 4
    known.set(`base:${name}`, ends[dtype])
    known.set(`length:${name}`, count)
    parts[dtype].push(value)
    ends[dtype] += count
  }
  const buffer = (dtype: 'i32' | 'f32') => (): GPUBuffer => {
    const made = create(4 * ends[dtype], GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST)
    let at = 0
    for (const value of parts[dtype]) {
      const size = value instanceof GPUBuffer ? value.size : value.byteLength
      if (value instanceof GPUBuffer) encoder.copyBufferToBuffer(value, 0, made, at, size)
      else device.queue.writeBuffer(made, at, value as Int32Array<ArrayBuffer>)
      at += size
    }
    return made
  }
  return { captures_i32: buffer('i32'), captures_f32: buffer('f32') }
}

const checkNames = (kernel: Kernel, group: string, given: object = {}, known: readonly string[]): void => {
  for (const name of Object.keys(given)) if (!known.includes(name)) refuse(kernel, `takes no ${group}.${name}; it takes ${known.map((k) => `${group}.${k}`).join(', ') || `no ${group}`}`)
}

/** Buffers of tensors and offsets, each large enough. */
const storageOf = (kernel: Kernel, launch: Launch, known: ReadonlyMap<string, number>): Map<string, GPUBufferBinding> => {
  const bound = new Map<string, GPUBufferBinding>()
  checkNames(kernel, 'tensors', launch.tensors, Object.keys(kernel.tensors))
  checkNames(kernel, 'offsets', launch.offsets, Object.keys(kernel.offsets))
  const add = (path: string, buffer: string, tensor: Tensor | undefined, need: number, shape: string): void => {
    if (!tensor) return refuse(kernel, `pass ${path}`)
    if (bytesOf(tensor) < need) refuse(kernel, `${path} has ${bytesOf(tensor)} bytes; ${shape} takes ${need}`)
    bound.set(buffer, bindingOf(tensor))
  }
  for (const [name, { buffer, bytes, elements }] of Object.entries(kernel.tensors)) {
    const count = product(kernel, known, elements)
    add(`tensors.${name}`, buffer, launch.tensors[name], 4 * Math.ceil((bytes * count) / 4), `${count} elements of ${bytes} bytes`)
  }
  for (const [name, { buffer, batch }] of Object.entries(kernel.offsets)) {
    const entries = named(kernel, known, batch) + 1
    const words = known.get(`offsetWords:${name}`)!
    add(`offsets.${name}`, buffer, launch.offsets?.[name], 4 * words * entries, `${entries} running sums of ${words} words`)
  }
  return bound
}

/** Buffers of an entry with their bindings. */
const boundBy = (kernel: Kernel, entry: string) => kernel.buffers.map((b, i) => ({ ...b, binding: i + 1 })).filter((b) => !b.entries || b.entries.includes(entry))

const pipeline = async (device: GPUDevice, kernel: Kernel, module: GPUShaderModule, { name, entryPoint }: Kernel['entries'][number]): Promise<GPUComputePipeline> => {
  const storage = boundBy(kernel, name).map((b): GPUBindGroupLayoutEntry => ({ binding: b.binding, visibility: GPUShaderStage.COMPUTE, buffer: { type: b.written ? 'storage' : 'read-only-storage' } }))
  const layout = device.createBindGroupLayout({ entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } }, ...storage] })
  return device.createComputePipelineAsync({ layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }), compute: { module, entryPoint } })
}

const uniform = (kernel: Kernel, known: ReadonlyMap<string, number>): ArrayBuffer => {
  const view = new DataView(new ArrayBuffer(16 * Math.max(1, Math.ceil(kernel.params.length / 4))))
  const put = { u32: view.setUint32, i32: view.setInt32, f32: view.setFloat32 }
  kernel.params.forEach((param, i) => {
    const [type, source] = param.split(' ') as ['u32' | 'i32' | 'f32', string]
    const value = named(kernel, known, source)
    if (type === 'u32' && value > 0xffffffff) refuse(kernel, `${source} is ${value} in this launch; it is counted in 32 bits`)
    put[type].call(view, 4 * i, value, true)
  })
  return view.buffer as ArrayBuffer
}

/** Compiles a kernel for a device. `source` is the text of `kernel.file`. */
export const createInteraction = async <L extends Launch>(device: GPUDevice, kernel: Kernel, source: string, picked: Picked = { from: 'caller', reason: 'the caller named the kernel' }): Promise<Interaction<L>> => {
  const module = device.createShaderModule({ code: source, label: kernel.file })
  const pipelines = await Promise.all(kernel.entries.map((entry) => pipeline(device, kernel, module, entry)))
  return { kernel, picked, encode: (encoder, launch) => {
    const made: GPUBuffer[] = []
    const create: Create = (size, usage) => {
      const buffer = device.createBuffer({ size: Math.max(4 * Math.ceil(size / 4), LEAST_BYTES), usage })
      made.push(buffer)
      return buffer
    }
    const known = quantities(kernel, launch)
    known.set('elements', product(kernel, known, kernel.tensors.out!.elements))
    if (known.get('elements') === 0) return { destroy: () => {} }
    const storage = storageOf(kernel, launch, known)
    const captures = packCaptures(device, encoder, kernel, launch, known, create)
    const own: Readonly<Record<string, () => GPUBuffer>> = { ...captures, partials: () => create(4 * product(kernel, known, kernel.partials ?? []), GPUBufferUsage.STORAGE) }
    for (const { name } of kernel.buffers) if (!storage.has(name)) storage.set(name, { buffer: own[name]!() })
    const data = uniform(kernel, known)
    const fields = create(data.byteLength, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST)
    device.queue.writeBuffer(fields, 0, data)
    const pass = encoder.beginComputePass()
    kernel.entries.forEach(({ name, grid }, i) => {
      const workgroups = product(kernel, known, grid)
      if (workgroups === 0) return
      pass.setPipeline(pipelines[i]!)
      pass.setBindGroup(0, device.createBindGroup({
        layout: pipelines[i]!.getBindGroupLayout(0),
        entries: [{ binding: 0, resource: { buffer: fields } }, ...boundBy(kernel, name).map((b) => ({ binding: b.binding, resource: storage.get(b.name)! }))],
      }))
      pass.dispatchWorkgroups(Math.min(workgroups, PER_DIMENSION), Math.ceil(workgroups / PER_DIMENSION))
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
const lacks = (device: GPUDevice, { limits }: Kernel): string | undefined => {
  const have = device.limits as unknown as Numbers
  const limit = Object.keys(limits).find((name) => limits[name]! > (have[name] ?? 0))
  return limit && `${limit} ${limits[limit]}; the device was given ${have[limit]}`
}

/** The recorded winner where this device can run it, else the default kernel. Lengths stay on the device, so they do not decide. Throws a TypeError where no kernel can run. */
export const pickKernel = <K extends Kernel>(device: GPUDevice, kernels: readonly K[], winners: readonly Winner[], { dtype }: { readonly dtype: string }): { readonly kernel: K; readonly picked: Picked } => {
  const name = adapterName(device.adapterInfo)
  const winner = winners.find((w) => w.device === name && w.dtype === dtype)
  const kernel = winner && kernels.find((k) => k.file === winner.file)
  const lack = kernel && lacks(device, kernel)
  if (winner && kernel && !lack) return { kernel, picked: { from: 'winner', reason: `recorded on ${name}: ${winner.ms} ms, the default schedule ${winner.defaultMs ?? 'failed'}` } }
  const usual = kernels.find((k) => k.dtype === dtype && !k.tuned)
  if (!usual) throw new TypeError(`no kernel for ${dtype} is emitted here; there are ${[...new Set(kernels.map((k) => k.dtype))].join(', ')}`)
  if (lacks(device, usual)) throw new TypeError(`${usual.file} needs ${lacks(device, usual)}`)
  return { kernel: usual, picked: { from: 'default', reason: lack ? `the winner recorded on ${name} needs ${lack}` : `no winner for ${dtype} is recorded on ${name}` } }
}

/** Picks, reads and compiles. */
export const openInteraction = async <L extends Launch>(device: GPUDevice, kernels: readonly Kernel[], winners: readonly Winner[], wanted: { readonly dtype: string }, read: (file: string) => string | Promise<string>): Promise<Interaction<L>> => {
  const { kernel, picked } = pickKernel(device, kernels, winners, wanted)
  return createInteraction(device, kernel, await read(kernel.file), picked)
}
