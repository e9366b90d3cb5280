import { cudaContraction } from './cuda_contraction.ts'
import { cudaMovement } from './cuda_movement.ts'
import { cudaReduction } from './cuda_reduction.ts'
import { cudaScan } from './cuda_scan.ts'
import { cudaScatter } from './cuda_scatter.ts'
import type { LoopNest } from './types.ts'
import { wgslContraction } from './wgsl_contraction.ts'
import { wgslMovement } from './wgsl_movement.ts'
import { wgslReduction } from './wgsl_reduction.ts'
import { wgslScan } from './wgsl_scan.ts'
import { wgslScatter } from './wgsl_scatter.ts'

/** Every loop nest by name. */
export const loopNests: Readonly<Record<string, LoopNest>> = Object.freeze({ cuda_contraction: cudaContraction, cuda_movement: cudaMovement, cuda_reduction: cudaReduction, cuda_scan: cudaScan, cuda_scatter: cudaScatter, wgsl_contraction: wgslContraction, wgsl_movement: wgslMovement, wgsl_reduction: wgslReduction, wgsl_scan: wgslScan, wgsl_scatter: wgslScatter })
