import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { bindAll, type Native, openLibrary } from './library.ts'

/** The part of the CUDA driver API that is used. CUdeviceptr and handles are 64-bit. */
const prototypes = {
  init: 'int cuInit(unsigned int flags)',
  driverVersion: 'int cuDriverGetVersion(_Out_ int* version)',
  deviceCount: 'int cuDeviceGetCount(_Out_ int* count)',
  deviceGet: 'int cuDeviceGet(_Out_ int* device, int ordinal)',
  deviceName: 'int cuDeviceGetName(void* name, int length, int device)',
  deviceAttribute: 'int cuDeviceGetAttribute(_Out_ int* value, int attribute, int device)',
  deviceMemory: 'int cuDeviceTotalMem_v2(_Out_ size_t* bytes, int device)',
  contextRetain: 'int cuDevicePrimaryCtxRetain(_Out_ void** context, int device)',
  contextRelease: 'int cuDevicePrimaryCtxRelease_v2(int device)',
  contextSet: 'int cuCtxSetCurrent(void* context)',
  contextSynchronize: 'int cuCtxSynchronize()',
  moduleLoad: 'int cuModuleLoadData(_Out_ void** module, const void* image)',
  moduleUnload: 'int cuModuleUnload(void* module)',
  moduleFunction: 'int cuModuleGetFunction(_Out_ void** func, void* module, const char* name)',
  functionSet: 'int cuFuncSetAttribute(void* func, int attribute, int value)',
  functionGet: 'int cuFuncGetAttribute(_Out_ int* value, int attribute, void* func)',
  memAlloc: 'int cuMemAlloc_v2(_Out_ void** pointer, size_t bytes)',
  memFree: 'int cuMemFree_v2(void* pointer)',
  copyIn: 'int cuMemcpyHtoD_v2(void* destination, const void* source, size_t bytes)',
  copyOut: 'int cuMemcpyDtoH_v2(void* destination, void* source, size_t bytes)',
  fill: 'int cuMemsetD32Async(void* destination, unsigned int value, size_t words, void* stream)',
  eventCreate: 'int cuEventCreate(_Out_ void** event, unsigned int flags)',
  eventRecord: 'int cuEventRecord(void* event, void* stream)',
  eventElapsed: 'int cuEventElapsedTime(_Out_ float* milliseconds, void* start, void* end)',
  eventDestroy: 'int cuEventDestroy_v2(void* event)',
  launch: 'int cuLaunchKernel(void* func, unsigned int gx, unsigned int gy, unsigned int gz, unsigned int bx, unsigned int by, unsigned int bz, unsigned int shared, void* stream, void** params, void** extra)',
  errorName: 'int cuGetErrorName(int error, _Out_ const char** text)',
  errorText: 'int cuGetErrorString(int error, _Out_ const char** text)',
} as const

type Call = Exclude<keyof typeof prototypes, 'errorName' | 'errorText'>
export type Handle = bigint

/** The driver's result when memory is used up. */
export const OUT_OF_MEMORY = 2

/** Numbers of CUdevice_attribute and CUfunction_attribute. */
export const ATTRIBUTES = Object.freeze({
  maxThreads: 1, sharedMemory: 97, registersPerBlock: 12, multiprocessors: 16, l2Bytes: 38, major: 75, minor: 76, maxGridX: 5,
  functionShared: 8, functionRegisters: 4, functionLocal: 3,
})

export interface Driver {
  /** The result of a call; 0 is success. */
  try(call: Call, ...args: readonly unknown[]): number
  /** Throws SR4605 unless the call succeeds. */
  must(call: Call, ...args: readonly unknown[]): void
  /** As `must`, and answers what the call wrote through its first argument. */
  get<T = number>(call: Call, ...args: readonly unknown[]): T
  explain(code: number): { readonly name: string; readonly reason: string }
}

/** The driver's functions, as the library has them. */
export type NativeDriver = { readonly [K in keyof typeof prototypes]: Native }

/** libcuda as SERRATE_LIBCUDA names it, else where drivers put it. Throws SR4601. */
const loadDriver = (path = process.env.SERRATE_LIBCUDA): NativeDriver => {
  const { library, tried } = openLibrary(path ? [path] : ['libcuda.so.1', 'libcuda.so', '/usr/local/nvidia/lib64/libcuda.so.1', '/usr/lib/wsl/lib/libcuda.so.1'])
  if (!library) return fail('SR4601', { reason: tried[0] })
  return bindAll(library, prototypes)
}

/** Initialises the driver. `device` names the device in errors. Throws SR4601. */
export const openDriver = (device: () => string, calls: NativeDriver = loadDriver()): Driver => {
  const text = (which: 'errorName' | 'errorText', code: number): string => {
    const out: (string | null)[] = [null]
    calls[which](code, out)
    return out[0] ?? 'unknown'
  }
  const driver: Driver = {
    try: (call, ...args) => calls[call](...args) as number,
    explain: (code) => ({ name: text('errorName', code), reason: text('errorText', code) }),
    must: (call, ...args) => {
      const code = driver.try(call, ...args)
      if (code !== 0) fail('SR4605', { call, device: device(), code, ...driver.explain(code) })
    },
    get: <T,>(call: Call, ...args: readonly unknown[]): T => {
      const out: unknown[] = [null]
      driver.must(call, out, ...args)
      return out[0] as T
    },
  }
  const code = driver.try('init', 0)
  if (code !== 0 && code !== 100) fail('SR4601', { reason: `cuInit answered ${driver.explain(code).name} (${code}), ${driver.explain(code).reason}` })
  return Object.freeze(driver)
}
