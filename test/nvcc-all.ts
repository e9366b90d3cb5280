/** Compiles every shipped kernel for every dtype, listed head dim and architecture. Resumable: what compiled is remembered by its source's hash. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { defaultProblem } from '../codegen/compile.ts'
import { hash } from '../codegen/ir/hash.ts'
import { factsOf } from '../codegen/lower/bind.ts'
import { targetLimits } from '../codegen/schedule/targets.ts'
import { cudaWgmma } from '../codegen/schedule/templates/cuda_wgmma.ts'
import { findNvcc, runNvcc } from '../runtime/cuda/index.ts'
import { readPtxas } from './cuda/ptxas.ts'
import { cudaSource, DTYPES, loadShipped } from './cuda/shipped.ts'

const DIMS = [1, 8, 16, 24, 32, 33, 64, 96, 127, 128]

interface Row { readonly key: string; readonly kernel: string; readonly architecture: string; readonly ok: boolean; readonly seconds: number; readonly registers: number; readonly spills: number; readonly log?: string }

const nvcc = findNvcc()
if (!nvcc) {
  console.log('nvcc is not on this machine: nothing to compile with')
  process.exit(2)
}
const version = execFileSync(nvcc, ['--version'], { encoding: 'utf8' }).trim().split('\n').at(-1)!
const folder = join(process.cwd(), '.serrate')
mkdirSync(folder, { recursive: true })
const journal = join(folder, 'nvcc.jsonl')

const parse = (line: string): Row | undefined => {
  try {
    return JSON.parse(line) as Row
  } catch {
    return undefined
  }
}
const known = new Map((existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : []).map(parse).filter((r) => r !== undefined).map((r) => [r.key, r]))

const shipped = await loadShipped()
/** The default schedules, and the Hopper path's at the dims that it is for. */
const sources = shipped.flatMap((d) => DTYPES.flatMap((dtype) => DIMS.flatMap((dim) => {
  const problem = defaultProblem(d.algorithm, dtype, dim)
  const hopper = dtype !== 'f32' && (dim === 64 || dim === 128) ? [cudaSource(d, dtype, dim, cudaWgmma.defaults(problem, factsOf(d.algorithm, problem), targetLimits.cuda))] : []
  return [cudaSource(d, dtype, dim), ...hopper]
})))
const jobs = sources.flatMap(({ text, manifest }) => manifest.requires.architectures.map((architecture) => ({ text, kernel: `${manifest.kernel} ${manifest.schedule.template}`, name: manifest.kernel, architecture, key: hash([text, architecture, version]) })))
const done: Row[] = jobs.flatMap(({ key }) => known.get(key) ?? [])
const todo = jobs.filter(({ key }) => !known.has(key))
console.log(`${jobs.length} compilations with ${version}: ${done.length} remembered, ${todo.length} to do`)

const started = Date.now()
let finished = 0
const work = async (): Promise<void> => {
  for (let job = todo.shift(); job; job = todo.shift()) {
    const at = Date.now()
    const { ok, log } = await runNvcc(nvcc, job.name, job.text, job.architecture, ['-Xptxas', '-v'])
    const use = readPtxas(log)
    const row: Row = {
      key: job.key, kernel: job.kernel, architecture: job.architecture, ok, seconds: (Date.now() - at) / 1000,
      registers: Math.max(0, ...use.map((u) => u.registers)), spills: use.reduce((n, u) => n + u.spillStores + u.spillLoads, 0), ...(!ok && { log }),
    }
    appendFileSync(journal, `${JSON.stringify(row)}\n`)
    done.push(row)
    finished++
    const left = ((Date.now() - started) / finished) * todo.length / 1000
    console.log(`${done.length}/${jobs.length} ${ok ? 'ok    ' : 'FAILED'} ${job.kernel} ${job.architecture} ${row.seconds.toFixed(1)} s, ${row.registers} registers, ${row.spills} B spilled; ${Math.ceil(left)} s left`)
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work))

const failed = done.filter((row) => !row.ok)
const spilled = done.filter((row) => row.spills > 0)
for (const row of failed) console.log(`FAILED ${row.kernel} ${row.architecture}\n${row.log}`)
for (const row of spilled) console.log(`SPILLS ${row.kernel} ${row.architecture}: ${row.spills} B`)
const slowest = Math.max(...done.map((row) => row.seconds))
console.log(`${done.length - failed.length} compiled, ${failed.length} failed, ${spilled.length} spill; slowest ${slowest.toFixed(1)} s`)
process.exit(failed.length || spilled.length ? 1 : 0)
