import { type Interaction, type InteractionExtent, lengthAt, batchCount, placeOf, sizeOf, tensorAxes, type TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { captureValues, type InteractionData } from './data.ts'

type Read = () => number

/** Where an evaluation stands, and what each leaf is there. */
export interface Frame {
  readonly x: Interaction
  /** Derived lengths are filled in before the first element. */
  readonly extent: { -readonly [K in keyof InteractionExtent]: InteractionExtent[K] }
  /** Of walked axes, by slot. */
  readonly at: number[]
  readonly slot: ReadonlyMap<string, number>
  /** The batch axis that lengths are derived along: its coordinate is given, whatever its index map. */
  derived: string | null
  /** Index maps, set by the hooks. */
  readonly index: Record<string, Read>
  readonly stats: Float64Array
  readonly captures: Readonly<Record<string, ArrayLike<number>>>
  coordinate(axis: string): Read
  length(axis: string): Read
  /** Sequences, length or size: how far an axis is walked in a jagged tensor or a reduction. */
  bound(axis: string): Read
  /** A dense axis' size, a jagged one's capacity. */
  size(axis: string): Read
  input(name: string): Read
}

/** Fills a tensor's coordinates and looks its element up; `fill` outside of it. */
const reader = (f: Frame, t: TensorSpec, values: ArrayLike<number>): Read => {
  const place = placeOf(f.x, f.extent, t)
  const names = tensorAxes(t)
  const slots = Int32Array.from(names, (name) => f.slot.get(name)!)
  /** Null for walked axes, whose slots are read directly. */
  const coordinates = names.map((name) => (f.x.axes[f.slot.get(name)!]!.index ? f.coordinate(name) : null))
  const at = new Float64Array(names.length)
  const { fill } = t
  return () => {
    for (let i = 0; i < coordinates.length; i++) { const computed = coordinates[i]; at[i] = computed ? computed() : f.at[slots[i]!]! }
    const i = place(at)
    return i < 0 ? fill : values[i]!
  }
}

export const frameOf = (x: Interaction, data: InteractionData, extent: Frame['extent']): Frame => {
  const at = x.axes.map(() => 0)
  const slot = new Map(x.axes.map((a, i) => [a.name, i]))
  const axis = (name: string) => x.axes[slot.get(name)!]!
  const f: Frame = {
    x, extent, at, slot, derived: null, index: {},
    stats: new Float64Array(x.passes.reduce((n, p) => n + p.values.length, 0) + 4),
    captures: captureValues(x, data),
    coordinate: (name) => {
      const i = slot.get(name)!
      return axis(name).index ? () => (f.derived === name ? at[i]! : f.index[name]!()) : () => at[i]!
    },
    length: (name) => {
      const b = f.coordinate(axis(name).batch ?? 'b')
      return () => lengthAt(x, extent, name, b())
    },
    bound: (name) => {
      const { kind } = axis(name)
      if (kind === 'jagged') return f.length(name)
      const n = kind === 'batch' ? batchCount(x, extent, name) : sizeOf(x, extent, name)
      return () => n
    },
    size: (name) => { const n = sizeOf(x, extent, name); return () => n },
    /** The address arithmetic is made at the first read: lengths may be derived before. */
    input: (name) => {
      const t = x.inputs.find((i) => i.name === name)!
      const values = data.tensors[t.tensor]
      if (!values) throw new Error(`${x.name}: the tensor ${t.tensor} is not given`)
      let read: Read = () => (read = reader(f, t, values))()
      return () => read()
    },
  }
  return f
}
