import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatSafetensors } from '../../cli/safetensors/write.ts'
import type { Tensor } from '../../cli/safetensors/types.ts'
import { inProcess } from './in-process.ts'
import { folder } from './program.ts'

const bytes = (a: ArrayBufferView): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)
const f32 = (...shape: number[]): Tensor => ({ dtype: 'F32', shape, bytes: new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)) })
const i32 = (...values: number[]): Tensor => ({ dtype: 'I32', shape: [values.length], bytes: bytes(Int32Array.from(values)) })

describe('tune', () => {
  it('searches each kernel of a gradient, says how it goes, and `bench` and `run` take the winners and say so', async () => {
    const dir = folder()
    const winners = join(dir, 'winners.json')
    const tuned = await inProcess('tune', 'jagged_dense_bmm_add', '--gradient', 'bias', '--lengths', '3,0,5', '--sizes', 'd=4,k=4', '--budget', '20s', '--limit', '2', '--winners', winners, '--fresh')
    expect({ code: tuned.code, error: tuned.json.error }).toEqual({ code: 0, error: undefined })
    expect(tuned.json).toMatchObject({ name: 'jagged_dense_bmm_add', gradient: 'bias', sizes: { d: 4, k: 4 }, lengths: { l: { sequences: 3, rows: 8 } }, kernels: [{ writes: 'd_bias_element', ended: 'limit', candidates: [{ status: 'ok' }, {}] }, { writes: 'd_bias', winner: { ms: expect.any(Number) }, default: { ms: expect.any(Number) } }] })
    expect(tuned.progress.some((p) => /^d_bias \(2 of 2\): 2\/2 tried, 0s left, best [\d.e-]+ ms$/.test(p))).toBe(true)
    expect(tuned.text).toMatch(/jagged_dense_bmm_add, gradient of bias, on .* d_bias: \d[\d,]* points/)

    const timed = await inProcess('bench', 'jagged_dense_bmm_add', '--gradient', 'bias', '--lengths', '3,0,5', '--sizes', 'd=4,k=4', '--iterations', '1', '--winners', winners)
    expect(timed.json.rows).toMatchObject([{ writes: 'd_bias_element', picked: { from: 'winner' } }, { writes: 'd_bias', picked: { from: 'winner' }, schedule: tuned.json.kernels[1].winner.schedule }])

    const files = ['--inputs', join(dir, 'in.safetensors'), '--output', join(dir, 'out.safetensors')]
    writeFileSync(join(dir, 'in.safetensors'), formatSafetensors({ x: f32(8, 4), w: f32(3, 4, 4), bias: f32(3, 4), d_out: f32(8, 4), 'offsets.l': i32(0, 3, 3, 8) }))
    const ran = await inProcess('run', 'jagged_dense_bmm_add', '--gradient', 'bias', ...files, '--winners', winners)
    const seen = { code: ran.code, schedules: ran.json.schedules }
    expect(seen).toMatchObject({ code: 0, schedules: [{ writes: 'd_bias_element', from: 'winner' }, { writes: 'd_bias', from: 'winner', schedule: tuned.json.kernels[1].winner.schedule, reason: expect.stringMatching(/^recorded in .*winners\.json: .* ms, the default schedule /) }] })
    expect(ran.text).toMatch(/d_bias by wgsl_reduction .* \(recorded in /)
    const usual = await inProcess('run', 'jagged_dense_bmm_add', ...files, '--winners', winners)
    expect(usual.json.schedules).toMatchObject([{ writes: 'out', from: 'default', reason: expect.stringContaining('no winner is recorded') }])
    expect((await inProcess('run', 'jagged_dense_bmm_add', ...files, '--schedule', 'block_k=8')).json.schedules).toMatchObject([{ from: 'given', schedule: { values: { block_k: 8 } } }])
  })

  it('takes chains, and definitions without jagged axes', async () => {
    const winners = join(folder(), 'winners.json')
    const options = ['--budget', '20s', '--limit', '1', '--winners', winners, '--fresh']
    expect((await inProcess('tune', 'norm_then_mul', '--lengths', '3,0,5', '--sizes', 'd=4', ...options)).json).toMatchObject({ ok: true, kernels: [{ writes: 'out', winner: {} }] })
    expect((await inProcess('tune', 'dot_interaction_dense', '--lengths', '1,1,1', '--sizes', 'd=4,f=3', ...options)).json).toMatchObject({ ok: true, lengths: {}, kernels: [{ winner: {} }] })
  })

  it.each([
    ['heads', 'tune jagged_sum --heads 3', 'SR8060'], ['an axis without lengths', 'tune jagged_sum --lengths k=3', 'SR8062'], ['a gradient of no input', 'tune jagged_sum --gradient y', 'SR8063'],
    ['no rows', 'tune jagged_sum --lengths 0,0 --sizes d=4 --budget 1s', 'SR7007'], ['a size of no axis', 'tune jagged_sum --sizes k=3', 'SR8062'], ['sizes of attention', 'tune causal --sizes d=3', 'SR8060'],
    ['lengths by axis for attention', 'tune causal --lengths l=3', 'SR8062'], ['i32 for attention', 'tune causal --dtype i32', 'SR8011'], ['i32 where elements are computed', 'tune jagged_sum --dtype i32 --lengths 3', 'SR3011'],
    ['winners that are not there', 'run jagged_sum --inputs package.json --output x --winners nowhere.json', 'SR8014'],
  ])('wrong use, %s', async (_what, line, error) => {
    const { code, json } = await inProcess(...line.split(' '))
    expect({ code, error: json.error?.code }, json.error?.message).toEqual({ code: 2, error })
    expect(`${json.error.message} ${json.error.fix}`).not.toMatch(/\{\w+\}|undefined/)
  })
})
