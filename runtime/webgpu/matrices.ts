import type { SubgroupMatrix } from '../../codegen/ir/plan.ts'
import { SUBGROUP_MATRIX } from './features.ts'

interface Config { readonly componentType: string; readonly resultComponentType: string; readonly M: number; readonly N: number; readonly K: number }

/** Products of f16 matrices with f32 sums that the adapter offers to a subgroup of `lanes`, the largest first; none where subgroups cannot be used. */
export const subgroupMatricesOf = (adapter: GPUAdapter, features: GPUSupportedFeatures, lanes: number): readonly SubgroupMatrix[] => {
  const { subgroupMatrixConfigs = [] } = adapter.info as unknown as { readonly subgroupMatrixConfigs?: readonly Config[] }
  if (!lanes || !features.has(SUBGROUP_MATRIX) || !features.has('shader-f16')) return []
  return subgroupMatrixConfigs
    .filter((c) => c.componentType === 'f16' && c.resultComponentType === 'f32')
    .map(({ M, N, K }) => Object.freeze({ m: M, n: N, k: K, lanes }))
    .sort((a, b) => b.m * b.n * b.k - a.m * a.n * a.k)
}
