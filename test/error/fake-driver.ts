import type { Job } from '../../runtime/device.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { prepareAttention } from '../../runtime/attention.ts'
import type { CudaCompiler } from '../../runtime/cuda/compiler.ts'
import type { NativeDriver } from '../../runtime/cuda/driver.ts'
import { openCuda } from '../../runtime/cuda/index.ts'
import { shipped } from '../wgsl/shipped.ts'

/** What goes wrong: a call's result instead of 0, or another machine. */
export interface FakeMachine {
  readonly fails?: Partial<Record<keyof NativeDriver, number>>
  readonly devices?: number
  readonly major?: number
  readonly gridX?: number
}

const names: Readonly<Record<number, readonly [string, string]>> = {
  2: ['CUDA_ERROR_OUT_OF_MEMORY', 'out of memory'],
  209: ['CUDA_ERROR_NO_BINARY_FOR_GPU', 'no kernel image is available for execution on the device'],
  700: ['CUDA_ERROR_ILLEGAL_ADDRESS', 'an illegal memory access was encountered'],
  701: ['CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES', 'too many resources requested for launch'],
}

const attribute = ({ major = 9, gridX = 2 ** 31 - 1 }: FakeMachine): Readonly<Record<number, number>> => ({ 1: 1024, 97: 232448, 12: 65536, 16: 132, 38: 50 << 20, 75: major, 76: 0, 5: gridX })

/** The functions of libcuda on a machine that does nothing, and fails where it is told to. `calls` lists those that were made. */
export const fakeDriver = (machine: FakeMachine = {}): { readonly native: NativeDriver; readonly calls: string[] } => {
  const calls: string[] = []
  let next = 4096n
  const put = (value: unknown) => (out: unknown): number => { (out as unknown[])[0] = value; return 0 }
  const handle = (out: unknown): number => put(next++)(out)
  const special: Partial<Record<keyof NativeDriver, (...args: readonly any[]) => number>> = {
    driverVersion: put(12040), deviceCount: put(machine.devices ?? 1), deviceGet: (out, i) => put(i)(out), deviceMemory: put(80n << 30n),
    deviceName: (bytes: Buffer) => { bytes.write('Toy GPU\0'); return 0 },
    deviceAttribute: (out, which: number) => put(attribute(machine)[which])(out),
    contextRetain: handle, moduleLoad: handle, moduleFunction: handle, memAlloc: handle, eventCreate: handle,
    errorName: (code: number, out) => put(names[code]?.[0] ?? null)(out), errorText: (code: number, out) => put(names[code]?.[1] ?? null)(out),
  }
  const native = new Proxy({}, {
    get: (_, name: keyof NativeDriver) => (...args: readonly unknown[]) => {
      calls.push(name)
      return machine.fails?.[name] || (special[name]?.(...args) ?? 0)
    },
  }) as NativeDriver
  return { native, calls }
}

const compiler: CudaCompiler = { name: 'none', compile: async () => Buffer.from('cubin') }

const kernelAndJob = async (): Promise<{ readonly kernel: KernelSource; readonly job: Job }> => {
  const { algorithm } = await shipped('full')
  const kernel = compileKernel(algorithm, defaultProblem(algorithm, 'f32', 8), { target: 'cuda' })
  const values = new Float32Array(40 * 2 * 8)
  return { kernel, job: prepareAttention(kernel.manifest, { rows: 40, heads: 2, q: values, k: values, v: values, seqOffsets: Int32Array.of(0, 40) }).job! }
}

/** Opens the machine, compiles a kernel and launches it. */
export const launchOn = async (machine: FakeMachine, { device = 0, own = false }: { readonly device?: number; readonly own?: boolean } = {}): Promise<readonly string[]> => {
  const { native, calls } = fakeDriver(machine)
  const opened = await openCuda({ device, native, ...(!own && { compiler }) })
  const { kernel, job } = await kernelAndJob()
  const compiled = await opened.compile(kernel)
  try {
    await compiled.run(job)
  } catch (error) {
    const left = calls.filter((c) => c === 'memAlloc').length - calls.filter((c) => c === 'memFree').length
    if (left > (machine.fails?.memAlloc ? 1 : 0)) throw new Error(`${left} buffers are still allocated`)
    throw error
  } finally {
    compiled.dispose()
    await opened.close()
  }
  return calls
}
