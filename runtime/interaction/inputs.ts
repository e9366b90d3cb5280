import { bufferName, type InteractionManifest, type Segment, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { CaptureArgument } from '../captures.ts'
import { closest } from '../closest.ts'
import type { DeviceInfo, Timing } from '../device.ts'
import type { SeqOffsets } from '../offsets.ts'
import type { ElementBits } from './elements.ts'

export interface InteractionInputs {
  /** By tensor name, packed. */
  readonly tensors: Readonly<Record<string, ElementBits>>
  /** B + 1 running sums of lengths, by the jagged axis that owns them; also of axes whose length follows from others (`deriveOffsets`). */
  readonly offsets?: Readonly<Record<string, SeqOffsets>>
  /** Sequences along a batch axis; may be left out where offsets count them. */
  readonly batches?: Readonly<Record<string, number>>
  /** N of a jagged axis that is stored padded. */
  readonly capacities?: Readonly<Record<string, number>>
  /** Entries of a dense axis with an index map. */
  readonly sizes?: Readonly<Record<string, number>>
  /** Packed rows of a segment where the output has more than the last offset; those of inputs follow from their arrays. */
  readonly rows?: Readonly<Record<string, number>>
  readonly captures?: Readonly<Record<string, CaptureArgument>>
}

export interface InteractionOptions {
  /** Bytes of canary after every buffer; every buffer is then read back. */
  readonly canary?: number
  /** Fills the output and the workspace with a NaN pattern before the launch. */
  readonly poison?: boolean
  readonly timing?: Timing
  /** Checks buffers against what this device binds before any is made. */
  readonly device?: DeviceInfo
}

type Group = 'tensors' | 'offsets' | 'batches' | 'capacities' | 'sizes' | 'rows'

/** Throws SR5051 for a name that the kernel has no use for. */
export const checkNames = ({ kernel }: InteractionManifest, group: Group, given: Readonly<Record<string, unknown>> = {}, known: readonly string[]): void => {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) fail('SR5051', { kernel, path: `${group}.${name}`, closest: closest(name, known) ?? 'none', known: known.map((k) => `${group}.${k}`).join(', ') || `no ${group}` })
  }
}

/** The argument of that name. Throws SR5050 where it is not given: `what` the kernel needs, `want` to be passed. */
export const needed = <T>({ kernel }: InteractionManifest, group: Group, given: Readonly<Record<string, T>> | undefined, name: string, what: string, want: string): T =>
  given?.[name] ?? fail('SR5050', { kernel, path: `${group}.${name}`, what, want })

/** True where two segments count the same rows. */
export const sameSegment = (a: Segment, b: Segment): boolean => a.kind === b.kind && a.row === b.row && (a.kind === 'axis' || a.column === b.column)

/** The tensors that a kernel binds, each by the specification of its own name where there is one. */
export const boundTensors = ({ inputs, buffers }: Pick<InteractionManifest, 'inputs' | 'buffers'>): readonly TensorSpec[] =>
  [...new Set(inputs.map((t) => t.tensor))]
    .filter((tensor) => buffers.some((b) => b.name === bufferName.tensor(tensor)))
    .map((tensor) => inputs.find((t) => t.name === tensor) ?? inputs.find((t) => t.tensor === tensor)!)
