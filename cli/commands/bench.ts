import { bench, findWorkload, interactionWorkloads, workloadInteraction, workloadKernel, workloads } from '../../tune/index.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import { deviceSummary, withDevice } from '../devices.ts'
import { attentionDtype, checkOptions, isAttention } from '../families.ts'
import type { Handler } from '../handlers.ts'
import { resolveAny } from '../resolve.ts'
import { suggestion } from '../suggest.ts'
import { commands, type OptionsOf } from '../table.ts'
import { figure, grouped, milliseconds } from '../text.ts'
import type { Context, Outcome } from '../types.ts'
import { shown } from '../values.ts'

const named = <T extends { readonly name: string }>(all: readonly T[], name: string): T => {
  const known = all.map((w) => w.name)
  return all.find((w) => w.name === name) ?? fail('SR8011', { what: 'workload', value: shown(name), suggestion: suggestion(name, known), known: known.join(', ') })
}

/** What a workload times when nothing is named. */
const usual = (name: string): string => {
  const attention = workloads().find((w) => w.name === name)
  return attention ? workloadKernel(attention) : workloadInteraction(named(interactionWorkloads(), name))
}

export const run: Handler<'bench'> = async ([ref], options, context) => {
  const loaded = await resolveAny(ref ?? usual(options.workload))
  checkOptions(commands.bench, loaded, context.given)
  if (isAttention(loaded)) return benchAttention(loaded, options, context)
  return (await import('../interaction/bench.ts')).benchInteractionCommand(loaded, named(interactionWorkloads(), options.workload), options, context)
}

const benchAttention = async ({ algorithm }: LoadedDefinition, { workload: name, target, dtype: said, seed, iterations }: OptionsOf<'bench'>, context: Context): Promise<Outcome> => {
  const dtype = attentionDtype(said)
  const workload = findWorkload(named(workloads(), name).name)
  return withDevice(target, async (device) => {
    if (device.info.software) context.note(`${device.info.name} is software: these times say nothing about a GPU`)
    const row = await bench({ algorithm, workload, device, dtype, seed, iterations })
    return {
      ok: true,
      json: { workload: name, target, device: deviceSummary(device.info), rows: [{ name: algorithm.name, ...row }] },
      text: `${algorithm.name} on ${name} (B ${row.B}, ${grouped(row.tokens)} tokens, H ${row.H}, D ${row.D}, ${dtype}), ${device.info.name}: ${milliseconds(row.ms)} (${milliseconds(row.minMs)} to ${milliseconds(row.maxMs)}), ${figure(row.tflops)} TFLOP/s, ${figure(row.gbps)} GB/s`,
    }
  })
}
