import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { openCudaCpu } from '../../runtime/cuda-cpu/index.ts'
import { copyTime, interactionLengths, interactionSizes, interactionWorkloads, workloadInteraction } from '../../tune/index.ts'
import { resolveInteractions } from '../../cli/resolve.ts'
import { shippedInteractions } from '../../cli/shipped.ts'
import { inProcess } from './in-process.ts'

describe('bench', () => {
  it('times the kernel and the steps of its gradients, with the bytes and operations that explain predicts, beside a plain copy', async () => {
    const shape = ['--lengths', '3,0,17', '--sizes', 'd=8,k=4']
    const { code, json, text, notes } = await inProcess('bench', 'jagged_dense_bmm', ...shape, '--gradients', '--iterations', '2')
    expect({ code, error: json.error }).toEqual({ code: 0, error: undefined })
    const { json: { predicted } } = await inProcess('explain', 'jagged_dense_bmm', ...shape)
    expect(json).toMatchObject({ workload: 'ci-mid', dtype: 'f32', lengths: { l: { sequences: 3, rows: 20 } }, rows: [{ writes: 'out', part: 'forward', sizes: { d: 8, k: 4 }, bytes: predicted.bytes.value, flops: predicted.flops.value, iterations: 2, picked: { from: 'default' } }, { writes: 'd_x', part: 'gradient' }, { writes: 'd_w', part: 'gradient' }] })
    for (const row of json.rows) {
      expect(row.gbps).toBeCloseTo(row.bytes / row.ms / 1e6, 3)
      expect(row.tflops).toBeCloseTo(row.flops / row.ms / 1e9, 3)
      expect(row.ofCopy).toBeGreaterThan(0)
      expect(row.memory).toBeGreaterThanOrEqual(row.bytes)
    }
    expect(json.forwardMs).toBe(json.rows[0].ms)
    expect(json.gradientMs).toBeCloseTo(json.rows[1].ms + json.rows[2].ms, 6)
    expect(text).toMatch(/gradients .* ms, .* x the forward kernel/)
    expect(notes).toEqual([expect.stringContaining('say nothing about a GPU')])
  })

  it('takes a named workload and one gradient, and gives no TFLOP/s where nothing is multiplied', async () => {
    const { json } = await inProcess('bench', 'norm_then_mul', '--workload', 'ci-mid', '--iterations', '1')
    expect(json).toMatchObject({ ok: true, lengths: { l: { sequences: 8 } }, rows: [{ name: 'norm_then_mul', writes: 'out', class: 'reduction', sizes: { d: 32 }, tflops: null }] })
    const gradient = await inProcess('bench', 'jagged_sum', '--gradient', 'x', '--lengths', '3,1', '--sizes', 'd=4', '--iterations', '1')
    expect(gradient.json).toMatchObject({ ok: true, rows: [{ writes: 'd_x', part: 'gradient', class: 'movement', tflops: null }], gradientMs: gradient.json.rows[0].ms })
    expect(gradient.json.forwardMs).toBeUndefined()
  })

  it('workloads of interactions have lengths and sizes for every shipped one', async () => {
    const all = await resolveInteractions(shippedInteractions)
    expect(interactionWorkloads().map((w) => w.name)).toEqual(expect.arrayContaining(['bmm-a', 'dot', 'big', 'ci-mid', 'mid']))
    for (const w of interactionWorkloads()) {
      expect(shippedInteractions).toContain(workloadInteraction(w))
      for (const { interaction: x } of all) for (const size of Object.values(interactionSizes(w, x))) expect(size).toBeGreaterThan(0)
    }
    const dot = interactionWorkloads().find((w) => w.name === 'dot')!
    expect(new Set(interactionLengths(dot, 1))).toEqual(new Set([27]))
    expect(interactionSizes(dot, all.find((i) => i.interaction.name === 'dot_interaction_dense')!.interaction)).toEqual({ f: 27, d: 128 })
  })

  const missing = spawnSync('g++', ['--version']).status !== 0
  if (missing) console.log('skipped: the CUDA copy kernel, because g++ is not on this machine')
  it.skipIf(missing)('the CUDA copy copies, with no finding', async () => {
    const device = await openCudaCpu()
    const { bytes, ms, gbps } = await copyTime(device, 5000, { warmup: 0, iterations: 1 })
    expect({ bytes, gbps }).toEqual({ bytes: 5008, gbps: (2 * 5008) / ms / 1e6 })
    await device.close()
  })

  it.each([
    ['an unknown workload', 'bench jagged_sum --workload bmm', 'SR8011'], ['a workload of interactions for attention', 'bench causal --workload bmm-a', 'SR8011'], ['sizes of attention', 'bench causal --sizes d=3', 'SR8060'],
    ['lengths of attention', 'bench causal --lengths 3', 'SR8060'], ['a size of no axis', 'bench jagged_sum --sizes z=3', 'SR8062'], ['a gradient of no input', 'bench jagged_sum --gradient y', 'SR8063'],
    ['a gradient of a chain', 'bench norm_then_mul --gradients', 'SR8060'], ['tf32 of a reduction', 'bench jagged_sum --precision tf32', 'SR8060'], ['nothing to time', 'bench reverse --lengths 0,0', 'SR7007'], ['i32 for attention', 'bench causal --dtype i32', 'SR8011'],
  ])('wrong use, %s', async (_what, line, error) => {
    const { code, json } = await inProcess(...line.split(' '))
    expect({ code, error: json.error?.code }, json.error?.message).toEqual({ code: 2, error })
    expect(`${json.error.message} ${json.error.fix}`).not.toMatch(/\{\w+\}|undefined/)
  })
})
