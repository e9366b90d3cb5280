import { conversions, float } from './float.ts'
import { integer } from './integer.ts'
import { logic } from './logic.ts'
import { shared } from './shared.ts'
import type { Rule } from './types.ts'

export * from './types.ts'

const onFloats = new Set(Object.keys(float))

/** One rule an intrinsic; arithmetic differs between i32 and f32. An operation with no rule is unknown. */
export const ruleOf = (op: string, operandType: string | undefined): Rule | undefined =>
  operandType === 'f32' && onFloats.has(op) ? float[op] : operandType === 'f32' ? { ...shared, ...logic, ...conversions }[op] : { ...shared, ...logic, ...conversions, ...integer }[op]
