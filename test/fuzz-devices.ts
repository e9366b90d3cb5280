import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import type { Limits } from '../codegen/schedule/types.ts'
import type { Device } from '../runtime/device.ts'
import { limitsOf } from '../tune/limits.ts'

export interface FuzzDevice {
  readonly device: Device
  readonly limits: Limits
  readonly dtypes: readonly Dtype[]
  /** Sizes of a run in CI on two cores. */
  readonly sources: number
  readonly cases: number
  readonly maxTokens: number
  readonly budgetSeconds: number
}
interface Choice { readonly off: readonly string[]; readonly hardware: boolean; readonly seed: number }

const opened = async (device: Device, dtypes: readonly Dtype[], run: Pick<FuzzDevice, 'sources' | 'cases' | 'maxTokens' | 'budgetSeconds'>): Promise<FuzzDevice> => ({ device, limits: limitsOf(device.info), dtypes, ...run })

const devices: Readonly<Record<string, (choice: Choice) => Promise<FuzzDevice>>> = {
  webgpu: async ({ off, hardware }) => {
    const { openWebGpu } = await import('../runtime/webgpu/index.ts')
    const device = await openWebGpu({ features: Object.fromEntries(off.map((f) => [f, false])), allow: { software: !hardware } })
    const dtypes: readonly Dtype[] = device.info.features.includes('shader-f16') ? ['f16', 'f32', 'bf16'] : ['f32', 'f32', 'f32', 'bf16']
    return opened(device, dtypes, { sources: 136, cases: 36, maxTokens: 160, budgetSeconds: 600 })
  },
  'cuda-cpu': async ({ seed }) => {
    const { openCudaCpu, POLICIES } = await import('../runtime/cuda-cpu/index.ts')
    const policy = POLICIES[seed % POLICIES.length]!
    return opened(await openCudaCpu({ policy, seed, cacheDir: join(process.cwd(), '.serrate', 'cuda-cpu') }), ['bf16', 'f16', 'f32'], { sources: 100, cases: 16, maxTokens: 96, budgetSeconds: 600 })
  },
  cuda: async () => {
    const { openCuda } = await import('../runtime/cuda/index.ts')
    return opened(await openCuda({}), ['bf16', 'f16', 'f32'], { sources: 24 * cpus().length, cases: 14, maxTokens: 300, budgetSeconds: 300 })
  },
}

/** Opens a device by name; SerrateError where this machine has none. */
export const openFuzzDevice = (name: string, choice: Choice): Promise<FuzzDevice> => {
  const open = devices[name]
  if (!open) throw new Error(`no fuzz device ${name}; known: ${Object.keys(devices).join(', ')}`)
  return open(choice)
}
