import { spawnSync } from 'node:child_process'

export interface Counted { readonly passed: number; readonly failed: number; readonly note?: string }

export interface Step {
  readonly name: string
  readonly command: readonly string[]
  /** Reads the step's result file; absent: one test, its exit code. */
  readonly counts?: (result: any) => Counted
  /** A printed reason why this machine cannot run it. */
  readonly skip?: () => string | undefined
  readonly fuzz?: boolean
}

const node = process.execPath
const has = (tool: string): boolean => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0
const vitest = (r: { numPassedTests: number; numFailedTests: number; numFailedTestSuites: number; numPendingTests: number }): Counted => ({
  passed: r.numPassedTests,
  failed: r.numFailedTests || r.numFailedTestSuites,
  ...(r.numPendingTests && { note: `${r.numPendingTests} skipped, reasons above` }),
})
const fuzz = (r: { cases: number; failed: number; sources: number; randomSources: number; seconds: number; device: string }): Counted => ({
  passed: r.cases - r.failed,
  failed: r.failed,
  note: `${r.cases} cases, ${r.sources} distinct sources (${r.randomSources} from random hooks) on ${r.device} in ${r.seconds.toFixed(0)} s`,
})

const wgsl = (name: string, script: string, more: readonly string[]): Step => ({ name, command: [node, script, '--device', 'webgpu', ...more], counts: fuzz, fuzz: true })
const cuda = (name: string, script: string, more: readonly string[]): Step => ({ name, command: [node, script, '--device', 'cuda-cpu', ...more], counts: fuzz, fuzz: true, skip: () => (has('g++') ? undefined : 'g++ is not on this machine, so CUDA source is not run on the CPU') })

/** Sources of attention in WGSL that the lane of their own has. */
const MOST = 116

/** Groups run one after another, the lanes of a group side by side, the steps of a lane in turn: two lanes that end together, for two cores. */
export const steps = ({ fuzzAll }: { fuzzAll: boolean }): readonly (readonly (readonly Step[])[])[] => {
  const size = fuzzAll ? ['--unlimited'] : []
  // The last sources of the long lane go to the other.
  const [most, rest] = fuzzAll ? [[], []] : [['--sources', String(MOST)], [wgsl('fuzz-wgsl-rest', 'test/fuzz.ts', ['--from', String(MOST)])]]
  return [
    [
      [{ name: 'typecheck', command: [node, 'node_modules/typescript/bin/tsc', '--noEmit'] }],
      [{ name: 'imports', command: [node, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', 'dsl', 'kernels', 'codegen', 'runtime', 'reference', 'verify', 'tune', 'cli', 'report'] }],
      [{ name: 'generated', command: [node, 'cli/main.ts', 'generate', '--check'] }],
    ],
    [[{ name: 'unit', command: [node, 'node_modules/vitest/vitest.mjs', 'run'], counts: vitest }]],
    [
      [wgsl('fuzz-wgsl', 'test/fuzz.ts', ['--must-meet', ...size, ...most])],
      [
        wgsl('fuzz-interactions', 'test/fuzz-interactions.ts', size),
        cuda('fuzz-cuda-cpu', 'test/fuzz.ts', ['--must-meet', ...size]),
        cuda('fuzz-interactions-cuda', 'test/fuzz-interactions.ts', size),
        { name: 'fuzz-lavapipe', command: ['bash', 'test/lavapipe-fuzz.sh', ...size], counts: fuzz, fuzz: true, skip: () => (has('apt-get') ? undefined : 'no Debian mirror: f16 and subgroups need a device that has them') },
        ...rest,
      ],
    ],
  ]
}
