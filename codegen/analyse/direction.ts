import type { Direction } from './types.ts'

const FLIPPED = { flat: 'flat', up: 'down', down: 'up', none: 'none' } as const satisfies Record<Direction, Direction>

export const flip = (d: Direction): Direction => FLIPPED[d]

/** The direction of a value that grows with each of its parts. */
export const join = (...parts: readonly Direction[]): Direction =>
  parts.reduce((a, b) => (a === 'flat' ? b : b === 'flat' || a === b ? a : 'none'), 'flat')
