import type { NamedCapture } from '../ir/algorithm.ts'
import type { KernelSource } from '../ir/manifest.ts'
import type { TargetName } from '../ir/schedule.ts'
import { launcherFiles, type PlacedKernel } from './launcher.ts'
import { toolVersion } from './version.ts'
import type { OutputFile } from './write.ts'

/** One kernel to put on disk. `winner`: emitted with a recorded schedule, beside the default one. */
export interface GeneratedKernel {
  readonly source: KernelSource
  readonly winner?: { readonly device: string; readonly ms: number; readonly defaultMs: number | null }
}

export interface GeneratedDefinition {
  readonly name: string
  readonly hash: string
  readonly place: string
  readonly captures: readonly NamedCapture[]
  readonly kernels: readonly GeneratedKernel[]
}

const extensions: Readonly<Record<TargetName, string>> = Object.freeze({ wgsl: 'wgsl', cuda: 'cu' })

const fileOf = ({ source: { manifest: m }, winner }: GeneratedKernel): string =>
  `${m.target}/${m.definition}/${m.kernel}${winner ? `_${m.hashes.plan.slice(0, 8)}` : ''}.${extensions[m.target]}`

const placed = (kernel: GeneratedKernel): PlacedKernel & { readonly winner?: object } => ({
  file: fileOf(kernel),
  ...(kernel.winner && { winner: kernel.winner }),
  manifest: kernel.source.manifest,
})

const entryLine = (entry: object): string => `  ${JSON.stringify(entry)}`

/** Sources, launchers and manifest.json of definitions. The same definitions give the same bytes. */
export const generatedFiles = (definitions: readonly GeneratedDefinition[]): readonly OutputFile[] => {
  const kernels = definitions.flatMap((d) => d.kernels)
  const sources = kernels.map((k) => ({ path: fileOf(k), content: k.source.text }))
  const launched = definitions.map((d) => ({ ...d, kernels: d.kernels.filter((k) => !k.winner).map(placed) }))
  const manifest = `{\n"format": 1,\n"tool": ${JSON.stringify(toolVersion)},\n"kernels": [\n${kernels.map((k) => entryLine(placed(k))).join(',\n')}\n]\n}\n`
  return [...sources, ...launcherFiles(launched), { path: 'manifest.json', content: manifest }].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Files that `generated/` owns: everything that this module can make. */
export const isGenerated = (path: string): boolean => /^(wgsl|cuda)\/.+\.(wgsl|cu)$|^(launch\/)?[^/]+\.ts$|^manifest\.json$/.test(path)
