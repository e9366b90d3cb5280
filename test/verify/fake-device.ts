import type { KernelManifest, KernelSource } from '../../codegen/ir/manifest.ts'
import type { AttentionDefinition } from '../../dsl/index.ts'
import { attentionPlain } from '../../reference/index.ts'
import type { CompiledKernel, Device, Job, JobResult } from '../../runtime/device.ts'
import { decode, encode, fromBytes, roundTo, type TensorBits } from '../../runtime/dtypes.ts'

/** What a fault may spoil: the decoded launch before it is computed, and the bytes after. */
export interface Launched {
  readonly job: Job
  readonly rows: number
  readonly heads: number
  readonly headDim: number
  readonly offsets: number[]
  readonly q: Float64Array
  readonly k: Float64Array
  readonly v: Float64Array
  readonly captures: Record<string, number | ArrayLike<number>>
  /** Launches of this kernel so far. */
  readonly count: number
}
export interface Fault {
  before?(launched: Launched): void
  after?(bytes: Record<string, Uint8Array>, launched: Launched): void
  compute?(definition: AttentionDefinition): AttentionDefinition
  readonly findings?: readonly string[]
}

const elements: Record<string, (l: Launched) => number> = { perHead: (l: Launched) => l.heads, perSequence: (l: Launched) => l.offsets.length - 1, perToken: (l: Launched) => l.offsets.at(-1)! }

const unpackCaptures = (manifest: KernelManifest, job: Job, sizes: Launched): Launched['captures'] => {
  const source = (s: string): number => job.params[manifest.params.find((p) => p.source === s)!.name]!
  return Object.fromEntries(
    manifest.captures.map((c) => {
      if (c.kind === 'scalar') return [c.name, source(manifest.smScale.kind === 'capture' && manifest.smScale.name === c.name ? 'smScale' : `scalar:${c.name}`)]
      const buffer = job.buffers[`captures_${c.dtype}`]!.slice().buffer
      const all = c.dtype === 'i32' ? new Int32Array(buffer) : new Float32Array(buffer)
      const count = c.kind === 'table' ? source(`length:${c.name}`) * (c.perHead ? sizes.heads : 1) : elements[c.kind]!(sizes)
      return [c.name, all.subarray(source(`base:${c.name}`), source(`base:${c.name}`) + count)]
    }),
  )
}

const decodeJob = (manifest: KernelManifest, job: Job, count: number): Launched => {
  const source = (s: string): number => job.params[manifest.params.find((p) => p.source === s)!.name]!
  const [rows, heads, headDim] = [source('rows'), source('heads'), manifest.headDim]
  const words = new Int32Array(job.buffers.seq_offsets!.slice().buffer)
  const offsets = Array.from({ length: source('sequences') + 1 }, (_, i) => words[i * source('offsetWords')]!)
  const tensor = (name: 'q' | 'k' | 'v') => decode(manifest.dtype, fromBytes(manifest.dtype, job.buffers[name]!, rows * heads * headDim))
  const sizes = { job, rows, heads, headDim, offsets, q: tensor('q'), k: tensor('k'), v: tensor('v'), captures: {}, count }
  return { ...sizes, captures: unpackCaptures(manifest, job, sizes) }
}

const put = (target: Uint8Array, values: TensorBits): void => target.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))

const runJob = (manifest: KernelManifest, definition: AttentionDefinition, job: Job, count: number, fault: Fault): JobResult => {
  const launched = decodeJob(manifest, job, count)
  fault.before?.(launched)
  const { heads, headDim, rows, q, k, v, offsets, captures } = launched
  const r = attentionPlain({ definition: fault.compute?.(definition) ?? definition, heads, headDim, rows, q, k, v, seqOffsets: offsets, captures }, (x) => roundTo(manifest.dtype, x))
  const bytes = Object.fromEntries(Object.entries(job.buffers).map(([name, b]) => [name, b!.slice()]))
  put(bytes.out!, encode(manifest.dtype, r.out))
  if (bytes.lse && r.lse) put(bytes.lse, Float32Array.from(r.lse))
  fault.after?.(bytes, launched)
  return { buffers: Object.fromEntries(job.outputs.map((name) => [name, bytes[name]!])), times: [], findings: fault.findings ?? [] }
}

/** A device that computes on the host with f32 accumulation, from the launch's bytes alone, and can be made to fail in one way. */
export const fakeDevice = (definition: AttentionDefinition, fault: Fault = {}): Device => ({
  info: { target: 'wgsl', backend: 'webgpu', name: 'host', software: true, features: [], limits: {}, subgroupSize: 0 },
  compile: async (kernel: KernelSource): Promise<CompiledKernel> => {
    let count = 0
    return { run: async (job) => runJob(kernel.manifest, definition, job, count++, fault), dispose: () => {} }
  },
  compileInteraction: async () => { throw new Error('this device runs attention only') },
  close: async () => {},
})
