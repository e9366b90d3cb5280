/**
 * Emits schedules of the Hopper loop nest for schedules.py, workload by workload: `node bench/h100/schedules.ts --out DIR [--cases hstu1k,mid]
 * [--set "blockN=128,numStages=2; order=0"]`. The first of each workload is the one that a launch of its shape takes; each entry of `--set` replaces
 * fields of it. What cannot run is printed with its reason, and left out.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileKernel, defaultProblem } from '../../codegen/compile.ts'
import { loadFile } from '../../codegen/frontend/index.ts'
import { factsOf } from '../../codegen/lower/bind.ts'
import { applyRules } from '../../codegen/schedule/rules.ts'
import { targetLimits } from '../../codegen/schedule/targets.ts'
import { cudaWgmma } from '../../codegen/schedule/templates/cuda_wgmma.ts'

interface Workload { readonly B: number; readonly H: number; readonly D: number; readonly N: number; readonly lengths: string; readonly causal?: boolean }
const table = JSON.parse(readFileSync(join(import.meta.dirname, '../workloads.json'), 'utf8')) as { readonly attention: Readonly<Record<string, Workload>>; readonly hstu: Readonly<Record<string, Workload>> }
const workloads = { ...table.attention, ...table.hstu }

const { values } = parseArgs({ options: { out: { type: 'string' }, cases: { type: 'string', default: Object.keys(workloads).join(',') }, set: { type: 'string', default: '' } } })
if (!values.out) throw new Error('schedules.ts needs --out DIR')
mkdirSync(values.out, { recursive: true })
const { definitions } = await loadFile(join(import.meta.dirname, '../../kernels/index.ts'))
const LIMITS = { ...targetLimits.cuda, architecture: 'sm_90a' }

/** Rows of a sequence on average, as a fraction of N or a number of its own. */
const MEANS: Readonly<Record<string, (n: number) => number>> = {
  full: (n) => n, uniform: (n) => n / 2, nearfull: (n) => 0.95 * n, longtail: (n) => n / 8, zipf: (n) => n / 64, onegiant: () => 18, movielens: () => 165,
}
const fieldsOf = (text: string): Readonly<Record<string, number>> => Object.fromEntries(text.split(',').map((s) => s.trim()).filter((s) => s).map((s) => [s.split('=')[0]!, Number(s.split('=')[1])]))

for (const name of values.cases.split(',')) {
  const w = workloads[name]
  if (!w) throw new Error(`no workload is called ${name}; there are ${Object.keys(workloads).join(', ')}`)
  const { algorithm } = definitions.find((d) => d.exportName === (name in table.hstu ? 'hstu' : w.causal ? 'causal' : 'full'))!
  const problem = defaultProblem(algorithm, 'bf16', w.D)
  const facts = factsOf(algorithm, problem)
  const rows = Math.ceil(w.B * MEANS[w.lengths]!(w.N))
  const { schedule } = applyRules(cudaWgmma, cudaWgmma.defaults(problem, facts, LIMITS), { queries: 'self', sequences: w.B, heads: w.H, rows, kvRows: rows }, { algorithm, problem, facts, limits: LIMITS })
  for (const fields of [{}, ...values.set.split(';').map(fieldsOf).filter((f) => Object.keys(f).length)]) {
    const wanted = { ...schedule, values: { ...schedule.values, ...fields } }
    const why = cudaWgmma.infeasible(wanted, problem, facts, LIMITS)
    const label = Object.entries(fields).map(([k, v]) => `${k}=${v}`).join(',') || 'default'
    if (why) { console.log(`${name} ${label}: ${why.message}`); continue }
    const { text, manifest } = compileKernel(algorithm, problem, { target: 'cuda', limits: LIMITS, schedule: wanted })
    const file = join(values.out, `${name}@${label}`)
    writeFileSync(`${file}.cu`, text)
    writeFileSync(`${file}.json`, JSON.stringify(manifest))
  }
}
