import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { Device } from '../device.ts'
import { familiesOf } from '../families.ts'
import { architectureFor } from './architecture.ts'
import { checkKernel } from './check.ts'
import { type CudaCompiler, openCompiler } from './compiler.ts'
import { type Handle, type NativeDriver, openDriver } from './driver.ts'
import { readDevice } from './info.ts'
import { loadKernel, type Session } from './kernel.ts'

export interface CudaOptions {
  /** Which device, counted as the driver counts them. Default 0. */
  readonly device?: number
  /** The driver's functions; default those of libcuda. */
  readonly native?: NativeDriver
  /** Default NVRTC, else nvcc. */
  readonly compiler?: CudaCompiler
}

export interface CudaDevice extends Device {
  /** The compiler in use and why, once something was compiled. */
  compiler(): (CudaCompiler & { readonly why: string }) | undefined
}

/** Opens a CUDA device through the driver API; kernels are compiled by NVRTC or nvcc. Throws SR4601 to SR4605; `compile` also SR4607 and SR4608. */
export const openCuda = async ({ device = 0, native, compiler: given }: CudaOptions = {}): Promise<CudaDevice> => {
  let name = 'the driver'
  const driver = openDriver(() => name, native)
  const info = readDevice(driver, device)
  name = info.name
  const context = driver.get<Handle>('contextRetain', info.handle)
  let open = true
  let compiler: (CudaCompiler & { readonly why: string }) | undefined = given && { ...given, why: 'it was given' }
  const session: Session = {
    driver, info,
    enter: () => {
      if (!open) fail('SR4018', { device: info.name })
      driver.must('contextSet', context)
    },
  }
  return {
    info,
    compiler: () => compiler,
    ...familiesOf(async ({ text, plan }) => {
      session.enter()
      checkKernel(info, plan)
      compiler ??= openCompiler()
      const cubin = await compiler.compile(plan.kernel, text, architectureFor(plan.requires.architectures, info.major, info.minor))
      return loadKernel(session, plan, cubin)
    }),
    close: async () => {
      if (!open) return
      open = false
      driver.try('contextRelease', info.handle)
    },
  }
}
