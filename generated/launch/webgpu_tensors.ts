// serrate 0.1.0: how a launch's tensors lie. Written by `serrate generate`. Needs nothing but WebGPU: it can be copied into a page.
import type { Kernel, Values } from './webgpu.ts'

/**
 * Where the queries of a sequence lie. `self`: with its keys. `jagged`: packed rows with offsets of their own. `dense`: `queryRows` rows for every
 * sequence. `broadcast`: the same `queryRows` rows for all. `align: 'end'` gives the last query the position of the last key.
 */
export interface Layout {
  readonly queries: 'self' | 'jagged' | 'dense' | 'broadcast'
  readonly align: 'start' | 'end'
}

/** Elements from one row to the next and from one head to the next; the head dim is contiguous. */
export interface Strides {
  readonly row: number
  readonly head: number
}

/** A buffer, or a part of one (its `offset` in bytes as WebGPU aligns bindings): q, k and v may be views of one buffer. */
export type Tensor = GPUBuffer | GPUBufferBinding

type Strided = 'q' | 'k' | 'v' | 'out' | 'lse'

export interface Tensors {
  /** [rows, heads, headDim]; [queryRows, heads, headDim] where queries are `broadcast`. */
  readonly q: Tensor
  /** [kvRows, kvHeads, headDim]. */
  readonly k: Tensor
  /** [kvRows, kvHeads, valueDim]. */
  readonly v: Tensor
  /** [rows, heads, valueDim]. */
  readonly out: Tensor
  /** f32 [rows, heads], natural log, -inf for a row that keeps nothing. Softmax kernels compute it; left out, it goes to scratch. */
  readonly lse?: Tensor
  /** [sequences + 1], starting at 0, for `self` and `jagged` queries; i32, or i64 with `offsetWords: 2`. */
  readonly seqOffsets?: Tensor
  readonly offsetWords?: 1 | 2
  /** [key sequences + 1], starting at 0, where queries are not `self`; i32, or i64 with `kvOffsetWords: 2`. */
  readonly kvOffsets?: Tensor
  readonly kvOffsetWords?: 1 | 2
  /** i32 [sequences]: the sequence whose keys each one reads; left out, its own. */
  readonly kvIndex?: Tensor
  readonly sequences: number
  /** Rows of out. Of `dense` and `broadcast` queries sequences · queryRows, and then it can be left out. */
  readonly rows?: number
  /** Rows of k and v, where queries are not `self`. */
  readonly kvRows?: number
  /** Query rows of every sequence, of `dense` and `broadcast`. */
  readonly queryRows?: number
  readonly heads: number
  /** A divisor of heads, which share key heads in order. Default heads. */
  readonly kvHeads?: number
  /** What this launch changes of the kernel's own layout. */
  readonly layout?: Partial<Layout>
  /** In elements, of tensors that are not packed as above. Multiples of 4 where the dim is one. */
  readonly strides?: Readonly<Partial<Record<Strided, Strides>>>
  /** [sequences + 1] running sums of queries · keys: kernels with a jagged pair capture need it. */
  readonly pairOffsets?: Values<Int32Array>
}

/** A launch's sizes and where its tensors lie, checked. */
export interface Placed {
  readonly layout: Layout
  readonly rows: number
  readonly heads: number
  /** Heads that have workgroups of their own. */
  readonly gridHeads: number
  readonly sequences: number
  readonly tiles: number
  /** Params by source. */
  readonly numbers: Readonly<Record<string, number>>
}

const LAYOUT = { broadcast: 1, alignEnd: 2, kvIndex: 4 } as const
const ELEMENT_BYTES = { f32: 4, f16: 2, bf16: 2 } as const

export const bindingOf = (t: Tensor): GPUBufferBinding => ('buffer' in t ? t : { buffer: t })
const bytesOf = (t: Tensor): number => {
  const { buffer, offset = 0, size } = bindingOf(t)
  return size ?? (buffer as GPUBuffer).size - offset
}

const refuse = (kernel: Kernel, why: string): never => { throw new TypeError(`${kernel.file}: ${why}`) }

const count = (kernel: Kernel, what: string, value: number | undefined): number =>
  value !== undefined && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : refuse(kernel, `${what} is ${value}; it is a whole number from 0`)

/** What each layout needs, and what it has no place for. */
const checkGiven = (kernel: Kernel, { queries }: Layout, t: Tensors): void => {
  const packed = queries === 'self' || queries === 'jagged'
  const needs = { seqOffsets: packed, kvOffsets: queries !== 'self', queryRows: !packed }
  for (const [name, needed] of Object.entries(needs) as [keyof typeof needs, boolean][]) {
    if (needed && t[name] === undefined) refuse(kernel, `queries are ${queries}: pass ${name}`)
    if (!needed && t[name] !== undefined) refuse(kernel, `queries are ${queries}: ${name} has no meaning; leave it out or set layout.queries`)
  }
  if (kernel.pack && (queries !== 'self' || t.kvIndex)) refuse(kernel, 'a packing kernel takes self-attention only; pick one whose schedule has pack=0')
}

