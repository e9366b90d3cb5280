import type { InteractionManifest, InteractionProgram, InteractionSource } from '../ir/interaction/index.ts'
import type { TargetName } from '../ir/schedule.ts'
import { interactionLaunchers, type PlacedInteraction } from './launcher-interaction.ts'
import { toolVersion } from './version.ts'
import type { OutputFile } from './write.ts'

/** One emitted kernel: of the definition itself, or of a step of its gradient. */
export interface GeneratedInteractionKernel {
  readonly source: InteractionSource
  /** The tensor that the step makes; absent: the definition's own output. */
  readonly writes?: string
}

/** A kernel with the schedule that won on a device; its text may be that of the default. */
export interface RecordedInteraction extends GeneratedInteractionKernel {
  readonly device: string
  readonly ms: number
  /** Of the device's own default schedule, on the same batch. */
  readonly defaultMs: number | null
}

export interface GeneratedInteraction {
  readonly name: string
  readonly hash: string
  readonly place: string
  /** With default schedules. */
  readonly kernels: readonly GeneratedInteractionKernel[]
  readonly recorded: readonly RecordedInteraction[]
  /** Absent where no gradients were asked for. */
  readonly gradient?: InteractionProgram
  /** Of a chain: its kernels in order. */
  readonly chain?: InteractionProgram
}

const extensions: Readonly<Record<TargetName, string>> = Object.freeze({ wgsl: 'wgsl', cuda: 'cu' })

const fileOf = (name: string, { target, kernel, hashes }: InteractionManifest, tuned: boolean): string => `${target}/interaction/${name}/${kernel}${tuned ? `_${hashes.plan.slice(0, 8)}` : ''}.${extensions[target]}`

interface Placed extends PlacedInteraction {
  readonly of: string
  readonly writes: string | undefined
  readonly text: string
}

/** Default kernels, then those that only a record asks for, each text once. */
const placeAll = ({ name, kernels, recorded }: GeneratedInteraction): readonly Placed[] => {
  const place = ({ source: { manifest, text }, writes }: GeneratedInteractionKernel, tuned: boolean): Placed => ({ file: fileOf(name, manifest, tuned), of: name, writes, tuned, manifest, text })
  const usual = kernels.map((k) => place(k, false))
  const known = new Set(usual.map((p) => p.manifest.hashes.plan))
  return [...usual, ...new Map(recorded.filter((r) => !known.has(r.source.manifest.hashes.plan)).map((r) => [r.source.manifest.hashes.plan, place(r, true)])).values()]
}

const winnersOf = ({ recorded }: GeneratedInteraction, placed: readonly Placed[]) =>
  recorded.map(({ source: { manifest: m }, writes, device, ms, defaultMs }) => ({ device, target: m.target, ...(writes !== undefined && { writes }), dtype: m.dtype, file: placed.find((p) => p.manifest.hashes.plan === m.hashes.plan)!.file, ms, defaultMs }))

/** A program without its expressions: what a launcher needs to run its kernels in order. `apart`: for kernels that add up no columns beside an output. */
const outline = ({ steps, results, apart }: InteractionProgram): object => ({
  steps: steps.map((s) => (s.kind === 'lists' ? { kind: s.kind, name: s.name, keys: s.keys, axis: s.axis } : { kind: s.kind, writes: s.writes, reads: [...new Set(s.interaction.inputs.map((t) => t.tensor))], ...(s.interaction.sums && { sums: s.interaction.sums.map((t) => t.output.tensor) }) })),
  results, ...(apart && { apart: outline(apart) }),
})

const lines = (entries: readonly object[]): string => entries.map((e) => `  ${JSON.stringify(e)}`).join(',\n')

/** Sources, launchers of what is no chain, and interactions.json. The same definitions give the same bytes. */
export const interactionFiles = (definitions: readonly GeneratedInteraction[]): readonly OutputFile[] => {
  const all = definitions.map((d) => { const placed = placeAll(d); return { ...d, placed, winners: winnersOf(d, placed) } })
  const heads = definitions.map(({ name, hash, place, gradient, chain }) => ({ name, hash, place, ...(gradient && { gradient: outline(gradient) }), ...(chain && { chain: outline(chain) }) }))
  const placed = all.flatMap((d) => d.placed)
  const entries = placed.map(({ file, of, writes, tuned, manifest }) => ({ file, of, ...(writes !== undefined && { writes }), ...(tuned && { tuned }), manifest }))
  const launched = all.filter((d) => !d.chain).map(({ name, hash, place, placed: kernels, winners }) => ({ name, hash, place, kernels: kernels.filter((k) => k.writes === undefined), winners: winners.filter((w) => !('writes' in w)) }))
  const manifest = `{\n"format": 1,\n"tool": ${JSON.stringify(toolVersion)},\n"interactions": [\n${lines(heads)}\n],\n"winners": [\n${lines(all.flatMap((d) => d.winners))}\n],\n"kernels": [\n${lines(entries)}\n]\n}\n`
  return [...placed.map((p) => ({ path: p.file, content: p.text })), ...interactionLaunchers(launched), { path: 'interactions.json', content: manifest }].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Files that this module makes beside sources. */
export const isInteractionManifest = (path: string): boolean => path === 'interactions.json' || /^interaction\/[^/]+\.ts$/.test(path)
