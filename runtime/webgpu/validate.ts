import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { createDawn } from './dawn.ts'

export interface WgslMessage {
  readonly type: 'error' | 'warning' | 'info'
  readonly line: number
  readonly column: number
  readonly message: string
}

const open = async (): Promise<GPUDevice> => {
  const gpu = await createDawn({ enable: ['allow_unsafe_apis'] }, 'null')
  const adapter = (await gpu.requestAdapter()) ?? fail('SR4001', { reason: "Dawn's null backend offers none" })
  const device = await adapter.requestDevice({ requiredFeatures: [...adapter.features] as GPUFeatureName[] }).catch((error: Error) => fail('SR4006', { adapter: "Dawn's null backend", reason: error.message }))
  device.addEventListener('uncapturederror', () => {})
  return device
}

let device: Promise<GPUDevice> | undefined

/** What Tint says of a WGSL module, with every feature allowed and no GPU or driver needed. Empty: valid. */
export const validateWgsl = async (text: string): Promise<readonly WgslMessage[]> => {
  const gpu = await (device ??= open())
  gpu.pushErrorScope('validation')
  const module = gpu.createShaderModule({ code: text })
  const { messages } = await module.getCompilationInfo()
  await gpu.popErrorScope()
  return messages.map((m) => ({ type: m.type, line: m.lineNum, column: m.linePos, message: m.message }))
}

/** Lets go of the null device; the next call opens another. */
export const closeValidator = async (): Promise<void> => {
  const gpu = await device
  device = undefined
  gpu?.destroy()
}
