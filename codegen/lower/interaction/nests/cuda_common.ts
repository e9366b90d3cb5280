import { helperNames } from '../../functions.ts'
import { FREE_SHARED } from '../../../ir/cuda.ts'
import { axisOf } from '../../../ir/interaction/index.ts'
import type { Lowering } from '../context.ts'
import { first, len, param } from '../names.ts'
import { lengthsOf } from '../segments.ts'

/** The first compute capability, times ten, at which a kernel can wait for the one ahead of it. */
const WAITS_FROM = 90
/** Threads of a warp. */
export const WARP = 32
const elements: Readonly<Record<string, string>> = { f32: 'float', f16: 'half_t', bf16: 'bf16_t', i32: 'int' }

const helperFlags = (l: Lowering): Readonly<Record<string, boolean>> => {
  const text = [...l.functions.values()].flatMap((f) => [...f.lines, f.result]).join('\n')
  return Object.fromEntries(helperNames.map((name) => [`uses_${name}`, new RegExp(`\\b${name}\\(`).test(text)]))
}

/** Segments of pairs whose rows are computed from two lengths: a sequence that would leave the tensor is taken as empty. */
const pairsOf = (l: Lowering): readonly object[] =>
  [...l.segments.values()].filter((s) => s.kind !== 'axis' && l.fields.has(first(s.name))).map((s) => {
    const [row, column] = [s.row, s.column].map((owner) => {
      const name = len(lengthsOf(l.x, owner).name)
      l.fields.set(name, { name, kind: 'len', segment: axisOf(l.x, owner).name })
      l.segments.set(owner, lengthsOf(l.x, owner))
      l.sources.add(`offsetWords:${owner}`)
      return name
    }) as [string, string]
    const count = s.kind === 'outer' ? `(long long)seq.${row} * seq.${column}` : `(long long)seq.${row} * (seq.${row} - 1) / 2`
    return { first: first(s.name), row, column, rows: param.rows(s.name), count }
  })

/** Device functions that a loop nest uses beside loads and stores. `shared_store`: store_16 writes shared memory too. */
export interface DeviceFlags {
  readonly barrier?: boolean
  readonly warp?: boolean
  readonly shared?: boolean
  readonly shared_store?: boolean
  readonly async_copy?: boolean
  /** Of load_16: nothing is read twice. */
  readonly read_once?: boolean
  /** Of asynchronous copies: nothing is copied twice; neighbours in 256 bytes are copied soon. */
  readonly copy_once?: boolean
  readonly copy_ahead?: boolean
  readonly cluster?: boolean
  readonly mma?: boolean
}

/** What the partial `ix_common` prints beside the common context; to be called when all blocks are made, its maps merged with the loop nest's own `flags` and `words`. */
export const cudaCommon = (l: Lowering, uses: DeviceFlags, path: string) => {
  const pairs = pairsOf(l)
  const segments = [...l.sources].filter((s) => s.startsWith('offsetWords:')).map((s) => s.slice(12))
  for (const s of segments) l.sources.add(`rows:${s}`)
  return {
    pairs,
    flags: {
      barrier: false, warp: false, shared: false, shared_store: false, async_copy: false, read_once: false, copy_once: false, copy_ahead: false, cluster: false, mma: false, short_exp: false, ...uses,
      half: l.problem.dtype === 'f16', bfloat: l.problem.dtype === 'bf16', offsets: segments.length > 0, ...helperFlags(l),
    },
    words: { warp: WARP, free_shared: FREE_SHARED, waits_from: WAITS_FROM, element: elements[l.problem.dtype]!, path, u32: 'unsigned', i32: 'int', f32: 'float', kernel: '' },
  }
}
