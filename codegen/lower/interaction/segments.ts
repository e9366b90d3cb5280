import { axisOf, type Interaction, type Segment, segmentOf, type TensorSpec } from '../../ir/interaction/index.ts'

/** The segment that holds the lengths of a jagged axis. */
export const lengthsOf = (x: Interaction, name: string): Segment => {
  const owner = axisOf(x, axisOf(x, name).like)
  return { name: owner.name, kind: 'axis', row: owner.name, column: owner.name, batch: axisOf(x, name).batch ?? owner.batch ?? 'b' }
}

export const tensorSegment = (x: Interaction, t: TensorSpec): Segment | undefined => segmentOf(x, t) ?? undefined
