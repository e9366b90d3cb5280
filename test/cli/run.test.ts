import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveDefinition } from '../../cli/resolve.ts'
import { readSafetensors } from '../../cli/safetensors/read.ts'
import type { Tensor } from '../../cli/safetensors/types.ts'
import { formatSafetensors } from '../../cli/safetensors/write.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import { decode, fromBytes } from '../../runtime/dtypes.ts'
import { type CaseShape, drawCase, expectedOf } from '../../verify/index.ts'
import { folder, serrate } from './program.ts'

const hasCompiler = spawnSync('g++', ['--version']).status === 0
if (!hasCompiler) console.log('skipped: cuda-cpu cases of `run`, because g++ is not on this machine')

const bytes = (a: ArrayBufferView): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)
const names = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const

const arrayTensor = (dtype: 'i32' | 'f32', array: Int32Array | Float32Array, shape: readonly number[] = [array.length]): Tensor => ({ dtype: dtype === 'i32' ? 'I32' : 'F32', shape, bytes: bytes(array) })
const offsetsTensor = (offsets: Int32Array | BigInt64Array): Tensor => ({ dtype: offsets instanceof BigInt64Array ? 'I64' : 'I32', shape: [offsets.length], bytes: bytes(offsets) })

/** A drawn case as the tensors of a file; scalars as [1], tables of heads as [H, length], captures of two sides as NAME.q and NAME.kv. */
const drawn = async (ref: string, dtype: Dtype, lengths: readonly number[], headDim = 8, shape: Partial<CaseShape> = {}) => {
  const { algorithm, definition } = await resolveDefinition(ref)
  const c = drawCase(3, algorithm, { lengths, heads: 2, headDim, dtype, ...shape })
  const { inputs: x, extent: { layout: { queries }, queryRows } } = c
  const block = { dense: [lengths.length, queryRows], broadcast: [queryRows] }[queries as string]
  const tensors: Record<string, Tensor> = {}
  const put = (name: 'q' | 'k' | 'v', rows: readonly number[], heads: number) => { tensors[name] = { dtype: names[dtype], shape: [...rows, heads, headDim], bytes: bytes(x[name]) } }
  put('q', block ?? [c.rows], 2)
  for (const name of ['k', 'v'] as const) put(name, [x.kvRows ?? c.rows], c.kvHeads)
  if (x.seqOffsets) tensors.seq_offsets = offsetsTensor(x.seqOffsets)
  if (x.kvOffsets) tensors.kv_offsets = offsetsTensor(x.kvOffsets)
  if (x.kvIndex) tensors.kv_index = arrayTensor('i32', x.kvIndex)
  for (const [name, value] of Object.entries(x.captures ?? {})) {
    const declared = algorithm.captures.find((d) => d.name === name)!
    if (typeof value === 'object' && 'kv' in value) for (const side of ['q', 'kv'] as const) tensors[`${name}.${side}`] = arrayTensor(declared.dtype, value[side])
    else if (typeof value === 'object' && 'rows' in value) tensors[name] = arrayTensor(declared.dtype, value.values, [lengths.length, ...(declared.perHead ? [value.values.length / (lengths.length * value.rows! * value.columns!)] : []), value.rows!, value.columns!])
    else {
      const array = typeof value === 'number' ? (declared.dtype === 'i32' ? Int32Array.of(value) : Float32Array.of(value)) : (value as Int32Array | Float32Array)
      tensors[name] = arrayTensor(declared.dtype, array, declared.kind === 'table' && declared.perHead ? [2, array.length / 2] : undefined)
    }
  }
  return { tensors, c, expected: expectedOf(definition, c).reference }
}

const largestError = (got: ArrayLike<number>, want: ArrayLike<number>): number => {
  let worst = 0
  for (let i = 0; i < want.length; i++) if (got[i] !== want[i]) worst = Math.max(worst, Number.isFinite(got[i]!) ? Math.abs(got[i]! - want[i]!) : Infinity)
  return worst
}

const runs = [
  ['causal', 'wgsl', 'f32', 1e-4], ['hstu', 'wgsl', 'f32', 1e-2], ['relative_bias', 'wgsl', 'f32', 1e-4],
  ...(hasCompiler ? ([['prefix_lm', 'cuda-cpu', 'f32', 1e-4], ['alibi', 'cuda-cpu', 'f16', 0.02], ['examples/time_bias.ts', 'cuda-cpu', 'bf16', 0.2]] as const) : []),
] as const

