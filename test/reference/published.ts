/** Published formulas, written from the papers over one sequence and head with no code of this project. Matrices are arrays of rows. */
export type Matrix = readonly (readonly number[])[]

const product = (a: readonly number[], b: readonly number[]): number => a.reduce((s, x, i) => s + x * b[i]!, 0)

/** softmax(scale · QKᵀ + bias) V over the pairs where `keep`; rows that keep nothing are 0. */
export const softmaxAttention = (q: Matrix, k: Matrix, v: Matrix, scale: number, score: (s: number, i: number, j: number) => number, keep: (i: number, j: number) => boolean) =>
  q.map((qi, i) => {
    const columns = k.flatMap((kj, j) => (keep(i, j) ? [{ j, s: score(scale * product(qi, kj), i, j) }] : []))
    const logits = columns.map((c) => c.s)
    const top = Math.max(...logits)
    const total = logits.reduce((sum, s) => sum + Math.exp(s - top), 0)
    const out = v[0]!.map((_, d) => columns.reduce((sum, c) => sum + (Math.exp(c.s - top) / total) * v[c.j]![d]!, 0))
    return columns.length ? { out, lse: Math.log(total) + top } : { out: v[0]!.map(() => 0), lse: -Infinity }
  })

/** HSTU (generative-recommenders hstu_mha): O_i = Σ_j M_ij SiLU(α q_i·k_j) v_j / max_seq_len, with its mask's t, C, W and F. */
export const hstuAttention = (q: Matrix, k: Matrix, v: Matrix, alpha: number, maxSeqLen: number, t: number, C: number, W: number, F = 0) => {
  const L = q.length
  let maxId = C > 0 ? L - C + 1 : L
  let ids = q.map((_, p) => (C > 0 ? Math.max(p - C + 1, 0) : p))
  if (t > 0) {
    maxId -= Math.min(t, L)
    ids = ids.map((id) => Math.min(id, maxId))
  }
  return q.map((qi, r) => {
    const out = v[0]!.map(() => 0)
    k.forEach((kc, c) => {
      const dist = ids[r]! - ids[c]!
      let valid = r === c || dist > 0
      if (W > 0) valid &&= dist <= W || (F > 0 && ids[r]! >= maxId - F)
      if (C > 0) valid ||= ids[r] === 0 && ids[c]! < maxId
      if (!valid) return
      const x = alpha * product(qi, kc)
      const weight = (x * (1 / (1 + Math.exp(-x)))) / maxSeqLen
      out.forEach((_, d) => (out[d]! += weight * v[c]![d]!))
    })
    return { out, lse: -Infinity }
  })
}
