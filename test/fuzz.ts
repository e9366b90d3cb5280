/**
 * Fuzzes emitted kernels on one device: `node test/fuzz.ts --device webgpu|cuda-cpu|cuda [--sources N] [--cases N] [--seed S] [--dtypes f32,f16]
 * [--budget SECONDS] [--unlimited] [--off f16,subgroups] [--hardware]`. Prints cases, distinct sources, seconds; exit 1 when a case fails.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Dtype } from '../codegen/ir/algorithm.ts'
import { fuzz } from '../verify/fuzz/run.ts'
import { openFuzzDevice } from './fuzz-devices.ts'

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'webgpu' }, sources: { type: 'string' }, cases: { type: 'string' }, seed: { type: 'string' }, dtypes: { type: 'string' },
    budget: { type: 'string' }, unlimited: { type: 'boolean', default: false }, off: { type: 'string', default: '' }, hardware: { type: 'boolean', default: false }, tokens: { type: 'string' }, out: { type: 'string' },
  },
})

const SHIPPED = ['full', 'causal', 'sliding_window', 'alibi', 'softcap', 'relative_bias', 'prefix_lm', 'hstu']
const number = (text: string | undefined, fallback: number): number => (text === undefined ? fallback : Number(text))
/** A new seed a day rotates the sources; the printed seed repeats a run. */
const today = Math.floor(Date.now() / 86_400_000)
const seed = number(values.seed, today)
const opened = await openFuzzDevice(values.device, { off: values.off.split(',').filter(Boolean), hardware: values.hardware, seed })
const result = await fuzz({
  device: opened.device,
  limits: opened.limits,
  shipped: SHIPPED,
  dtypes: values.dtypes ? (values.dtypes.split(',') as Dtype[]) : opened.dtypes,
  count: values.unlimited ? number(values.sources, 2000) : number(values.sources, opened.sources),
  casesPerSource: number(values.cases, opened.cases),
  maxTokens: number(values.tokens, opened.maxTokens),
  seed,
  folder: join(process.cwd(), '.serrate', 'fuzz'),
  ...(values.unlimited ? {} : { budgetMs: number(values.budget, opened.budgetSeconds) * 1000 }),
  label: `fuzz ${values.device}`,
})
await opened.device.close()

for (const f of result.failures) console.log(`FAILED ${f.source}\n  ${f.message}\n  repeat: ${f.repro}`)
console.log(`${result.cases} cases, ${result.sources} distinct sources (${result.randomSources} from random hooks), dims ${result.dims.join(' ')}, ${result.seconds.toFixed(0)} s, seed ${result.seed}, on ${result.device}`)
console.log(`paths: ${Object.entries(result.paths).map(([k, v]) => `${k} ${v}`).join(', ')}`)
const file = values.out ?? process.env.SERRATE_TEST_JSON
if (file) { mkdirSync(dirname(file), { recursive: true }); writeFileSync(file, JSON.stringify(result, null, 1)) }
process.exit(result.failed ? 1 : 0)
