// serrate 0.1.0: how a launch's captures become two buffers. Written by `serrate generate`. Needs nothing but WebGPU: it can be copied into a page.
import type { Kernel } from './webgpu.ts'
import type { Placed, Tensors } from './webgpu_tensors.ts'

/** Numbers of a capture: an array, or a GPUBuffer made with COPY_SRC. */
export type Values<A extends Int32Array | Float32Array> = A | GPUBuffer
/** A capture of every row, where the queries have rows of their own. */
export interface Sides<A extends Int32Array | Float32Array> { readonly q: Values<A>; readonly kv: Values<A> }
/** [sequences, (Hr,) rows, columns]; Hr, a divisor of heads, only where the capture is declared perHead. */
export interface DensePair<A extends Int32Array | Float32Array> { readonly values: Values<A>; readonly rows: number; readonly columns: number }
/** [(Hr,) sum of queries · keys], with `pairOffsets` among the tensors; `heads` is Hr. */
export interface JaggedPair<A extends Int32Array | Float32Array> { readonly values: Values<A>; readonly heads?: number }

type Any = Values<Int32Array | Float32Array>
type One = number | Any | Sides<never> | DensePair<never> | JaggedPair<never> | undefined
export type Given = Readonly<Record<string, One>>

type Capture = Kernel['captures'][number]
interface Part { readonly value: Any; readonly count: number }

const isValues = (x: unknown): x is Any => x instanceof GPUBuffer || ArrayBuffer.isView(x)
const refuse = (c: Capture, why: string): never => { throw new TypeError(`the capture ${c.name} (${c.kind} ${c.dtype}) ${why}`) }

const partOf = (c: Capture, value: unknown): Part => {
  if (!isValues(value)) return refuse(c, `is ${value === undefined ? 'not given' : typeof value}; pass an array or a GPUBuffer`)
  const array = c.dtype === 'i32' ? Int32Array : Float32Array
  if (!(value instanceof GPUBuffer || value instanceof array)) refuse(c, `is a ${value.constructor.name}; pass ${c.dtype === 'i32' ? 'an Int32Array' : 'a Float32Array'} or a GPUBuffer`)
  return { value, count: (value instanceof GPUBuffer ? value.size : value.byteLength) / 4 }
}

/** The arrays of one capture, and what a kernel must know of them beside where they start. */
interface Arrays { readonly parts: readonly Part[]; readonly numbers?: Readonly<Record<string, number>> }
type Read = (c: Capture, given: One, placed: Placed) => Arrays

const divides = (c: Capture, arrays: number, heads: number): number =>
  Number.isInteger(arrays) && arrays >= 1 && heads % arrays === 0 && (c.perHead || arrays === 1) ? heads / arrays : refuse(c, `holds ${arrays} arrays for ${heads} heads; ${c.perHead ? 'their number divides the heads' : 'it is not declared perHead, so pass one'}`)

const whole: Read = (c, given) => ({ parts: [partOf(c, given)] })
const reads: Readonly<Record<string, Read>> = {
  perHead: whole,
  perSequence: whole,
  table: (c, given, { heads }) => {
    const part = partOf(c, given)
    return { parts: [part], numbers: { length: part.count / (c.perHead ? heads : 1) } }
  },
  perToken: (c, given, { layout }) => {
    if (isValues(given)) return layout.queries === 'self' ? { parts: [partOf(c, given)] } : refuse(c, `is one array; queries are ${layout.queries}, so pass { q, kv }`)
    const { q, kv } = (given ?? {}) as Sides<Float32Array>
    return { parts: [partOf(c, q), partOf(c, kv)] }
  },
  pair: (c, given, { heads, sequences }): Arrays => {
    if (c.layout === 'jagged') {
      const { values, heads: arrays = c.perHead ? heads : 1 } = isValues(given) ? { values: given } : ((given ?? {}) as JaggedPair<Float32Array>)
      const part = partOf(c, values)
      return { parts: [part], numbers: { group: divides(c, arrays, heads), headStride: part.count / arrays } }
    }
    const { values, rows, columns } = (isValues(given) ? { values: given } : (given ?? {})) as DensePair<Float32Array>
    const part = partOf(c, values)
    if (!(rows >= 0 && columns >= 0)) refuse(c, `has rows ${rows} and columns ${columns}; pass { values, rows, columns }, the shape of one sequence`)
    return { parts: [part], numbers: { rows, columns, group: divides(c, sequences * rows * columns === 0 ? 1 : part.count / (sequences * rows * columns), heads) } }
  },
}

/** Scalars and smScale as params. Throws a TypeError naming a capture that is not given. */
export const scalarsOf = (kernel: Kernel, given: Given): Readonly<Record<string, number>> => {
  const numbers: Record<string, number> = {}
  for (const c of kernel.captures) {
    const value = c.kind === 'scalar' ? (given[c.name] ?? c.default) : undefined
    if (typeof value === 'number') numbers[`scalar:${c.name}`] = value
  }
  const s = kernel.smScale
  const value = s.kind === 'const' ? s.value : s.kind === 'capture' ? numbers[`scalar:${s.name}`] : 1 / Math.sqrt(kernel.headDim)
  if (value === undefined) throw new TypeError(`the capture ${s.kind === 'capture' ? s.name : ''} is not given`)
  return { ...numbers, smScale: value }
}

/** Copies the arrays of each dtype one after another into one buffer. */
export const packCaptures = (device: GPUDevice, encoder: GPUCommandEncoder, kernel: Kernel, tensors: Tensors, placed: Placed, given: Given, create: (size: number, usage: number) => GPUBuffer): { readonly buffers: Readonly<Record<'i32' | 'f32', () => GPUBuffer>>; readonly numbers: Readonly<Record<string, number>> } => {
  const parts: Record<'i32' | 'f32', Part[]> = { i32: [], f32: [] }
  const ends = { i32: 0, f32: 0 }
  const numbers: Record<string, number> = {}
  const add = (dtype: 'i32' | 'f32', part: Part): number => {
    parts[dtype].push(part)
    ends[dtype] += part.count
    return ends[dtype] - part.count
  }
  for (const c of kernel.captures) {
    if (c.kind === 'scalar') continue
    const { parts: own, numbers: facts = {} } = reads[c.kind]!(c, given[c.name], placed)
    const [base, baseKv] = own.map((part) => add(c.dtype, part))
    for (const [what, value] of Object.entries({ base: base!, baseKv: baseKv ?? base!, ...facts })) numbers[`${what}:${c.name}`] = value
  }
  if (kernel.captures.some((c) => c.layout === 'jagged')) {
    if (!isValues(tensors.pairOffsets)) throw new TypeError(`${kernel.file} has a jagged pair capture: pass pairOffsets, [sequences + 1] running sums of queries · keys`)
    numbers['base:pairs'] = add('i32', partOf({ name: 'pairOffsets', dtype: 'i32', kind: 'perSequence', perHead: false }, tensors.pairOffsets))
  }
  const buffer = (dtype: 'i32' | 'f32') => (): GPUBuffer => {
    const made = create(4 * ends[dtype], GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST)
    let at = 0
    for (const { value, count } of parts[dtype]) {
      if (value instanceof GPUBuffer) encoder.copyBufferToBuffer(value, 0, made, at, 4 * count)
      else device.queue.writeBuffer(made, at, value as Int32Array<ArrayBuffer>)
      at += 4 * count
    }
    return made
  }
  return { buffers: { i32: buffer('i32'), f32: buffer('f32') }, numbers }
}
