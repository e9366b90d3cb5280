/** Published formulas over one sequence, written with no code of this project. A matrix is an array of rows. */
export type Matrix = readonly (readonly number[])[]

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, x, i) => s + x * b[i]!, 0)
export const transpose = (m: Matrix): Matrix => (m[0] ?? []).map((_, j) => m.map((row) => row[j]!))

export const matmul = (x: Matrix, y: Matrix): Matrix => x.map((row) => transpose(y).map((column) => dot(row, column)))

/** softmax of one column (FBGEMM jagged_softmax: over the rows of a sequence). */
export const softmax = (v: readonly number[]): readonly number[] => {
  const top = Math.max(...v)
  const e = v.map((x) => Math.exp(x - top))
  const total = e.reduce((s, x) => s + x, 0)
  return e.map((x) => x / total)
}

/** Ba, Kiros, Hinton 2016: (x - μ) / √(σ² + ε) · w + b. */
export const layerNorm = (x: readonly number[], w: readonly number[], b: readonly number[], eps: number): readonly number[] => {
  const mean = x.reduce((s, v) => s + v, 0) / x.length
  const variance = x.reduce((s, v) => s + (v - mean) ** 2, 0) / x.length
  return x.map((v, i) => ((v - mean) / Math.sqrt(variance + eps)) * w[i]! + b[i]!)
}

/** Zhang, Sennrich 2019: x / √(mean x² + ε) · w. */
export const rmsNorm = (x: readonly number[], w: readonly number[], eps: number): readonly number[] => {
  const ms = x.reduce((s, v) => s + v * v, 0) / x.length
  return x.map((v, i) => (v / Math.sqrt(ms + eps)) * w[i]!)
}

/** Rendle 2010: Σ_{l < m} x_l x_m for each dimension, over the pairs themselves. */
export const pairwiseProducts = (x: Matrix, d: number): readonly number[] =>
  Array.from({ length: d }, (_, k) => x.reduce((s, row, i) => s + x.slice(i + 1).reduce((t, other) => t + row[k]! * other[k]!, 0), 0))

/** torch's jagged_to_padded_dense: N rows, cut or padded. */
export const padded = (x: Matrix, n: number, d: number, pad: number): Matrix => Array.from({ length: n }, (_, i) => x[i] ?? new Array<number>(d).fill(pad))