/** Places a launch's tensors. Throws a TypeError naming the tensor, what it is and what it must be. */
export const placeTensors = (kernel: Kernel, t: Tensors): Placed => {
  const layout: Layout = { ...kernel.layout, ...t.layout }
  checkGiven(kernel, layout, t)
  const packed = layout.queries === 'self' || layout.queries === 'jagged'
  const sequences = count(kernel, 'sequences', t.sequences)
  const heads = count(kernel, 'heads', t.heads)
  const kvHeads = count(kernel, 'kvHeads', t.kvHeads ?? heads)
  if (heads > 0 && (kvHeads === 0 || heads % kvHeads !== 0)) refuse(kernel, `${heads} heads do not share ${kvHeads} key heads; kvHeads is a divisor of heads`)
  const headGroup = heads / Math.max(kvHeads, 1)
  if (kernel.gqa && headGroup > kernel.blockM) refuse(kernel, `${headGroup} heads share each key head; its tiles have ${kernel.blockM} rows: pick one whose schedule has gqa=0`)
  const queryRows = packed ? 0 : count(kernel, 'queryRows', t.queryRows)
  const rows = count(kernel, 'rows', packed ? t.rows : sequences * queryRows)
  if (t.rows !== undefined && t.rows !== rows) refuse(kernel, `rows is ${t.rows}; ${sequences} sequences of ${queryRows} queries have ${rows}`)
  const kvRows = count(kernel, 'kvRows', t.kvRows ?? (layout.queries === 'self' ? rows : undefined))
  if (layout.queries === 'self' && kvRows !== rows) refuse(kernel, `kvRows is ${kvRows} and rows ${rows}: with self queries they are the same`)

  const element = ELEMENT_BYTES[kernel.dtype]
  const shapes: Readonly<Record<Strided, readonly [rows: number, heads: number, dim: number, bytes: number]>> = {
    q: [layout.queries === 'broadcast' ? queryRows : rows, heads, kernel.headDim, element],
    k: [kvRows, kvHeads, kernel.headDim, element],
    v: [kvRows, kvHeads, kernel.valueDim, element],
    out: [rows, heads, kernel.valueDim, element],
    lse: [rows, heads, 1, 4],
  }
  const numbers: Record<string, number> = {}
  for (const [name, [tensorRows, tensorHeads, dim, bytes]] of Object.entries(shapes) as [Strided, (typeof shapes)[Strided]][]) {
    const { row, head } = t.strides?.[name] ?? { row: tensorHeads * dim, head: dim }
    numbers[`${name}RowStride`] = count(kernel, `strides.${name}.row`, row)
    numbers[`${name}HeadStride`] = count(kernel, `strides.${name}.head`, head)
    const unit = dim % 4 === 0 ? 4 : 1
    if (t.strides?.[name] && (row % unit || head % unit)) refuse(kernel, `strides.${name} is ${row} a row and ${head} a head; vector loads of dim ${dim} need multiples of ${unit}`)
    const tensor = t[name]
    const need = tensorRows && tensorHeads ? bytes * ((tensorRows - 1) * row + (tensorHeads - 1) * head + dim) : 0
    if (tensor && bytesOf(tensor) < need) refuse(kernel, `${name} has ${bytesOf(tensor)} bytes; ${tensorRows} rows of ${tensorHeads} heads of dim ${dim} reach byte ${need}`)
  }
  const words = { offsetWords: t.offsetWords ?? 1, kvOffsetWords: (layout.queries === 'self' ? t.offsetWords : t.kvOffsetWords) ?? 1 }
  const parts = layout.align === 'end' ? 2 : 1
  const tiles = Math.floor(rows / (kernel.gqa ? Math.floor(kernel.blockM / Math.max(headGroup, 1)) : kernel.blockM)) + Math.min(parts * sequences, rows) + 1
  const layoutFlags = (layout.queries === 'broadcast' ? LAYOUT.broadcast : 0) | (layout.align === 'end' ? LAYOUT.alignEnd : 0) | (t.kvIndex ? LAYOUT.kvIndex : 0)
  return { layout, rows, heads, gridHeads: kernel.gqa ? kvHeads : heads, sequences, tiles, numbers: { ...numbers, ...words, sequences, heads, headGroup, rows, kvRows, maxTiles: tiles, queryRows, layoutFlags } }
}
