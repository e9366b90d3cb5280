import { type PythonDefinition, pythonFiles, type PythonKernel } from '../codegen/emit/python.ts'
import type { OutputFile } from '../codegen/emit/write.ts'
import type { LoadedDefinition } from '../codegen/frontend/index.ts'
import { compileKernel } from '../codegen/compile.ts'
import type { Algorithm, Dtype } from '../codegen/ir/algorithm.ts'
import type { Schedule, TemplateName } from '../codegen/ir/schedule.ts'
import { factsOf } from '../codegen/lower/bind.ts'
import { targetLimits } from '../codegen/schedule/targets.ts'
import { templates } from '../codegen/schedule/templates/index.ts'
import { problemOf } from './compile.ts'
import { formsOf, often } from './forms.ts'
import { shippedAbout } from './shipped.ts'

interface Path {
  readonly path: PythonKernel['path']
  readonly template?: TemplateName
  /** A field set to 1, with what goes with it. */
  readonly field?: string
  /** Rows a sequence on average that it is made for. */
  readonly mean?: number
  readonly maxMeanRows?: (algorithm: Algorithm) => number
  readonly wanted: (algorithm: Algorithm, dtype: Dtype, dim: number) => boolean
}

const isSelf = ({ layout }: Algorithm): boolean => layout.queries === 'self' && !layout.sharedKeys && layout.align === 'start'
const half = (dtype: Dtype): boolean => dtype !== 'f32'

/** Kernels of the PyTorch package in the order in which a launch tries them. Each text that `cuda/` does not hold is some 45 kB, so the rarer forms stay with `serrate build`. */
const paths: readonly Path[] = [
  { path: 'pack', template: 'cuda_wgmma', field: 'pack', maxMeanRows: () => 16, wanted: (a, dtype) => dtype === 'bf16' && often.has(a.name) && isSelf(a) },
  { path: 'short', template: 'cuda_wgmma', field: 'ownTiles', mean: 64, maxMeanRows: () => 64, wanted: ({ name }, dtype, dim) => dtype === 'bf16' && dim <= 64 && (name === 'full' || name === 'causal') },
  { path: 'own', template: 'cuda_wgmma', field: 'ownTiles', maxMeanRows: (a) => (a.normalizer.kind === 'pointwise' ? 1024 : 320), wanted: (a, dtype, dim) => dtype === 'bf16' && often.has(a.name) && isSelf(a) && (a.normalizer.kind !== 'pointwise' || dim <= 64) },
  { path: 'hopper', template: 'cuda_wgmma', wanted: (a, dtype) => dtype === 'bf16' || (dtype === 'f16' && often.has(a.name)) },
]

const scheduled = (algorithm: Algorithm, dtype: Dtype, dim: number, { path, template: name, field, mean, maxMeanRows }: Path): readonly PythonKernel[] => {
  const template = templates[name!]
  const problem = problemOf(algorithm, { dtype, dim })
  const limits = targetLimits.cuda
  const usual = template.defaults(problem, factsOf(algorithm, problem), limits)
  const schedule: Schedule = { ...usual, values: { ...usual.values, ...(field !== undefined && { ...template.companions?.(field, problem, factsOf(algorithm, problem), mean), [field]: 1 }) } }
  if (template.infeasible(schedule, problem, factsOf(algorithm, problem, schedule), limits)) return []
  return [{ path, source: compileKernel(algorithm, problem, { target: 'cuda', schedule }), ...(maxMeanRows && { maxMeanRows: maxMeanRows(algorithm) }) }]
}

const kernelsOf = (algorithm: Algorithm): readonly PythonKernel[] => {
  const { dims, cuda } = formsOf(algorithm.name)
  return dims.flatMap((dim) => cuda.flatMap((dtype): readonly PythonKernel[] => [
    ...paths.filter((p) => half(dtype) && p.wanted(algorithm, dtype, dim)).flatMap((p) => scheduled(algorithm, dtype, dim, p)),
    { path: 'any', source: compileKernel(algorithm, problemOf(algorithm, { dtype, dim }), { target: 'cuda' }) },
  ]))
}

const described = ({ algorithm }: LoadedDefinition): PythonDefinition =>
  ({ name: algorithm.name, about: shippedAbout(algorithm.name), layout: algorithm.layout, captures: algorithm.captures, kernels: kernelsOf(algorithm) })

/** The PyTorch package of shipped kernels. */
export const shippedPython = (definitions: readonly LoadedDefinition[]): readonly OutputFile[] => pythonFiles(definitions.map(described))
