import { batchCount, type Interaction } from '../../codegen/ir/interaction/index.ts'
import { sums } from './drafts.ts'
import { type Launch, waves } from './finite.ts'

const LENGTHS = [[3, 0, 1, 4], [2, 1, 5, 0], [1, 2, 0, 3]]

/** Numbers for each axis and capture of a shipped definition; i32 tensors hold small whole numbers, duplicates among them. */
export const launchOf = (x: Interaction, sequences: number): Launch => {
  const owners = x.axes.filter((a) => a.kind === 'jagged' && a.like === a.name && !a.length)
  const next = waves(5)
  const e = {
    offsets: Object.fromEntries(owners.map((a, i) => [a.name, sums(...LENGTHS[i % 3]!.slice(0, sequences))])),
    batches: Object.fromEntries(x.axes.filter((a) => a.kind === 'batch').map((a) => [a.name, a.name === 'b' && x.axes.some((o) => o.kind === 'batch' && o.index) ? sequences + 2 * Math.sign(sequences) : sequences])),
    capacities: Object.fromEntries(x.axes.filter((a) => a.kind === 'jagged').map((a) => [a.name, 4])),
    sizes: Object.fromEntries(x.axes.filter((a) => a.kind === 'dense').map((a, i) => [a.name, 2 + (i % 2)])),
  }
  const captures = Object.fromEntries(x.captures.map((c) => [c.name, c.kind === 'scalar' ? (c.dtype === 'i32' ? 1 : 0.25) : Array.from({ length: Math.max(8, batchCount(x, e, 'b')) }, (_, i) => (c.dtype === 'i32' ? i % 3 : next()))]))
  return { ...e, captures }
}
