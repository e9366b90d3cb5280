import { expect } from 'vitest'
import type { InteractionSource } from '../../codegen/ir/interaction/index.ts'
import type { CompiledInteraction, Device } from '../../runtime/device.ts'
import { checkInteractionCanaries, checkInteractionInputs, checkInteractionPoison, type InteractionInputs, type InteractionOutput, prepareInteraction, readInteraction, runProgram } from '../../runtime/interaction/index.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import { addedByHand, addSource, D, interactionOf, sumSource } from './interactions.ts'

const values = (n: number, seed: number): Float32Array => Float32Array.from({ length: n }, (_, i) => (((i * 7 + seed) % 23) - 11) / 4)

/** One launch with every guard on; fails where one tripped. */
const guarded = async (compiled: CompiledInteraction, { manifest }: InteractionSource, inputs: InteractionInputs): Promise<InteractionOutput> => {
  const prepared = prepareInteraction(manifest, inputs, { canary: 64, poison: true })
  const result = await compiled.run(prepared.job!)
  expect(result.findings).toEqual([])
  expect([...checkInteractionCanaries(prepared, result), ...checkInteractionInputs(prepared, result), ...checkInteractionPoison(prepared, result)]).toEqual([])
  return readInteraction(prepared, result)
}

const OFFSETS = [0, 4, 4, 9, 10]

/** Rows of four sequences (one empty) and two past the last; i32 and i64 offsets; alpha 1 and 2. */
export const checkAdd = async (device: Device, target: TargetName): Promise<void> => {
  const source = addSource(target)
  const compiled = await device.compileInteraction(source)
  const x = values(12 * D, 1), y = values(4 * D, 5)
  for (const [offsets, alpha] of [[Int32Array.from(OFFSETS), undefined], [BigInt64Array.from(OFFSETS, BigInt), 2]] as const) {
    const { bits, out } = await guarded(compiled, source, { tensors: { x, y }, offsets: { l: offsets }, ...(alpha && { captures: { alpha } }) })
    expect(bits).toEqual(addedByHand(x, y, OFFSETS, alpha ?? 1))
    expect(out).toEqual(Float64Array.from(bits))
  }
  compiled.dispose()
}

/** More workgroups than one dimension of a WebGPU dispatch holds. */
export const checkWide = async (device: Device, target: TargetName): Promise<void> => {
  const source = addSource(target)
  const compiled = await device.compileInteraction(source)
  const rows = Math.ceil((65536 * 64 + 100) / D)
  const x = values(rows * D, 2), y = values(D, 3)
  const prepared = prepareInteraction(source.manifest, { tensors: { x, y }, offsets: { l: Int32Array.of(0, rows) } })
  expect(prepared.job!.grids[0]).toBeGreaterThan(65535)
  const { bits } = readInteraction(prepared, await compiled.run(prepared.job!))
  expect(bits.findIndex((v, i) => v !== Math.fround(x[i]! + y[i % D]!))).toBe(-1)
}

/** Two entries that share a workspace; the first is persistent. */
export const checkSum = async (device: Device, target: TargetName): Promise<void> => {
  const source = sumSource(target)
  const compiled = await device.compileInteraction(source)
  const x = values(10 * D, 3)
  const { out } = await guarded(compiled, source, { tensors: { x }, offsets: { l: Int32Array.from(OFFSETS) } })
  const sums = Float64Array.from({ length: D }, (_, d) => x.reduce((sum, v, i) => (i % D === d ? sum + v : sum), 0))
  expect(out).toEqual(sums)
  const timed = await compiled.run(prepareInteraction(source.manifest, { tensors: { x }, offsets: { l: Int32Array.from(OFFSETS) } }, { timing: { warmup: 1, iterations: 3 } }).job!)
  expect(timed.times).toHaveLength(3)
}

/** Two kernels one after another: the sum of what the first adds. */
export const checkProgram = async (device: Device, target: TargetName): Promise<void> => {
  const [add, sum] = [addSource(target), sumSource(target)]
  const x = values(10 * D, 1), y = values(4 * D, 5)
  const total = { ...sum.manifest, inputs: [{ ...sum.manifest.inputs[0]!, name: 'x', tensor: 'x' }] }
  const kernels = { x: { compiled: await device.compileInteraction(add), manifest: add.manifest }, total: { compiled: await device.compileInteraction(sum), manifest: total } }
  const step = (writes: keyof typeof kernels) => ({ kind: 'kernel', writes, interaction: interactionOf(kernels[writes].manifest) }) as const
  const program = { name: 'sum_of_added', steps: [step('x'), step('total')], results: { y: 'total' } }
  const { results, steps } = await runProgram(program, kernels, { tensors: { x, y }, offsets: { l: Int32Array.from(OFFSETS) }, captures: { alpha: 2 } })
  const added = addedByHand(x, y, OFFSETS, 2)
  expect(results.y!.out).toEqual(Float64Array.from({ length: D }, (_, d) => added.reduce((s, v, i) => (i % D === d ? s + v : s), 0)))
  expect(Object.keys(steps)).toEqual(['x', 'total'])
}
