import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCudaCpu, POLICIES, type CudaCpuDevice } from '../../runtime/cuda-cpu/index.ts'
import { decode, encode } from '../../runtime/dtypes.ts'
import { bytesOf, jobOf, kernelText, mutate, noCompiler, reduction, sourceOf, wholeNumbers } from './harness.ts'

const half = [['f16', 'half_t'], ['bf16', 'bf16_t']] as const
const textFor = (name: string, element: string): string => mutate(kernelText(name), 'typedef half_t element_t', `typedef ${element} element_t`)
const floats = (bytes: Uint8Array | undefined): number[] => [...new Float32Array(bytes!.buffer)]

const product = (a: Float64Array, at: (k: number, column: number) => number): number[] =>
  Array.from({ length: 32 * 16 }, (_, i) => Array.from({ length: 64 }, (_, k) => a[Math.floor(i / 16) * 64 + k]! * at(k, i % 16)).reduce((x, y) => x + y))

describe.skipIf(noCompiler)('kernels that are right run right, with no finding', () => {
  const devices: CudaCpuDevice[] = []
  beforeAll(async () => {
    for (const policy of POLICIES) devices.push(await openCudaCpu({ policy, seed: 5 }))
    devices.push(await openCudaCpu({ checks: false }))
  })
  afterAll(() => Promise.all(devices.map((d) => d.close())))

  it('a reduction through shared memory and shuffles', async () => {
    for (const device of devices) {
      const { buffers, findings } = await (await device.compile(reduction.source())).run(reduction.job())
      expect(findings).toEqual([])
      expect(floats(buffers.out)).toEqual(reduction.expected)
    }
  })

  it.each(half)('%s mma, ldmatrix, ldmatrix.trans and cp.async give the plain product exactly', async (dtype, element) => {
    const [q, k, v] = [wholeNumbers(32 * 64, 1), wholeNumbers(16 * 64, 2), wholeNumbers(64 * 16, 3)] as const
    const [qBytes, kBytes, vBytes] = [q, k, v].map((x) => bytesOf(encode(dtype, x))) as [Uint8Array, Uint8Array, Uint8Array]
    const job = jobOf({ q: qBytes, k: kBytes, v: vBytes, out: new Uint8Array(2048), lse: new Uint8Array(2048) }, ['out', 'lse'], 1)
    for (const device of devices) {
      const { buffers, findings } = await (await device.compile(sourceOf('matmul', textFor('matmul', element), ['q', 'k', 'v', 'out', 'lse']))).run(job)
      expect(findings).toEqual([])
      expect(floats(buffers.out)).toEqual(product(q, (row, column) => k[column * 64 + row]!))
      expect(floats(buffers.lse)).toEqual(product(q, (row, column) => v[row * 16 + column]!))
    }
  })

  it.each(half)('%s conversions round to nearest even and widen exactly', async (dtype, element) => {
    const n = 65536
    // every kind of bit pattern, NaN made 0; then dense values, where halves round
    const q = new Float32Array(Uint32Array.from({ length: 2 * n }, (_, i) => Math.imul(i + 1, 2654435761)).buffer).map((x) => (Number.isNaN(x) ? 0 : x))
    for (let i = 0; i < n; i++) q[i] = (((i * 40503) % n) - n / 2) / 2 ** (i % 24)
    const k = Uint16Array.from({ length: n }, (_, i) => i)
    const job = jobOf({ q: bytesOf(q), k: bytesOf(k), out: new Uint8Array(4 * n), lse: new Uint8Array(4 * n) }, ['out', 'lse'], n / 256)
    const { buffers, findings } = await (await devices[0]!.compile(sourceOf('convert', textFor('convert', element), ['q', 'k', 'out', 'lse']))).run(job)
    expect(findings).toEqual([])
    expect([...decode(dtype, new Uint16Array(buffers.out!.buffer))]).toEqual([...decode(dtype, encode(dtype, q))])
    expect(floats(buffers.lse)).toEqual([...decode(dtype, k)])
  })

  it('times the launches it is asked for', async () => {
    const { times } = await (await devices[0]!.compile(reduction.source())).run({ ...reduction.job(), timing: { warmup: 1, iterations: 3 } })
    expect(times).toHaveLength(3)
    expect(Math.min(...times)).toBeGreaterThan(0)
  })

  it('compiles many kernels in shared units, also of one name', async () => {
    const texts = Array.from({ length: 8 }, (_, i) => mutate(kernelText('reduction'), 'params.out[blockIdx.x] = sum', `params.out[blockIdx.x] = sum + ${i}.0f`))
    const kernels = await devices[3]!.compileMany(texts.map((text) => reduction.source(text)))
    for (const [i, kernel] of kernels.entries()) expect(floats((await kernel.run(reduction.job())).buffers.out)).toEqual(reduction.expected.map((x) => x + i))
  })
})
