import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import type { Device } from '../../runtime/device.ts'
import { devices } from '../devices.ts'
import type { RunTarget } from '../options.ts'
import type { Context } from '../types.ts'
import { verifyOn } from '../verify.ts'
import type { TargetRun, Verified } from './types.ts'

const LENGTHS = Object.freeze([3, 0, 17, 64, 1, 33, 129])
const HEADS = 2
const SEED = 1

const dtypesOf: Readonly<Record<RunTarget, (device: Device) => readonly Dtype[]>> = {
  wgsl: ({ info }) => (info.features.includes('shader-f16') ? ['f32', 'f16'] : ['f32']),
  cuda: () => ['f32', 'bf16'],
  'cuda-cpu': () => ['f32', 'bf16'],
}

/** The first sentence of what went wrong. */
export const reasonOf = (error: unknown): string => (error instanceof SerrateError ? `${error.code} ${error.diagnostics[0]!.message}` : (error as Error).message).split('\n')[0]!

/** Compares every definition with itself on an open device. One that fails does not stop the others. */
export const verifyAll = async (target: RunTarget, device: Device, loaded: readonly LoadedDefinition[], context: Context): Promise<TargetRun> => {
  const started = performance.now()
  const verified: Verified[] = []
  const failed: { readonly name: string; readonly reason: string }[] = []
  const dim = device.info.software ? 16 : 64
  for (const dtype of dtypesOf[target](device)) {
    for (const definition of loaded) {
      const { name } = definition.algorithm
      context.progress(`verifying ${name} ${dtype} on ${device.info.name}`)
      try {
        const wanted = { target: devices[target].source, dtype, dim }
        const { result, kernel } = await verifyOn(device, definition, wanted, { lengths: LENGTHS, heads: HEADS, seed: SEED, ref: name, counted: false })
        verified.push({ name, target, kernel, result })
      } catch (error) {
        failed.push({ name: `${name} ${dtype}`, reason: reasonOf(error) })
      }
    }
  }
  return { target, device: device.info, verified, failed, seconds: (performance.now() - started) / 1000 }
}

/** A target whose device cannot be opened here is skipped, with the reason. */
export const verifyTarget = async (target: RunTarget, loaded: readonly LoadedDefinition[], context: Context): Promise<TargetRun> => {
  let device: Device
  try {
    device = await devices[target].open()
  } catch (error) {
    return { target, verified: [], failed: [], skipped: reasonOf(error), seconds: 0 }
  }
  try {
    return await verifyAll(target, device, loaded, context)
  } finally {
    await device.close()
  }
}
