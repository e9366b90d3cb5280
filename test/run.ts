/** The project's test command: checks, unit tests, fuzz on every device this machine has. Ends with `N passed, N failed`. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { steps, type Step } from './steps.ts'

interface Outcome { readonly step: Step; readonly passed: number; readonly failed: number; readonly seconds: number; readonly note: string }

const results = join(process.cwd(), '.serrate', 'results')

const execute = (step: Step): Promise<Outcome> =>
  new Promise((resolve) => {
    const started = Date.now()
    const file = join(results, `${step.name}.json`)
    rmSync(file, { force: true })
    const child = spawn(step.command[0]!, step.command.slice(1), { stdio: 'inherit', env: { ...process.env, SERRATE_TEST_JSON: file } })
    child.on('close', (code) => {
      const seconds = (Date.now() - started) / 1000
      try {
        const counted = step.counts ? step.counts(JSON.parse(readFileSync(file, 'utf8'))) : { passed: code === 0 ? 1 : 0, failed: 0, note: '' }
        const failed = counted.failed + (code !== 0 && counted.failed === 0 ? 1 : 0)
        resolve({ step, passed: counted.passed, failed, seconds, note: counted.note ?? '' })
      } catch (error) {
        resolve({ step, passed: 0, failed: 1, seconds, note: `exit ${code}, no readable result (${(error as Error).message})` })
      }
    })
  })

const runStep = async (step: Step): Promise<Outcome> => {
  const reason = step.skip?.()
  if (!reason) return execute(step)
  console.log(`skipped ${step.name}: ${reason}`)
  return { step, passed: 0, failed: 0, seconds: 0, note: `skipped: ${reason}` }
}

const runLane = async (lane: readonly Step[]): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = []
  for (const step of lane) outcomes.push(await runStep(step))
  return outcomes
}

const main = async (): Promise<void> => {
  mkdirSync(results, { recursive: true })
  const only = process.argv.slice(2).filter((a) => !a.startsWith('--'))
  const fuzzAll = process.argv.includes('--fuzz')
  const outcomes: Outcome[] = []
  for (const group of steps({ fuzzAll })) {
    const chosen = group.map((lane) => lane.filter((s) => (only.length ? only.includes(s.name) : !fuzzAll || s.fuzz)))
    outcomes.push(...(await Promise.all(chosen.map(runLane))).flat())
  }
  console.log('')
  for (const o of outcomes) console.log(`${o.failed ? 'FAILED' : 'ok    '} ${o.step.name.padEnd(18)} ${String(o.passed).padStart(6)} passed ${String(o.failed).padStart(4)} failed ${o.seconds.toFixed(1).padStart(7)} s  ${o.note}`)
  const passed = outcomes.reduce((n, o) => n + o.passed, 0)
  const failed = outcomes.reduce((n, o) => n + o.failed, 0)
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed || !passed ? 1 : 0
}

await main()
