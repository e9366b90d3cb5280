import { evaluate, type Leaves } from '../../codegen/ir/evaluate.ts'
import { axisOf, batchCount, extentOf, type Interaction, type InteractionExtent, lengthAt, placeOf, tensorAxes } from '../../codegen/ir/interaction/index.ts'
import { runningSums, type SeqOffsets } from '../offsets.ts'
import type { InteractionInputs } from './inputs.ts'

const accumulate = (lengths: readonly number[]): readonly number[] => lengths.reduce((sums: number[], length) => { sums.push(sums.at(-1)! + length); return sums }, [0])

const numbers = (offsets: SeqOffsets): readonly number[] => Array.from(offsets as ArrayLike<number | bigint>, Number)

type Known = Pick<InteractionInputs, 'batches' | 'sizes' | 'capacities' | 'captures'> & { readonly tensors?: InteractionInputs['tensors'] }

const captureValues = (x: Interaction, name: string, given: Known['captures']): ArrayLike<number> => {
  const declared = x.captures.find((c) => c.name === name)!
  const value = given?.[name] ?? declared.default
  const values = typeof value === 'number' ? [value] : (value as ArrayLike<number>)
  return declared.dtype === 'f32' ? Float32Array.from(values) : values
}

/** Leaves where only the coordinate `i` along `batch` is known; index maps are followed. */
const leavesAt = (x: Interaction, e: InteractionExtent, known: Known, batch: string, i: number): Leaves => {
  const coordinate = (axis: string): number => {
    const { index } = axisOf(x, axis)
    return axis === batch ? i : index ? Number(evaluate([index], leaves)[0]) : 0
  }
  const element = (name: string): number => {
    const t = x.inputs.find((s) => s.name === name)!
    const place = placeOf(x, e, t)(tensorAxes(t).map(coordinate))
    return place < 0 ? t.fill : known.tensors![t.tensor]![place]!
  }
  const params: Readonly<Record<string, (name: string) => number>> = {
    in: element,
    at: coordinate,
    len: (axis) => lengthAt(x, e, axis, coordinate(axisOf(x, axis).batch ?? 'b')),
    size: (axis) => extentOf(x, e, axis),
  }
  const captured = (name: string): ArrayLike<number> => captureValues(x, name, known.captures)
  const leaves: Leaves = {
    param: (leaf) => { const [kind, name] = leaf.split(/:(.*)/s) as [string, string]; return params[kind]!(name) },
    capture: (name) => captured(name)[x.captures.find((c) => c.name === name)!.kind === 'scalar' ? 0 : coordinate('b')]!,
    table: (name, index) => { const values = captured(name); return values[Math.max(0, Math.min(index, values.length - 1))]! },
  }
  return leaves
}

/** The given offsets, and those of axes whose length follows from other lengths and captures (negative: 0). `known.sizes` holds static sizes too. */
export const deriveOffsets = (x: Interaction, offsets: Readonly<Record<string, SeqOffsets>>, known: Known = {}): Readonly<Record<string, SeqOffsets>> => {
  const all: Record<string, SeqOffsets> = { ...offsets }
  const counted: Record<string, readonly number[]> = Object.fromEntries(Object.entries(offsets).map(([name, o]) => [name, numbers(o)]))
  const extent: InteractionExtent = { offsets: counted, batches: known.batches ?? {}, capacities: known.capacities ?? {}, sizes: known.sizes ?? {} }
  for (const { name, length, like, batch = 'b' } of x.axes) {
    if (!length || like !== name || offsets[name]) continue
    const lengths = Array.from({ length: batchCount(x, extent, batch) }, (_, b) => Math.max(0, Number(evaluate([length], leavesAt(x, extent, known, batch, b))[0])))
    counted[name] = accumulate(lengths)
    all[name] = runningSums(counted[name])
  }
  return all
}
