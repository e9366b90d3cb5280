import type { InteractionManifest, InteractionProgram, InteractionSource } from '../ir/interaction/index.ts'
import type { TargetName } from '../ir/schedule.ts'
import { toolVersion } from './version.ts'
import type { OutputFile } from './write.ts'

/** One emitted kernel: of the definition itself, or of a step of its gradient. */
export interface GeneratedInteractionKernel {
  readonly source: InteractionSource
  /** The tensor that the step makes; absent: the definition's own output. */
  readonly writes?: string
}

export interface GeneratedInteraction {
  readonly name: string
  readonly hash: string
  readonly place: string
  readonly kernels: readonly GeneratedInteractionKernel[]
  /** Absent where no gradients were asked for. */
  readonly gradient?: InteractionProgram
  /** Of a chain: its kernels in order. */
  readonly chain?: InteractionProgram
}

const extensions: Readonly<Record<TargetName, string>> = Object.freeze({ wgsl: 'wgsl', cuda: 'cu' })

const fileOf = (name: string, { target, kernel }: InteractionManifest): string => `${target}/interaction/${name}/${kernel}.${extensions[target]}`

/** A program without its expressions: what a launcher needs to run its kernels in order. `apart`: for kernels that add up no columns beside an output. */
const outline = ({ steps, results, apart }: InteractionProgram): object => ({
  steps: steps.map((s) => (s.kind === 'lists' ? { kind: s.kind, name: s.name, keys: s.keys, axis: s.axis } : { kind: s.kind, writes: s.writes, reads: [...new Set(s.interaction.inputs.map((t) => t.tensor))], ...(s.interaction.sums && { sums: s.interaction.sums.map((t) => t.output.tensor) }) })),
  results, ...(apart && { apart: outline(apart) }),
})

const lines = (entries: readonly object[]): string => entries.map((e) => `  ${JSON.stringify(e)}`).join(',\n')

/** Sources and interactions.json. The same definitions give the same bytes. */
export const interactionFiles = (definitions: readonly GeneratedInteraction[]): readonly OutputFile[] => {
  const placed = definitions.flatMap(({ name, kernels }) => kernels.map(({ source, writes }) => ({ file: fileOf(name, source.manifest), of: name, writes, source })))
  const heads = definitions.map(({ name, hash, place, gradient, chain }) => ({ name, hash, place, ...(gradient && { gradient: outline(gradient) }), ...(chain && { chain: outline(chain) }) }))
  const entries = placed.map(({ file, of, writes, source }) => ({ file, of, ...(writes !== undefined && { writes }), manifest: source.manifest }))
  const manifest = `{\n"format": 1,\n"tool": ${JSON.stringify(toolVersion)},\n"interactions": [\n${lines(heads)}\n],\n"kernels": [\n${lines(entries)}\n]\n}\n`
  return [...placed.map((p) => ({ path: p.file, content: p.source.text })), { path: 'interactions.json', content: manifest }].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Files that this module makes beside sources. */
export const isInteractionManifest = (path: string): boolean => path === 'interactions.json'
