import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { bindAll, openLibrary, textOf } from './library.ts'
import { nvrtcCandidates } from './places.ts'
import type { CudaCompiler } from './compiler.ts'

const prototypes = {
  version: 'int nvrtcVersion(_Out_ int* major, _Out_ int* minor)',
  create: 'int nvrtcCreateProgram(_Out_ void** program, const char* source, const char* name, int headers, void* sources, void* names)',
  compile: 'int nvrtcCompileProgram(void* program, int count, const char** options)',
  cubinSize: 'int nvrtcGetCUBINSize(void* program, _Out_ size_t* size)',
  cubin: 'int nvrtcGetCUBIN(void* program, void* cubin)',
  logSize: 'int nvrtcGetProgramLogSize(void* program, _Out_ size_t* size)',
  log: 'int nvrtcGetProgramLog(void* program, void* log)',
  destroy: 'int nvrtcDestroyProgram(void** program)',
  errorText: 'const char* nvrtcGetErrorString(int code)',
} as const

/** NVRTC opens its builtins by name alone: those beside it are loaded first, so that a library off the loader's path finds them. */
const openBuiltins = (path: string): void => {
  const folder = dirname(path)
  if (!path.includes('/') || !existsSync(folder)) return
  openLibrary(readdirSync(folder).filter((name) => /^libnvrtc-builtins\.so\.[\d.]+$/.test(name)).map((name) => join(folder, name)))
}

/** The run-time compiler, or why there is none. */
export const openNvrtc = (): CudaCompiler | { readonly missing: string } => {
  const { path, library, tried } = openLibrary(nvrtcCandidates())
  if (!library) return { missing: `not found (${tried.length} places tried, first ${tried[0]})` }
  openBuiltins(path!)
  const calls = bindAll(library, prototypes)
  const major = [0], minor = [0]
  calls.version(major, minor)
  const name = `NVRTC ${major[0]}.${minor[0]} (${path})`

  const out = <T,>(call: 'cubinSize' | 'logSize', program: unknown): T => {
    const size: unknown[] = [0]
    calls[call](program, size)
    return size[0] as T
  }
  const bytes = (size: 'cubinSize' | 'logSize', data: 'cubin' | 'log', program: unknown): Buffer => {
    const buffer = Buffer.alloc(Number(out<number>(size, program)))
    calls[data](program, buffer)
    return buffer
  }
  return {
    name,
    compile: async (kernel, source, architecture) => {
      const made: unknown[] = [null]
      const refuse = (log: string): never => fail('SR4608', { compiler: name, kernel, architecture, log })
      const created = calls.create(made, source, `${kernel}.cu`, 0, null, null) as number
      if (created !== 0) refuse(calls.errorText(created) as string)
      const program = made[0]
      try {
        const options = [`--gpu-architecture=${architecture}`, '--std=c++17']
        const code = calls.compile(program, options.length, options) as number
        if (code !== 0) refuse(`${calls.errorText(code) as string}\n${textOf(bytes('logSize', 'log', program))}`.trim())
        return bytes('cubinSize', 'cubin', program)
      } finally {
        calls.destroy([program])
      }
    },
  }
}
