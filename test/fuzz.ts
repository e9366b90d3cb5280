/**
 * Fuzzes emitted kernels on one device: `node test/fuzz.ts --device webgpu|cuda-cpu|cuda [--sources N] [--cases N] [--seed S] [--dtypes f32,f16]
 * [--budget SECONDS] [--unlimited] [--off f16,subgroups] [--hardware] [--from I] [--nest TEMPLATE]`. Prints cases, distinct sources, seconds; exit 1 when a case fails.
 * `--must-meet` also fails where a path, layout or kind of tile never came up. SERRATE_FUZZ_NODE names another Node for the device. Each part runs in a process of its own: a launch that does not end, or a lost device, ends that part, and the next goes on after its source.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { mustMeet } from '../verify/fuzz/met.ts'
import { joinParts } from '../verify/fuzz/parts.ts'
import type { FuzzResult } from '../verify/fuzz/run.ts'
import { fuzzPart } from './fuzz-part.ts'

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'webgpu' }, sources: { type: 'string' }, cases: { type: 'string' }, seed: { type: 'string' }, dtypes: { type: 'string' }, from: { type: 'string' },
    budget: { type: 'string' }, unlimited: { type: 'boolean', default: false }, off: { type: 'string', default: '' }, hardware: { type: 'boolean', default: false }, tokens: { type: 'string' }, out: { type: 'string' },
    part: { type: 'string' }, break: { type: 'string' }, 'must-meet': { type: 'boolean', default: false }, nest: { type: 'string' },
  },
})

const save = (file: string, value: unknown): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(value, null, 1))
}

/** One part in a process of its own, which is killed once its result is there: a stalled device would keep it alive. */
const runPart = (from: number, seed: number, secondsLeft: number | undefined): Promise<FuzzResult | undefined> =>
  new Promise((resolve) => {
    const file = join(process.cwd(), '.serrate', 'fuzz', `part-${process.pid}-${from}.json`)
    rmSync(file, { force: true })
    const budget = secondsLeft === undefined ? [] : ['--budget', String(secondsLeft)]
    const child = spawn(process.env.SERRATE_FUZZ_NODE ?? process.execPath, [process.argv[1]!, ...process.argv.slice(2), '--seed', String(seed), '--from', String(from), ...budget, '--part', file], { stdio: 'inherit' })
    child.on('close', () => {
      try {
        resolve(JSON.parse(readFileSync(file, 'utf8')) as FuzzResult)
      } catch {
        resolve(undefined)
      } finally {
        rmSync(file, { force: true })
      }
    })
  })

/** A new seed a day rotates the sources; the printed seed repeats a run. */
const today = Math.floor(Date.now() / 86_400_000)

const whole = async (): Promise<void> => {
  const seed = Number(values.seed ?? today)
  const parts: FuzzResult[] = []
  let from = Number(values.from ?? 0)
  let secondsLeft: number | undefined
  for (;;) {
    const part = await runPart(from, seed, secondsLeft)
    if (!part) throw new Error(`the process that fuzzed from source ${from} on ended without a result`)
    parts.push(part)
    if (part.stopped === undefined || part.secondsLeft === 0) break
    secondsLeft = part.secondsLeft
    from = part.stopped + 1
    console.log(`the device gave up at source ${part.stopped}; going on from ${from} in a new process`)
  }
  const report = joinParts(parts)
  for (const f of report.failures) console.log(`FAILED ${f.source}\n  ${f.message}\n  repeat: ${f.repro}`)
  console.log(`${report.cases} cases, ${report.sources} distinct sources (${report.randomSources} from random hooks), dims ${report.dims.join(' ')}, ${report.seconds.toFixed(0)} s, seed ${report.seed}, on ${report.device}`)
  console.log(`met: ${Object.entries(report.met).map(([k, v]) => `${k} ${v}`).join(', ')}`)
  console.log(`paths: ${Object.entries(report.paths).map(([k, v]) => `${k} ${v}`).join(', ')}`)
  const file = values.out ?? process.env.SERRATE_TEST_JSON
  if (file) save(file, report)
  const missing = values['must-meet'] ? mustMeet.filter((name) => !report.met[name]) : []
  if (missing.length) console.log(`never met: ${missing.join(', ')}`)
  process.exitCode = report.failed || missing.length ? 1 : 0
}

if (values.part === undefined) await whole()
else {
  save(values.part, await fuzzPart({ ...values, seed: values.seed! }))
  process.exit()
}
