import { availableParallelism } from 'node:os'

/** Large enough to share the compiler's start, small enough that both cores have work. */
const GROUP = 6

const split = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

/** Applies `work` to groups, as many at a time as there are cores (4 at most); results in the items' order. */
export const inGroups = async <T, R>(items: readonly T[], work: (group: readonly T[]) => Promise<readonly R[]>): Promise<readonly R[]> => {
  const groups = split(items, GROUP)
  const results: (readonly R[])[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < groups.length) {
      const mine = next++
      results[mine] = await work(groups[mine]!)
    }
  }
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism(), groups.length) }, worker))
  return results.flat()
}
