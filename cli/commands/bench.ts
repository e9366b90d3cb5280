import { bench, findWorkload, workloadKernel, workloads } from '../../tune/index.ts'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { deviceSummary, withDevice } from '../devices.ts'
import type { Handler } from '../handlers.ts'
import { resolveDefinition } from '../resolve.ts'
import { suggestion } from '../suggest.ts'
import { figure, grouped, milliseconds } from '../text.ts'
import { shown } from '../values.ts'

export const run: Handler<'bench'> = async ([ref], { workload: name, target, dtype, seed, iterations }, context) => {
  const known = workloads().map((w) => w.name)
  if (!known.includes(name)) fail('SR8011', { what: 'workload', value: shown(name), suggestion: suggestion(name, known), known: known.join(', ') })
  const workload = findWorkload(name)
  const { algorithm } = await resolveDefinition(ref ?? workloadKernel(workload))
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
