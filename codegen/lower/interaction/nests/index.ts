import { cudaMovement } from './cuda_movement.ts'
import type { LoopNest } from './types.ts'

/** Every loop nest by name. */
export const loopNests: Readonly<Record<string, LoopNest>> = Object.freeze({ cuda_movement: cudaMovement })
