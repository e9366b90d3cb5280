// serrate 0.1.0: what every CUDA launcher here shares. Written by `serrate generate`.
import { readFileSync } from 'node:fs'
import { type AttentionInputs, type AttentionOutput, type Device, type KernelManifest, runAttention } from 'serrate/runtime'

export interface CudaInputs<Captures> extends Omit<AttentionInputs, 'captures'> {
  readonly captures: Captures
}

export interface CudaAttention<Captures> {
  readonly manifest: KernelManifest
  /** Checks the inputs, launches, and reads `out` (and `lse`) back. Throws SR50xx naming the argument. */
  run(inputs: CudaInputs<Captures>): Promise<AttentionOutput>
  dispose(): void
}

interface Entry { readonly file: string; readonly winner?: boolean; readonly manifest: KernelManifest }

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')

/** Compiles the default-schedule kernel of a definition. */
export const loadAttention = async <Captures extends object>(device: Device, definition: string, wanted: { readonly dtype: string; readonly headDim: number }): Promise<CudaAttention<Captures>> => {
  const { kernels } = JSON.parse(read('../manifest.json')) as { readonly kernels: readonly Entry[] }
  const found = kernels.find(({ winner, manifest: m }) => !winner && m.target === 'cuda' && m.definition === definition && m.dtype === wanted.dtype && m.headDim === wanted.headDim)
  if (!found) throw new TypeError(`no CUDA kernel of ${definition} for ${wanted.dtype}, head dim ${wanted.headDim}, is emitted here`)
  const { manifest } = found
  const compiled = await device.compile({ text: read(`../${found.file}`), manifest })
  return {
    manifest,
    run: (inputs) => runAttention(compiled, manifest, inputs as AttentionInputs),
    dispose: () => compiled.dispose(),
  }
}
