/**
 * Fuzzes kernels of interactions and of their derived gradients on one device: `node test/fuzz-interactions.ts --device webgpu|cuda-cpu|cuda [--sources N] [--cases N]
 * [--seed S] [--dtypes f32,bf16] [--budget SECONDS] [--unlimited] [--only NAME] [--from I]`. Prints cases, distinct sources, seconds; exit 1 when a case fails.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import { joinParts } from '../verify/fuzz/parts.ts'
import { fuzzInteractions } from '../verify/interaction/fuzz.ts'
import { openFuzzDevice } from './fuzz-devices.ts'

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'webgpu' }, sources: { type: 'string' }, cases: { type: 'string' }, seed: { type: 'string' }, dtypes: { type: 'string' }, from: { type: 'string' },
    budget: { type: 'string' }, unlimited: { type: 'boolean', default: false }, only: { type: 'string' }, out: { type: 'string' },
  },
})

/** What CI draws on two cores. */
const usual: Readonly<Record<string, { readonly sources: number; readonly cases: number; readonly programs: number; readonly dtypes: readonly Dtype[] }>> = {
  webgpu: { sources: 160, cases: 18, programs: 84, dtypes: ['f32', 'f32', 'bf16', 'f16'] },
  'cuda-cpu': { sources: 112, cases: 9, programs: 32, dtypes: ['bf16', 'f16', 'f32'] },
  cuda: { sources: 400, cases: 12, programs: 80, dtypes: ['bf16', 'f16', 'f32'] },
}
/** Every class, forward and backward: a run that met none of one shows nothing of it. */
const mustMeet = ['forward', 'gradient'].flatMap((way) => ['movement', 'reduction', 'contraction', 'scan'].map((c) => `${way} ${c}`)).concat('forward scatter', 'repeatBitEqual', 'poison', 'leak', 'whole gradient', 'chain', 'sums beside the output')

const seed = Number(values.seed ?? Math.floor(Date.now() / 86_400_000))
const chosen = usual[values.device]!
const opened = await openFuzzDevice(values.device, { off: [], hardware: false, seed })
const report = joinParts([await fuzzInteractions({
  device: opened.device, limits: opened.limits, seed,
  dtypes: values.dtypes ? (values.dtypes.split(',') as Dtype[]) : chosen.dtypes,
  programs: values.sources === undefined ? chosen.programs : 0,
  count: Number(values.sources ?? (values.unlimited ? 4 * chosen.sources : chosen.sources)),
  casesPerSource: Number(values.cases ?? chosen.cases),
  ...(values.from && { from: Number(values.from) }), ...(values.only && { only: values.only }),
  ...(values.unlimited ? {} : { budgetMs: 1000 * Number(values.budget ?? 420) }),
  folder: join(process.cwd(), '.serrate', 'fuzz'),
  label: `fuzz interactions ${values.device}`,
  again: `node test/fuzz-interactions.ts --device ${values.device} --seed ${seed}${values.dtypes ? ` --dtypes ${values.dtypes}` : ''}${values.only ? ` --only ${values.only}` : ''}`,
})])
for (const f of report.failures) console.log(`FAILED ${f.source}\n  ${f.message}\n  repeat: ${f.repro}`)
console.log(`${report.cases} cases, ${report.sources} distinct sources (${report.randomSources} from random definitions), ${report.seconds.toFixed(0)} s, seed ${report.seed}, on ${report.device}`)
console.log(`met: ${Object.entries(report.met).map(([k, v]) => `${k} ${v}`).join(', ')}`)
console.log(`paths: ${Object.entries(report.paths).map(([k, v]) => `${k} ${v}`).join(', ')}`)
const file = values.out ?? process.env.SERRATE_TEST_JSON
if (file) { mkdirSync(dirname(file), { recursive: true }); writeFileSync(file, JSON.stringify(report, null, 1)) }
const partial = values.only !== undefined || values.from !== undefined || values.sources !== undefined
const missing = partial ? [] : mustMeet.filter((name) => !report.met[name])
if (missing.length) console.log(`never met: ${missing.join(', ')}`)
process.exit(report.failed || missing.length ? 1 : 0)
