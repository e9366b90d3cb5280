import { expect, test } from 'vitest'
import type { TensorLayout } from '../../dsl/index.ts'
import { dense, jagged } from '../../dsl/index.ts'
import type { Expr } from '../../codegen/ir/hook.ts'
import type { Pass } from '../../codegen/ir/interaction/index.ts'
import { build, type Draft, type Kit } from '../reference/interaction/build.ts'
import { sums } from './drafts.ts'
import { againstFiniteDifferences, waves } from './finite.ts'

const inputLayouts: readonly (() => TensorLayout<any>)[] = [() => jagged('l', 'd'), () => jagged('l'), () => dense('b', 'd'), () => dense('d'), () => dense('b', 'l'), () => dense('b'), () => dense('b', 'l', 'd')]
/** Outputs with what each can be reduced over. */
const shapes: readonly { readonly output: () => TensorLayout<any>; readonly reduced: readonly string[]; readonly lacks: readonly string[] }[] = [
  { output: () => jagged('l', 'd'), reduced: [], lacks: [] },
  { output: () => dense('b', 'l', 'd'), reduced: [], lacks: [] },
  { output: () => dense('b', 'l'), reduced: ['d'], lacks: ['d'] },
  { output: () => dense('d'), reduced: ['b', 'l'], lacks: ['b', 'l'] },
  { output: () => jagged('l', 'd'), reduced: ['l'], lacks: [] },
  { output: () => jagged('l', 'd'), reduced: ['d'], lacks: [] },
  { output: () => jagged('l', 'd'), reduced: ['l', 'd'], lacks: [] },
  { output: () => dense('b', 'd'), reduced: ['l'], lacks: ['l'] },
  { output: () => jagged('l'), reduced: ['d'], lacks: ['d'] },
  { output: () => dense('b'), reduced: ['l', 'd'], lacks: ['l', 'd'] },
]

const draft = (seed: number): Draft => {
  const next = waves(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.min(from.length - 1, Math.floor(((next() + 1) / 2) * from.length))]!
  const { output, reduced, lacks } = pick(shapes)
  const inputs = Object.fromEntries(Array.from({ length: 2 + (seed % 2) }, (_, i) => [`x${i}`, i === 0 ? jagged('l', 'd') : pick(inputLayouts)()]))
  const readable = Object.keys(inputs).filter((n) => !inputs[n]!.axes.some((a) => lacks.includes(a as string)) && !(lacks.includes('b') && inputs[n]!.storage === 'jagged'))
  const expression = (k: Kit, leaves: readonly Expr[], depth: number): Expr => {
    if (depth === 0) return pick(leaves)
    const sub = (): Expr => expression(k, leaves, depth - 1)
    return pick<() => Expr>([
      () => k.add(sub(), sub()), () => k.sub(sub(), sub()), () => k.mul(sub(), sub()), () => k.op('tanh', sub()), () => k.op('sigmoid', sub()),
      () => k.op('max', sub(), k.f(-0.3)), () => k.select(k.lt(k.at('l'), k.i(2)), sub(), pick(leaves)), () => k.div(sub(), k.add(k.f(2), k.op('abs', sub()))),
    ])()
  }
  return {
    name: `random_${seed}`, inputs, output: output(), reduced,
    body: (k) => {
      const all = Object.keys(inputs).map((n) => k.in(n))
      const stats: Expr[] = []
      const passes: Pass[] = []
      for (let p = 0; reduced.length > 0 && p < 1 + (seed % 3); p++) {
        const values = [expression(k, [...all, ...all, ...stats], 2), ...(seed % 5 === 0 ? [expression(k, [...all, ...stats], 1)] : [])]
        const op = lacks.includes('b') ? 'sum' : pick(['sum', 'mean', 'max', 'sum'] as const)
        passes.push({ op, values: values.map((v) => (op === 'max' ? k.op('tanh', v) : v)) })
        values.forEach(() => stats.push(k.stat(stats.length)))
      }
      const noRow = lacks.includes('l')
      const leaves = [...stats, ...stats, ...readable.map((n) => k.in(n)), k.f(0.7)]
      const mix = noRow ? leaves.reduce((e, leaf) => k.add(k.op('tanh', e), leaf)) : expression(k, leaves, 3)
      return { passes, epilogue: stats.length ? k.add(mix, stats.at(-1)!) : k.add(mix, k.in('x0')) }
    },
  }
}

test('random interactions: layouts, reductions, several passes', () => {
  const failures: string[] = []
  let compared = 0
  for (let seed = 1; seed <= 300; seed++) {
    try {
      compared += againstFiniteDifferences(build(draft(seed)), { offsets: { l: sums(2, 0, 1, 3) }, sizes: { d: 2 }, capacities: { l: 3 }, batches: { b: 4 } }, seed)
    } catch (error) {
      failures.push(`${seed}: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  expect(failures).toEqual([])
  expect(compared).toBeGreaterThan(2000)
})
