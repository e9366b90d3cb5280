import type { Algorithm, Dtype, NamedCapture } from '../../codegen/ir/algorithm.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { AttentionInputs, AttentionOutput, CaptureArgument } from '../../runtime/attention.ts'
import { fromBytes } from '../../runtime/dtypes.ts'
import { checkOffsets } from '../../runtime/offsets.ts'
import { nearest, suggestion } from '../suggest.ts'
import { elements, type Tensor, type TensorDtype, type Tensors } from './types.ts'

const fileDtypes: Readonly<Record<Dtype, TensorDtype>> = Object.freeze({ f32: 'F32', f16: 'F16', bf16: 'BF16' })

export interface FileInputs {
  readonly dtype: Dtype
  readonly headDim: number
  readonly inputs: AttentionInputs
  /** Tensors of the file that this kernel does not read. */
  readonly ignored: readonly string[]
}

const copied = ({ bytes }: Tensor): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

const tensorOf = (tensors: Tensors, name: string, file: string): Tensor =>
  tensors.get(name) ?? fail('SR8031', { file, name, suggestion: suggestion(name, [...tensors.keys()]), known: [...tensors.keys()].join(', ') || 'none' })

const checkShape = (name: string, shape: readonly number[], wanted: readonly number[], note = ''): void => {
  if (shape.length !== wanted.length || shape.some((d, i) => d !== wanted[i])) fail('SR8033', { name, shape, wanted, note })
}

const offsetsOf = (tensor: Tensor): Int32Array | BigInt64Array => {
  if (tensor.dtype !== 'I32' && tensor.dtype !== 'I64') fail('SR8032', { name: 'seq_offsets', dtype: tensor.dtype, wanted: 'I32 or I64' })
  if (tensor.shape.length !== 1) fail('SR8033', { name: 'seq_offsets', shape: tensor.shape, wanted: 'B + 1', note: ', the running sums of the lengths, starting at 0' })
  const { buffer } = copied(tensor)
  return tensor.dtype === 'I32' ? new Int32Array(buffer) : new BigInt64Array(buffer)
}

/** i32 captures may be stored as I64, as numpy and torch do by default: values that do not fit are refused. */
const narrowed = (name: string, tensor: Tensor): Int32Array =>
  Int32Array.from(new BigInt64Array(copied(tensor).buffer), (value) => (value === BigInt.asIntN(32, value) ? Number(value) : fail('SR5014', { name, value })))

const captureOf = (c: NamedCapture, tensor: Tensor, sizes: { readonly rows: number; readonly heads: number; readonly sequences: number }): CaptureArgument => {
  const { name, dtype, kind } = c
  const wide = dtype === 'i32' && tensor.dtype === 'I64'
  if (!wide && tensor.dtype !== dtype.toUpperCase()) fail('SR8032', { name, dtype: tensor.dtype, wanted: dtype === 'i32' ? 'I32 or I64' : 'F32' })
  const expected = { scalar: [1], perHead: [sizes.heads], perSequence: [sizes.sequences], perToken: [sizes.rows] } as const
  const scalar0 = kind === 'scalar' && tensor.shape.length === 0
  if (kind !== 'table' && !scalar0) checkShape(name, tensor.shape, expected[kind], ` (${kind})`)
  if (kind === 'table' && (tensor.shape.length !== (c.perHead ? 2 : 1) || (c.perHead && tensor.shape[0] !== sizes.heads))) fail('SR8033', { name, shape: tensor.shape, wanted: c.perHead ? `${sizes.heads}, length` : 'length', note: ' (table)' })
  return wide ? narrowed(name, tensor) : dtype === 'i32' ? new Int32Array(copied(tensor).buffer) : new Float32Array(copied(tensor).buffer)
}

const dtypeOf = (tensor: Tensor): Dtype => {
  const found = (Object.keys(fileDtypes) as Dtype[]).find((d) => fileDtypes[d] === tensor.dtype)
  return found ?? fail('SR8032', { name: 'q', dtype: tensor.dtype, wanted: 'F32, F16 or BF16' })
}

/** Takes q, k, v, seq_offsets and the captures of `algorithm` out of a file. Throws SR8031 to SR8034 naming the tensor. */
export const attentionInputs = (tensors: Tensors, algorithm: Algorithm, file: string): FileInputs => {
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensorOf(tensors, name, file)) as [Tensor, Tensor, Tensor]
  const seqOffsets = offsetsOf(tensorOf(tensors, 'seq_offsets', file))
  const dtype = dtypeOf(q)
  if (q.shape.length !== 3) fail('SR8033', { name: 'q', shape: q.shape, wanted: 'rows, heads, headDim', note: '' })
  for (const [name, tensor] of [['k', k], ['v', v]] as const) {
    if (tensor.dtype !== q.dtype) fail('SR8032', { name, dtype: tensor.dtype, wanted: `${q.dtype}, as q is` })
    checkShape(name, tensor.shape, q.shape, ', as q is')
  }
  const [rows, heads, headDim] = q.shape as [number, number, number]
  const names = algorithm.captures.map((c) => c.name)
  const known = ['q', 'k', 'v', 'seq_offsets', ...names]
  const ignored = [...tensors.keys()].filter((t) => !known.includes(t))
  for (const name of ignored) if (nearest(name, known)) fail('SR8034', { file, kernel: algorithm.name, name, suggestion: suggestion(name, known), known: known.join(', ') })
  checkOffsets(seqOffsets, rows, algorithm.name)
  const sizes = { rows, heads, sequences: Math.max(seqOffsets.length - 1, 0) }
  const captures = Object.fromEntries(algorithm.captures.filter((c) => tensors.has(c.name)).map((c) => [c.name, captureOf(c, tensors.get(c.name)!, sizes)]))
  const bits = (t: Tensor) => fromBytes(dtype, copied(t), elements(t.shape))
  return { dtype, headDim, inputs: { q: bits(q), k: bits(k), v: bits(v), rows, heads, seqOffsets, captures }, ignored }
}

const bytesOf = (a: ArrayBufferView): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)

/** `out` in q's dtype and shape; `lse` f32 [rows, heads] where the kernel has one. */
export const attentionTensors = ({ dtype, headDim, inputs: { rows, heads } }: FileInputs, { bits, lse }: AttentionOutput): Readonly<Record<string, Tensor>> => ({
  out: { dtype: fileDtypes[dtype], shape: [rows, heads, headDim], bytes: bytesOf(bits) },
  ...(lse && { lse: { dtype: 'F32', shape: [rows, heads], bytes: bytesOf(lse) } }),
})
