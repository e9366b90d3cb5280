import type { InteractionDefinition } from '../../dsl/interaction.ts'
import { axisOf, batchCount, elementCount, type Interaction, keptAxes, placeOf, type Scan, scatters, tensorAxes, walkedAxes } from '../../codegen/ir/interaction/index.ts'
import { type Arithmetic, f64Arithmetic } from '../arithmetic.ts'
import { compiledHooks } from './compiled.ts'
import { extentOfData, type InteractionData } from './data.ts'
import { type Frame, frameOf } from './frame.ts'
import type { InteractionHooks, PassHooks } from './hooks.ts'
import { liveHooks } from './live.ts'

export interface RunOptions {
  /** Default: double precision. */
  readonly arithmetic?: Pick<Arithmetic, 'round' | 'result'>
  /** Its own functions are called in place of the compiled expressions. */
  readonly definition?: InteractionDefinition
}

/** Nested loops over walked axes, outermost first. */
const nest = (f: Frame, axes: readonly { readonly name: string; readonly bound: () => number }[], body: () => void): (() => void) =>
  axes.reduceRight((inner, { name, bound }) => {
    const slot = f.slot.get(name)!
    return () => {
      const n = bound()
      for (let i = 0; i < n; i++) { f.at[slot] = i; inner() }
    }
  }, body)

const start: Readonly<Record<PassHooks['op'], number>> = { sum: 0, mean: 0, max: -Infinity, min: Infinity }
const fold: Readonly<Record<PassHooks['op'], (a: number, v: number) => number>> = { sum: (a, v) => a + v, mean: (a, v) => a + v, max: Math.max, min: Math.min }

const passRunner = (f: Frame, p: PassHooks, at: number, round: (x: number) => number): (() => void) => {
  const values = new Float64Array(p.count)
  const acc = new Float64Array(p.count)
  const [combine, rounded] = [fold[p.op], p.whole ? (x: number) => x : round]
  let count = 0
  const reduced = f.x.reduced.filter((n) => axisOf(f.x, n).kind === 'batch').concat(f.x.reduced.filter((n) => axisOf(f.x, n).kind !== 'batch'))
  const walk = nest(f, reduced.map((name) => ({ name, bound: f.bound(name) })), () => {
    count++
    p.values(values)
    for (let i = 0; i < acc.length; i++) acc[i] = rounded(combine(acc[i]!, values[i]!))
  })
  return () => {
    acc.fill(start[p.op])
    count = 0
    walk()
    for (let i = 0; i < acc.length; i++) f.stats[at + i] = count === 0 ? 0 : p.op === 'mean' ? rounded(acc[i]! / count) : acc[i]!
  }
}

/** Elements along a running sum's axis, in its order. Whole numbers wrap around as a kernel's do. */
const scanRunner = (f: Frame, { axis, exclusive, reverse, value }: Scan, { add, element, bound }: { readonly add: () => number; readonly element: () => void; readonly bound: () => number }, round: (x: number) => number): (() => void) => {
  const slot = f.slot.get(axis)!
  const plus = value.type === 'i32' ? (a: number, b: number) => (a + b) | 0 : (a: number, b: number) => round(a + b)
  return () => {
    const n = bound()
    let sum = 0
    for (let k = 0; k < n; k++) {
      f.at[slot] = reverse ? n - 1 - k : k
      const through = plus(sum, add())
      f.stats[0] = exclusive ? sum : through
      element()
      sum = through
    }
  }
}

/** Offsets of axes whose length follows from others. */
const deriveOffsets = (f: Frame, hooks: InteractionHooks): void => {
  for (const [name, length] of Object.entries(hooks.lengths)) {
    const batch = axisOf(f.x, name).batch ?? 'b'
    const offsets = [0]
    f.derived = batch
    for (let b = 0; b < batchCount(f.x, f.extent, batch); b++) {
      f.at[f.slot.get(batch)!] = b
      offsets.push(offsets[b]! + Math.max(0, length()))
    }
    f.extent.offsets = { ...f.extent.offsets, [name]: offsets }
  }
  f.derived = null
}

