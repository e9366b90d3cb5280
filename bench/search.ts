/** One search of bench/tune.ts, which says when it may use the device. */
import { defaultProblem } from '../codegen/compile.ts'
import { loadFile } from '../codegen/frontend/index.ts'
import { openCuda } from '../runtime/cuda/index.ts'
import { openCudaCpu } from '../runtime/cuda-cpu/index.ts'
import { openWebGpu } from '../runtime/webgpu/index.ts'
import { attentionWorkbench, movieLensLengths, printProfile, profileOf, thinLengths, tune, type Workbench, workloadLengths, findWorkload } from '../tune/index.ts'
import { printSchedule } from '../codegen/ir/schedule.ts'
import { templatesFor } from '../codegen/schedule/templates/index.ts'
import type { Template } from '../codegen/schedule/types.ts'
import { rngOf } from '../verify/random/rng.ts'
import type { Search } from './sets.ts'

const { search, store, budgetMs, limit } = JSON.parse(process.argv[2]!) as { search: Search; store: string; budgetMs: number; limit: number }
const open = { wgsl: openWebGpu, cuda: openCuda, 'cuda-cpu': openCudaCpu } as const

let go: (() => void) | undefined
process.on('message', () => go?.())

const tell = (text: string): void => { process.send!(text) }

/** Runs `use` while no other search is on the device. */
const alone = async <T>(use: () => Promise<T>): Promise<T> => {
  await new Promise<void>((resolve) => { go = resolve; tell('device') })
  try {
    return await use()
  } finally {
    tell('done')
  }
}

const inTurn = (bench: Workbench): Workbench => ({
  ...bench,
  check: (kernel, compiled) => alone(() => bench.check(kernel, compiled)),
  timer: (kernel, compiled) => {
    const time = bench.timer(kernel, compiled)
    return (timing) => alone(() => time(timing))
  },
})

const lengthsOf = ({ lengths: l }: Search): readonly number[] => ('workload' in l ? workloadLengths(findWorkload(l.workload), 1).slice(0, l.count) : thinLengths(movieLensLengths(), l.movieLensPairs))

/** The same loop nest with every estimate multiplied by a number from 0.3 to 1.3 of the schedule's own. */
const loosened = (template: Template): Template => ({ ...template, cost: (schedule, ...rest) => template.cost(schedule, ...rest) * (0.3 + rngOf(1, printSchedule(schedule)).next()) })

const { definitions } = await loadFile(new URL('../kernels/index.ts', import.meta.url).pathname)
const { algorithm, definition } = definitions.find((d) => d.exportName === search.kernel)!
const device = await open[search.target]()
const lengths = lengthsOf(search)
const work = { algorithm, definition, problem: defaultProblem(algorithm, search.dtype, search.dim), device, lengths, heads: search.heads, seed: 1 }
const started = Date.now()
const r = await tune({ ...work, workbench: inTurn(attentionWorkbench(work)), budgetMs, limit, store: { winners: store, journal: `${store}.journal` }, ...(search.explore && { template: loosened(templatesFor(device.info.target, search.dtype)[0]!) }) })
const count = (status: string): number => r.measurements.filter((m) => m.status === status).length
const found = r.winner && r.default?.ms ? `${r.default.ms.toFixed(3)} ms, best ${r.winner.ms.toFixed(3)} (${(r.default.ms / r.winner.ms).toFixed(2)} x): ${Object.values(r.winner.schedule.values).join('/')}` : 'no winner'
console.log(`${search.kernel} ${search.dtype} d${search.dim} on ${device.info.name}, ${printProfile(profileOf(lengths))}: ${found}; ${r.measurements.length} of ${r.space.feasible} tried (${count('slow')} slow, ${count('wrong')} wrong, ${count('failed')} failed), ${r.end}, ${((Date.now() - started) / 1000).toFixed(0)} s`)
for (const m of r.measurements) if (m.status === 'wrong' || m.status === 'failed') console.log(`  ${m.status} ${Object.values(m.schedule.values).join('/')}: ${m.reason}`)
await device.close()
process.disconnect()
