import type { Dtype } from '../codegen/ir/algorithm.ts'

export interface Forms {
  readonly dims: readonly number[]
  readonly wgsl: readonly Dtype[]
  /** WGSL dtypes whose text for devices with subgroups is there too. */
  readonly subgroups: readonly Dtype[]
  readonly cuda: readonly Dtype[]
}

/** What `generated/` holds of a kernel that is often used, and of any other. `serrate build` makes the rest. */
export const shippedForms = Object.freeze({
  often: { dims: [64, 128], wgsl: ['f32', 'f16', 'bf16'], subgroups: ['f32', 'f16'], cuda: ['f32', 'f16', 'bf16'] },
  other: { dims: [64], wgsl: ['f32', 'f16'], subgroups: [], cuda: ['f32', 'f16', 'bf16'] },
} as const satisfies Readonly<Record<string, Forms>>)

export const often: ReadonlySet<string> = new Set(['alibi', 'causal', 'cross_causal', 'full', 'hstu', 'hstu_delta', 'prefix_lm', 'relative_bias', 'sliding_window', 'softcap', 'target_attention'])
export const formsOf = (name: string): Forms => shippedForms[often.has(name) ? 'often' : 'other']
