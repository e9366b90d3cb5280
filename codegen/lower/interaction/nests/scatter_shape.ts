import { type Interaction, type TensorSpec, tensorAxes, walkedAxes } from '../../../ir/interaction/index.ts'
import type { LoopNest } from './types.ts'

/** The elements that are written: the output's, by the rows that its computed axis follows from. */
export const scatterWalk = (x: Interaction): TensorSpec => {
  const own = tensorAxes(x.output)
  const rows = walkedAxes(x, own).find((n) => !own.includes(n))!
  return { ...x.output, name: 'walk', tensor: 'walk', axes: [{ kind: 'axis', name: rows }, ...x.output.axes.slice(1)] }
}

export const scatterSpace: LoopNest['space'] = {
  threads: { values: [64, 128, 256], about: 'threads of a block' },
  unroll: { values: [1, 2, 4, 8], about: 'elements or vectors of a thread' },
}
