/** A small deterministic stream of whole numbers: the same seed gives the same fuzz run. */
export type Draw = (below: number) => number

export const drawer = (seed: number): Draw => {
  let state = (seed ^ 0x9e3779b9) >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}
