import { describe, expect, test } from 'vitest'
import type { AttentionDefinition } from '../../dsl/index.ts'
import { alibi, causal, full, hstu, prefix_lm, relative_bias, sliding_window, softcap } from '../../kernels/index.ts'
import { attentionReference, type CaptureInputs } from '../../reference/index.ts'
import { batchOf } from './batch.ts'
import { hstuAttention, softmaxAttention } from './published.ts'

type Batch = ReturnType<typeof batchOf>
type Rows = ReturnType<typeof softmaxAttention>

const lengths = [0, 5, 1, 0, 19, 2, 0]

const expectEqual = (definition: AttentionDefinition<any>, captures: CaptureInputs, formula: (b: number, h: number, batch: Batch) => Rows, softmax = true) => {
  const batch = batchOf(lengths, 6, 2, 3)
  const got = attentionReference({ definition, ...batch, captures })
  expect(got.lse === undefined).toBe(!softmax)
  for (let b = 0; b < lengths.length; b++) {
    for (let h = 0; h < 2; h++) {
      if (lengths[b] === 0) continue
      formula(b, h, batch).forEach((row, i) => {
        const at = (batch.seqOffsets[b]! + i) * 2 + h
        row.out.forEach((want, d) => expect(got.out[at * 6 + d]).toBeCloseTo(want, 12))
        if (softmax) expect(got.lse![at]).toBeCloseTo(row.lse, 12)
      })
    }
  }
  for (let at = batch.seqOffsets.at(-1)! * 2; at < batch.rows * 2; at++) {
    expect([...got.out.subarray(at * 6, at * 6 + 6)]).toEqual([0, 0, 0, 0, 0, 0])
    if (softmax) expect(got.lse![at]).toBe(-Infinity)
    expect(got.empty[at]).toBe(1)
  }
}

const scale = Math.fround(1 / Math.sqrt(6))
const same = (s: number) => s
const past = (i: number, j: number) => j <= i
const softmaxCase = (score: (s: number, i: number, j: number, b: number, h: number) => number, keep: (i: number, j: number, b: number) => boolean) => (b: number, h: number, x: Batch) =>
  softmaxAttention(x.matrix(x.q, b, h), x.matrix(x.k, b, h), x.matrix(x.v, b, h), scale, (s, i, j) => score(s, i, j, b, h), (i, j) => keep(i, j, b))

describe('the reference equals the published formula', () => {
  test('full', () => expectEqual(full, {}, softmaxCase(same, () => true)))
  test('causal', () => expectEqual(causal, {}, softmaxCase(same, past)))
  test('sliding window', () => expectEqual(sliding_window, { window: 3 }, softmaxCase(same, (i, j) => past(i, j) && i - j <= 3)))
  test('ALiBi', () => {
    const slope = [0.25, 0.1]
    expectEqual(alibi, { slope }, softmaxCase((s, i, j, _b, h) => s - Math.fround(slope[h]!) * (i - j), past))
  })
  test('softcap', () => expectEqual(softcap, {}, softmaxCase((s) => 30 * Math.tanh(s / 30), past)))
  test('relative bias', () => {
    const bias = Float32Array.from({ length: 2 * 257 }, (_, i) => Math.sin(i))
    expectEqual(relative_bias, { bias }, softmaxCase((s, i, j, _b, h) => s + bias[h * 257 + 128 + j - i]!, past))
  })
  test('prefix-LM', () => {
    const prefix = [0, 3, 1, 0, 40, 0, 0]
    expectEqual(prefix_lm, { prefix }, softmaxCase(same, (i, j, b) => past(i, j) || j < prefix[b]!))
  })
})

describe('HSTU equals section 4 of its authors', () => {
  const targets = { none: [0, 0, 0, 0, 0, 0, 0], some: [0, 2, 0, 0, 4, 1, 0], all: [0, 5, 1, 0, 19, 2, 0], over: [3, 9, 4, 1, 60, 3, 2] }
  for (const [name, numTargets] of Object.entries(targets)) {
    for (const contextual of [0, 1, 3, 30]) {
      for (const maxAttnLen of [0, 1, 4, 100]) {
        for (const minFullAttnSeqLen of [0, 3, 100]) {
          test(`t ${name}, C ${contextual}, W ${maxAttnLen}, F ${minFullAttnSeqLen}`, () =>
            expectEqual(hstu, { numTargets, contextual, maxAttnLen, minFullAttnSeqLen, maxSeqLen: 50, alpha: 0.37 }, (b, h, x) =>
              hstuAttention(x.matrix(x.q, b, h), x.matrix(x.k, b, h), x.matrix(x.v, b, h), Math.fround(0.37), 50, numTargets[b]!, contextual, maxAttnLen, minFullAttnSeqLen), false))
        }
      }
    }
  }
})
