// serrate 0.1.0: what every CUDA launcher of an interaction shares. Written by `serrate generate`.
import { readFileSync } from 'node:fs'
import { type Device, type InteractionInputs, type InteractionManifest, type InteractionTensor, runInteraction } from 'serrate/runtime'

export interface CudaInteraction<Inputs> {
  readonly manifest: InteractionManifest
  /** Which schedule was taken: the winner recorded on this device, or the default one. */
  readonly picked: { readonly from: 'winner' | 'default'; readonly reason: string }
  /** Checks the inputs, launches, and reads `out` back. Throws SR50xx naming the argument. */
  run(inputs: Inputs): Promise<InteractionTensor>
  dispose(): void
}

interface Entry { readonly file: string; readonly of: string; readonly writes?: string; readonly tuned?: boolean; readonly manifest: InteractionManifest }
interface Winner { readonly device: string; readonly file: string; readonly ms: number; readonly defaultMs: number | null }

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')

/** The winner recorded on a device of this name where it fits, else the default kernel. Lengths do not decide. */
const pick = ({ info }: Device, name: string, { dtype }: { readonly dtype: string }): Entry & Pick<CudaInteraction<object>, 'picked'> => {
  const { kernels, winners } = JSON.parse(read('../interactions.json')) as { readonly kernels: readonly Entry[]; readonly winners: readonly Winner[] }
  const fits = kernels.filter(({ of, writes, manifest: m }) => of === name && writes === undefined && m.target === 'cuda' && m.dtype === dtype)
  const usual = fits.find((k) => !k.tuned)
  const winner = winners.find((w) => w.device === info.name && fits.some((k) => k.file === w.file))
  const won = winner && fits.find((k) => k.file === winner.file)
  const need = won?.manifest.requires.limits.sharedMemoryPerBlock ?? 0
  const shared = info.limits.sharedMemoryPerBlock ?? 0
  if (winner && won && need <= shared) return { ...won, picked: { from: 'winner', reason: `recorded on ${info.name}: ${winner.ms} ms, the default schedule ${winner.defaultMs ?? 'failed'}` } }
  if (!usual) throw new TypeError(`no CUDA kernel of ${name} for ${dtype} is emitted here`)
  return { ...usual, picked: { from: 'default', reason: won ? `the winner recorded on ${info.name} needs ${need} B of shared memory; this device has ${shared}` : `no winner for ${dtype} is recorded on ${info.name}` } }
}

/** Picks and compiles the kernel of a definition for this device. */
export const loadInteraction = async <Inputs extends object>(device: Device, name: string, wanted: { readonly dtype: string }): Promise<CudaInteraction<Inputs>> => {
  const { file, manifest, picked } = pick(device, name, wanted)
  const compiled = await device.compileInteraction({ text: read(`../${file}`), manifest })
  return {
    manifest,
    picked,
    run: async (inputs) => { const { out, bits } = await runInteraction(compiled, manifest, inputs as InteractionInputs, { device: device.info }); return { out, bits } },
    dispose: () => compiled.dispose(),
  }
}
