import { fail } from '../codegen/ir/diagnostics/index.ts'
import { rowMajor, type Strides } from '../codegen/ir/layout.ts'
import type { KernelManifest } from '../codegen/ir/manifest.ts'
import { bytesOf } from './dtypes.ts'

/** Where a tensor lies in its array, in elements. */
export interface View extends Strides {
  /** First element; default 0. */
  readonly offset?: number
}

export type TensorName = 'q' | 'k' | 'v' | 'out' | 'lse'
export type Views = Readonly<Partial<Record<TensorName, View>>>

/** A tensor [rows, heads, dim] and where its elements are. */
export interface Placed extends Required<View> {
  readonly rows: number
  readonly heads: number
  readonly dim: number
}

/** Elements from the first to the last, gaps included. */
export const spanOf = ({ rows, heads, dim, row, head }: Placed): number => (rows && heads && dim ? (rows - 1) * row + (heads - 1) * head + dim : 0)

/** Element of a row and head, counted from the view's first. */
export const elementAt = ({ row, head }: Placed, r: number, h: number): number => r * row + h * head

export const isPacked = ({ heads, dim, row, head }: Placed): boolean => row === heads * dim && head === dim

const whole = (kernel: string, tensor: string, what: string, value: number): void => {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) fail('SR5034', { kernel, tensor, what, value })
}

/** Rows hold heads, or heads hold rows: then no element is two. */
const checkOverlap = (tensor: string, { rows, heads, dim, row, head }: Placed): void => {
  const nested = (outer: number, outers: number, inner: number, inners: number) => (inners <= 1 || inner >= dim) && (outers <= 1 || outer >= (Math.max(inners, 1) - 1) * inner + dim)
  if (rows * heads * dim === 0) return
  if (!nested(row, rows, head, heads) && !nested(head, heads, row, rows)) fail('SR5035', { tensor, row, head, rows, heads, dim, packed: heads * dim })
}

/** Elements that a kernel of this dim loads at once; strides must be multiples. */
export const vectorElements = ({ target, dtype }: Pick<KernelManifest, 'target' | 'dtype'>, dim: number): number => {
  if (target === 'wgsl') return dim % 4 === 0 ? 4 : 1
  const bytes = bytesOf(dtype)
  return (dim * bytes) % 16 === 0 ? 16 / bytes : 1
}

/** A view of a tensor, checked: whole numbers, no element twice, strides that vector loads can use. */
export const place = (manifest: KernelManifest, tensor: TensorName, shape: { readonly rows: number; readonly heads: number; readonly dim: number }, view: View | undefined): Placed => {
  const { row, head, offset = 0 }: View = view ?? rowMajor(shape.heads, shape.dim)
  const placed: Placed = { ...shape, row, head, offset }
  if (!view) return placed
  for (const [what, value] of Object.entries({ row, head, offset })) whole(manifest.kernel, tensor, what, value)
  checkOverlap(tensor, placed)
  const unit = tensor === 'lse' ? 1 : vectorElements(manifest, shape.dim)
  for (const [what, value, used] of [['row', row, shape.rows > 1], ['head', head, shape.heads > 1]] as const) {
    if (used && value % unit !== 0) fail('SR5036', { kernel: manifest.kernel, tensor, what, value, unit, next: Math.ceil(value / unit) * unit })
  }
  return placed
}

type Bits = { readonly length: number; [i: number]: number; subarray(from: number, to: number): Bits; set(values: any, at: number): void }

/** The tensor as packed [rows, heads, dim], out of an array that starts at the view's first element. */
export const gather = <T extends Float32Array | Uint16Array | Float64Array>(from: T, p: Placed, into: T): T => {
  if (isPacked(p)) return (into as Bits).set(from.subarray(0, into.length), 0), into
  for (let r = 0; r < p.rows; r++) {
    for (let h = 0; h < p.heads; h++) {
      const at = elementAt(p, r, h)
      ;(into as Bits).set(from.subarray(at, at + p.dim), (r * p.heads + h) * p.dim)
    }
  }
  return into
}
