import type { Algorithm } from '../../codegen/ir/algorithm.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import type { DeviceInfo } from '../../runtime/device.ts'
import type { TuneResult } from '../../tune/index.ts'
import type { VerifyResult } from '../../verify/index.ts'
import type { RunTarget } from '../options.ts'

export interface Compiled {
  readonly loaded: readonly LoadedDefinition[]
  /** WGSL f32 and CUDA bf16 of every definition, head dim 64. */
  readonly sources: readonly { readonly algorithm: Algorithm; readonly kernels: readonly KernelSource[] }[]
  readonly ms: number
}

export interface Verified {
  readonly name: string
  readonly target: RunTarget
  readonly kernel: KernelSource
  readonly result: VerifyResult
}

export interface TargetRun {
  readonly target: RunTarget
  readonly device?: DeviceInfo
  readonly verified: readonly Verified[]
  /** Kernels that the device or its compiler refused. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[]
  /** Why this target was not run. */
  readonly skipped?: string
  readonly seconds: number
}

export interface Tuned {
  readonly algorithm: Algorithm
  readonly result: TuneResult
  readonly lengths: readonly number[]
  readonly heads: number
  readonly headDim: number
  /** What was taken of the MovieLens lengths, in words. */
  readonly sample: string
}
