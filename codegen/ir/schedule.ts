/** The loop nests that exist. A schedule belongs to exactly one. */
export type TemplateName = 'wgsl_fma' | 'cuda_fma' | 'cuda_mma' | 'cuda_wgmma'
export type TargetName = 'wgsl' | 'cuda'

/** Decided numbers of one template: every field of the template's space has a value. */
export interface Schedule {
  readonly template: TemplateName
  readonly values: Readonly<Record<string, number>>
}

/** A schedule of any loop nest, of whichever family. */
export interface AnySchedule {
  readonly template: string
  readonly values: Readonly<Record<string, number>>
}

export const printSchedule = (s: AnySchedule): string => `${s.template} ${Object.entries(s.values).map(([k, v]) => `${k}=${v}`).join(' ')}`
