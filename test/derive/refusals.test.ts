import { expect, test } from 'vitest'
import { deriveGradients } from '../../codegen/derive/index.ts'
import { SerrateError } from '../../codegen/ir/diagnostics/index.ts'
import { dense, jagged } from '../../dsl/index.ts'
import { build, type Draft } from '../reference/interaction/build.ts'

const refused = (draft: Draft): SerrateError => {
  try {
    deriveGradients(build(draft))
  } catch (error) {
    if (error instanceof SerrateError) return error
    throw error
  }
  throw new Error('it was derived')
}

test('SR2005: an output that keeps a part of the reduced axes', () => {
  const { code, message } = refused({ name: 'partly', inputs: { x: jagged('l', 'd'), y: dense('b', 'd') }, output: dense('b', 'd'), reduced: ['l', 'd'], body: (k) => ({ passes: [{ op: 'sum', values: [k.in('x')] }], epilogue: k.mul(k.stat(0), k.in('y')) }) })
  expect(code).toBe('SR2005')
  expect(message).toMatch(/partly.*keeps d of the reduced axes l, d/)
})

test('SR2005: a mean over the batch', () => {
  const { code, message } = refused({ name: 'batch_mean', inputs: { x: dense('b', 'd') }, output: dense('d'), reduced: ['b'], body: (k) => ({ passes: [{ op: 'mean', values: [k.in('x')] }], epilogue: k.stat(0) }) })
  expect(code).toBe('SR2005')
  expect(message).toMatch(/batch_mean.*over the batch axis b/)
})

test('SR2006: padded places that depend on the reduction', () => {
  const { code, message } = refused({ name: 'share', inputs: { x: jagged('l') }, output: dense('b', 'l'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'sum', values: [k.in('x')] }], epilogue: k.stat(0) }) })
  expect(code).toBe('SR2006')
  expect(message).toMatch(/share sums over l/)
})
