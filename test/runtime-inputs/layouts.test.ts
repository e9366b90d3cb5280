import { describe, expect, test } from 'vitest'
import { headMajor } from '../../codegen/ir/layout.ts'
import { type AttentionInputs, prepareAttention } from '../../runtime/attention.ts'
import { pairOffsets } from '../../runtime/pairs.ts'
import { manifestOf } from './manifest.ts'

const thrown = (f: () => unknown): string => {
  try { f() } catch (e) { return (e as Error).message }
  return 'nothing thrown'
}
const zeros = (n: number): Float32Array => new Float32Array(n)
/** 3 query rows, 5 key rows, 4 heads of dim 4. */
const cross = (over: Partial<AttentionInputs> = {}): AttentionInputs =>
  ({ q: zeros(48), k: zeros(80), v: zeros(80), rows: 3, heads: 4, layout: { queries: 'jagged' }, seqOffsets: Int32Array.of(0, 1, 3), kvOffsets: BigInt64Array.of(0n, 5n, 5n), ...over })
const params = (inputs: AttentionInputs, manifest = manifestOf()) => prepareAttention(manifest, inputs).job!.params

describe('layouts of a launch', () => {
  test('cross, bottom-right, shared keys, grouped heads, dense and broadcast queries fill the params', () => {
    expect(params(cross())).toMatchObject({ num_rows: 3, kv_rows: 5, offset_words: 1, kv_offset_words: 2, layout_flags: 0, head_group: 1, query_rows: 0 })
    expect(params(cross({ layout: { queries: 'jagged', align: 'end' }, kvIndex: Int32Array.of(0, 0), k: zeros(20), v: zeros(20), kvHeads: 1 }))).toMatchObject({ layout_flags: 6, head_group: 4, k_row_stride: 4 })
    const dense = { layout: { queries: 'dense' as const }, seqOffsets: undefined as never, rows: undefined as never, queryRows: 3, q: zeros(96) }
    expect(params(cross(dense))).toMatchObject({ num_sequences: 2, num_rows: 6, query_rows: 3 })
    expect(params(cross({ ...dense, layout: { queries: 'broadcast' }, q: zeros(48) }))).toMatchObject({ num_rows: 6, layout_flags: 1 })
    expect(prepareAttention(manifestOf(), cross({ ...dense, queryRows: 0, q: zeros(0) })).job).toBe(null)
    expect(params(cross({ strides: { q: headMajor(3, 4) } }))).toMatchObject({ q_row_stride: 4, q_head_stride: 12 })
  })

  const refused: readonly (readonly [string, Partial<AttentionInputs>, string])[] = [
    ['key heads that do not divide', { kvHeads: 3 }, 'SR5038: 4 heads do not share 3 key heads'],
    ['no key offsets', { kvOffsets: undefined as never }, 'SR5025'],
    ['key offsets of self-attention', { layout: { queries: 'self' } }, 'SR5026: kvOffsets is given'],
    ['shared keys without an index', { layout: { queries: 'jagged', sharedKeys: true } }, 'SR5027'],
    ['an index of another type', { kvIndex: [0, 1] as never }, 'SR5028: kvIndex is a Array'],
    ['rows that are not B · T', { layout: { queries: 'dense' }, seqOffsets: undefined as never, queryRows: 3, rows: 5 }, 'SR5033: rows is 5; 2 sequences of 3 queries have 6'],
    ['a short index', { kvIndex: Int32Array.of(0) }, 'SR5029'],
    ['an index past the keys', { kvIndex: Int32Array.of(0, 2) }, 'SR5030: kvIndex[1] is 2'],
    ['as many key sequences', { kvOffsets: Int32Array.of(0, 5) }, 'SR5031: There are 2 sequences of queries and 1 of keys'],
    ['key offsets past the rows', { kvOffsets: Int32Array.of(0, 5, 6), kvRows: 5 }, 'SR5005: kvOffsets ends at 6, past the 5 packed rows of k and v'],
    ['a negative T', { layout: { queries: 'dense' }, seqOffsets: undefined as never, queryRows: -1 }, 'SR5022: queryRows is -1'],
    ['overlapping rows', { strides: { q: { row: 8, head: 4 } } }, 'SR5035'],
    ['a stride that vector loads cannot use', { strides: { q: { row: 18, head: 4 } } }, 'SR5036: strides.q.row is 18'],
    ['a view past its array', { strides: { q: { row: 32, head: 4 } } }, 'SR5037: q has 48 elements; its strides reach element 79'],
    ['a stride in fractions', { strides: { q: { row: 16.5, head: 4 } } }, 'SR5034'],
  ]
  test.each(refused)('%s is refused', (_name, over, message) => expect(thrown(() => prepareAttention(manifestOf(), cross(over)))).toContain(message))

  test('packing kernels take self-attention only; partial results have a limit', () => {
    expect(thrown(() => prepareAttention(manifestOf({ pack: true }), cross()))).toContain('SR5032')
    const rows = 1 << 18
    const big = { q: zeros(rows * 4), k: zeros(rows * 4), v: zeros(rows * 4), rows, heads: 1, seqOffsets: Int32Array.of(0, rows) }
    expect(thrown(() => prepareAttention(manifestOf({ split: 16 }), big))).toContain('SR5039')
  })

  test('a tile of a group has its queries for every head: key heads in the grid, more tiles, and at least a row for each', () => {
    const grouped = (over: Partial<AttentionInputs>, blockM = 4) => prepareAttention(manifestOf({ gqa: true, blockM }), cross({ ...over, k: zeros(40), v: zeros(40), kvHeads: 2 })).job!
    expect(grouped({})).toMatchObject({ gridHeads: 2, maxTiles: 1 + 2 + 1, params: { head_group: 2 } })
    expect(prepareAttention(manifestOf(), cross()).job).toMatchObject({ gridHeads: 4, maxTiles: 0 + 2 + 1 })
    expect(thrown(() => grouped({}, 1))).toContain('SR5041: hand puts the heads that share a key head in one tile of 1 rows; 4 heads share 2 key heads, 2 each')
  })

  test('perToken captures of two sides; pairs dense and jagged', () => {
    const perToken = manifestOf({ captures: [{ name: 't', kind: 'perToken', dtype: 'i32', perHead: false }] })
    expect(thrown(() => prepareAttention(perToken, cross({ captures: { t: new Int32Array(3) } })))).toContain('SR5017')
    expect(params(cross({ captures: { t: { q: new Int32Array(3), kv: new Int32Array(5) } } }), perToken)).toMatchObject({ base_t: 0, base_kv_t: 3 })
    const pair = (layout: 'dense' | 'jagged') => manifestOf({ captures: [{ name: 'p', kind: 'pair', dtype: 'f32', perHead: true, layout }] })
    expect(params(cross({ captures: { p: { values: zeros(10) } } }), pair('jagged'))).toMatchObject({ group_p: 2, head_stride_p: 5, base_pairs: 0 })
    expect(params(cross({ captures: { p: { values: zeros(80), rows: 2, columns: 5 } } }), pair('dense'))).toMatchObject({ group_p: 1, rows_p: 2, columns_p: 5 })
    expect(thrown(() => prepareAttention(pair('dense'), cross({ captures: { p: zeros(20) } })))).toContain('SR5019')
    expect(thrown(() => prepareAttention(pair('jagged'), cross({ captures: { p: { values: zeros(15) } } })))).toContain('SR5018: The pair capture p has 3 arrays')
    expect(thrown(() => prepareAttention(pair('jagged'), cross({ captures: { p: zeros(7) } })))).toContain('SR5016')
    expect(thrown(() => pairOffsets([{ qLen: 65_536, kvLen: 16_384 }, { qLen: 65_536, kvLen: 16_384 }]))).toContain('SR5040: Σ qLen · kvLen of the sequences is 2147483648')
    expect(pairOffsets([{ qLen: 65_536, kvLen: 16_384 }, { qLen: 3, kvLen: 5 }]).at(-1)).toBe(2 ** 30 + 15)
  })
})
