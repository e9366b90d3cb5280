import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { createDawn, type DawnToggles } from './dawn.ts'
import { hasVulkanLoader, namedDriver, useSwiftShader } from './vulkan.ts'

/** An adapter with the words a person reads for it. */
export interface FoundAdapter {
  readonly adapter: GPUAdapter
  readonly name: string
  readonly software: boolean
}

const isSoftware = (info: GPUAdapterInfo): boolean => info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(`${info.architecture} ${info.device} ${info.description}`)

const request = async (toggles: DawnToggles): Promise<GPUAdapter | null> => {
  const gpu = await createDawn(toggles)
  return gpu.requestAdapter({ powerPreference: 'high-performance' })
}

const describe = (adapter: GPUAdapter, origin: string): FoundAdapter => {
  const { info } = adapter
  const software = isSoftware(info)
  const name = info.device && !/^0x|swiftshader-device/.test(info.device) ? info.device : info.description || info.architecture || info.vendor || 'an unnamed adapter'
  return { adapter, software, name: software ? `${name} (software, ${origin})` : name }
}

const fromNpm = async (toggles: DawnToggles): Promise<FoundAdapter> => {
  const { icd } = useSwiftShader()
  const adapter = await request(toggles)
  if (!adapter) return fail('SR4001', { reason: `Dawn accepts no adapter of ${icd}` })
  return { adapter, name: 'SwiftShader (software, from npm)', software: true }
}

/**
 * `gpu`: the driver that the user named, else a real GPU, else SwiftShader. `software`: the named driver if it is one, else SwiftShader.
 * Throws SR4001 (and SR4003, SR4004, SR4005 when only SwiftShader is left and cannot be had).
 */
export const findAdapter = async (prefer: 'gpu' | 'software', software: boolean, toggles: DawnToggles): Promise<FoundAdapter> => {
  const named = namedDriver()
  if (named || prefer === 'gpu') {
    const adapter = hasVulkanLoader() ? await request(toggles) : null
    const found = adapter && describe(adapter, named ? 'the named Vulkan driver' : 'of this system')
    if (found && (software || !found.software) && (named || !found.software)) return found
    if (named) fail('SR4001', { reason: found ? `${found.name} is software and only a GPU was allowed` : `the named Vulkan driver ${named} offers none that Dawn accepts` })
  }
  if (!software) fail('SR4001', { reason: 'this machine has no GPU that Dawn accepts, and only a GPU was allowed' })
  return fromNpm(toggles)
}
