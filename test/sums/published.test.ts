import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { chainProgram } from '../../codegen/fuse/index.ts'
import type { InteractionProgram } from '../../codegen/ir/interaction/index.ts'
import type { Device } from '../../runtime/device.ts'
import { type InteractionInputs, runInteraction, runProgram } from '../../runtime/interaction/index.ts'
import { limitsOf } from '../../tune/limits.ts'
import { compileProgram } from '../../verify/interaction/index.ts'
import { rngOf } from '../../verify/random/rng.ts'
import { edgeDevices } from '../edge/devices.ts'

const { interactions } = await loadFile('kernels/interaction/index.ts')
const { chains } = await loadFile('kernels/chain/index.ts')
const chain = (name: string): InteractionProgram => { const c = chains.find((k) => k.exportName === name)!; return chainProgram(c.definition.name, c.steps) }
const offsetsOf = (lengths: ArrayLike<number>): Int32Array => { const sums = new Int32Array(lengths.length + 1); for (let b = 0; b < lengths.length; b++) sums[b + 1] = sums[b]! + lengths[b]!; return sums }
const whole = (n: number, low: number, high: number, seed = 1): Int32Array => { const rng = rngOf(seed, 'whole', n); return Int32Array.from({ length: n }, () => rng.int(low, high)) }

