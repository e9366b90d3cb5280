import { printSchedule } from '../../codegen/ir/schedule.ts'
import { deviceSummary, devices, withDevice } from '../devices.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import { attentionDtype, checkOptions, isChain, isInteraction, plainLengths } from '../families.ts'
import type { Handler } from '../handlers.ts'
import { resolveAny } from '../resolve.ts'
import { commands, type OptionsOf } from '../table.ts'
import type { Context, Outcome } from '../types.ts'
import { sequenceViews } from '../../codegen/ir/layout.ts'
import { drawExtent } from '../../verify/index.ts'
import { patience } from '../patience.ts'
import { figure } from '../text.ts'
import { verifyOn } from '../verify.ts'
import { whereOf } from '../where.ts'

export const run: Handler<'verify'> = async ([ref], options, context) => {
  const loaded = await resolveAny(ref!)
  checkOptions(commands.verify, loaded, context.given)
  if (isChain(loaded)) return (await import('../interaction/verify.ts')).verifyChainCommand(loaded, ref!, options, context)
  return isInteraction(loaded) ? (await import('../interaction/verify.ts')).verifyInteractionCommand(loaded, ref!, options, context) : verifyAttention(loaded, ref!, options, context)
}

const verifyAttention = async (loaded: LoadedDefinition, ref: string, options: OptionsOf<'verify'>, context: Context): Promise<Outcome> => {
  const { target, heads, dim, seed, schedule, valueDim, placement, withoutLse } = options
  const dtype = attentionDtype(options.dtype)
  const lengths = plainLengths(loaded, options.lengths)
  const where = { ...whereOf(loaded.algorithm, { lengths, heads }, options), ...(valueDim !== undefined && { valueDim }), ...(placement && { placement }) }
  const { name } = loaded.algorithm
  const long = patience(sequenceViews(drawExtent(seed, loaded.algorithm, { lengths, ...where })), heads, dim + (valueDim ?? dim))
  if (long) context.note(long)
  return withDevice(target, async (device) => {
    context.progress(`comparing ${name} on ${device.info.name}`)
    const { result, kernel } = await verifyOn(device, loaded, { target: devices[target].source, dtype, dim, lse: !withoutLse, ...(valueDim !== undefined && { valueDim }), ...(schedule && { schedule }) }, { lengths, where, heads, seed, ref })
    const { ok, errors, tolerance, paths, checks, problems, repro } = result
    const largest = (what: 'out' | 'lse') => (errors[what] ? [`${what} error ${figure(errors[what].max)} of ${figure(errors[what].allowed)} allowed`] : [])
    const tiles = paths.executed === undefined ? `tile mode ${paths.tileMode}` : `tile mode ${paths.tileMode}: ${paths.executed} key tiles executed, ${paths.full} of them full`
    return {
      ok,
      json: { name, target, device: deviceSummary(device.info), dtype, headDim: dim, heads, lengths, ...where, seed, schedule: kernel.manifest.schedule, hashes: kernel.manifest.hashes, errors, tolerance, paths, checks, problems, repro },
      text: [
        `${ok ? 'ok' : 'MISMATCH'}  ${name} ${dtype} d${dim} on ${device.info.name}`,
        `  ${[...largest('out'), ...largest('lse')].join('; ')}`,
        `  ${tiles}; ${printSchedule(kernel.manifest.schedule)}`,
        ...problems.map((p) => `  ${p}`),
        ...(ok ? [] : [`  again: ${repro}`]),
      ].join('\n'),
    }
  })
}
