import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { type LoadedDefinition, loadFile } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { Schedule } from '../../codegen/ir/schedule.ts'

const folder = fileURLToPath(new URL('../../kernels/', import.meta.url))

export const DTYPES = ['f32', 'f16', 'bf16'] as const satisfies readonly Dtype[]

/** The shipped definitions, by name. */
export const loadShipped = async (): Promise<readonly LoadedDefinition[]> => {
  const files = readdirSync(folder).filter((f) => f !== 'index.ts').sort()
  const loaded = await Promise.all(files.map((f) => loadFile(`${folder}${f}`)))
  return loaded.flatMap((l) => l.definitions)
}

export const cudaSource = ({ algorithm }: LoadedDefinition, dtype: Dtype, headDim: number, schedule?: Schedule, instrument = false): KernelSource =>
  compileKernel(algorithm, defaultProblem(algorithm, dtype, headDim), { target: 'cuda', instrument, ...(schedule && { schedule }) })
