/** How numbers are accumulated and rounded in one evaluation of attention. */
export interface Arithmetic {
  /** Applied to every scalar result. */
  round(x: number): number
  /** Applied to the weights before they multiply v. */
  operand(x: number): number
  /** Applied to an output element. */
  result(x: number): number
  dot(a: Float64Array, ai: number, b: Float64Array, bi: number, n: number): number
  accumulator(n: number): Float64Array | Float32Array
}

const identity = (x: number): number => x

export const f64Arithmetic: Arithmetic = Object.freeze({
  round: identity,
  operand: identity,
  result: identity,
  accumulator: (n: number) => new Float64Array(n),
  dot: (a: Float64Array, ai: number, b: Float64Array, bi: number, n: number) => {
    let sum = 0
    for (let d = 0; d < n; d++) sum += a[ai + d]! * b[bi + d]!
    return sum
  },
})

/** f32 accumulation, every product and sum rounded (no multiply-add: WGSL promises none), weights and outputs rounded to the operands' dtype: the unfused formula of the tolerance rule. */
export const plainArithmetic = (toOperand: (x: number) => number): Arithmetic =>
  Object.freeze({
    round: Math.fround,
    operand: toOperand,
    result: toOperand,
    accumulator: (n: number) => new Float32Array(n),
    dot: (a: Float64Array, ai: number, b: Float64Array, bi: number, n: number) => {
      let sum = 0
      for (let d = 0; d < n; d++) sum = Math.fround(sum + Math.fround(a[ai + d]! * b[bi + d]!))
      return sum
    },
  })
