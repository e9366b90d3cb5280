import type { Schedule } from '../../codegen/ir/schedule.ts'
import type { Draw } from './draw.ts'

/** A kind of kernel that a fuzz run must meet, whatever the rest of its schedule is. */
export type Path = 'plain' | 'split' | 'ordered' | 'packed' | 'grouped'

type Values = Readonly<Record<string, number>>

const NONE: Readonly<Record<'split' | 'order' | 'pack' | 'gqa', number>> = Object.freeze({ split: 1, order: 0, pack: 0, gqa: 0 })

/** Values of the fields that make a schedule take a path. A loop nest that lacks a field ignores it. */
export const pathFields: Readonly<Record<Path, (draw: Draw) => Values>> = Object.freeze({
  plain: () => NONE,
  split: (draw) => ({ ...NONE, split: [2, 4, 8, 16][draw(4)]!, order: draw(4) === 0 ? 1 : 0 }),
  ordered: () => ({ ...NONE, order: 1 }),
  packed: () => ({ ...NONE, pack: 1 }),
  grouped: (draw) => ({ ...NONE, gqa: 1, split: [1, 1, 2, 4][draw(4)]! }),
})

export const allPaths: readonly Path[] = Object.freeze(Object.keys(pathFields) as Path[])

/** The paths that a schedule takes; `plain` where it takes no other. */
export const pathsOf = ({ values }: Schedule): readonly Path[] => {
  const { split, order, pack, gqa } = { ...NONE, ...values }
  const taken = ([['split', split > 1], ['ordered', order === 1], ['packed', pack === 1], ['grouped', gqa === 1]] as const).filter(([, on]) => on).map(([path]) => path)
  return taken.length ? taken : ['plain']
}
