import { z } from 'zod'

const schedule = z.strictObject({ template: z.enum(['wgsl_fma', 'cuda_fma', 'cuda_mma', 'cuda_wgmma']), values: z.record(z.string(), z.number()) }).readonly()

const compared = z.strictObject({ max: z.number().nullable(), allowed: z.number() })

/** What became of one candidate. `slow`: stopped after its first launches, clearly behind the best so far. */
export const measurementSchema = z.strictObject({
  schedule,
  /** Hash of the emitted source that was measured; other source makes the measurement void. */
  source: z.string(),
  status: z.enum(['ok', 'slow', 'wrong', 'failed']),
  /** Median of `times`; only for ok and slow. */
  ms: z.number().positive().optional(),
  times: z.array(z.number()),
  /** Largest error against the reference on the drawn case, and what the tolerance allows. */
  error: compared.optional(),
  stage: z.enum(['compile', 'load', 'check', 'time']).optional(),
  reason: z.string().optional(),
}).readonly()
export type Measurement = z.infer<typeof measurementSchema>

const deviceSchema = z.object({
  target: z.enum(['wgsl', 'cuda']), backend: z.string(), name: z.string(), software: z.boolean(),
  features: z.array(z.string()).readonly(), limits: z.record(z.string(), z.number()), subgroupSize: z.number(), capability: z.string().optional(), driver: z.string().optional(),
}).readonly()

/** All that decides which schedule wins; its hash names the entry. */
export const keySchema = z.strictObject({
  definition: z.strictObject({ name: z.string(), hash: z.string() }),
  dtype: z.enum(['f32', 'f16', 'bf16']),
  headDim: z.number().int(),
  lse: z.boolean(),
  heads: z.number().int(),
  target: z.enum(['wgsl', 'cuda']),
  template: z.enum(['wgsl_fma', 'cuda_fma', 'cuda_mma', 'cuda_wgmma']),
  tool: z.string(),
  device: deviceSchema,
  profile: z.strictObject({ mean: z.number(), max: z.number(), density: z.number() }),
}).readonly()
export type TuningKey = z.infer<typeof keySchema>

export const spaceSchema = z.strictObject({ points: z.number().int(), feasible: z.number().int(), infeasible: z.record(z.string(), z.number().int()) })

export const winnerSchema = z.strictObject({
  key: keySchema,
  schedule,
  ms: z.number().positive(),
  default: z.strictObject({ schedule, ms: z.number().positive().nullable() }),
  lengths: z.strictObject({ sequences: z.number().int(), tokens: z.number().int(), longest: z.number().int() }),
  seed: z.number().int(),
  space: spaceSchema,
  /** `complete`: every feasible point was tried. */
  search: z.enum(['complete', 'budget', 'limit']),
  measurements: z.array(measurementSchema),
}).readonly()
export type Winner = z.infer<typeof winnerSchema>

/** The first thing wrong with a value, as `path: message`. */
export const firstIssue = (error: z.ZodError): string => {
  const [issue] = error.issues
  return issue ? `${issue.path.join('.') || 'value'}: ${issue.message}` : 'unknown'
}
