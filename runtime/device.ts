import type { InteractionSource } from '../codegen/ir/interaction/manifest.ts'
import type { BufferName, SubgroupMatrix } from '../codegen/ir/plan.ts'
import type { KernelSource } from '../codegen/ir/manifest.ts'

export interface DeviceInfo {
  readonly target: 'wgsl' | 'cuda'
  /** `webgpu`, `cuda` or `cuda-cpu`. */
  readonly backend: string
  /** What a person calls it: "NVIDIA H100 80GB HBM3", "SwiftShader (software, from npm)". */
  readonly name: string
  readonly software: boolean
  readonly features: readonly string[]
  readonly limits: Readonly<Record<string, number>>
  /** 0 where subgroups are not offered or not usable. */
  readonly subgroupSize: number
  /** Why `subgroupSize` is 0. */
  readonly subgroupNote?: string
  /** Products of f16 matrices with f32 sums, the largest first. */
  readonly subgroupMatrices?: readonly SubgroupMatrix[]
  /** CUDA: compute capability, "9.0". */
  readonly capability?: string
  readonly driver?: string
  /** Environment variables that open the same device again, where its defaults do not. */
  readonly environment?: Readonly<Record<string, string>>
}

/** After one checked launch, `warmup` launches, and more until `warmMs` milliseconds have passed; then `iterations` timed ones on the same buffers. */
export interface Timing {
  readonly warmup: number
  readonly iterations: number
  /** An idle GPU runs at a fraction of its clock and takes some 0.1 to 0.5 s of load to reach it. Default 0; ignored on the CPU. */
  readonly warmMs?: number
}

/** One launch, wholly described: bytes in, bytes out. Buffers hold whatever the caller put there, canaries included. */
export interface Job {
  /** Initial bytes of every buffer of the manifest; each length a multiple of 4. */
  readonly buffers: Readonly<Partial<Record<BufferName, Uint8Array>>>
  /** Values for the manifest's params, by name. */
  readonly params: Readonly<Record<string, number>>
  /** Heads that have workgroups of their own: key heads where a tile holds a group of heads. */
  readonly gridHeads: number
  readonly maxTiles: number
  /** Buffers to read back after the launch. */
  readonly outputs: readonly BufferName[]
  readonly timing?: Timing
}

export interface JobResult {
  readonly buffers: Readonly<Partial<Record<BufferName, Uint8Array>>>
  /** Milliseconds of each timed launch, tile builder included, as the device's own clock counts them. */
  readonly times: readonly number[]
  /** What the device noticed: out-of-bounds or uninitialised shared reads, races (cuda-cpu); empty elsewhere. */
  readonly findings: readonly string[]
}

export interface CompiledKernel {
  run(job: Job): Promise<JobResult>
  dispose(): void
}

/** One launch of an interaction. */
export interface InteractionJob {
  /** Initial bytes of every buffer of the manifest; each length a multiple of 4. */
  readonly buffers: Readonly<Record<string, Uint8Array>>
  /** Values for the manifest's params, by name. */
  readonly params: Readonly<Record<string, number>>
  /** Workgroups of each entry, in the manifest's order; CUDA on the CPU leaves them to the launcher. */
  readonly grids: readonly number[]
  /** Buffers to read back after the launch. */
  readonly outputs: readonly string[]
  readonly timing?: Timing
}

export interface InteractionResult {
  readonly buffers: Readonly<Record<string, Uint8Array>>
  /** Milliseconds of each timed launch, all entries included. */
  readonly times: readonly number[]
  readonly findings: readonly string[]
}

export interface CompiledInteraction {
  run(job: InteractionJob): Promise<InteractionResult>
  dispose(): void
}

export interface Device {
  readonly info: DeviceInfo
  /** Throws SerrateError when the source does not compile or the device lacks what the manifest requires. */
  compile(kernel: KernelSource): Promise<CompiledKernel>
  /** As `compile`. */
  compileInteraction(source: InteractionSource): Promise<CompiledInteraction>
  close(): Promise<void>
}
