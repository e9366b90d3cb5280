import { z } from 'zod'
import type { InteractionTemplate } from '../codegen/ir/interaction/index.ts'
import { loopNests } from '../codegen/lower/interaction/nests/index.ts'

const scheduleOf = <T extends z.ZodType>(template: T) => z.strictObject({ template, values: z.record(z.string(), z.number()) }).readonly()
const template = z.enum(['wgsl_fma', 'cuda_fma', 'cuda_mma', 'cuda_wgmma'])
const schedule = scheduleOf(template)
const interactionTemplate = z.custom<InteractionTemplate>((name) => typeof name === 'string' && Object.hasOwn(loopNests, name), 'there is no loop nest of this name')
const interactionSchedule = scheduleOf(interactionTemplate)

const compared = z.strictObject({ max: z.number().nullable(), allowed: z.number() })

/** What became of one candidate. `slow`: stopped after its first launches, clearly behind the best so far. */
const measurementOf = <S extends z.ZodType>(schedule: S) => z.strictObject({
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
export const measurementSchema = measurementOf(schedule)
export const interactionMeasurementSchema = measurementOf(interactionSchedule)
export type Measurement = z.infer<typeof measurementSchema>
/** Of a schedule of whichever loop nest. */
export type Measured<S> = Omit<Measurement, 'schedule'> & { readonly schedule: S }

const deviceSchema = z.object({
  target: z.enum(['wgsl', 'cuda']), backend: z.string(), name: z.string(), software: z.boolean(),
  features: z.array(z.string()).readonly(), limits: z.record(z.string(), z.number()), subgroupSize: z.number(), subgroupMatrices: z.array(z.strictObject({ m: z.number(), n: z.number(), k: z.number(), lanes: z.number() })).readonly().optional(), capability: z.string().optional(), driver: z.string().optional(),
}).readonly()

const profileSchema = z.strictObject({ mean: z.number(), max: z.number(), density: z.number() })

/** All that decides which schedule wins; its hash names the entry. */
export const keySchema = z.strictObject({
  definition: z.strictObject({ name: z.string(), hash: z.string() }),
  dtype: z.enum(['f32', 'f16', 'bf16']),
  headDim: z.number().int(),
  lse: z.boolean(),
  heads: z.number().int(),
  target: z.enum(['wgsl', 'cuda']),
  template,
  tool: z.string(),
  device: deviceSchema,
  profile: profileSchema,
}).readonly()
export type TuningKey = z.infer<typeof keySchema>

export const spaceSchema = z.strictObject({ points: z.number().int(), feasible: z.number().int(), infeasible: z.record(z.string(), z.number().int()) })

const lengthsSchema = z.strictObject({ sequences: z.number().int(), tokens: z.number().int(), longest: z.number().int() })

const winnerOf = <K extends z.ZodType, S extends z.ZodType, L extends z.ZodType>(key: K, own: S, lengths: L) => z.strictObject({
  key,
  schedule: own,
  ms: z.number().positive(),
  default: z.strictObject({ schedule: own, ms: z.number().positive().nullable() }),
  lengths,
  seed: z.number().int(),
  space: spaceSchema,
  /** `complete`: every feasible point was tried. */
  search: z.enum(['complete', 'budget', 'limit']),
  measurements: z.array(measurementOf(own)),
}).readonly()
export const winnerSchema = winnerOf(keySchema, schedule, lengthsSchema)
export type Winner = z.infer<typeof winnerSchema>

/** Of one kernel of an interaction: the definition's own, or a step of a gradient or a chain. Lengths are those of the launch, by jagged axis. */
export const interactionKeySchema = z.strictObject({
  family: z.literal('interaction'),
  definition: z.strictObject({ name: z.string(), hash: z.string() }),
  dtype: z.enum(['f32', 'f16', 'bf16', 'i32']),
  sizes: z.record(z.string(), z.number().int()),
  precision: z.enum(['ieee', 'tf32']),
  target: z.enum(['wgsl', 'cuda']),
  template: interactionTemplate,
  tool: z.string(),
  device: deviceSchema,
  profile: z.record(z.string(), profileSchema),
}).readonly()
export type InteractionKey = z.infer<typeof interactionKeySchema>
export const interactionWinnerSchema = winnerOf(interactionKeySchema, interactionSchedule, z.record(z.string(), lengthsSchema))
export type InteractionWinner = z.infer<typeof interactionWinnerSchema>

/** The first thing wrong with a value, as `path: message`. */
export const firstIssue = (error: z.ZodError): string => {
  const [issue] = error.issues
  return issue ? `${issue.path.join('.') || 'value'}: ${issue.message}` : 'unknown'
}
