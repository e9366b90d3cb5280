import { clamp, gelu, sigmoid } from './math.ts'

const NORMAL_DENSITY = 0.3989422804014327

/** 1 - erf(x) with a relative error below 1.2e-7 everywhere (the Chebyshev fit of Numerical Recipes, 6.2). */
export const erfc = (x: number): number => {
  const z = Math.abs(x)
  const t = 1 / (1 + 0.5 * z)
  const low = -0.82215223 + t * 0.17087277
  const middle = 0.09678418 + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * low))))
  const r = t * Math.exp(-z * z - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * middle)))
  return x >= 0 ? r : 2 - r
}

/** x (GDPA `raw`). */
export const raw = (x: number): number => x
/** GDPA `gelu_approx`, and with it `fast_gelu`: 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))). */
export const geluApprox = gelu
/** x · Φ(x), with the error function (GDPA `gelu`); relative error 1.2e-7, far in the negative tail too. */
export const geluErf = (x: number): number => 0.5 * x * erfc(-x * Math.SQRT1_2)
/** x · sigmoid(1.702 x), the sigmoid form of GELU. */
export const geluSigmoid = (x: number): number => x * sigmoid(1.702 * x)
/** GDPA `fast_gelu_bf16`: √(2/π) as bf16 holds it, 0.796875. */
export const fastGeluBf16 = (x: number): number => 0.5 * x * (1 + Math.tanh(0.796875 * (x + 0.044715 * x * x * x)))
/** GDPA `fast_gelu_taylor_approx`, degree 6: x / 2 + φ(0) x² (1 - x² / 6 + x⁴ / 40); only near 0 like GELU. */
export const geluTaylor = (x: number): number => {
  const y = x * x
  return 0.5 * x + y * (NORMAL_DENSITY + y * (-NORMAL_DENSITY / 6 + (y * NORMAL_DENSITY) / 40))
}
/** x, or 0.01 x below 0. */
export const leakyRelu = (x: number): number => (x >= 0 ? x : 0.01 * x)
/** max(x, 0)². */
export const reluSquare = (x: number): number => Math.max(x, 0) * Math.max(x, 0)
/** x · clamp(x + 3, 0, 6) / 6. */
export const hardswish = (x: number): number => (x * clamp(x + 3, 0, 6)) / 6

