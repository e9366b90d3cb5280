import type { Algorithm, Dtype, NamedCapture } from '../../codegen/ir/algorithm.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { QueryAlign, QueryLayout } from '../../codegen/ir/layout.ts'
import type { AttentionInputs, AttentionOutput, CaptureArgument } from '../../runtime/attention.ts'
import { fromBytes } from '../../runtime/dtypes.ts'
import { checkOffsets } from '../../runtime/offsets.ts'
import { nearest, suggestion } from '../suggest.ts'
import { nameOf } from '../where.ts'
import { arrayOf, bytesOfArray, checkShape, copied, fileDtypes, offsetsIn, tensorOf } from './tensors.ts'
import { elements, type Tensor, type Tensors } from './types.ts'

export interface FileInputs {
  readonly dtype: Dtype
  readonly headDim: number
  readonly valueDim: number
  readonly outShape: readonly number[]
  readonly inputs: AttentionInputs
  /** Tensors of the file that this kernel does not read. */
  readonly ignored: readonly string[]
}

interface FileSizes { readonly rows: number; readonly kvRows: number; readonly heads: number; readonly sequences: number }

const captureOf = (c: NamedCapture, tensor: Tensor, sizes: FileSizes): CaptureArgument => {
  const { name, dtype, kind } = c
  const values = arrayOf(name, dtype, tensor)
  const columns = c.columns ? [c.columns] : []
  const expected: Readonly<Partial<Record<NamedCapture['kind'], readonly number[]>>> = { scalar: [1], perHead: [sizes.heads], perSequence: [sizes.sequences], perToken: [sizes.rows, ...columns] }
  const scalar0 = kind === 'scalar' && tensor.shape.length === 0
  if (expected[kind] && !scalar0) checkShape(name, tensor.shape, expected[kind], ` (${kind})`)
  if (kind === 'table' && (tensor.shape.length !== (c.perHead ? 2 : 1) || (c.perHead && tensor.shape[0] !== sizes.heads))) fail('SR8033', { name, shape: tensor.shape, wanted: c.perHead ? `${sizes.heads}, length` : 'length', note: ' (table)' })
  return kind === 'pair' ? { values, ...(c.layout === 'dense' && { rows: tensor.shape.at(-2)!, columns: tensor.shape.at(-1)! }) } : values
}

/** A perToken capture where keys have rows of their own: the tensors NAME.q and NAME.kv. */
const sidesOf = (c: NamedCapture, tensors: Tensors, file: string): CaptureArgument =>
  ({ q: arrayOf(`${c.name}.q`, c.dtype, tensorOf(tensors, `${c.name}.q`, file)), kv: arrayOf(`${c.name}.kv`, c.dtype, tensorOf(tensors, `${c.name}.kv`, file)) })

const dtypeOf = (tensor: Tensor): Dtype => {
  const found = (Object.keys(fileDtypes) as Dtype[]).find((d) => fileDtypes[d] === tensor.dtype)
  return found ?? fail('SR8032', { name: 'q', dtype: tensor.dtype, wanted: 'F32, F16 or BF16' })
}

const indexOf = (tensor: Tensor): Int32Array => {
  if (tensor.shape.length !== 1) fail('SR8033', { name: 'kv_index', shape: tensor.shape, wanted: 'B', note: '' })
  return arrayOf('kv_index', 'i32', tensor) as Int32Array
}

const LAUNCH = Object.freeze(['q', 'k', 'v', 'seq_offsets', 'kv_offsets', 'kv_index'])

/** How the file's tensors are to be read, where that is not as the definition says. */
export interface FileLayout {
  readonly queries?: QueryLayout | undefined
  readonly align?: QueryAlign | undefined
}

const SEQ = 'seq_offsets'
const KV = 'kv_offsets'
/** Shape of q, the offsets that a layout needs, and those that have no place in it. */
const forms: Readonly<Record<QueryLayout, { readonly q: string; readonly no: readonly string[] }>> = Object.freeze({
  self: { q: 'rows, heads, headDim', no: [KV] },
  jagged: { q: 'rows, heads, headDim', no: [] },
  dense: { q: 'sequences, T, heads, headDim', no: [SEQ] },
  broadcast: { q: 'T, heads, headDim', no: [SEQ] },
})

/** A file with kv_offsets has keys of their own; a four-dimensional q is dense; the rest is as the definition says. */
const queriesOf = (tensors: Tensors, { layout: own }: Algorithm, q: Tensor, given: QueryLayout | undefined): QueryLayout =>
  given ?? (!tensors.has(KV) ? own.queries : q.shape.length === 4 ? 'dense' : own.queries === 'broadcast' && !tensors.has(SEQ) ? 'broadcast' : 'jagged')

