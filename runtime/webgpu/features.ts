/** Optional features that a kernel or the runtime can use; each can be switched off, so that fallbacks are tested on any device. */
export interface FeatureChoice {
  readonly f16?: boolean
  readonly subgroups?: boolean
  readonly timestamps?: boolean
}

const names: Readonly<Record<keyof FeatureChoice, GPUFeatureName>> = { f16: 'shader-f16', subgroups: 'subgroups', timestamps: 'timestamp-query' }

/** The features to ask for: what the adapter offers, less what is switched off. */
export const chooseFeatures = (adapter: GPUAdapter, choice: FeatureChoice = {}): readonly GPUFeatureName[] =>
  (Object.keys(names) as (keyof FeatureChoice)[]).filter((key) => choice[key] !== false && adapter.features.has(names[key])).map((key) => names[key])

/** Every limit of an adapter or device by name. */
export const readLimits = (limits: GPUSupportedLimits): Record<string, number> => {
  const all: Record<string, number> = {}
  for (const key in limits) {
    const value = (limits as unknown as Record<string, unknown>)[key]
    if (typeof value === 'number') all[key] = value
  }
  return all
}
