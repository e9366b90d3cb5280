import type { NamedCapture } from '../ir/algorithm.ts'
import type { AttentionLayout } from '../ir/layout.ts'
import type { KernelSource } from '../ir/manifest.ts'
import type { TargetName } from '../ir/schedule.ts'
import { launcherFiles, type PlacedKernel, type RecordedWinner } from './launcher.ts'
import { toolVersion } from './version.ts'
import type { OutputFile } from './write.ts'

/** A kernel with the schedule that won on a device; its text may be that of a default. */
export interface RecordedKernel {
  readonly source: KernelSource
  readonly device: string
  readonly ms: number
  /** Of the device's own default schedule, on the same batch. */
  readonly defaultMs: number | null
}

export interface GeneratedDefinition {
  readonly name: string
  readonly hash: string
  readonly place: string
  readonly layout: AttentionLayout
  readonly captures: readonly NamedCapture[]
  /** With default schedules. */
  readonly kernels: readonly KernelSource[]
  readonly recorded: readonly RecordedKernel[]
}

const extensions: Readonly<Record<TargetName, string>> = Object.freeze({ wgsl: 'wgsl', cuda: 'cu' })

const fileOf = ({ manifest: m }: KernelSource, tuned: boolean): string => `${m.target}/${m.definition}/${m.kernel}${tuned ? `_${m.hashes.plan.slice(0, 8)}` : ''}.${extensions[m.target]}`

interface Placed extends PlacedKernel { readonly text: string }

const place = (source: KernelSource, tuned: boolean): Placed => ({ file: fileOf(source, tuned), tuned, manifest: source.manifest, text: source.text })

/** Default kernels, then those that only a record asks for, each text once. */
const placeAll = ({ kernels, recorded }: GeneratedDefinition): readonly Placed[] => {
  const usual = kernels.map((k) => place(k, false))
  const known = new Set(usual.map((p) => p.manifest.hashes.plan))
  const tuned = new Map(recorded.filter((r) => !known.has(r.source.manifest.hashes.plan)).map((r) => [r.source.manifest.hashes.plan, place(r.source, true)]))
  return [...usual, ...tuned.values()]
}

const winnerOf = (placed: readonly Placed[]) => ({ source: { manifest: m }, device, ms, defaultMs }: RecordedKernel): RecordedWinner => ({
  device, target: m.target, definition: m.definition, dtype: m.dtype, headDim: m.headDim, file: placed.find((p) => p.manifest.hashes.plan === m.hashes.plan)!.file, ms, defaultMs,
})

const lines = (entries: readonly object[]): string => entries.map((e) => `  ${JSON.stringify(e)}`).join(',\n')

/** Sources, launchers and manifest.json of definitions. The same definitions give the same bytes. */
export const generatedFiles = (definitions: readonly GeneratedDefinition[]): readonly OutputFile[] => {
  const launched = definitions.map((d) => {
    const kernels = placeAll(d)
    return { ...d, kernels, winners: d.recorded.map(winnerOf(kernels)) }
  })
  const kernels = launched.flatMap((d) => d.kernels)
  const winners = launched.flatMap((d) => d.winners)
  const sources = kernels.map((k) => ({ path: k.file, content: k.text }))
  const entries = kernels.map(({ file, tuned, manifest }) => ({ file, ...(tuned && { tuned }), manifest }))
  const manifest = `{\n"format": 1,\n"tool": ${JSON.stringify(toolVersion)},\n"winners": [\n${lines(winners)}\n],\n"kernels": [\n${lines(entries)}\n]\n}\n`
  return [...sources, ...launcherFiles(launched), { path: 'manifest.json', content: manifest }].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Files that `generated/` owns: everything that this module can make. */
export const isGenerated = (path: string): boolean => /^(wgsl|cuda)\/.+\.(wgsl|cu|h)$|^(launch\/)?[^/]+\.ts$|^manifest\.json$/.test(path)