/**
 * Takes a launch and the captures of `algorithm` out of a file. With kv_offsets, keys have rows of their own: q is [rows, heads, headDim] with
 * seq_offsets, or without them dense [B, T, heads, headDim] or broadcast [T, heads, headDim]. Throws SR8027 and SR8031 to SR8034 naming the tensor.
 */
export const attentionInputs = (tensors: Tensors, algorithm: Algorithm, file: string, where: FileLayout = {}): FileInputs => {
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensorOf(tensors, name, file)) as [Tensor, Tensor, Tensor]
  const dtype = dtypeOf(q)
  const queries = queriesOf(tensors, algorithm, q, where.queries)
  const cross = queries !== 'self'
  const block = queries === 'dense' || queries === 'broadcast'
  if (q.shape.length !== (queries === 'dense' ? 4 : 3)) fail('SR8033', { name: 'q', shape: q.shape, wanted: forms[queries].q, note: '' })
  for (const name of forms[queries].no) if (tensors.has(name)) fail('SR8027', { file, queries: nameOf(queries), name, layouts: queries === 'self' ? 'cross' : 'cross (q [rows, heads, headDim])' })
  const seqOffsets = block ? undefined : offsetsIn(tensorOf(tensors, SEQ, file))
  const kvOffsets = cross ? offsetsIn(tensorOf(tensors, KV, file), KV) : undefined
  const kvIndex = tensors.has('kv_index') ? indexOf(tensors.get('kv_index')!) : undefined
  const queryRows = block ? q.shape.at(-3)! : 0
  const [heads, headDim] = q.shape.slice(-2) as [number, number]
  const sequences = queries === 'dense' ? q.shape[0]! : Math.max((kvIndex?.length ?? (seqOffsets ?? kvOffsets!).length - 1), 0)
  const rows = block ? sequences * queryRows : q.shape[0]!
  for (const [name, tensor] of [['k', k], ['v', v]] as const) {
    if (tensor.dtype !== q.dtype) fail('SR8032', { name, dtype: tensor.dtype, wanted: `${q.dtype}, as q is` })
    if (tensor.shape.length !== 3) fail('SR8033', { name, shape: tensor.shape, wanted: 'rows, heads, headDim', note: '' })
  }
  const [kvRows, kvHeads] = k.shape as [number, number, number]
  checkShape('k', k.shape, [cross ? kvRows : rows, kvHeads, headDim], ', as q is')
  checkShape('v', v.shape, [kvRows, kvHeads, v.shape[2]!], ', as k is')
  const names = algorithm.captures.map((c) => c.name)
  const known = [...LAUNCH, ...names, ...algorithm.captures.filter((c) => c.kind === 'perToken').flatMap((c) => [`${c.name}.q`, `${c.name}.kv`])]
  const ignored = [...tensors.keys()].filter((t) => !known.includes(t))
  for (const name of ignored) if (nearest(name, known)) fail('SR8034', { file, kernel: algorithm.name, name, suggestion: suggestion(name, known), known: known.join(', ') })
  if (seqOffsets) checkOffsets(seqOffsets, rows, algorithm.name)
  const sizes: FileSizes = { rows, kvRows, heads, sequences }
  const captures = Object.fromEntries(
    algorithm.captures.flatMap((c) => {
      if (cross && c.kind === 'perToken') return [[c.name, sidesOf(c, tensors, file)]]
      return tensors.has(c.name) ? [[c.name, captureOf(c, tensors.get(c.name)!, sizes)]] : []
    }),
  )
  const bits = (t: Tensor) => fromBytes(dtype, copied(t), elements(t.shape))
  const inputs: AttentionInputs = {
    q: bits(q), k: bits(k), v: bits(v), rows, heads, kvHeads, captures,
    layout: { queries, ...(where.align && { align: where.align }) },
    ...(seqOffsets ? { seqOffsets } : { sequences, queryRows }),
    ...(kvOffsets && { kvOffsets, kvRows }),
    ...(kvIndex && { kvIndex }),
  }
  const leading = block ? [sequences, queryRows] : [rows]
  return { dtype, headDim, valueDim: v.shape[2]!, outShape: [...leading, heads, v.shape[2]!], inputs, ignored }
}

/** `out` in q's dtype and shape, its last dim v's; `lse` f32 without that dim where the kernel has one. */
export const attentionTensors = ({ dtype, outShape }: FileInputs, { bits, lse }: AttentionOutput): Readonly<Record<string, Tensor>> => ({
  out: { dtype: fileDtypes[dtype], shape: outShape, bytes: bytesOfArray(bits) },
  ...(lse && { lse: { dtype: 'F32', shape: outShape.slice(0, -1), bytes: bytesOfArray(lse) } }),
})
