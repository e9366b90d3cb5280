import { axisOf, type Interaction, type LayoutAxis, type Segment, type TensorSpec } from '../../ir/interaction/index.ts'

/** The running sums that place the sequences of a jagged tensor. */
export const segmentOf = (x: Interaction, batch: string, first: LayoutAxis): Segment => {
  const owner = (name: string): string => axisOf(x, name).like
  if (first.kind === 'axis') return lengthsOf(x, first.name)
  const [row, column] = [owner(first.row), owner(first.column)]
  return first.kind === 'outer' ? { name: `${row}_by_${column}`, kind: 'outer', row, column, batch } : { name: `${row}_lower`, kind: 'lower', row, column, batch }
}

/** The segment that holds the lengths of a jagged axis. */
export const lengthsOf = (x: Interaction, name: string): Segment => {
  const owner = axisOf(x, axisOf(x, name).like)
  return { name: owner.name, kind: 'axis', row: owner.name, column: '', batch: axisOf(x, name).batch ?? owner.batch ?? 'b' }
}

export const tensorSegment = (x: Interaction, t: TensorSpec): Segment | undefined => (t.storage === 'jagged' ? segmentOf(x, t.batch ?? 'b', t.axes[0]!) : undefined)