describe('run', () => {
  it.each(runs)('%s on %s in %s', async (ref, target, dtype, allowed) => {
    const dir = folder()
    const { tensors, c, expected } = await drawn(ref, dtype, [3, 0, 17, 33])
    writeFileSync(join(dir, 'in.safetensors'), formatSafetensors(tensors))
    const { code, json } = await serrate(['run', ref, '--target', target, '--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors'), '--json'])
    expect({ code, ok: json.ok, error: json.error }).toEqual({ code: 0, ok: true, error: undefined })
    const out = readSafetensors(join(dir, 'out.safetensors'))
    expect(out.get('out')).toMatchObject({ dtype: names[dtype], shape: [c.rows, 2, 8] })
    expect(largestError(decode(dtype, fromBytes(dtype, out.get('out')!.bytes, c.rows * 16)), expected.out)).toBeLessThan(allowed)
    expect(out.has('lse')).toBe(ref !== 'hstu')
    if (ref === 'hstu') return
    expect(out.get('lse')).toMatchObject({ dtype: 'F32', shape: [c.rows, 2] })
    expect(largestError(fromBytes('f32', out.get('lse')!.bytes, c.rows * 2) as Float32Array, expected.lse!)).toBeLessThan(1e-3)
  })

  const layouts: readonly (readonly [what: string, ref: string, shape: Partial<CaseShape>, options: readonly string[], out: readonly number[]])[] = [
    ['keys of their own, positions from the end', 'causal', { layout: { queries: 'jagged', align: 'end' }, kvLengths: [9, 4, 12] }, ['--align', 'end'], []],
    ['two-sided captures', 'targets', { layout: { queries: 'jagged' }, kvLengths: [9, 4, 12] }, [], []],
    ['four-dimensional q', 'target_attention', { queryRows: 3 }, [], [3, 3, 2, 8]],
    ['one block of queries', 'pma', { queryRows: 5 }, [], [3, 5, 2, 8]],
    ['one block of queries for a kernel that says otherwise', 'full', { layout: { queries: 'broadcast' }, queryRows: 2 }, ['--layout', 'broadcast'], [3, 2, 2, 8]],
    ['shared keys and one key head', 'shared_target_attention', { queryRows: 2, kvLengths: [7, 9], kvHeads: 1 }, [], [3, 2, 2, 8]],
    ['a dense bias', 'pair_bias', {}, [], []],
  ]
  it.each(layouts)('%s', async (_what, ref, shape, options, outShape) => {
    const dir = folder()
    const { tensors, c, expected } = await drawn(ref, 'f32', [3, 0, 17], 8, shape)
    writeFileSync(join(dir, 'in.safetensors'), formatSafetensors(tensors))
    const { code, json } = await serrate(['run', ref, '--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors'), ...options, '--json'])
    expect({ code, ok: json.ok, error: json.error }).toEqual({ code: 0, ok: true, error: undefined })
    const out = readSafetensors(join(dir, 'out.safetensors')).get('out')!
    expect(out.shape).toEqual(outShape.length ? outShape : [c.rows, 2, 8])
    expect(largestError(fromBytes('f32', out.bytes, c.rows * 16) as Float32Array, expected.out)).toBeLessThan(1e-4)
  })

  it('takes i64 captures that fit, and refuses one that does not', async () => {
    const dir = folder()
    const { tensors } = await drawn('prefix_lm', 'f32', [3, 5])
    const wide = (...values: bigint[]): Tensor => ({ dtype: 'I64', shape: [2], bytes: bytes(BigInt64Array.from(values)) })
    const attempt = async (prefix: Tensor) => {
      writeFileSync(join(dir, 'in.safetensors'), formatSafetensors({ ...tensors, prefix }))
      return serrate(['run', 'prefix_lm', '--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors'), '--json'])
    }
    expect((await attempt(wide(1n, 2n))).code).toBe(0)
    expect((await attempt(wide(1n, 2n ** 40n))).json).toMatchObject({ ok: false, error: { code: 'SR5014' } })
  })

  it('gives empty tensors for no rows', async () => {
    const dir = folder()
    const empty = (dtype: Tensor['dtype'], shape: readonly number[], data = new Uint8Array(0)): Tensor => ({ dtype, shape, bytes: data })
    const none = empty('F32', [0, 2, 8])
    writeFileSync(join(dir, 'in.safetensors'), formatSafetensors({ q: none, k: none, v: none, seq_offsets: empty('I32', [1], new Uint8Array(4)) }))
    const { code } = await serrate(['run', 'causal', '--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors'), '--json'])
    expect(code).toBe(0)
    expect(readSafetensors(join(dir, 'out.safetensors')).get('out')!.shape).toEqual([0, 2, 8])
  })
})

const i32 = (...values: number[]): Tensor => ({ dtype: 'I32', shape: [values.length], bytes: bytes(Int32Array.from(values)) })
const f32 = (shape: readonly number[]): Tensor => ({ dtype: 'F32', shape, bytes: new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)) })

