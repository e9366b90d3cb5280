import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { TargetName } from '../../codegen/ir/schedule.ts'
import type { AttentionInputs } from '../../runtime/attention.ts'
import type { CompiledKernel, Device } from '../../runtime/device.ts'
import { type AttentionCase, type CaseShape, drawCase, verifyKernel, type VerifyResult } from '../../verify/index.ts'
import { definitionOf, type KernelWish } from './devices.ts'

/** One named case: a kernel and the launches that it must pass. */
export interface EdgeCase extends KernelWish {
  /** Begins with the edge case's number, or with the words of the thread elsewhere. */
  readonly name: string
  /** Launches, for the kernel's tile of blockM queries by blockN keys. */
  readonly shapes: readonly Partial<CaseShape>[] | ((blockM: number, blockN: number) => readonly Partial<CaseShape>[])
  /** Each shape is drawn once with each; odd ones leak-test with NaN, even ones with other values. Default 1, 2. */
  readonly seeds?: readonly number[]
  /** Captures that are not drawn. */
  readonly captures?: (c: AttentionCase) => NonNullable<AttentionInputs['captures']>
  /** Targets that do not compile it, and what they say: never a silent wrong answer. */
  readonly refused?: Readonly<Partial<Record<TargetName, string>>>
  /** Something that at least one of the launches must have, or the case shows nothing. */
  readonly shows?: (c: AttentionCase, result: VerifyResult) => boolean
}

/** What is wrong, with the seed and shape it is wrong for. */
export const problemsOf = async (device: Device, compiled: CompiledKernel, kernel: KernelSource, edge: EdgeCase): Promise<readonly string[]> => {
  const { algorithm, definition } = await definitionOf(edge.kernel)
  const { blockM, blockN, dtype, headDim, valueDim } = kernel.manifest
  const shapes = typeof edge.shapes === 'function' ? edge.shapes(blockM, blockN) : edge.shapes
  const problems: string[] = []
  let shown = edge.shows === undefined
  for (const shape of shapes) {
    for (const seed of edge.seeds ?? [1, 2]) {
      const drawn = drawCase(seed, algorithm, { lengths: [5, 0, 40, 1], heads: 2, headDim, valueDim, dtype, ...shape })
      const c = edge.captures ? { ...drawn, inputs: { ...drawn.inputs, captures: { ...drawn.inputs.captures, ...edge.captures(drawn) } } } : drawn
      const result = await verifyKernel(device, compiled, kernel, definition, c)
      shown ||= edge.shows!(c, result)
      if (!result.ok) problems.push(`${JSON.stringify(shape)} seed ${seed}: ${result.problems.join('; ')}`)
    }
  }
  return shown ? problems : [...problems, 'no launch of this case has what it is about']
}
