import { arithmetic } from './arithmetic.ts'
import { functions } from './functions.ts'
import { logic } from './logic.ts'
import type { Intrinsic } from './types.ts'

export type { Intrinsic, Print } from './types.ts'

/** Every operation an expression can hold, one record each. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = Object.freeze({ ...arithmetic, ...logic, ...functions })
