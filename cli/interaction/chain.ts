import type { LoadedChain } from '../../codegen/frontend/index.ts'
import { attentionTwin, chainProgram, type FusedProgram, fuseProgram } from '../../codegen/fuse/index.ts'
import type { InteractionProgram, TensorSpec } from '../../codegen/ir/interaction/index.ts'
import { inputsOfProgram } from '../../verify/interaction/index.ts'
import { elementsOf } from '../../tune/interaction/count.ts'
import { movieLensLengths } from '../../tune/lengths.ts'
import { bytesOf as widthOf } from '../../runtime/dtypes.ts'
import { display, projectRoot } from '../paths.ts'
import { shippedAbout, shippedFile } from '../shipped.ts'
import type { OptionsOf } from '../table.ts'
import { columns, grouped, plural } from '../text.ts'
import type { Outcome } from '../types.ts'
import { classOf } from './class.ts'
import { steps } from './emit.ts'
import { extentOf } from './extent.ts'
import { kernelSteps } from './gradient.ts'
import { capacitiesOf, lengthsOf } from './lengths.ts'
import { interactionPlan, sizesOf, type WantedInteraction } from './problem.ts'

/** The steps of a chain as the author wrote them. */
export const programOf = ({ definition, steps: parts }: LoadedChain): InteractionProgram => chainProgram(definition.name, parts)
/** Its kernels: neighbours in one where they fit. */
export const fusedOf = (chain: LoadedChain): FusedProgram => fuseProgram(programOf(chain))

/** Sizes of the dense axes of all steps. */
export const chainSizes = (program: InteractionProgram, given: Readonly<Record<string, number>> | undefined): Readonly<Record<string, number>> => sizesOf(inputsOfProgram(program), given)

export const emitChain = (chain: LoadedChain, { level, target, dtype, sizes: given, precision, schedule, arch }: OptionsOf<'emit'>): Outcome => {
  const { program } = fusedOf(chain)
  const sizes = chainSizes(program, given)
  const printed = steps(program, level, { target, dtype, sizes, precision, ...(schedule && { schedule }), ...(arch && { architecture: arch }) })
  return { ok: true, json: { name: program.name, level, target, dtype, sizes, ...printed }, text: printed.text }
}

const kernelsOf = (program: InteractionProgram, wanted: WantedInteraction) =>
  kernelSteps(program).map((s) => ({ writes: s.writes, kind: classOf(s.interaction).class, reads: [...new Set(s.interaction.inputs.map((t) => t.tensor))], schedule: interactionPlan(s.interaction, wanted).scheduleText }))

/** Bytes that are moved less where tensors are neither written nor read, over the lengths of a launch. */
const bytesOf = (chain: LoadedChain, { seed, dtype, lengths: given, capacities }: OptionsOf<'explain'>, sizes: Readonly<Record<string, number>>) => {
  const x = inputsOfProgram(programOf(chain))
  const histories = given ?? movieLensLengths()
  const lengths = lengthsOf(x, histories, true)
  const extent = extentOf(x, { seed, sequences: Array.isArray(histories) ? histories.length : 0, lengths, sizes, capacities: capacitiesOf(x, capacities) })
  return (specs: readonly TensorSpec[]) => {
    const parts = specs.map((t) => ({ width: t.dtype === 'element' && dtype !== 'i32' ? widthOf(dtype) : 4, of: elementsOf(x, extent, t) }))
    const value = parts.reduce((n, p) => n + 2 * p.width * p.of.value, 0)
    return { value, text: `${grouped(value)} bytes less = ${parts.map((p) => `2·${p.width}·${p.of.text}`).join(' + ') || '0'}${given ? '' : ' (MovieLens histories)'}` }
  }
}

/** What becomes one kernel, what stays apart and why, and the attention that computes the same. */
export const explainChain = (chain: LoadedChain, options: OptionsOf<'explain'>): Outcome => {
  const { target, dtype, sizes: given, precision, arch } = options
  const { program, saved, kept } = fusedOf(chain)
  const sizes = chainSizes(program, given)
  const kernels = kernelsOf(program, { target, dtype, sizes, precision, ...(arch && { architecture: arch }) })
  const twin = attentionTwin(program)
  const bytes = bytesOf(chain, options, sizes)
  const [spared, more] = [bytes(saved.map((s) => s.spec)), bytes(typeof twin === 'string' ? [] : program.steps.flatMap((s) => (s.kind === 'kernel' && twin.saved.includes(s.writes) ? [s.interaction.output] : [])))]
  const attention = typeof twin === 'string' ? { why: twin } : { tensors: twin.tensors, saved: twin.saved, savedBytes: more }
  const sizeText = Object.entries(sizes).map(([axis, size]) => `, ${axis}=${size}`).join('')
  return {
    ok: true,
    json: { name: program.name, family: 'chain', target, dtype, sizes, steps: chain.steps.map((s) => ({ name: s.name, of: s.interaction.name })), kernels, saved: saved.map(({ tensor, from, into }) => ({ tensor, from, into })), savedBytes: spared, kept, attention },
    text: [
      `${program.name} (${target}, ${dtype}${sizeText})`,
      `  steps     ${chain.steps.map((s) => `${s.name}: ${s.interaction.name}`).join(', ')}`,
      ...kernels.map((k, i) => `  ${i ? '         ' : 'kernels  '} ${k.writes}: ${k.kind} of ${k.reads.join(', ')}; ${k.schedule}`),
      `  fused     ${saved.length ? `${plural(saved.length, 'tensor')} neither written nor read: ${saved.map((s) => s.tensor).join(', ')}; ${spared.text}` : 'nothing'}`,
      ...kept.map((k) => `            ${k.tensor} is written: ${k.why}`),
      `  attention ${typeof twin === 'string' ? `none: ${twin}` : `computes the same with q = ${twin.tensors.q}, k = ${twin.tensors.k}, v = ${twin.tensors.v}, and writes no ${twin.saved.join(', no ')}; ${more.text}`}`,
    ].join('\n'),
  }
}

export const chainEntry = (chain: LoadedChain) => {
  const { program, saved } = fusedOf(chain)
  const { name } = chain.definition
  return { name, family: 'chain', about: shippedAbout(name), file: display(shippedFile(name), projectRoot), steps: chain.steps.map((s) => ({ name: s.name, of: s.interaction.name })), kernels: kernelSteps(program).map((s) => s.writes), saved: saved.map((s) => s.tensor) }
}

export const chainTable = (entries: readonly ReturnType<typeof chainEntry>[]): string =>
  columns([['chain', 'kernels', 'never written', 'steps'], ...entries.map((e) => [e.name, e.kernels.join(' '), e.saved.join(' ') || 'none', e.steps.map((s) => `${s.name}: ${s.of}`).join(', ')])])
