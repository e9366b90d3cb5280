/**
 * Emits CUDA interactions for interaction.py: `node bench/h100/interaction.ts --out DIR [--names layer_norm,jagged_sum] [--dtypes f32,bf16] [--cases bmm-a,bmm-b]
 * [--set lanes=4,items=8]` (fields of the schedule that replace the default; a file then has them in its name)
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { fusedGradients } from '../../codegen/fuse/index.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { type Interaction, type InteractionProblem, kernelsOf } from '../../codegen/ir/interaction/index.ts'
import { defaultInteractionSchedule } from '../../codegen/lower/interaction/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'

/** What interaction.py has rows for: definitions, and as `definition.input` the kernel that writes that input's gradient, with the sums beside it. */
const NAMES = [
  'jagged_to_padded', 'padded_to_jagged', 'jagged_jagged_mul', 'jagged_broadcast_add', 'concat', 'jagged_index_select', 'reverse', 'jagged_softmax', 'jagged_sum', 'jagged_mean', 'jagged_max',
  'factorisation_machine', 'layer_norm', 'rms_norm', 'rms_norm_silu', 'swish_layer_norm', 'layer_norm_sequence', 'jagged_softmax.x', 'layer_norm.x', 'rms_norm.x', 'rms_norm_silu.x', 'swish_layer_norm.x', 'layer_norm_sequence.x', 'jagged_dense_bmm', 'jagged_jagged_bmm', 'jagged_dense_bmm_shared', 'jagged_dense_bmm_add', 'jagged_dense_bmm_shared.w', 'dot_interaction_dense',
]

const { values } = parseArgs({
  options: { out: { type: 'string' }, names: { type: 'string', default: NAMES.join(',') }, dtypes: { type: 'string', default: 'f32,bf16' }, cases: { type: 'string', default: 'bmm-a,bmm-b' }, precision: { type: 'string', default: 'ieee' }, set: { type: 'string' } },
})
const out = values.out!
mkdirSync(out, { recursive: true })
const { interactions } = await loadFile(join(import.meta.dirname, '../../kernels/interaction/index.ts'))
const workloads = JSON.parse(readFileSync(join(import.meta.dirname, '../workloads.json'), 'utf8')).interaction as Readonly<Record<string, { readonly D: number; readonly K?: number; readonly F?: number }>>
const set = Object.fromEntries((values.set ?? '').split(',').filter((s) => s).map((s) => [s.split('=')[0]!, Number(s.split('=')[1])]))

/** What an H100 has. */
const LIMITS = { ...targetLimits.cuda, sharedMemory: 227 * 1024, architecture: 'sm_90a' }

const kernelOf = (name: string): Interaction => {
  const [definition, input] = name.split('.') as [string, string?]
  const { interaction } = interactions.find((i) => i.interaction.name === definition)!
  if (input === undefined) return interaction
  const program = fusedGradients(interaction)
  const made = kernelsOf(program).find((s) => s.writes === program.results[input])
  if (!made) throw new Error(`${definition} has no gradient of ${input} in one kernel`)
  return made.interaction
}

/** D of a workload for every dense axis but `k`, which has K, and the features of a dot interaction. */
const sizesOf = (x: Interaction, { D, K = D, F = D }: { readonly D: number; readonly K?: number; readonly F?: number }): Readonly<Record<string, number>> =>
  Object.fromEntries(x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name).map((a) => [a.name, a.name === 'k' ? K : a.name === 'f' || a.name === 'g' ? F : D]))

for (const name of values.names.split(',')) {
  const x = kernelOf(name)
  for (const dtype of values.dtypes.split(',') as InteractionProblem['dtype'][]) {
    for (const workload of values.cases.split(',')) {
      if (name.startsWith('dot_') !== (workload === 'dot')) continue
      const problem: InteractionProblem = { dtype, sizes: sizesOf(x, workloads[workload]!), ...(values.precision === 'tf32' && { precision: 'tf32' }) }
      const usual = defaultInteractionSchedule('cuda', x, problem, LIMITS)
      const known = Object.fromEntries(Object.entries(set).filter(([field]) => field in usual.values))
      const { text, manifest } = compileInteraction(x, problem, { target: 'cuda', limits: LIMITS, schedule: { ...usual, values: { ...usual.values, ...known } } })
      const file = [`${name}@${dtype}@${workload}`, ...(problem.precision ? [problem.precision] : []), ...Object.entries(known).map(([field, value]) => `${field}${value}`)].join('@')
      writeFileSync(join(out, `${file}.cu`), text)
      writeFileSync(join(out, `${file}.json`), JSON.stringify({ ...manifest, sizes: problem.sizes }, null, 1))
    }
  }
}
