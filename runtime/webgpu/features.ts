/** Optional features that a kernel or the runtime can use; each can be switched off, so that fallbacks are tested on any device. */
export interface FeatureChoice {
  readonly f16?: boolean
  readonly subgroups?: boolean
  readonly subgroupMatrix?: boolean
  readonly timestamps?: boolean
}

/** Behind Dawn's `allow_unsafe_apis`; not in the types yet. */
export const SUBGROUP_MATRIX = 'chromium-experimental-subgroup-matrix' as GPUFeatureName

const names: Readonly<Record<keyof FeatureChoice, GPUFeatureName>> = { f16: 'shader-f16', subgroups: 'subgroups', subgroupMatrix: SUBGROUP_MATRIX, timestamps: 'timestamp-query' }

/** What a feature needs: Dawn switches these on with it. */
const needs: Readonly<Partial<Record<keyof FeatureChoice, readonly (keyof FeatureChoice)[]>>> = { subgroupMatrix: ['f16', 'subgroups'] }

/** The features to ask for: what the adapter offers, less what is switched off and what stands on that. */
export const chooseFeatures = (adapter: GPUAdapter, choice: FeatureChoice = {}): readonly GPUFeatureName[] =>
  (Object.keys(names) as (keyof FeatureChoice)[]).filter((key) => [key, ...(needs[key] ?? [])].every((k) => choice[k] !== false && adapter.features.has(names[k]))).map((key) => names[key])

/** Every limit of an adapter or device by name. */
export const readLimits = (limits: GPUSupportedLimits): Record<string, number> => {
  const all: Record<string, number> = {}
  for (const key in limits) {
    const value = (limits as unknown as Record<string, unknown>)[key]
    if (typeof value === 'number') all[key] = value
  }
  return all
}
