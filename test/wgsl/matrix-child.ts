/** Subgroup matrices, and broken texts of them, run by `lavapipe.test.ts` under lavapipe's own loader: every shipped product of f16 elements, and those of the gradients. Prints one line of JSON. */
import { compileInteraction } from '../../codegen/compile-interaction.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { fusedGradients } from '../../codegen/fuse/index.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import { nestFor } from '../../codegen/lower/interaction/bind.ts'
import { classify } from '../../codegen/lower/interaction/index.ts'
import { openWebGpu } from '../../runtime/webgpu/index.ts'
import { limitsOf } from '../../tune/limits.ts'
import { drawInteractionCase } from '../../verify/interaction/index.ts'
import { verifyInteraction } from '../../verify/interaction/kernel.ts'

const device = await openWebGpu({})
const limits = limitsOf(device.info)
const { interactions } = await loadFile(new URL('../../kernels/interaction/index.ts', import.meta.url).pathname)
const steps = (x: Interaction): readonly Interaction[] => [x, ...fusedGradients(x).steps.flatMap((s) => (s.kind === 'kernel' ? [s.interaction] : []))]
const products = interactions.flatMap(({ interaction: x }) => steps(x)).filter((x) => classify(x).class === 'contraction')
const tiles = [[16, 32, 8, 4, 8], [32, 32, 16, 8, 8], [64, 16, 32, 8, 4]] as const

let cases = 0
const kernels = new Set<string>()
const refused = new Set<string>()
const problems: string[] = []
for (const [i, x] of products.entries()) {
  const owners = x.axes.filter((a) => a.kind === 'dense' && !a.index && a.like === a.name)
  const [block_m, block_n, block_k, thread_m, thread_n] = tiles[i % tiles.length]!
  const values = { block_m, block_n, block_k, thread_m, thread_n, matrix: 4, parts: 4 }
  const problem = { dtype: 'f16', sizes: Object.fromEntries(owners.map((a, n) => [a.name, [24, 17, 40, 3][(i + n) % 4]!])) } as const
  const nest = nestFor('wgsl', x)
  const why = nest.infeasible(values, x, problem, limits)
  if (why) { refused.add(`${x.name}: ${why.message}`); continue }
  const source = compileInteraction(x, problem, { target: 'wgsl', limits, schedule: { template: nest.name, values } })
  const kernel = await device.compileInteraction(source)
  kernels.add(x.name)
  for (const seed of [1, 2, 3]) {
    const verdict = await verifyInteraction(device, kernel, source, drawInteractionCase(seed, x, { dtype: 'f16', sizes: problem.sizes, sequences: [5, 0, 3][seed % 3]!, maxLength: 70 }))
    problems.push(...verdict.problems.map((p) => `${x.name} seed ${seed}: ${p}`))
    cases++
  }
  kernel.dispose()
}

const broken: readonly (readonly [what: string, from: RegExp, to: string])[] = [
  ['left rows read as columns', /subgroupMatrixLoad<Left, row_major>/, 'subgroupMatrixLoad<Left, col_major>'],
  ['one matrix used twice along k', /left_matrix\(row \+ 0, k\)/, 'left_matrix(row + 0, 0)'],
  ['the second row of matrices written over the first', / \* 16 \+ 8 \+ strip % 8/, ' * 16 + 0 + strip % 8'],
  ['a column of matrices left out', /sums_0_1 = subgroupMatrixMultiplyAccumulate\(a_0, b_1/, 'sums_0_1 = subgroupMatrixMultiplyAccumulate(a_0, b_0'],
]
const missed: string[] = []
const bmm = products.find((x) => x.name === 'jagged_dense_bmm')!
const sizes = { d: 40, k: 24 }
const sound = compileInteraction(bmm, { dtype: 'f16', sizes }, { target: 'wgsl', limits, schedule: { template: 'wgsl_contraction', values: { block_m: 32, block_n: 32, block_k: 16, thread_m: 8, thread_n: 8, matrix: 4, parts: 4 } } })
for (const [what, from, to] of broken) {
  const text = sound.text.replace(from, to)
  if (text === sound.text) { missed.push(`${what}: no such text`); continue }
  const kernel = await device.compileInteraction({ ...sound, text })
  const verdict = await verifyInteraction(device, kernel, sound, drawInteractionCase(1, bmm, { dtype: 'f16', sizes, sequences: 4, maxLength: 70 }))
  if (verdict.ok) missed.push(what)
  kernel.dispose()
}
console.log(JSON.stringify({ name: device.info.name, shapes: device.info.subgroupMatrices, cases, kernels: [...kernels], refused: [...refused], missed, problems }))
await device.close()
process.exit()
