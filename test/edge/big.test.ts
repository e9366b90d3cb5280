import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KernelManifest, TILES } from '../../codegen/ir/manifest.ts'
import { type AttentionInputs, prepareAttention, readAttention } from '../../runtime/attention.ts'
import type { CompiledKernel, Device } from '../../runtime/device.ts'
import { edgeDevices, emitFor, type KernelWish } from './devices.ts'

/** The smallest tiles: a launch of many costs little. */
const smallest: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  wgsl: { block_m: 16, block_n: 8, rows: 8, lanes: 4, chunk_d: 16 },
  cuda: { blockM: 16, blockN: 16, threadRows: 8, numStages: 1 },
}

/** Causal attention of one row in plain f64 loops, D = 1, smScale 1. */
const rowOf = (x: AttentionInputs, begin: number, i: number, h: number): { out: number; lse: number } => {
  const at = (row: number): number => (begin + row) * x.heads + h
  const scores = Array.from({ length: i + 1 }, (_, j) => x.q[at(i)]! * x.k[at(j)]!)
  const top = Math.max(...scores)
  const sum = scores.reduce((s, y) => s + Math.exp(y - top), 0)
  return { out: scores.reduce((s, y, j) => s + (Math.exp(y - top) / sum) * x.v[at(j)]!, 0), lse: top + Math.log(sum) }
}

const batch = (lengths: ArrayLike<number>, heads: number): AttentionInputs & { seqOffsets: Int32Array; rows: number } => {
  const seqOffsets = new Int32Array(lengths.length + 1)
  for (let b = 0; b < lengths.length; b++) seqOffsets[b + 1] = seqOffsets[b]! + lengths[b]!
  const rows = seqOffsets[lengths.length]! + 2
  const values = (seed: number): Float32Array => Float32Array.from({ length: rows * heads }, (_, i) => (i < (rows - 2) * heads ? Math.sin(seed + 0.7 * i) : NaN))
  return { q: values(1), k: values(2), v: values(3), heads, rows, seqOffsets }
}

interface Big { readonly name: string; readonly lengths: () => ArrayLike<number>; readonly heads: number; readonly schedule?: Readonly<Record<string, number>>; readonly groups: (m: KernelManifest, tiles: number) => boolean }

const mixed = (): ArrayLike<number> => Uint8Array.from({ length: 65_536 }, (_, b) => (b * 7) % 17)
/** Every sequence in a tile with others, one of them 16 long. */
const packed = (): ArrayLike<number> => Uint8Array.from({ length: 65_536 }, (_, b) => (b % 64 === 5 ? 16 : (b * 7) % 3))
const cases: readonly Big[] = [
  { name: 'U9: B = 65,536 with lengths 0 to 16', lengths: mixed, heads: 1, groups: (_m, tiles) => tiles > 60_000 },
  { name: 'U9: B = 65,536 with lengths 0 to 16, many in a tile', lengths: packed, heads: 1, schedule: { pack: 1 }, groups: (m, tiles) => m.pack && tiles > 4_000 },
  { name: '25 many tiny sequences: B = 65,536, L in 0, 1, 2, packed', lengths: () => Uint8Array.from({ length: 65_536 }, (_, b) => b % 3), heads: 1, schedule: { pack: 1 }, groups: (_m, tiles) => tiles === Math.ceil(65_537 / 16) },
  { name: 'U9: B·H above 65,535; 4 grid dimension overflow; 33 65,535 workgroups a dimension', lengths: () => Uint8Array.from({ length: 300 }, (_, b) => b % 3), heads: 352, groups: (_m, tiles) => tiles * 352 > 65_535 },
]

describe.each(edgeDevices)('$name', ({ open, target }) => {
  let device: Device
  beforeAll(async () => { device = await open() })
  afterAll(() => device.close())
  const compiled = new Map<string, Promise<{ readonly manifest: KernelManifest; readonly kernel: CompiledKernel }>>()
  const compile = (schedule: KernelWish['schedule']) => {
    const key = JSON.stringify(schedule)
    const make = async () => {
      const source = await emitFor(device, { kernel: 'causal', headDim: 1, schedule: { ...smallest[target], ...schedule } })
      return { manifest: source.manifest, kernel: await device.compile(source) }
    }
    if (!compiled.has(key)) compiled.set(key, make())
    return compiled.get(key)!
  }

  test.each(cases)('$name', async ({ lengths, heads, schedule, groups }) => {
    const { manifest, kernel } = await compile(schedule)
    const x = batch(lengths(), heads)
    const prepared = prepareAttention(manifest, { ...x, lse: true }, { poison: true, canary: target === 'wgsl' ? 64 : 0 })
    const result = await kernel.run({ ...prepared.job!, outputs: [...new Set([...prepared.job!.outputs, 'tiles' as const])] })
    const { out, lse } = readAttention(prepared, result)
    expect(groups(manifest, new Uint32Array(result.buffers.tiles!.slice(0, 4 * TILES.entries).buffer)[TILES.count]!)).toBe(true)
    // every row was written and is finite, the two past the end exactly 0 and -inf; 4,000 rows spread over all sequences equal the plain loops
    expect(out.length).toBe(x.rows * heads)
    expect(out.findIndex((y) => !Number.isFinite(y))).toBe(-1)
    for (let i = (x.rows - 2) * heads; i < x.rows * heads; i++) expect([out[i], lse![i]]).toEqual([0, -Infinity])
    const step = Math.max(1, Math.floor((x.seqOffsets.length - 1) / 4000))
    for (let b = 0; b + 1 < x.seqOffsets.length; b += step) {
      const [begin, end] = [x.seqOffsets[b]!, x.seqOffsets[b + 1]!]
      if (begin === end) continue
      const [i, h] = [(b * 5) % (end - begin), (b * 13) % heads]
      const want = rowOf(x, begin, i, h)
      const at = (begin + i) * heads + h
      if (!(Math.abs(out[at]! - want.out) <= 4e-6) || !(Math.abs(lse![at]! - want.lse) <= 4e-6)) throw new Error(`sequence ${b}, row ${i}, head ${h}: ${out[at]}, lse ${lse![at]}; not ${want.out}, ${want.lse}`)
    }
  }, 120_000)
})
