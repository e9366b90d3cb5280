import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { openNvcc } from './nvcc.ts'
import { openNvrtc } from './nvrtc.ts'

export interface CudaCompiler {
  /** Which compiler, its version and where it lies. */
  readonly name: string
  /** Machine code for one architecture. Throws SR4608 with the compiler's log. */
  compile(kernel: string, source: string, architecture: string): Promise<Buffer>
}

/** NVRTC (in this process, no files) if it is found, else nvcc; `why` says so. Throws SR4607. */
export const openCompiler = (): CudaCompiler & { readonly why: string } => {
  const nvrtc = openNvrtc()
  if (!('missing' in nvrtc)) return { ...nvrtc, why: 'NVRTC was found' }
  const nvcc = openNvcc()
  if ('missing' in nvcc) return fail('SR4607', { nvrtc: nvrtc.missing, nvcc: nvcc.missing })
  return { ...nvcc, why: `NVRTC: ${nvrtc.missing}` }
}
