import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { CudaCompiler } from './compiler.ts'
import { findNvcc } from './places.ts'

/** Flags that compile for exactly one architecture. */
export const nvccFlags = (architecture: string): readonly string[] =>
  ['-std=c++17', '-gencode', `arch=${architecture.replace('sm_', 'compute_')},code=${architecture}`, '-cubin']

/** Runs nvcc over a source text; `log` holds what it and ptxas said. */
export const runNvcc = (nvcc: string, kernel: string, source: string, architecture: string, flags: readonly string[] = []): { readonly ok: boolean; readonly log: string; readonly cubin?: Buffer } => {
  const folder = mkdtempSync(join(tmpdir(), 'serrate-nvcc-'))
  try {
    const input = join(folder, `${kernel}.cu`), output = join(folder, `${kernel}.cubin`)
    writeFileSync(input, source)
    const done = spawnSync(nvcc, [...nvccFlags(architecture), ...flags, '-o', output, input], { encoding: 'utf8', timeout: 300_000 })
    const log = `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? done.error.message : ''}`.replaceAll(`${folder}/`, '')
    return done.status === 0 ? { ok: true, log, cubin: readFileSync(output) } : { ok: false, log }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** nvcc as a compiler, or why there is none. */
export const openNvcc = (): CudaCompiler | { readonly missing: string } => {
  const nvcc = findNvcc()
  if (!nvcc) return { missing: 'not on PATH and in no toolkit folder' }
  const name = `nvcc (${nvcc})`
  return {
    name,
    compile: (kernel, source, architecture) => {
      const { ok, log, cubin } = runNvcc(nvcc, kernel, source, architecture)
      return ok ? cubin! : fail('SR4608', { compiler: name, kernel, architecture, log: log.trim() })
    },
  }
}
