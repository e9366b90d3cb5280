import { expect, it } from 'vitest'
import { architectureFor, packParams } from '../../runtime/cuda/index.ts'
import { cudaSource, loadShipped } from './shipped.ts'

const shipped = await loadShipped()

it('lays Params out as C does: pointers in binding order, then 4-byte fields, a multiple of 8', () => {
  const { manifest } = cudaSource(shipped.find((d) => d.algorithm.name === 'relative_bias')!, 'f16', 64)
  const pointers = Object.fromEntries(manifest.buffers.map((b, i) => [b.name, BigInt(i + 1) << 33n]))
  const values = Object.fromEntries(manifest.params.map((p, i) => [p.name, p.type === 'f32' ? 0.5 : i + 1]))
  const bytes = packParams(manifest, pointers, values)
  expect(bytes.length % 8).toBe(0)
  manifest.buffers.forEach((b, i) => expect(bytes.readBigUInt64LE(8 * i), b.name).toBe(BigInt(i + 1) << 33n))
  const at = 8 * manifest.buffers.length
  manifest.params.forEach((p, i) => expect(p.type === 'f32' ? bytes.readFloatLE(at + 4 * i) : bytes.readUInt32LE(at + 4 * i), p.name).toBe(values[p.name]))
})

it('compiles for the plan\'s own architecture where it has a feature letter', () => {
  const list = ['sm_80', 'sm_90a', 'sm_100']
  expect([architectureFor(list, 9, 0), architectureFor(list, 8, 0), architectureFor(list, 8, 9)]).toEqual(['sm_90a', 'sm_80', 'sm_89'])
})
