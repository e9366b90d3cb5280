import { type Algorithm, hashAlgorithm, type Problem } from '../codegen/ir/algorithm.ts'
import { toolVersion } from '../codegen/emit/version.ts'
import type { TemplateName } from '../codegen/ir/schedule.ts'
import type { DeviceInfo } from '../runtime/device.ts'
import { profileOf } from './profile.ts'
import { keySchema, type TuningKey } from './records.ts'

export interface KeyFacts {
  readonly algorithm: Algorithm
  readonly problem: Problem
  readonly heads: number
  readonly template: TemplateName
  readonly info: DeviceInfo
  readonly lengths: readonly number[]
}

/** The key under which a winner for this problem, device and profile of lengths is kept. */
export const tuningKey = ({ algorithm, problem, heads, template, info, lengths }: KeyFacts): TuningKey =>
  keySchema.parse({
    definition: { name: algorithm.name, hash: hashAlgorithm(algorithm) },
    ...problem, heads, target: info.target, template, tool: toolVersion, device: info, profile: profileOf(lengths),
  })
