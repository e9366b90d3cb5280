import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadFile } from '../../codegen/frontend/index.ts'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { chainProgram, fusedGradients, fuseProgram } from '../../codegen/fuse/index.ts'
import { type Interaction, type InteractionProgram, kernelsOf, type KernelStep } from '../../codegen/ir/interaction/index.ts'
import { classify } from '../../codegen/lower/interaction/index.ts'
import type { InteractionDefinition } from '../../dsl/interaction.ts'
import { randomInteraction } from '../random/interaction.ts'
import { type Rng, rngOf } from '../random/rng.ts'

/** One kernel to fuzz: a definition, or one step of its derived gradient. */
export interface InteractionFuzzSource {
  readonly label: string
  readonly random: boolean
  readonly gradient: boolean
  readonly interaction: Interaction
  /** Absent for derived steps. */
  readonly definition?: InteractionDefinition
  /** Where the definition is, for a person who wants to see it. */
  readonly path: string
}

const shippedFile = fileURLToPath(new URL('../../kernels/interaction/index.ts', import.meta.url))

const chainFile = fileURLToPath(new URL('../../kernels/chain/index.ts', import.meta.url))

const loadedFrom = async (path: string) => {
  const { interactions, diagnostics } = await loadFile(path)
  if (diagnostics.length) throw new SerrateError(diagnostics)
  return interactions
}

const kernelSteps = (x: Interaction): readonly KernelStep[] => kernelsOf(fusedGradients(x))

/** A derived gradient has a refusal of its own where no rule gives it: such a definition is fuzzed forward alone. */
const gradientSteps = (x: Interaction): ReturnType<typeof kernelSteps> => {
  try {
    return kernelSteps(x)
  } catch (error) {
    if (error instanceof SerrateError && error.code.startsWith('SR20')) return []
    throw error
  }
}

const writeRandom = async (seed: number, folder: string): Promise<{ readonly path: string; readonly interaction: Interaction; readonly definition: InteractionDefinition }> => {
  mkdirSync(folder, { recursive: true })
  const { name, source } = randomInteraction(seed)
  const path = join(folder, `${name}.ts`)
  writeFileSync(path, source)
  const [found] = await loadedFrom(path)
  return { path: relative(process.cwd(), path), interaction: found!.interaction, definition: found!.definition }
}

/** A whole gradient, or a chain before and after fusion. */
export interface ProgramFuzzSource {
  readonly label: string
  readonly gradient: boolean
  readonly program: InteractionProgram
}

/** Gradients of the shipped definitions, and the shipped chains fused and not, in an order that the seed turns. */
export const programSources = async (seed: number, count: number): Promise<readonly ProgramFuzzSource[]> => {
  const gradients = (await loadedFrom(shippedFile)).flatMap(({ exportName, interaction }): ProgramFuzzSource[] => {
    const program = fusedGradients(interaction)
    return program.steps.length ? [{ label: `gradient of ${exportName}`, gradient: true, program }] : []
  })
  const { chains } = await loadFile(chainFile)
  const fused = chains.flatMap(({ definition, steps }): ProgramFuzzSource[] => {
    const program = chainProgram(definition.name, steps)
    return [{ label: `chain ${definition.name}`, gradient: false, program }, { label: `chain ${definition.name}, fused`, gradient: false, program: fuseProgram(program).program }]
  })
  const first = rngOf(seed, 'programs').int(0, gradients.length - 1)
  return [...fused, ...Array.from({ length: gradients.length }, (_, i) => gradients[(first + i) % gradients.length]!)].slice(0, count)
}

/** Every fourth turn goes to the classes in turn, so that a run meets those with few kernels too; the others go over all kernels, one after another as `counted` numbers them. */
const inTurns = <T>(all: readonly T[], classOf: (one: T) => string, first: number, counted: (turn: number) => number): ((turn: number) => T) => {
  const classes = [...new Set(all.map(classOf))].sort().map((name) => all.filter((one) => classOf(one) === name))
  return (turn) => {
    if (turn % 4 !== 1) return all[(first + counted(turn)) % all.length]!
    const at = turn >> 2
    const own = classes[at % classes.length]!
    return own[(first + Math.floor(at / classes.length)) % own.length]!
  }
}

/**
 * Source `i` of a run: shipped definitions and random ones in turns, each forward first and then the steps of its gradient, in an order that the seed turns.
 * `only` names a shipped definition.
 */
export const interactionSources = async (seed: number, folder: string, only?: string): Promise<(i: number) => Promise<InteractionFuzzSource>> => {
  const shipped = (await loadedFrom(shippedFile)).filter((d) => only === undefined || d.exportName === only)
  const first = rngOf(seed, 'first').int(0, shipped.length - 1)
  const forward = inTurns(shipped, (d) => classify(d.interaction).class, first, (turn) => turn - ((turn + 2) >> 2))
  const steps = shipped.flatMap((d) => gradientSteps(d.interaction).map((s): InteractionFuzzSource => ({ label: `${d.exportName} gradient ${s.writes}`, random: false, gradient: true, interaction: s.interaction, path: d.exportName })))
  const step = inTurns(steps, (s) => classify(s.interaction).class, first, (turn) => turn >> 1)
  const summing = steps.filter((s) => s.interaction.sums)
  /** Of the few kernels that add up columns beside their output, one every fourth turn. */
  const stepAt = (turn: number): InteractionFuzzSource => (summing.length && turn % 4 === 3 ? summing[(first + (turn >> 2)) % summing.length]! : step(turn))
  return async (i) => {
    const turn = Math.floor(i / 4)
    if (i % 4 === 0 || (only !== undefined && i % 4 === 1)) { const d = forward(turn); return { label: d.exportName, random: false, gradient: false, interaction: d.interaction, definition: d.definition, path: d.exportName } }
    if (i % 4 === 2 || only !== undefined) return steps.length ? stepAt(turn) : { label: 'none', random: false, gradient: true, interaction: forward(turn).interaction, path: '' }
    const made = await writeRandom(seed * 4096 + i, folder)
    const pick: Rng = rngOf(seed, 'step', i)
    const gradients = i % 4 === 3 ? gradientSteps(made.interaction) : []
    const drawn = gradients.length ? pick.pick(gradients) : undefined
    return drawn
      ? { label: `${made.interaction.name} gradient ${drawn.writes}`, random: true, gradient: true, interaction: drawn.interaction, path: made.path }
      : { label: made.interaction.name, random: true, gradient: false, interaction: made.interaction, definition: made.definition, path: made.path }
  }
}
