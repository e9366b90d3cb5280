import type { Dtype, NamedCapture } from '../../codegen/ir/algorithm.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { suggestion } from '../suggest.ts'
import type { Tensor, TensorDtype, Tensors } from './types.ts'

export const fileDtypes: Readonly<Record<Dtype, TensorDtype>> = Object.freeze({ f32: 'F32', f16: 'F16', bf16: 'BF16' })

export const copied = ({ bytes }: Tensor): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)
export const bytesOfArray = (a: ArrayBufferView): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)

export const tensorOf = (tensors: Tensors, name: string, file: string): Tensor =>
  tensors.get(name) ?? fail('SR8031', { file, name, suggestion: suggestion(name, [...tensors.keys()]), known: [...tensors.keys()].join(', ') || 'none' })

export const checkShape = (name: string, shape: readonly number[], wanted: readonly number[], note = ''): void => {
  if (shape.length !== wanted.length || shape.some((d, i) => d !== wanted[i])) fail('SR8033', { name, shape, wanted, note })
}

/** Running sums of lengths as they stand in a file, unchecked. */
export const offsetsIn = (tensor: Tensor, name = 'seq_offsets'): Int32Array | BigInt64Array => {
  if (tensor.dtype !== 'I32' && tensor.dtype !== 'I64') fail('SR8032', { name, dtype: tensor.dtype, wanted: 'I32 or I64' })
  if (tensor.shape.length !== 1) fail('SR8033', { name, shape: tensor.shape, wanted: 'B + 1', note: ', the running sums of the lengths, starting at 0' })
  const { buffer } = copied(tensor)
  return tensor.dtype === 'I32' ? new Int32Array(buffer) : new BigInt64Array(buffer)
}

/** Whole numbers may be stored as I64, as numpy and torch do by default: values that do not fit are refused. */
const narrowed = (name: string, tensor: Tensor): Int32Array =>
  Int32Array.from(new BigInt64Array(copied(tensor).buffer), (value) => (value === BigInt.asIntN(32, value) ? Number(value) : fail('SR5014', { name, value })))

export const arrayOf = (name: string, dtype: NamedCapture['dtype'], tensor: Tensor): Int32Array | Float32Array => {
  const wide = dtype === 'i32' && tensor.dtype === 'I64'
  if (!wide && tensor.dtype !== dtype.toUpperCase()) fail('SR8032', { name, dtype: tensor.dtype, wanted: dtype === 'i32' ? 'I32 or I64' : 'F32' })
  return wide ? narrowed(name, tensor) : dtype === 'i32' ? new Int32Array(copied(tensor).buffer) : new Float32Array(copied(tensor).buffer)
}
