import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { InteractionManifest, TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { arrayNames, bytesOf, decode, fromBytes, type TensorBits } from '../dtypes.ts'

export type ElementType = Dtype | 'i32'
/** A tensor as a kernel holds it: f32 values, f16 or bf16 bit patterns, or i32 values. */
export type ElementBits = TensorBits | Int32Array

export const elementType = ({ dtype }: Pick<InteractionManifest, 'dtype'>, t: TensorSpec): ElementType => (t.dtype === 'element' ? dtype : t.dtype)

const arrays = { f32: Float32Array, f16: Uint16Array, bf16: Uint16Array, i32: Int32Array } as const
export const isArrayOf = (type: ElementType, bits: unknown): bits is ElementBits => bits instanceof arrays[type]
export const arrayName = (type: ElementType): string => (type === 'i32' ? 'an Int32Array' : arrayNames[type])

export const elementBytes = (type: ElementType): 2 | 4 => (type === 'i32' ? 4 : bytesOf(type))
export const zeros = (type: ElementType, elements: number): ElementBits => new arrays[type](elements)

/** The elements of bytes read back from a device. */
export const elementsFrom = (type: ElementType, bytes: Uint8Array, elements: number): ElementBits => {
  if (type !== 'i32') return fromBytes(type, bytes, elements)
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Int32Array(aligned.buffer, aligned.byteOffset, elements)
}

/** The exact values that elements stand for. */
export const valuesOf = (type: ElementType, bits: ElementBits): Float64Array | Int32Array => (type === 'i32' ? (bits as Int32Array) : decode(type, bits as TensorBits))
