import { isMainThread } from 'node:worker_threads'
import koffi from 'koffi'
import { type SwiftShader, swiftShader } from './swiftshader.ts'

const VARIABLES = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES'] as const

/** The process's own environment: in a worker thread `process.env` is only a copy that no library sees. */
const setVariable = (name: string, value: string): void => {
  process.env[name] = value
  if (!isMainThread) koffi.load('libc.so.6').func('int setenv(const char *, const char *, int)')(name, value, 1)
}

const selectDriver = (icd: string): void => { for (const name of VARIABLES) setVariable(name, icd) }

const isOurs = (icd: string): boolean => /[\\/]swiftshader-[^\\/]+[\\/]vk_swiftshader_icd\.json$/.test(icd)

/** The Vulkan driver file that the user named, if any: SERRATE_VK_ICD first, then the loader's own variables. */
export const namedDriver = (): string | undefined => {
  if (process.env.SERRATE_VK_ICD) {
    selectDriver(process.env.SERRATE_VK_ICD)
    return process.env.SERRATE_VK_ICD
  }
  return VARIABLES.map((v) => process.env[v]).find((icd) => icd && !isOurs(icd))
}

let opened: SwiftShader | undefined

/** Makes SwiftShader the process's Vulkan driver, its loader opened first, so that Dawn finds both on a machine without Vulkan. */
export const useSwiftShader = (): SwiftShader => {
  if (!opened) {
    opened = swiftShader()
    koffi.load(opened.loader)
  }
  selectDriver(opened.icd)
  return opened
}

/** False on Linux without a Vulkan loader, where asking Dawn would only print a warning. */
export const hasVulkanLoader = (): boolean => {
  if (process.platform !== 'linux') return true
  try {
    koffi.load('libvulkan.so.1')
    return true
  } catch {
    return false
  }
}
