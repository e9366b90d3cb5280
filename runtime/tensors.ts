import { fail } from '../codegen/ir/diagnostics/index.ts'
import type { KernelManifest } from '../codegen/ir/manifest.ts'
import { arrayNames, type TensorBits } from './dtypes.ts'
import type { Extent } from './layout.ts'
import { describe } from './offsets.ts'
import { place, type Placed, spanOf, type TensorName, type View } from './strides.ts'

/** Views of a launch's tensors; packed [rows, heads, dim] where absent. Of out and lse only row and head count: the result comes back packed. */
export type TensorViews = Readonly<Partial<Record<TensorName, View>>>

export interface TensorInputs {
  readonly q: TensorBits
  readonly k: TensorBits
  readonly v: TensorBits
  readonly strides?: TensorViews
}

/** Shapes of q, k, v, out and lse, and where each lies. */
export const placeTensors = (manifest: KernelManifest, { qRows, rows, kvRows }: Extent, heads: number, kvHeads: number, views: TensorViews = {}): Readonly<Record<TensorName, Placed>> => {
  const { headDim, valueDim } = manifest
  const shapes: Readonly<Record<TensorName, { readonly rows: number; readonly heads: number; readonly dim: number }>> = {
    q: { rows: qRows, heads, dim: headDim },
    k: { rows: kvRows, heads: kvHeads, dim: headDim },
    v: { rows: kvRows, heads: kvHeads, dim: valueDim },
    out: { rows, heads, dim: valueDim },
    lse: { rows, heads, dim: 1 },
  }
  const at = (name: TensorName): Placed => place(manifest, name, shapes[name], views[name])
  return { q: at('q'), k: at('k'), v: at('v'), out: { ...at('out'), offset: 0 }, lse: { ...at('lse'), offset: 0 } }
}

/** Throws SR5020, SR5021 or SR5037 where an array is not what its place says. */
export const checkTensor = (manifest: KernelManifest, tensor: 'q' | 'k' | 'v', bits: TensorBits, placed: Placed, viewed: boolean): void => {
  const { dtype, headDim, valueDim } = manifest
  const type = dtype === 'f32' ? Float32Array : Uint16Array
  if (!(bits instanceof type)) fail('SR5021', { tensor, got: describe(bits), dtype, want: arrayNames[dtype] })
  const { rows, heads, dim } = placed
  const want = spanOf(placed)
  if (!viewed && bits.length !== want) fail('SR5020', { tensor, got: bits.length, want, rows, heads, dim, headDim, valueDim })
  if (viewed && want > 0 && bits.length < placed.offset + want) fail('SR5037', { tensor, got: bits.length, want: placed.offset + want - 1 })
}