describe('bad input of run: a coded error, exit 2, no output', () => {
  const cases: readonly (readonly [string, Record<string, Tensor | undefined>, string, RegExp])[] = [
    ['no q', { q: undefined }, 'SR8031', /no tensor q/],
    ['integers as q', { q: { dtype: 'I32', shape: [8, 2, 4], bytes: new Uint8Array(256) } }, 'SR8032', /q is I32/],
    ['k of another shape', { k: f32([8, 2, 5]) }, 'SR8033', /tensor k has the shape \[8,2,5\]/],
    ['v of another dtype', { v: { dtype: 'F16', shape: [8, 2, 4], bytes: new Uint8Array(128) } }, 'SR8032', /v is F16/],
    ['q of two dimensions', { q: f32([8, 8]) }, 'SR8033', /rows, heads, headDim/],
    ['offsets of floats', { seq_offsets: f32([3]) }, 'SR8032', /seq_offsets is F32/],
    ['offsets that go down', { seq_offsets: i32(0, 6, 4) }, 'SR5004', /goes down.*4 after 6/],
    ['offsets that start above 0', { seq_offsets: i32(1, 6, 8) }, 'SR5003', /starts at 1/],
    ['offsets past the rows', { seq_offsets: i32(0, 6, 9) }, 'SR5005', /ends at 9/],
    ['no offsets', { seq_offsets: i32() }, 'SR5002', /empty/],
    ['a capture that is not given', { prefix: undefined }, 'SR5010', /prefix/],
    ['a capture of wrong shape', { prefix: i32(1, 2, 3) }, 'SR8033', /prefix/],
    ['a capture of wrong dtype', { prefix: f32([2]) }, 'SR8032', /prefix is F32/],
    ['a tensor whose name is a slip', { prefixes: i32(1, 2) }, 'SR8034', /prefixes/],
  ]
  it.each(cases)('%s', async (_what, change, code, message) => {
    const dir = folder()
    const tensors: Record<string, Tensor | undefined> = { q: f32([8, 2, 4]), k: f32([8, 2, 4]), v: f32([8, 2, 4]), seq_offsets: i32(0, 3, 8), prefix: i32(1, 2), ...change }
    writeFileSync(join(dir, 'in.safetensors'), formatSafetensors(Object.fromEntries(Object.entries(tensors).filter((e): e is [string, Tensor] => e[1] !== undefined))))
    const { code: exit, json } = await serrate(['run', 'prefix_lm', '--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors'), '--json'])
    expect(json).toMatchObject({ ok: false, error: { code } })
    expect(json.error.message).toMatch(message)
    expect(exit).toBe(2)
    expect(readdirSync(dir)).toEqual(['in.safetensors'])
  })

  it.each<readonly [string, string, Record<string, Tensor>, readonly string[], string, RegExp]>([
    ['no keys of their own where the definition has them', 'cross', {}, [], 'SR8031', /no tensor kv_offsets/],
    ['key offsets of self-attention', 'causal', { kv_offsets: i32(0, 3, 8) }, ['--layout', 'self'], 'SR8027', /do not fit self queries: it has kv_offsets/],
    ['query offsets of dense queries', 'causal', { q: f32([2, 4, 2, 4]), kv_offsets: i32(0, 3, 8) }, [], 'SR8027', /do not fit dense queries: it has seq_offsets/],
    ['dense queries in packed rows', 'causal', { kv_offsets: i32(0, 3, 8) }, ['--layout', 'dense'], 'SR8033', /q has the shape \[8,2,4\]; \[sequences, T, heads, headDim\]/],
  ])('%s', async (_what, ref, change, options, code, message) => {
    const dir = folder()
    writeFileSync(join(dir, 'in.safetensors'), formatSafetensors({ q: f32([8, 2, 4]), k: f32([8, 2, 4]), v: f32([8, 2, 4]), seq_offsets: i32(0, 3, 8), ...change }))
    const { code: exit, json } = await serrate(['run', ref, '--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors'), ...options, '--json'])
    expect({ exit, error: json.error.code }).toEqual({ exit: 2, error: code })
    expect(json.error.message).toMatch(message)
  })

  it('a file that is no safetensors file', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'in.safetensors'), 'hello')
    const { code, json } = await serrate(['run', 'causal', '--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors'), '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: 'SR8030' })
    expect(existsSync(join(dir, 'out.safetensors'))).toBe(false)
  })

  it('an output that is the input', async () => {
    const dir = folder()
    const file = join(dir, 'in.safetensors')
    writeFileSync(file, formatSafetensors({ q: f32([8, 2, 4]), k: f32([8, 2, 4]), v: f32([8, 2, 4]), seq_offsets: i32(0, 3, 8) }))
    const before = readFileSync(file)
    const { code, json } = await serrate(['run', 'causal', '--inputs', file, '--output', join(dir, '.', 'in.safetensors'), '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: 'SR8035' })
    expect(readFileSync(file)).toEqual(before)
  })

  it('an output that cannot be written', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'in.safetensors'), formatSafetensors({ q: f32([8, 2, 4]), k: f32([8, 2, 4]), v: f32([8, 2, 4]), seq_offsets: i32(0, 3, 8) }))
    writeFileSync(join(dir, 'file'), 'kept')
    const { code, json } = await serrate(['run', 'causal', '--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'file', 'out.safetensors'), '--json'])
    expect({ code, error: json.error.code }).toEqual({ code: 2, error: 'SR8020' })
    expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('kept')
  })
})
