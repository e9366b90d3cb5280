import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { CaseShape } from '../case.ts'
import type { TemplateName } from '../../codegen/ir/schedule.ts'

/** One deliberate breakage of emitted text, and a kernel on which it must show. */
export interface Mutation {
  readonly name: string
  /** A shipped definition, or one of the mutation suite's own. */
  readonly kernel: string
  /** Every occurrence of a string, or of a pattern with the g flag; else the first. */
  readonly find: string | RegExp
  /** As for String.replace: $1 is the first group. */
  readonly replace: string
  /** Fields that replace the default schedule's. */
  readonly schedule?: Readonly<Record<string, number>>
  /** What the cases have that plain self-attention has not. */
  readonly launch?: Partial<CaseShape>
}

/** Breakages of one loop nest's text, emitted in `dtype` at its default schedule. */
export interface MutationSet {
  readonly template: TemplateName
  readonly dtype: Dtype
  readonly mutations: readonly Mutation[]
}
