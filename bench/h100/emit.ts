/** Emits CUDA kernels for bench.py: `node bench/h100/emit.ts --out DIR [--names full,causal] [--dims 64,128] [--dtype bf16] [--variants]` (every feasible schedule that differs from the default in one step). */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileKernel, defaultProblem, defaultSchedule } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import type { Dtype } from '../../codegen/ir/algorithm.ts'
import type { Schedule } from '../../codegen/ir/schedule.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { templates } from '../../codegen/schedule/templates/index.ts'

const { values } = parseArgs({
  options: { out: { type: 'string' }, names: { type: 'string', default: 'full,causal' }, dims: { type: 'string', default: '64,128' }, dtype: { type: 'string', default: 'bf16' }, variants: { type: 'boolean', default: false } },
})
const out = values.out!
mkdirSync(out, { recursive: true })
const { definitions } = await loadFile(join(import.meta.dirname, '../../kernels/index.ts'))

/** The schedule and, asked for, its cheapest feasible relatives by the template's own estimate. */
const schedulesOf = (start: Schedule, problem: Parameters<typeof defaultSchedule>[2], facts: ReturnType<typeof factsOf>): readonly Schedule[] => {
  if (!values.variants) return [start]
  const template = templates[start.template]
  const fields = Object.entries(template.space)
  const points = fields.reduce<Record<string, number>[]>((all, [name, f]) => all.flatMap((p) => f.values.map((v) => ({ ...p, [name]: v }))), [{}])
  const feasible = points.map((v): Schedule => ({ template: template.name, values: v })).filter((s) => !template.infeasible(s, problem, facts, targetLimits.cuda))
  const others = feasible.filter((s) => JSON.stringify(s.values) !== JSON.stringify(start.values)).sort((a, b) => template.cost(a, problem, targetLimits.cuda) - template.cost(b, problem, targetLimits.cuda))
  const take: Readonly<Record<number, number>> = { 16: 1, 32: 2, 64: 5, 128: 7 }
  return [start, ...Object.entries(take).flatMap(([m, n]) => others.filter((s) => s.values.blockM === Number(m)).slice(0, n))]
}

for (const name of values.names.split(',')) {
  const { algorithm } = definitions.find((d) => d.exportName === name)!
  for (const dim of values.dims.split(',').map(Number)) {
    const problem = defaultProblem(algorithm, values.dtype as Dtype, dim)
    for (const schedule of schedulesOf(defaultSchedule('cuda', algorithm, problem), problem, factsOf(algorithm, problem))) {
      const kernel = compileKernel(algorithm, problem, { target: 'cuda', schedule })
      const file = `${kernel.manifest.kernel}${values.variants ? `__${Object.values(schedule.values).join('_')}` : ''}`
      writeFileSync(join(out, `${file}.cu`), kernel.text)
      writeFileSync(join(out, `${file}.json`), JSON.stringify(kernel.manifest, null, 1))
    }
  }
}
