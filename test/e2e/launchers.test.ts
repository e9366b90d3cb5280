import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesFor } from '../../cli/generated.ts'
import { resolveAll, resolveDefinition } from '../../cli/resolve.ts'
import { writeFolder } from '../../codegen/emit/write.ts'
import { causalKernels } from '../../generated/causal.ts'
import { type Attention, createAttention, type Kernel, pickKernel, type Tensors } from '../../generated/launch/webgpu.ts'
import { decode, fromBytes } from '../../runtime/dtypes.ts'
import { findAdapter } from '../../runtime/webgpu/adapter.ts'
import { type CaseShape, drawCase, expectedOf } from '../../verify/index.ts'
import { launch, tensorsOf } from './launch.ts'

const generated = join(import.meta.dirname, '../../generated')
const kernelsOf = async (name: string): Promise<readonly Kernel[]> => Object.entries(await import(join(generated, `${name}.ts`))).find(([key]) => key.endsWith('Kernels'))![1] as readonly Kernel[]
const scratch = join(import.meta.dirname, '../../.serrate')
mkdirSync(scratch, { recursive: true })
const text = ({ file }: Kernel, base = generated) => readFileSync(join(base, file), 'utf8')

const DIM = 64
const lengths = [3, 0, 40, 17]

const cases: readonly (readonly [what: string, name: string, shape: Partial<CaseShape>])[] = [
  ['cross: keys with offsets of their own', 'cross', { kvLengths: [9, 4, 0, 33] }],
  ['cross, positions from the end', 'cross_causal', { kvLengths: [9, 4, 12, 33] }],
  ['delta-q: more queries than keys in places', 'hstu_delta', { kvLengths: [9, 4, 12, 33] }],
  ['T queries for each sequence', 'target_attention', { queryRows: 3 }],
  ['the same T queries for all', 'pma', { queryRows: 5 }],
  ['candidates that share keys', 'shared_target_attention', { queryRows: 2, kvLengths: [30, 7] }],
  ['self-attention turned into cross by the launch', 'causal', { layout: { queries: 'jagged', align: 'end' }, kvLengths: [3, 2, 50, 17] }],
  ['grouped heads', 'full', { heads: 4, kvHeads: 2 }],
  ['one key head', 'softcap', { heads: 4, kvHeads: 1 }],
  ['heads before rows', 'causal', { placement: 'headMajor' }],
  ['views of a packed row', 'causal', { placement: 'view' }],
  ['bf16 storage', 'causal', { dtype: 'bf16' }],
  ['a jagged bias', 'jagged_bias', {}],
  ['a dense bias for some heads', 'pair_bias', { heads: 4 }],
  ['columns for each row', 'interval_lists', {}],
  ['per-row scales', 'hstu_rows', {}],
  ['captures of two sides', 'targets', { layout: { queries: 'jagged' }, kvLengths: [3, 0, 44, 20] }],
  ['softmax for some heads', 'hstu_mixed', { heads: 4 }],
]

