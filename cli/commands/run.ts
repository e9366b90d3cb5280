import { existsSync, realpathSync } from 'node:fs'
import { fail } from '../../codegen/ir/diagnostics/index.ts'
import { writeWhole } from '../../codegen/emit/write.ts'
import { type AttentionInputs, prepareAttention, readAttention } from '../../runtime/attention.ts'
import type { LoadedDefinition } from '../../codegen/frontend/index.ts'
import { deviceSummary, devices, withDevice } from '../devices.ts'
import { checkOptions, isAttention } from '../families.ts'
import type { Handler } from '../handlers.ts'
import { resolveAny } from '../resolve.ts'
import { attentionInputs, attentionTensors } from '../safetensors/attention.ts'
import { readSafetensors } from '../safetensors/read.ts'
import type { Tensors } from '../safetensors/types.ts'
import { formatSafetensors } from '../safetensors/write.ts'
import { sourceOn } from '../device-compile.ts'
import { checkMaxSeqLen, lengthsBetween } from '../longest.ts'
import { commands, type OptionsOf } from '../table.ts'
import type { Context, Outcome } from '../types.ts'
import { queriesOf } from '../where.ts'

const sequencesOf = ({ seqOffsets, sequences }: AttentionInputs): number => sequences ?? Math.max(0, (seqOffsets?.length ?? 1) - 1)

const isSame = (a: string, b: string): boolean => existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b)

/** Throws SR8035 where the result would be written over the inputs. */
export const run: Handler<'run'> = async ([ref], options, context) => {
  if (isSame(options.inputs, options.output)) fail('SR8035', { file: options.output })
  const tensors = readSafetensors(options.inputs)
  const loaded = await resolveAny(ref!)
  checkOptions(commands.run, loaded, context.given)
  return isAttention(loaded) ? runAttentionCommand(loaded, tensors, options, context) : (await import('../interaction/run.ts')).runInteractionCommand(loaded, tensors, options, context)
}

const runAttentionCommand = async ({ algorithm }: LoadedDefinition, tensors: Tensors, { target, inputs: file, output, schedule, layout, align, maxSeqLen }: OptionsOf<'run'>, context: Context): Promise<Outcome> => {
  const given = attentionInputs(tensors, algorithm, file, { queries: layout && queriesOf(layout), align })
  const { dtype, headDim, valueDim, ignored } = given
  checkMaxSeqLen(maxSeqLen, [...lengthsBetween(given.inputs.seqOffsets), ...lengthsBetween(given.inputs.kvOffsets)])
  if (ignored.length) context.note(`not read by ${algorithm.name}: ${ignored.join(', ')}`)
  const { layout: { queries = algorithm.layout.queries } = {}, rows = 0, kvRows = rows, heads, kvHeads } = given.inputs
  const shape = { queries, sequences: sequencesOf(given.inputs), heads, ...(kvHeads !== undefined && { kvHeads }), rows, kvRows, ...(maxSeqLen !== undefined && { maxSeqLen }) }
  const result = await withDevice(target, async (device) => {
    const wanted = { target: devices[target].source, dtype, dim: Math.max(headDim, 1), valueDim: Math.max(valueDim, 1), shape, ...(schedule && { schedule }) }
    const kernel = sourceOn(device.info, algorithm, wanted)
    const manifest = { ...kernel.manifest, headDim, valueDim }
    const prepared = prepareAttention(manifest, given.inputs)
    if (!prepared.job) return { device: device.info, output: readAttention(prepared, null) }
    const compiled = await device.compile(kernel)
    try {
      return { device: device.info, output: readAttention(prepared, await compiled.run(prepared.job)) }
    } finally {
      compiled.dispose()
    }
  })
  const written = attentionTensors(given, result.output)
  writeWhole(output, formatSafetensors(written))
  const list = Object.entries(written).map(([name, { dtype: type, shape }]) => ({ name, dtype: type, shape }))
  return {
    ok: true,
    json: { name: algorithm.name, target, device: deviceSummary(result.device), output, tensors: list, ignored },
    text: [`${algorithm.name} on ${result.device.name} → ${output}`, ...list.map((t) => `  ${t.name} ${t.dtype} [${t.shape.join(', ')}]`)].join('\n'),
  }
}
