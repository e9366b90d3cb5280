import { type Algorithm, hooksOf } from '../codegen/ir/algorithm.ts'
import type { HookName } from '../codegen/ir/hook.ts'
import type { KernelSource } from '../codegen/ir/manifest.ts'
import type { TuneResult } from '../tune/index.ts'
import type { VerifyResult } from '../verify/index.ts'
import type { ErrorRow, SourceView, TuningView } from './data.ts'
import { grouped } from './format.ts'

const ends: Readonly<Record<TuneResult['end'], string>> = {
  complete: 'every feasible point was tried', budget: 'the time budget was spent', limit: 'the limit of candidates was reached', interrupted: 'interrupted', device: 'the device stopped working',
}

/** A search as the page shows it. */
export const tuningView = (result: TuneResult, lengths: readonly number[]): TuningView => {
  const { key } = result
  const tokens = lengths.reduce((sum, l) => sum + l, 0)
  return {
    kernel: key.definition.name, device: key.device.name, points: result.space.points, infeasible: result.space.infeasible, measurements: result.measurements, end: ends[result.end],
    problem: `${key.dtype}, head dim ${key.headDim}, ${key.heads} head${key.heads === 1 ? '' : 's'}, ${grouped(lengths.length)} sequences of ${grouped(tokens)} tokens`,
  }
}

/** One verified kernel; `target` as people name it: `wgsl`, `cuda`, `cuda-cpu`. */
export const errorRow = ({ manifest }: Pick<KernelSource, 'manifest'>, target: string, { ok, errors }: Pick<VerifyResult, 'ok' | 'errors'>): ErrorRow => ({
  kernel: manifest.definition, target, dtype: manifest.dtype, headDim: manifest.headDim, max: Number.isFinite(errors.out.max) ? errors.out.max : null, allowed: errors.out.allowed, ok,
})

const emittedNames: Readonly<Record<HookName, string>> = { scoreMod: 'score_mod', maskMod: 'mask_mod', activation: 'activation', scale: 'scale', sink: 'sink', keepAfter: 'keep_after', headCount: 'head_count' }

/** A definition's hooks beside sources made from it. */
export const sourceView = (algorithm: Algorithm, kernels: readonly KernelSource[]): SourceView => ({
  definition: algorithm.name,
  hooks: hooksOf(algorithm).map(({ name, span }) => ({ name: emittedNames[name], file: span.file, line: span.line, text: span.text })),
  emitted: kernels.map(({ text, manifest }) => ({ label: `${manifest.target === 'wgsl' ? 'WGSL' : 'CUDA'} ${manifest.dtype}`, language: manifest.target, text })),
})
