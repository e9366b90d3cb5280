import type { Dtype } from '../codegen/ir/algorithm.ts'
import type { TargetName } from '../codegen/ir/schedule.ts'

/** max|out - ref64| <= k · max|plain - ref64| + c · eps · max(1, max|ref64|), per tensor. */
export const toleranceRule = Object.freeze({
  /** Outputs of a forward kernel. */
  k: 2,
  /** Gradients. */
  kGradient: 5,
  c: 4,
  /** f32 on WGSL, whose exp is only good to 3 + 2|x| ULP. */
  cWgslF32: 16,
  eps: Object.freeze<Record<Dtype, number>>({ f32: 2 ** -23, f16: 2 ** -10, bf16: 2 ** -7 }),
})

/** The largest error that a tensor of `dtype` may have. */
export const allowedError = (target: TargetName, dtype: Dtype, plainError: number, maxReference: number, k: number = toleranceRule.k): number =>
  k * plainError + (target === 'wgsl' && dtype === 'f32' ? toleranceRule.cWgslF32 : toleranceRule.c) * toleranceRule.eps[dtype] * Math.max(1, maxReference)
