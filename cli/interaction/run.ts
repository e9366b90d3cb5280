import { writeWhole } from '../../codegen/emit/write.ts'
import type { LoadedChain, LoadedInteraction } from '../../codegen/frontend/index.ts'
import { runProgram } from '../../runtime/interaction/index.ts'
import { deviceSummary, devices, withDevice } from '../devices.ts'
import { interactionInputs, interactionTensors } from '../safetensors/interaction.ts'
import type { Tensors } from '../safetensors/types.ts'
import { formatSafetensors } from '../safetensors/write.ts'
import type { OptionsOf } from '../table.ts'
import type { Context, Outcome } from '../types.ts'
import { isInteraction } from '../families.ts'
import { byTensor, scheduleLines, schedulesOf, withKernels } from './kernels.ts'
import { countsOf, checkPrecision, type WantedInteraction } from './problem.ts'
import { taskOf } from './task.ts'
import { capacitiesOf, lengthAxes } from './lengths.ts'
import { lengthsBetween } from '../longest.ts'
import { winnersFiles } from '../winners.ts'

/** Computes an interaction, a chain, or the gradient of one input over tensors of a file. */
export const runInteractionCommand = async (loaded: LoadedInteraction | LoadedChain, tensors: Tensors, options: OptionsOf<'run'>, context: Context): Promise<Outcome> => {
  const { target, inputs: file, output, schedule, precision, gradient } = options
  const task = taskOf(loaded, gradient)
  const { name, x } = task
  const given = interactionInputs(tensors, task, file, { sizes: countsOf(x, options.sizes), capacities: capacitiesOf(x, options.capacities) })
  const { dtype, sizes, inputs, ignored } = given
  if (isInteraction(loaded)) checkPrecision(x, dtype, precision)
  if (ignored.length) context.note(`not read by ${name}: ${ignored.join(', ')}`)
  const lengths = Object.fromEntries(lengthAxes(x).map((axis) => [axis, lengthsBetween(inputs.offsets![axis])]))
  const recorded = { paths: winnersFiles(options.winners), lengths, context }
  const wanted: WantedInteraction = { target: devices[target].source, dtype, sizes, precision, ...(schedule && { schedule }) }
  const result = await withDevice(target, (device) => withKernels(device, task.program, wanted, async (kernels, program) => {
    const { results } = await runProgram(program, byTensor(kernels), inputs, { device: device.info })
    return { device: device.info, schedules: schedulesOf(kernels), bits: Object.values(results)[0]!.bits }
  }, recorded))
  const written = interactionTensors(task, given, result.bits)
  writeWhole(output, formatSafetensors(written))
  const list = Object.entries(written).map(([tensor, { dtype: type, shape }]) => ({ name: tensor, dtype: type, shape }))
  return {
    ok: true,
    json: { name, target, device: deviceSummary(result.device), dtype, sizes, ...(gradient !== undefined && { gradient }), schedules: result.schedules, output, tensors: list, ignored },
    text: [`${name}${gradient === undefined ? '' : `, gradient of ${gradient},`} on ${result.device.name} → ${output}`, ...list.map((t) => `  ${t.name} ${t.dtype} [${t.shape.join(', ')}]`), ...scheduleLines(result.schedules)].join('\n'),
  }
}
