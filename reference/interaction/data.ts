import type { Interaction, InteractionExtent } from '../../codegen/ir/interaction/index.ts'

/** One launch's inputs: numbers of the launch, and each tensor's elements by the name of its memory. */
export interface InteractionData extends Omit<InteractionExtent, 'batches' | 'capacities' | 'sizes'> {
  readonly tensors: Readonly<Record<string, ArrayLike<number>>>
  readonly batches?: InteractionExtent['batches']
  readonly capacities?: InteractionExtent['capacities']
  /** Of each dense axis that owns its size, static ones included. */
  readonly sizes?: InteractionExtent['sizes']
  /** A number, or an array for perSequence and table captures. */
  readonly captures?: Readonly<Record<string, number | ArrayLike<number>>>
}

export const extentOfData = (d: InteractionData): InteractionExtent => ({ batches: {}, capacities: {}, sizes: {}, ...d })

/** Each capture's values, f32 ones rounded as a kernel gets them. */
export const captureValues = (x: Interaction, d: InteractionData): Readonly<Record<string, ArrayLike<number>>> =>
  Object.fromEntries(x.captures.map((c) => {
    const given = d.captures?.[c.name] ?? c.default
    if (given === undefined) throw new Error(`${x.name}: the capture ${c.name} is not given`)
    const values = typeof given === 'number' ? [given] : given
    return [c.name, c.dtype === 'f32' ? Float32Array.from(values) : values]
  }))
