import type { InteractionDefinition } from './interaction.ts'

/** An interaction inside a chain: which tensor each of its inputs is. */
export interface ChainStep {
  readonly kind: 'step'
  readonly of: InteractionDefinition
  /** By input: an earlier step, or a tensor of the launch. An input that is left out is a tensor of its own name. */
  readonly inputs: Readonly<Record<string, string>>
}

/** Interactions one after another; the last step is the result. The compiler makes one kernel of neighbours where it can. */
export interface ChainDefinition {
  readonly kind: 'chain'
  readonly name: string
  readonly steps: Readonly<Record<string, ChainStep>>
}

/** `step(jagged_softmax, { x: 'scores' })`. */
export const step = (of: InteractionDefinition, inputs: Readonly<Record<string, string>> = {}): ChainStep => Object.freeze({ kind: 'step', of, inputs: Object.freeze({ ...inputs }) })

/** Declares a chain: `steps` in order, each named like the tensor it makes. */
export const defineChain = (spec: Omit<ChainDefinition, 'kind'>): ChainDefinition => Object.freeze({ ...spec, kind: 'chain' })
