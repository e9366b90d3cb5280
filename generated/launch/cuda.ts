// serrate 0.1.0: what every CUDA launcher here shares. Written by `serrate generate`.
import { readFileSync } from 'node:fs'
import { type AttentionInputs, type AttentionOutput, type Device, type KernelManifest, runAttention } from 'serrate/runtime'

export interface CudaInputs<Captures> extends Omit<AttentionInputs, 'captures'> {
  readonly captures: Captures
}

export interface CudaAttention<Captures> {
  readonly manifest: KernelManifest
  /** Which schedule was taken: the winner recorded on this device, or the default one. */
  readonly picked: { readonly from: 'winner' | 'default'; readonly reason: string }
  /** Checks the inputs, launches, and reads `out` (and `lse`) back. Throws SR50xx naming the argument. */
  run(inputs: CudaInputs<Captures>): Promise<AttentionOutput>
  dispose(): void
}

interface Entry { readonly file: string; readonly tuned?: boolean; readonly manifest: KernelManifest }
interface Winner { readonly device: string; readonly target: string; readonly definition: string; readonly dtype: string; readonly headDim: number; readonly file: string; readonly ms: number; readonly defaultMs: number | null }
/** A kernel's key. `valueDim` default headDim. */
interface Wanted { readonly dtype: string; readonly headDim: number; readonly valueDim?: number }

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')

/** The winner recorded on a device of this name where it fits, else the default kernel. Lengths do not decide. */
const pick = ({ info }: Device, definition: string, { dtype, headDim, valueDim = headDim }: Wanted): Entry & Pick<CudaAttention<object>, 'picked'> => {
  const { kernels, winners } = JSON.parse(read('../manifest.json')) as { readonly kernels: readonly Entry[]; readonly winners: readonly Winner[] }
  const fits = kernels.filter(({ manifest: m }) => m.target === 'cuda' && m.definition === definition && m.dtype === dtype && m.headDim === headDim && m.valueDim === valueDim)
  const usual = fits.find((k) => !k.tuned)
  const winner = winners.find((w) => w.device === info.name && fits.some((k) => k.file === w.file))
  const won = winner && fits.find((k) => k.file === winner.file)
  const shared = info.limits.sharedMemoryPerBlock ?? 0
  if (winner && won && won.manifest.sharedBytes <= shared) return { ...won, picked: { from: 'winner', reason: `recorded on ${info.name}: ${winner.ms} ms, the default schedule ${winner.defaultMs ?? 'failed'}` } }
  if (!usual) throw new TypeError(`no CUDA kernel of ${definition} for ${dtype}, head dim ${headDim}${valueDim === headDim ? '' : `, value dim ${valueDim}`}, is emitted here`)
  const reason = won ? `the winner recorded on ${info.name} needs ${won.manifest.sharedBytes} B of shared memory; this device has ${shared}` : `no winner for ${dtype}, head dim ${headDim}, is recorded on ${info.name}`
  return { ...usual, picked: { from: 'default', reason } }
}

/** Picks and compiles the kernel of a definition for this device. */
export const loadAttention = async <Captures extends object>(device: Device, definition: string, wanted: Wanted): Promise<CudaAttention<Captures>> => {
  const { file, manifest, picked } = pick(device, definition, wanted)
  const compiled = await device.compile({ text: read(`../${file}`), manifest })
  return {
    manifest,
    picked,
    run: (inputs) => runAttention(compiled, manifest, inputs as AttentionInputs),
    dispose: () => compiled.dispose(),
  }
}
