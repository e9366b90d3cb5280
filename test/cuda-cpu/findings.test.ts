import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCudaCpu, POLICIES, type CudaCpuDevice } from '../../runtime/cuda-cpu/index.ts'
import type { KernelSource } from '../../codegen/ir/manifest.ts'
import type { Job } from '../../runtime/device.ts'
import { jobOf, kernelText, mutate, noCompiler, reduction, sourceOf } from './harness.ts'

/** What is done to a correct kernel, and what must be found: the kind, and the line of the text (after the change) that holds `line`. */
interface Bug {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly finding: RegExp
  readonly line?: string
}

const reductionBugs: readonly Bug[] = [
  { name: 'dropped block barrier', from: 'block_barrier();  // loaded', to: '', finding: /^race: (read|write) of shared memory/, line: 'shared[thread] += shared[thread + step]' },
  { name: 'dropped block barrier in a loop', from: 'block_barrier();  // halved', to: '', finding: /^race/, line: 'shared[thread] += shared[thread + step]' },
  { name: 'lanes that trust a shuffle to order shared memory', from: 'for (int lane_mask = 16;', to: 'shared[thread] = 0; shuffle_xor(sum, 1); sum += shared[thread ^ 1];\n  for (int lane_mask = 16;', finding: /^race: read/, line: 'shared[thread] = 0;' },
  { name: 'uninitialised shared read', from: 'shared[thread] = row', to: 'if (thread != 70) shared[thread] = row', finding: /^uninitialised shared read: read at .* by thread 6/, line: 'shared[thread] += shared[thread + step]' },
  { name: 'shared store past the end', from: 'shared[thread] = row', to: 'shared[thread + 1] = row', finding: /^out-of-bounds shared write: write of 4 bytes .* by thread 127 .*offset 512 of the block's 512 bytes/, line: 'shared[thread + 1] = row' },
  { name: 'shared read before the start', from: 'sum = shared[thread]', to: 'sum = shared[(int)thread - 1]', finding: /^out-of-bounds shared read: .*offset -4/, line: 'sum = shared' },
  { name: 'global read past the end', from: 'row < params.num_rows', to: 'row <= params.num_rows', finding: /^out-of-bounds read: .*offset 1200 of buffer q, which has 1200 bytes/, line: 'params.q[row]' },
  { name: 'global read of an address in no buffer', from: 'params.q[row]', to: 'params.q[row + (1u << 30)]', finding: /^out-of-bounds read: .*is in no buffer/, line: 'params.q[row + (1u << 30)]' },
  { name: 'global write past the end', from: 'params.out[blockIdx.x]', to: 'params.out[blockIdx.x + gridDim.x]', finding: /^out-of-bounds write: .*offset (12|16|20) of buffer out/, line: 'params.out[blockIdx.x + gridDim.x]' },
  { name: 'global write before the start', from: 'params.out[blockIdx.x]', to: 'params.out[(int)blockIdx.x - 1]', finding: /^out-of-bounds write: .*offset -4 of buffer out/ },
  { name: 'barrier that half of the block skips', from: 'block_barrier();  // loaded', to: 'if (thread < 64) block_barrier();', finding: /^divergent barrier/ },
  { name: 'barrier after some threads returned', from: 'block_barrier();  // loaded', to: 'if (thread == 100) return; block_barrier();', finding: /^divergent barrier: .*127 of the 128/ },
  { name: 'block barrier against warp barrier', from: 'block_barrier();  // loaded', to: 'if (thread & 1) block_barrier(); else warp_barrier();', finding: /^deadlock: .*threads 0-0 wait in warp_barrier at .*; threads 1-1 wait in block_barrier/ },
  { name: 'shuffle with lanes that returned', from: 'if (thread >= 32) return', to: 'if (thread >= 16) return', finding: /^missing lanes: shuffle at .*lane 16, which returned/ },
  { name: 'shuffles of different masks', from: 'shuffle_xor(sum, lane_mask)', to: 'shuffle_xor(sum, thread == 3 ? 8 : lane_mask)', finding: /^mismatched warp operation/ },
  { name: 'shuffles in different branches', from: 'sum += shuffle_xor(sum, lane_mask)', to: 'if (thread & 1) sum += shuffle_xor(sum, lane_mask);\n    else sum += shuffle_xor(sum, lane_mask)', finding: /^mismatched warp operation/ },
  { name: 'misaligned vector load', from: 'float sum = shared[thread]', to: 'float sum = shared[thread] + uint_as_float(load_16(params.q + 1 + 4 * (thread % 2)).x)', finding: /^misaligned access: read of 16 bytes/, line: 'load_16(params.q + 1' },
  { name: 'division of an integer by zero', from: 'row = blockIdx.x', to: 'row = (blockIdx.x + 1) / (params.num_rows - 300)', finding: /^fault: integer division by zero/ },
  { name: 'stack overflow', from: 'float sum = shared[thread];', to: 'volatile float big[1 << 16]; big[thread] = 1; float sum = big[thread];', finding: /^(fault|out-of-bounds)/ },
  { name: 'a loop without end', from: 'float sum = shared[thread];', to: 'volatile int on = 1; while (on) {} float sum = shared[thread];', finding: /^fault: time limit/ },
]

const matmulBugs: readonly Bug[] = [
  { name: 'dropped cp.async wait', from: 'cp_async_wait<1>();', to: '', finding: /^asynchronous copy not waited for: read/, line: 'ldmatrix_x4(a' },
  { name: 'cp.async wait that leaves a group too many', from: 'cp_async_wait<1>();', to: 'cp_async_wait<2>();', finding: /^asynchronous copy not waited for/ },
  { name: 'dropped cp.async commit', from: 'cp_async_commit();\n    cp_async_wait', to: 'cp_async_wait', finding: /^asynchronous copy not waited for/ },
  { name: 'dropped barrier after the wait', from: 'block_barrier();  // arrived', to: '', finding: /^(race|asynchronous copy not waited for)/ },
  { name: 'dropped barrier before a slot is refilled', from: 'block_barrier();  // used', to: '', finding: /^(race|asynchronous copy not waited for)/ },
  { name: 'cp.async from past the end of a buffer', from: 'params.k + other * DEPTH', to: 'params.k + (other + 1) * DEPTH', finding: /^out-of-bounds read: read of 16 bytes .*buffer k/, line: 'params.k + (other + 1)' },
  { name: 'misaligned cp.async', from: 'STRIDE = 24', to: 'STRIDE = 25', finding: /^misaligned access/ },
  { name: 'row of ldmatrix past the arena', from: 'ldmatrix_x4(keys, stage + K_ROWS', to: 'ldmatrix_x4(keys, stage + 2 * STAGE', finding: /^out-of-bounds shared read/, line: 'ldmatrix_x4(keys' },
  { name: 'mma that a lane skips', from: 'if (first + STEP < DEPTH) load', to: 'if (first == 32 && lane == 9) return;\n    if (first + STEP < DEPTH) load', finding: /^missing lanes: (mma|ldmatrix)/ },
]

const zeros = new Uint8Array(2048)
const subjects: readonly (readonly [kernel: string, bugs: readonly Bug[], source: (text: string) => KernelSource, job: () => Job])[] = [
  ['reduction', reductionBugs, reduction.source, reduction.job],
  ['matmul', matmulBugs, (text) => sourceOf('matmul', text, ['q', 'k', 'v', 'out', 'lse']), () => jobOf({ q: new Uint8Array(4096), k: zeros, v: zeros, out: zeros, lse: zeros }, ['out'], 1)],
]
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length

describe.skipIf(noCompiler).each(POLICIES)('seeded bugs, %s', (policy) => {
  let device: CudaCpuDevice
  beforeAll(async () => { device = await openCudaCpu({ policy, seed: 3, timeLimit: 2 }) })
  afterAll(() => device.close())

  for (const [kernel, bugs, source, job] of subjects) {
    it.each(bugs)(`${kernel}: $name`, async ({ from, to, finding, line }) => {
      const text = mutate(kernelText(kernel), from, to)
      const compiled = await device.compile(source(text))
      const { findings } = await compiled.run(job())
      const found = findings.filter((f) => finding.test(f))
      expect(found, findings.join('\n')).not.toEqual([])
      if (line) expect(found.join('\n')).toContain(`${kernel}.cu:${lineOf(text, line)}`)
      expect(findings.length).toBeLessThanOrEqual(20)
    })
  }

  it('after a fault the same kernel runs again', async () => {
    const crash = mutate(kernelText('reduction'), 'const unsigned thread', 'if (params.num_rows == 1) *(volatile int*)0 = 1;\n  const unsigned thread')
    const compiled = await device.compile(reduction.source(crash))
    const bad = await compiled.run({ ...reduction.job(), params: { num_rows: 1 } })
    expect(bad.findings.join()).toMatch(/out-of-bounds write|fault/)
    const good = await compiled.run(reduction.job())
    expect(good.findings).toEqual([])
    expect([...new Float32Array(good.buffers.out!.buffer)]).toEqual(reduction.expected)
  })
})

describe.skipIf(noCompiler)('without checks', () => {
  it('a store past a buffer and a fault are still findings', async () => {
    const device = await openCudaCpu({ checks: false })
    const past = await device.compile(reduction.source(mutate(kernelText('reduction'), 'params.out[blockIdx.x]', 'params.out[blockIdx.x + gridDim.x]')))
    expect((await past.run(reduction.job())).findings.join()).toMatch(/out-of-bounds write: memory past the end of buffer out/)
    const wild = await device.compile(reduction.source(mutate(kernelText('reduction'), 'params.q[row]', 'params.q[row + (1u << 30)]')))
    expect((await wild.run(reduction.job())).findings.join()).toMatch(/^fault: memory fault/)
    await device.close()
  })
})
