import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { CudaCompiler } from './compiler.ts'
import { findNvcc } from './places.ts'

/** Flags that compile for exactly one architecture. */
export const nvccFlags = (architecture: string): readonly string[] =>
  ['-std=c++17', '-gencode', `arch=${architecture.replace('sm_', 'compute_')},code=${architecture}`, '-cubin']

export interface NvccResult { readonly ok: boolean; readonly log: string; readonly cubin?: Buffer }

const LIMIT_MS = 300_000

const execute = (command: string, args: readonly string[]): Promise<{ readonly ok: boolean; readonly log: string }> =>
  new Promise((resolve) => execFile(command, args, { encoding: 'utf8', timeout: LIMIT_MS, maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
    resolve({ ok: error === null, log: `${stdout}${stderr}` || (error?.message ?? '') })))

/** Runs nvcc over a source text; `log` holds what it and ptxas said. */
export const runNvcc = async (nvcc: string, kernel: string, source: string, architecture: string, flags: readonly string[] = []): Promise<NvccResult> => {
  const folder = await mkdtemp(join(tmpdir(), 'serrate-nvcc-'))
  try {
    const input = join(folder, `${kernel}.cu`), output = join(folder, `${kernel}.cubin`)
    await writeFile(input, source)
    const { ok, log: raw } = await execute(nvcc, [...nvccFlags(architecture), ...flags, '-o', output, input])
    const log = raw.replaceAll(`${folder}/`, '')
    return ok ? { ok, log, cubin: await readFile(output) } : { ok, log }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** nvcc as a compiler, or why there is none. */
export const openNvcc = (): CudaCompiler | { readonly missing: string } => {
  const nvcc = findNvcc()
  if (!nvcc) return { missing: process.env.SERRATE_NVCC ? `SERRATE_NVCC names ${process.env.SERRATE_NVCC}, which is not there` : 'not on PATH and in no toolkit folder' }
  const name = `nvcc (${nvcc})`
  return {
    name,
    compile: async (kernel, source, architecture) => {
      const { ok, log, cubin } = await runNvcc(nvcc, kernel, source, architecture)
      return ok ? cubin! : fail('SR4608', { compiler: name, kernel, architecture, log: log.trim() })
    },
  }
}