/** What shipped definitions compute, by formulas that share nothing with them. */
describe.each(edgeDevices)('$name', ({ target, open }) => {
  let device: Device
  beforeAll(async () => { device = await open() })
  afterAll(async () => { await device?.close() })

  const one = async (name: string, inputs: InteractionInputs, sizes: Readonly<Record<string, number>> = {}): Promise<ArrayLike<number>> => {
    const { interaction } = interactions.find((d) => d.exportName === name)!
    const source = compileInteraction(interaction, { dtype: 'f32', sizes }, { target, limits: limitsOf(device.info) })
    return (await runInteraction(await device.compileInteraction(source), source.manifest, inputs, { poison: true })).out
  }
  const all = async (name: string, inputs: InteractionInputs, sizes: Readonly<Record<string, number>> = {}): Promise<ArrayLike<number>> => {
    const { program, kernels } = await compileProgram(device, chain(name), 'f32', sizes, limitsOf(device.info))
    return (await runProgram(program, kernels, inputs, { poison: true })).results.out!.out
  }

  test.each([0, 1, 2047, 2048, 2049, 70_000])('offsets of %i lengths', async (n) => {
    const lengths = whole(n, 0, 9)
    expect(Array.from(await one('offsets_of_lengths', { tensors: { lengths }, batches: { b: n } }))).toEqual([...offsetsOf(lengths)])
  })

  test('sums of whole numbers wrap around', async () => {
    const x = whole(5000, -0x7fffffff, 0x7fffffff)
    let sum = 0
    const through = [...x].map((v) => (sum = (sum + v) | 0))
    expect(Array.from(await one('inclusive_cumsum', { tensors: { x }, batches: { b: x.length } }))).toEqual(through)
    expect(Array.from(await one('exclusive_cumsum', { tensors: { x }, batches: { b: x.length } }))).toEqual([0, ...through.slice(0, -1)])
  })

  test('sort by length: equal lengths keep their order', async () => {
    const lengths = whole(700, 0, 40)
    const byKey = (sign: number): readonly number[] => [...lengths.keys()].sort((a, b) => sign * (lengths[a]! - lengths[b]!) || a - b)
    expect(Array.from(await all('sort_by_length', { tensors: { lengths }, batches: { b: lengths.length } }))).toEqual(byKey(-1))
    const ranks = Array.from(await one('ranks_ascending', { tensors: { key: lengths }, batches: { b: lengths.length } }))
    expect(byKey(1).map((b) => ranks[b])).toEqual([...lengths.keys()])
  })

  test.each([[0.5, 0], [0.9, 3], [0, 2], [1, 0]])('masked select keeps %f of the rows, with %i spare rows', async (kept, spare) => {
    const offsets = offsetsOf(whole(40, 0, 60))
    const [rows, d, rng] = [offsets.at(-1)!, 3, rngOf(5, 'mask')]
    const mask = Int32Array.from({ length: rows }, () => (rng.next() < kept ? rng.int(1, 3) : 0))
    const x = Float32Array.from({ length: rows * d }, () => rng.normal())
    const want: number[] = []
    const lengths = Array.from({ length: 40 }, (_, b) => mask.subarray(offsets[b], offsets[b + 1]).filter((m) => m !== 0).length)
    mask.forEach((m, l) => { if (m) want.push(...x.subarray(l * d, (l + 1) * d)) })
    const own = offsetsOf(lengths)
    expect(Array.from(await all('mask_offsets', { tensors: { mask }, offsets: { l: offsets }, batches: { b: 40 } }))).toEqual([...own])
    const out = await all('masked_select', { tensors: { x, mask }, offsets: { l: offsets, l_2: own }, batches: { b: 40 }, rows: { l_2: own.at(-1)! + spare } }, { d })
    expect(Array.from(out)).toEqual([...want, ...new Array<number>(spare * d).fill(0)])
  })

  test('keyed select: the same sequences of every key', async () => {
    const [keys, batch, ids, d] = [3, 4, Int32Array.of(2, 0, 2, 9, 3), 2]
    const from = offsetsOf(whole(keys * batch, 0, 6))
    const x = Float32Array.from({ length: from.at(-1)! * d }, (_, i) => i)
    const chosen = Array.from({ length: keys }, (_, k) => [...ids].map((id) => (id < batch ? k * batch + id : -1))).flat()
    const to = offsetsOf(chosen.map((s) => (s < 0 ? 0 : from[s + 1]! - from[s]!)))
    const out = await one('keyed_jagged_index_select', { tensors: { x, ids }, offsets: { m: from, l: to }, sizes: { i: ids.length }, captures: { batch, count: ids.length } }, { d })
    expect(Array.from(out)).toEqual(chosen.flatMap((s) => (s < 0 ? [] : [...x.subarray(from[s]! * d, from[s + 1]! * d)])))
  })

  test('transpose: rows of sequences become columns', async () => {
    const [rows, columns] = [3, 5]
    const from = offsetsOf(whole(rows * columns, 0, 4))
    const x = Float32Array.from({ length: from.at(-1)! }, (_, i) => i)
    const order = Array.from({ length: columns }, (_, c) => Array.from({ length: rows }, (_r, r) => r * columns + c)).flat()
    const out = await one('transpose_1d', { tensors: { x }, offsets: { m: from, l: offsetsOf(order.map((s) => from[s + 1]! - from[s]!)) }, captures: { rows, columns } })
    expect(Array.from(out)).toEqual(order.flatMap((s) => [...x.subarray(from[s], from[s + 1])]))
  })

  test('index add: lists made of the numbers of a select', async () => {
    const [d, from, to] = [2, offsetsOf([2, 0, 3, 1]), offsetsOf([3, 3])]
    const x = Float32Array.from({ length: 6 * d }, (_, i) => i + 1)
    const out = Array.from(await one('jagged_index_add', { tensors: { x, items: Int32Array.of(0, 2, 3) }, offsets: { m: from, l: to, k: Int32Array.of(0, 2, 3) } }, { d }))
    expect(out).toEqual([1 + 5, 2 + 6, 3 + 7, 4 + 8, 9, 10, 11, 12, 0, 0, 0, 0])
  })

  test('a factorisation machine\'s score', async () => {
    const [d, offsets] = [4, offsetsOf([3, 0, 1, 5])]
    const x = Float32Array.from({ length: 9 * d }, (_, i) => Math.sin(i))
    const out = await all('factorisation_machine_score', { tensors: { x }, offsets: { l: offsets }, batches: { b: 4 } }, { d })
    for (let b = 0; b < 4; b++) {
      let want = 0
      for (let i = offsets[b]!; i < offsets[b + 1]!; i++) for (let j = offsets[b]!; j < i; j++) for (let c = 0; c < d; c++) want += x[i * d + c]! * x[j * d + c]!
      expect(Math.abs(out[b]! - want)).toBeLessThan(1e-5)
    }
  })
})
