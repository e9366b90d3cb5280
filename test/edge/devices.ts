import { join } from 'node:path'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { type LoadedDefinition, loadFile } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import type { CompiledKernel, Device } from '../../runtime/device.ts'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { limitsOf } from '../../tune/limits.ts'
import { noCompiler } from '../cuda-cpu/harness.ts'

export interface EdgeDevice {
  readonly name: string
  readonly target: TargetName
  readonly open: () => Promise<Device>
}

/** What every case of this folder runs on: WGSL on WebGPU's default limits, CUDA source on the CPU where there is a compiler. */
export const edgeDevices: readonly EdgeDevice[] = [
  { name: 'WGSL', target: 'wgsl', open: () => openWebGpu({ prefer: 'software', defaultLimits: true }) },
  ...(noCompiler ? [] : [{ name: 'CUDA on the CPU', target: 'cuda' as const, open: () => openCudaCpu() }]),
]

const root = join(import.meta.dirname, '../..')
const known = new Map<string, Promise<LoadedDefinition>>()

/** A shipped definition, or one of `variants.ts`. */
export const definitionOf = (name: string): Promise<LoadedDefinition> => {
  const load = async (): Promise<LoadedDefinition> => {
    for (const file of ['kernels/index.ts', 'test/edge/variants.ts']) {
      const found = (await loadFile(join(root, file))).definitions.find((d) => d.algorithm.name === name)
      if (found) return found
    }
    throw new Error(`no definition ${name}`)
  }
  const loading = known.get(name) ?? load()
  known.set(name, loading)
  return loading
}

export interface KernelWish {
  readonly kernel: string
  readonly dtype?: Dtype
  readonly headDim?: number
  readonly valueDim?: number
  /** Fields that replace the default schedule's; both targets call them the same. */
  readonly schedule?: Readonly<Record<string, number>>
}

/** Small tiles, which a software device compiles fast; tiles of other sizes are fuzzed. */
const quick = (target: TargetName, headDim: number, valueDim: number): Readonly<Record<string, number>> =>
  target === 'wgsl' && Math.max(headDim, valueDim) <= 64 ? { block_m: 16, block_n: 16, rows: 4, lanes: 4, chunk_d: 16, subgroups: 0, stage_q: 1 } : {}

export const emitFor = async ({ info }: Pick<Device, 'info'>, { kernel, dtype = 'f32', headDim = 8, valueDim = headDim, schedule }: KernelWish): Promise<KernelSource> => {
  const { algorithm } = await definitionOf(kernel)
  const problem = { ...defaultProblem(algorithm, dtype, headDim), valueDim }
  const limits = limitsOf(info)
  const usual = defaultSchedule(info.target, algorithm, problem, limits)
  return compileKernel(algorithm, problem, { target: info.target, limits, schedule: { ...usual, values: { ...usual.values, ...quick(info.target, headDim, valueDim), ...schedule } } })
}

/** Compiles all of them, together where the device can. */
export const compileAll = async (device: Device & { readonly compileMany?: (kernels: readonly KernelSource[]) => Promise<readonly CompiledKernel[]> }, kernels: readonly KernelSource[]): Promise<readonly CompiledKernel[]> => {
  if (device.compileMany) return device.compileMany(kernels)
  const compiled: CompiledKernel[] = []
  for (const kernel of kernels) compiled.push(await device.compile(kernel))
  return compiled
}
