import type { SourceTarget, RunTarget } from './options.ts'
import type { Device, DeviceInfo } from '../runtime/device.ts'

/** One row a run target: what it compiles, and how its device is opened (loaded only then). */
export const devices: Readonly<Record<RunTarget, { readonly source: SourceTarget; open(): Promise<Device> }>> = Object.freeze({
  wgsl: { source: 'wgsl', open: async () => (await import('../runtime/webgpu/index.ts')).openWebGpu() },
  cuda: { source: 'cuda', open: async () => (await import('../runtime/cuda/index.ts')).openCuda() },
  'cuda-cpu': { source: 'cuda', open: async () => (await import('../runtime/cuda-cpu/index.ts')).openCudaCpu() },
})

/** Opens a target's device, runs `use`, and closes it whatever happens. */
export const withDevice = async <T>(target: RunTarget, use: (device: Device) => Promise<T>): Promise<T> => {
  const device = await devices[target].open()
  try {
    return await use(device)
  } finally {
    await device.close()
  }
}

/** What a document says of the device. */
export const deviceSummary = ({ backend, name, software }: DeviceInfo) => ({ backend, name, software })
