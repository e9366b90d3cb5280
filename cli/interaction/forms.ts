import type { ElementDtype, SourceTarget } from '../options.ts'

export interface InteractionForms {
  readonly wgsl: readonly ElementDtype[]
  readonly cuda: readonly ElementDtype[]
  /** Element types of the steps of its gradients. */
  readonly gradients: Readonly<Record<SourceTarget, readonly ElementDtype[]>>
}

/** What `generated/` holds of an interaction that is often used, and of any other, at 64 for each dense axis. `serrate build` makes the rest. */
export const interactionForms = Object.freeze({
  often: { wgsl: ['f32', 'bf16'], cuda: ['f32', 'f16', 'bf16'], gradients: { wgsl: ['f32'], cuda: ['f32', 'bf16'] } },
  other: { wgsl: ['f32'], cuda: ['f32'], gradients: { wgsl: [], cuda: [] } },
} as const satisfies Readonly<Record<string, InteractionForms>>)

export const oftenUsed: ReadonlySet<string> = new Set(['concat', 'dot_interaction', 'jagged_dense_bmm', 'jagged_dense_bmm_add', 'jagged_jagged_bmm', 'jagged_mean', 'jagged_softmax', 'jagged_sum', 'jagged_to_padded', 'layer_norm', 'padded_to_jagged', 'rms_norm'])
export const interactionFormsOf = (name: string): InteractionForms => interactionForms[oftenUsed.has(name) ? 'often' : 'other']
