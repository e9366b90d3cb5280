import { readdirSync } from 'node:fs'
import { type LoadedDefinition, loadFile } from '../../codegen/frontend/index.ts'
import type { Limits } from '../../codegen/schedule/types.ts'
import type { Device } from '../../runtime/device.ts'

/** The shipped kernels' names, read from the folder. */
export const kernelNames: readonly string[] = readdirSync(new URL('../../kernels/', import.meta.url)).filter((f) => f.endsWith('.ts') && f !== 'index.ts').map((f) => f.replace(/\.ts$/, '')).sort()

const loaded = new Map<string, Promise<LoadedDefinition>>()

export const shipped = (name: string): Promise<LoadedDefinition> => {
  const known = loaded.get(name)
  if (known) return known
  const loading = loadFile(`kernels/${name}.ts`).then((file) => file.definitions[0] ?? Promise.reject(new Error(JSON.stringify(file.diagnostics))))
  loaded.set(name, loading)
  return loading
}

export const limitsOf = ({ info }: Device): Limits => ({
  sharedMemory: info.limits.maxComputeWorkgroupStorageSize!,
  threads: info.limits.maxComputeInvocationsPerWorkgroup!,
  storageBuffers: info.limits.maxStorageBuffersPerShaderStage!,
  features: info.features,
  subgroupSize: info.subgroupSize,
})

/** Limits of a device that has all that the templates can use. */
export const generous: Limits = { sharedMemory: 49152, threads: 1024, storageBuffers: 16, features: ['shader-f16', 'subgroups'], subgroupSize: 32 }
