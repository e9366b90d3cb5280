/** Limits scores smoothly to (-cap, cap): cap · tanh(score / cap) (Gemma 2). `cap` is fixed when the variant is defined. */
export const softcap =
  (cap: number) =>
  (score: number): number =>
    cap * Math.tanh(score / cap)
