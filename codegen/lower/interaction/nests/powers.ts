/** The least power of 2 from `n` up, at least 1. */
export const powerUpTo = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)))

/** The largest power of 2 up to `n`, at least 1. */
export const powerDownTo = (n: number): number => 2 ** Math.floor(Math.log2(Math.max(1, n)))
