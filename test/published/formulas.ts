/** Formulas of FBGEMM, HSTU and GDPA in plain f64 loops over one sequence and head; no code of this project. Matrices are arrays of rows. */
export type Matrix = readonly (readonly number[])[]

const dot = (a: readonly number[], b: readonly number[]): number => {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!
  return sum
}

const weighted = (weights: readonly number[], v: Matrix, dim: number): number[] => {
  const out = new Array<number>(dim).fill(0)
  for (let j = 0; j < weights.length; j++) for (let d = 0; d < dim; d++) out[d]! += weights[j]! * v[j]![d]!
  return out
}

const softmaxOf = (scores: readonly number[]): number[] => {
  let top = -Infinity
  for (const s of scores) top = Math.max(top, s)
  let sum = 0
  for (const s of scores) sum += Math.exp(s - top)
  return scores.map((s) => Math.exp(s - top) / sum)
}

/** sll_jagged_flash_attention_basic and its multi-head form: o_i = (1/N) Σ_j P_ij v_j, P = softmax_j(q_i·k_j); use_mask keeps j >= i after the softmax. */
export const sllBasic = (q: Matrix, k: Matrix, v: Matrix, dim: number, N: number, useMask: boolean): number[][] =>
  q.map((qi, i) => weighted(softmaxOf(k.map((kj) => dot(qi, kj))).map((p, j) => (useMask && j < i ? 0 : p / N)), v, dim))

/** sll_jagged_dense_flash_attention: O[t] = Σ_l softmax_l(x_l·y_t + bias[l][t]) v_l; y dense queries, x jagged keys. */
export const sllDense = (y: Matrix, x: Matrix, v: Matrix, dim: number, bias: (l: number, t: number) => number): number[][] =>
  y.map((yt, t) => weighted(softmaxOf(x.map((xl, l) => dot(xl, yt) + bias(l, t))), v, dim))

export interface HstuOptions { readonly alpha: number; readonly scale: (row: number) => number; readonly targets: number; readonly contextual: number; readonly maxAttnLen: number; readonly minFull: number; readonly first?: number }

/** hstu_mha, section by section of its mask: O_i = Σ_j M_ij SiLU(α q_i·k_j) s_i v_j. Queries are the last of the sequence: q[0] is at row L - q.length. */
export const hstu = (q: Matrix, k: Matrix, v: Matrix, dim: number, o: HstuOptions): number[][] => {
  const L = k.length
  const C = o.contextual
  const t = Math.min(Math.max(o.targets, 0), L)
  let maxId = L
  if (C > 0) maxId = L - C + 1
  maxId -= t
  const id = (p: number): number => {
    let x = p
    if (C > 0) x = Math.max(p - C + 1, 0)
    return t > 0 ? Math.min(x, maxId) : x
  }
  return q.map((qi, at) => {
    const r = L - q.length + at
    const weights = k.map((kj, c) => {
      const distance = id(r) - id(c)
      let valid = r === c || distance > 0
      if (o.maxAttnLen > 0) valid = valid && (distance <= o.maxAttnLen || (o.minFull > 0 && id(r) >= maxId - o.minFull))
      if (C > 0) valid = valid || (id(r) === 0 && id(c) < maxId)
      const x = o.alpha * dot(qi, kj)
      return valid ? (x / (1 + Math.exp(-x))) * o.scale(r) : 0
    })
    return r < 0 ? new Array<number>(dim).fill(0) : weighted(weights, v, dim)
  })
}

/** erf by its series near 0 and by the continued fraction of erfc beyond: good to 1e-13. */
const erf = (x: number): number => {
  const z = Math.abs(x)
  if (z < 2.5) {
    let term = z
    let sum = z
    for (let n = 1; n < 80; n++) { term *= (-z * z) / n; sum += term / (2 * n + 1) }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI)
  }
  let f = 0
  for (let n = 80; n > 0; n--) f = n / 2 / (z + f)
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + f))
}

const silu = (x: number): number => x / (1 + Math.exp(-x))
const tanhGelu = (c: number) => (x: number): number => 0.5 * x * (1 + Math.tanh(c * (x + 0.044715 * x ** 3)))

/** GDPA's twelve activations, and the shipped definition of each. */
export const activations: Readonly<Record<string, { readonly kernel: string; readonly act: (x: number) => number }>> = {
  raw: { kernel: 'gdpa_raw', act: (x) => x },
  gelu: { kernel: 'gdpa_gelu', act: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)) },
  gelu_approx: { kernel: 'gdpa_gelu_approx', act: tanhGelu(Math.sqrt(2 / Math.PI)) },
  fast_gelu: { kernel: 'gdpa_gelu_approx', act: tanhGelu(Math.sqrt(2 / Math.PI)) },
  fast_gelu_bf16: { kernel: 'gdpa_fast_gelu_bf16', act: tanhGelu(0.796875) },
  leaky_relu: { kernel: 'gdpa_leaky_relu', act: (x) => (x < 0 ? 0.01 * x : x) },
  relu: { kernel: 'gdpa_relu', act: (x) => (x < 0 ? 0 : x) },
  relu_square: { kernel: 'gdpa_relu_square', act: (x) => (x < 0 ? 0 : x * x) },
  silu: { kernel: 'gdpa_silu', act: silu },
  fast_silu: { kernel: 'gdpa_silu', act: silu },
  hardswish: { kernel: 'gdpa_hardswish', act: (x) => (x <= -3 ? 0 : x >= 3 ? x : (x * (x + 3)) / 6) },
  taylor: { kernel: 'gdpa_gelu_taylor', act: (x) => { const phi = 1 / Math.sqrt(2 * Math.PI); return 0.5 * x + phi * x ** 2 - (phi / 6) * x ** 4 + (phi / 40) * x ** 6 } },
}

/** GDPA: O = scale · act(QKᵀ) V, the scale after the activation. */
export const gdpa = (q: Matrix, k: Matrix, v: Matrix, dim: number, act: (x: number) => number, scale: number): number[][] => q.map((qi) => weighted(k.map((kj) => scale * act(dot(qi, kj))), v, dim))

/** FBGEMM's forward loop in f32 as its source has it: the running maximum is taken over zero-filled columns of a partial tile before they are masked. Gives the number of outputs that are NaN. */
export const fbgemmNaNs = (q: Matrix, k: Matrix, v: Matrix, dim: number, tile = 32): number => {
  const f = Math.fround
  let bad = 0
  for (const qi of q) {
    let [m, l] = [-Infinity, 0]
    let acc = new Array<number>(dim).fill(0)
    for (let begin = 0; begin < k.length; begin += tile) {
      const scores = Array.from({ length: tile }, (_, j) => (begin + j < k.length ? f(dot(qi, k[begin + j]!)) : 0))
      const next = Math.max(m, ...scores)
      const p = scores.map((s, j) => (begin + j < k.length ? f(Math.exp(f(s - next))) : 0)).map((x) => (x < 2 ** -126 ? 0 : x))
      const rescale = f(Math.exp(f(m - next)))
      l = f(l * rescale + p.reduce((a, b) => a + b, 0))
      acc = acc.map((x, d) => f(x * rescale + p.reduce((sum, w, j) => sum + (w ? w * v[begin + j]![d]! : 0), 0)))
      m = next
    }
    bad += acc.filter((x) => Number.isNaN(x / l)).length
  }
  return bad
}
