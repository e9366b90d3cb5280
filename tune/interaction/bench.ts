import { toolVersion } from '../../codegen/emit/version.ts'
import type { Interaction, InteractionExtent, InteractionManifest } from '../../codegen/ir/interaction/index.ts'
import type { Device } from '../../runtime/device.ts'
import { type InteractionInputs, prepareInteraction } from '../../runtime/interaction/index.ts'
import { median } from '../measure.ts'
import type { CopyTime } from './copy.ts'
import { bytesMoved, flopsOf } from './count.ts'

/** One timed kernel of an interaction: the definition's own, or a step of a gradient or a chain. */
export interface InteractionBenchRow {
  /** The tensor that it makes. */
  readonly writes: string
  readonly kernel: string
  readonly class: InteractionManifest['class']
  readonly target: string
  readonly backend: string
  readonly device: string
  readonly dtype: InteractionManifest['dtype']
  readonly sizes: Readonly<Record<string, number>>
  readonly schedule: InteractionManifest['schedule']
  readonly source: string
  readonly tool: string
  readonly iterations: number
  /** Median, fastest and slowest launch, all entries included. */
  readonly ms: number
  readonly minMs: number
  readonly maxMs: number
  /** Bytes that the kernel moves at least (each tensor once) and its operations, as `explain` predicts them. */
  readonly bytes: number
  readonly flops: number
  readonly gbps: number
  /** Of a matrix product; null elsewhere: operations of an expression say nothing about a machine's peak. */
  readonly tflops: number | null
  /** gbps as a part of that of a plain copy of as many bytes; absent where none was timed. */
  readonly ofCopy?: number
  /** Bytes of all buffers of the launch, workspace included. */
  readonly memory: number
}

export interface TimedKernel {
  readonly writes: string
  readonly interaction: Interaction
  readonly manifest: InteractionManifest
  readonly inputs: InteractionInputs
  readonly times: readonly number[]
}

const figures = (x: number): number => Number(x.toPrecision(5))

/** All numbers of a launch, those of axes that the kernel does not bind too. */
const extentOf = (manifest: InteractionManifest, inputs: InteractionInputs, own: InteractionExtent): InteractionExtent => ({
  ...own,
  offsets: { ...Object.fromEntries(Object.entries(inputs.offsets ?? {}).map(([name, o]) => [name, Array.from(o as ArrayLike<number | bigint>, Number)])), ...own.offsets },
  batches: { ...inputs.batches, ...own.batches }, capacities: { ...inputs.capacities, ...own.capacities }, sizes: { ...manifest.sizes, ...inputs.sizes, ...own.sizes },
})

/** What of a timed kernel is reported. `copy` times a plain copy of so many bytes, read and written together. */
export const interactionRow = async (device: Device, { writes, interaction: x, manifest: m, inputs, times }: TimedKernel, copy?: (bytes: number) => Promise<CopyTime>): Promise<InteractionBenchRow> => {
  const prepared = prepareInteraction(m, inputs, { device: device.info })
  const extent = extentOf(m, inputs, prepared.extent)
  const bytes = bytesMoved(x, extent, m.dtype).value
  const flops = flopsOf(x, extent).value
  const ms = median(times)
  const gbps = bytes / ms / 1e6
  const copied = copy && (await copy(bytes))
  return Object.freeze({
    writes, kernel: m.kernel, class: m.class, target: m.target, backend: device.info.backend, device: device.info.name, dtype: m.dtype, sizes: m.sizes, schedule: m.schedule, source: m.hashes.source, tool: toolVersion,
    iterations: times.length, ms: figures(ms), minMs: figures(Math.min(...times)), maxMs: figures(Math.max(...times)), bytes, flops, gbps: figures(gbps), tflops: m.class === 'contraction' ? figures(flops / ms / 1e9) : null,
    ...(copied && { ofCopy: figures(gbps / copied.gbps) }), memory: Object.values(prepared.job?.buffers ?? {}).reduce((sum, b) => sum + b.length, 0),
  })
}