describe('a generated WebGPU launcher', () => {
  let device: GPUDevice
  beforeAll(async () => {
    const { adapter } = await findAdapter('gpu', true, {})
    device = await adapter.requestDevice()
  })
  afterAll(() => device.destroy())

  const made = new Map<string, Promise<Attention<object>>>()
  const create = (kernel: Kernel, base = generated): Promise<Attention<object>> => made.get(kernel.file) ?? made.set(kernel.file, createAttention<object>(device, kernel, text(kernel, base))).get(kernel.file)!

  const check = async (name: string, shape: Partial<CaseShape>, choose: (dtype: string) => Promise<Attention<object>>) => {
    const { algorithm, definition } = await resolveDefinition(name)
    const c = drawCase(5, algorithm, { lengths, heads: 2, headDim: DIM, dtype: 'f32', ...shape })
    const attention = await choose(c.dtype)
    const got = decode(c.dtype, fromBytes(c.dtype, new Uint8Array(await launch(device, attention, tensorsOf(device, c), c.inputs.captures ?? {})), c.rows * c.heads * c.valueDim))
    const want = expectedOf(definition, c).reference.out
    expect(want.some((x) => x !== 0)).toBe(true)
    const allowed = c.dtype === 'bf16' ? 1e-1 : 1e-2
    got.forEach((x, i) => { if (!(Math.abs(x - want[i]!) <= allowed * Math.max(1, Math.abs(want[i]!)))) expect.fail(`element ${i}: ${x}, not ${want[i]}`) })
  }
  it.each(cases)('takes %s', (_what, name, shape) => check(name, shape, async (dtype) => create((await kernelsOf(name)).find((k) => k.dtype === dtype && k.headDim === DIM && k.subgroupLanes === 0)!)))

  it.each<readonly [string, Readonly<Record<string, number>>, { readonly split?: number; readonly pack?: boolean; readonly gqa?: boolean; readonly valueDim?: number }]>([['split keys, merged', { split: 4 }, { split: 4 }], ['tiles that span sequences', { pack: 1 }, { pack: true }], ['heads of a group in one tile, split', { gqa: 1, split: 2 }, { gqa: true, split: 2 }], ['values of another dim', {}, { valueDim: 20 }]])('runs kernels of other schedules: %s', async (_what, schedule, is) => {
    const base = mkdtempSync(join(scratch, 'launchers-'))
    try {
      writeFolder(base, filesFor(await resolveAll(['full']), [{ target: 'wgsl', dtype: 'f32', dim: DIM, schedule, ...(is.valueDim && { valueDim: is.valueDim }) }]))
      const { fullKernels } = await import(join(base, 'full.ts')) as { fullKernels: readonly Kernel[] }
      expect(fullKernels[0]).toMatchObject(is)
      const shape = is.valueDim ? { valueDim: is.valueDim } : is.gqa ? { heads: 6, kvHeads: 2 } : {}
      expect(pickKernel(device, fullKernels, [], { dtype: 'f32', headDim: DIM, ...shape }).kernel).toBe(fullKernels[0])
      if (is.valueDim) expect(() => pickKernel(device, fullKernels, [], { dtype: 'f32', headDim: DIM })).toThrow('no kernel for f32, head dim 64, is emitted here')
      await check('full', shape, () => create(fullKernels[0]!, base))
    } finally {
      rmSync(base, { recursive: true, force: true })
    }
  })

  const refused: readonly (readonly [string, Partial<Record<keyof Tensors, unknown>>, string])[] = [
    ['no offsets', { seqOffsets: undefined }, 'queries are self: pass seqOffsets'],
    ['key offsets of self-attention', { kvOffsets: 1 }, 'queries are self: kvOffsets has no meaning'],
    ['dense queries without queryRows', { layout: { queries: 'dense' }, seqOffsets: undefined, kvOffsets: 1 }, 'queries are dense: pass queryRows'],
    ['key heads that do not divide', { heads: 3, kvHeads: 2 }, '3 heads do not share 2 key heads'],
    ['rows in fractions', { rows: 1.5 }, 'rows is 1.5; it is a whole number from 0'],
    ['more rows than q holds', { rows: 600, kvRows: 600 }, 'q has '],
    ['a stride that vector loads cannot use', { strides: { q: { row: 130, head: 64 } } }, 'strides.q is 130 a row and 64 a head; vector loads of dim 64 need multiples of 4'],
    ['other key rows than rows', { kvRows: 7 }, 'with self queries they are the same'],
  ]
  it.each(refused)('refuses %s', async (_what, change, message) => {
    const { algorithm } = await resolveDefinition('causal')
    const kernel = causalKernels.find((k) => k.dtype === 'f32' && k.headDim === DIM && k.subgroupLanes === 0)!
    const attention = await create(kernel)
    const tensors = { ...tensorsOf(device, drawCase(5, algorithm, { lengths, heads: 2, headDim: DIM, dtype: 'f32' })), ...change } as Tensors
    expect(() => attention.encode(device.createCommandEncoder(), tensors, {})).toThrow(message)
  })

  it('says what a capture must be', async () => {
    for (const [name, captures, message] of [
      ['jagged_bias', { bias: new Int32Array(4) }, 'is a Int32Array; pass a Float32Array or a GPUBuffer'],
      ['pair_bias', { bias: new Float32Array(4) }, 'pass { values, rows, columns }'],
      ['pair_bias', { bias: { values: new Float32Array(12), rows: 1, columns: 1 } }, 'holds 3 arrays for 2 heads'],
      ['pair_bias', {}, 'is not given'],
    ] as const) {
      const { algorithm } = await resolveDefinition(name)
      const [kernel] = await kernelsOf(name)
      const attention = await create(kernel!)
      expect(() => attention.encode(device.createCommandEncoder(), tensorsOf(device, drawCase(5, algorithm, { lengths, heads: 2, headDim: DIM, dtype: 'f32' })), captures)).toThrow(message)
    }
  })
})