/** The elements of the output, and of the sums beside it by tensor. */
export interface Ran { readonly out: Float64Array; readonly sums: Readonly<Record<string, Float64Array>> }

/** What adds an element's values to the sums of their columns. */
const columnSums = (f: Frame, hooks: InteractionHooks, arithmetic: Pick<Arithmetic, 'round' | 'result'>): { readonly add: () => void; readonly results: () => Ran['sums'] } => {
  const columns = (f.x.sums ?? []).map(({ output }, i) => {
    const slots = tensorAxes(output).map((name) => f.slot.get(name)!)
    return { output, slots, at: new Float64Array(slots.length), place: placeOf(f.x, f.extent, output), value: hooks.sums[i]!, sum: new Float64Array(elementCount(f.x, f.extent, output)) }
  })
  return {
    add: () => {
      for (const { slots, at, place, value, sum } of columns) {
        for (let i = 0; i < slots.length; i++) at[i] = f.at[slots[i]!]!
        const i = place(at)
        sum[i] = arithmetic.round(sum[i]! + value())
      }
    },
    results: () => Object.fromEntries(columns.map(({ output, sum }) => [output.tensor, output.dtype === 'element' ? sum.map(arithmetic.result) : sum])),
  }
}

/** The output's elements alone: see `runWhole`. */
export const runInteraction = (x: Interaction, data: InteractionData, options: RunOptions = {}): Float64Array => runWhole(x, data, options).out

/**
 * The output's elements: for each of them the passes over `reduced`, then the epilogue and the values of sums. Packed rows past the last offset are 0. Reductions walk a jagged axis to the
 * sequence's length, a dense output to the capacity; an empty reduction is 0. So are place 0 of an output of `ends` and rows that a scatter writes nothing to.
 */
export const runWhole = (x: Interaction, data: InteractionData, { arithmetic = f64Arithmetic, definition }: RunOptions = {}): Ran => {
  const f = frameOf(x, data, { ...extentOfData(data) })
  const hooks = definition ? liveHooks(f, definition, arithmetic.round) : compiledHooks(f, arithmetic.round)
  deriveOffsets(f, hooks)
  const out = new Float64Array(elementCount(x, f.extent, x.output))
  const axes = tensorAxes(x.output)
  const place = placeOf(x, f.extent, x.output)
  const [kept, coordinates] = [keptAxes(x), new Float64Array(axes.length)]
  const result = x.output.dtype === 'i32' ? (v: number) => v : x.output.dtype === 'f32' ? arithmetic.round : arithmetic.result
  const reads = axes.map((name) => f.coordinate(name))
  const sums = columnSums(f, hooks, arithmetic)
  const element = (): void => {
    for (let i = 0; i < reads.length; i++) coordinates[i] = reads[i]!()
    const i = place(coordinates)
    if (i < 0) return
    out[i] = result(hooks.epilogue())
    sums.add()
  }
  const walked = (name: string) => ({ name, bound: x.output.storage === 'dense' && axisOf(x, name).kind === 'jagged' ? f.size(name) : f.bound(name) })
  if (scatters(x)) {
    nest(f, walkedAxes(x, axes).map(walked), element)()
    return { out, sums: {} }
  }
  let at = 0
  const passes = hooks.passes.map((p) => { const run = passRunner(f, p, at, arithmetic.round); at += p.count; return run })
  if (x.scan) {
    const { axis } = x.scan
    nest(f, kept.filter((n) => n !== axis).map(walked), scanRunner(f, x.scan, { add: hooks.scan!, element, bound: walked(axis).bound }, arithmetic.round))()
    return { out, sums: {} }
  }
  const elements = nest(f, axes.filter((n) => x.reduced.includes(n)).map(walked), element)
  nest(f, kept.map(walked), () => { for (const run of passes) run(); elements() })()
  return { out, sums: sums.results() }
}
