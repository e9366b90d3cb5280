import { axisOf } from '../../../ir/interaction/index.ts'
import type { Block } from '../block.ts'
import { type Lowering, staticSize } from '../context.ts'
import { at } from '../names.ts'
import { powerUpTo } from './powers.ts'
import type { ScheduleValues } from './types.ts'
import { storing } from './wgsl_common.ts'
import { combine, finished, start } from './wgsl_passes.ts'
import { type Parts, partsOf } from './wgsl_streamed_parts.ts'
import { isRefused, type Refused, type Shape } from './wgsl_streamed_shape.ts'
import { type Stream, type Vectors, vectorsOf, wordsOf } from './wgsl_streamed_vectors.ts'

const stepOver = (stride: string) => (from: string, k: number): string => (k === 0 ? from : `${from} + ${k === 1 ? '' : `${k} * `}${stride}`)

/** How functions of a block are declared and called: the vectors, results and numbers that a text takes. */
const callsOf = (l: Lowering, { columns, inner, vector }: Shape, { begin, passes }: Parts, { streamOf, scoped, around, isRead }: Vectors) => {
  const statType = (n: number): string => { const type = passes.flatMap((p) => p.values).find((v) => v.n === n)?.type ?? 'f32'; return columns ? `array<${type}, ${vector}>` : type }
  const elementText = (text: string, k: number): string => (columns ? text.replace(/\bstat_(\d+)\b/g, `stat_$1[${k}]`) : text).replace(/\bin_\w+\b/g, (w) => (isRead(w) ? `${w}[${k}]` : w)).replace(new RegExp(`\\b${at(inner)}\\b`, 'g'), k === 0 ? begin : `${begin} + ${k}`)
  const taken = (text: string) => ({
    vectors: [...new Set(wordsOf(text))].flatMap((w) => streamOf.get(w) ?? []),
    stats: [...new Set(wordsOf(text))].filter((w) => w.startsWith('stat_')),
  })
  const placed = (block: Block, text: string): ReturnType<typeof scoped> => scoped([...around(block, text), wordsOf(text).includes(at(inner)) ? `${text} ${begin}` : text].join('\n')).filter(({ name }) => !around(block, text).some((line) => line.startsWith(`let ${name} =`)))
  return {
    statType, taken,
    /** A text for each element of a vector. */
    elements: (make: (of: (text: string) => string, k: number) => string): readonly string[] => Array.from({ length: vector }, (_, k) => make((text) => elementText(text, k), k)),
    parametersOf: (block: Block, text: string): readonly string[] => [...taken(text).vectors.map((s) => `${s.name}: ${s.type}`), ...taken(text).stats.map((s) => `${s}: ${statType(Number(s.slice(5)))}`), ...placed(block, text).map((p) => `${p.name}: ${p.type}`)],
    argumentsOf: (block: Block, text: string, k: number, step: string): readonly string[] => [...taken(text).vectors.map((s) => `v${k}_${s.name}`), ...taken(text).stats, ...placed(block, text).map((p) => (p.name === 'step' ? step : p.name))],
    widened: (block: Block, text: string): readonly string[] => [...around(block, text), ...taken(text).vectors.map((s) => `let ${s.element} = elements_${s.kind}(${s.name});`)],
  }
}

/** Which of its vectors a thread keeps in registers (`held`), which are under way together, and how far apart they lie. */
const turnsOf = (l: Lowering, { axes, size, vector, writes }: Shape, { steps }: Parts, { threads, lanes, flight, keep }: ScheduleValues) => {
  const { x } = l
  // The columns of a thread that adds them up: those of each of its vectors of a row, or the same ones of every row of a sequence.
  const ofSequence = writes === 'sequence', rowVectors = size / vector
  const uneven = x.sums !== undefined && ofSequence && lanes! % rowVectors !== 0
  if (uneven && rowVectors > threads!) return { refused: `a row has ${rowVectors} vectors, more than the ${threads} threads that would keep their columns`, ...(rowVectors <= 1024 && { fix: `Try threads=${powerUpTo(rowVectors)} lanes=${powerUpTo(rowVectors)}.` }) } as Refused
  if (uneven && lanes !== threads) return { refused: `${lanes} of ${threads} threads of a sequence would meet other columns with every vector`, fix: `Try lanes=${threads}.` } as Refused
  const stride = uneven ? 'STRIDE' : 'LANES'
  const total = /^\d+$/.test(steps) && axes.every((a) => staticSize(l, a) !== undefined && axisOf(x, a).kind === 'dense') ? Number(steps) : undefined
  const again = x.passes.length > 1 || writes !== 'results'
  const most = total === undefined ? Infinity : Math.ceil(total / lanes!)
  const held = again ? Math.min(keep!, most) : 0
  const rest = held < most
  if (x.sums && !ofSequence && rest) return { refused: `keep=${keep} leaves vectors of a row out of registers, where its columns are added up`, ...(most <= 16 && { fix: `Try keep=${powerUpTo(most)}.` }) } as Refused
  const together = Math.min(flight!, most - held)
  return { ofSequence, uneven, stride, held, rest, together, stepAt: stepOver(stride), slots: Array.from({ length: held }, (_, k) => k), flights: Array.from({ length: rest ? together : 0 }, (_, k) => k) }
}
type Turns = Exclude<ReturnType<typeof turnsOf>, Refused>

/** Loads of vector k of a thread's, where it has one. */
const loadOf = ({ stepAt }: Turns) => (own: readonly Stream[], k: number, from: string): readonly string[] =>
  (own.length ? [...own.map((s) => `var v${k}_${s.name}: ${s.type};`), `if (${stepAt(from, k)} < steps) { ${own.map((s) => `v${k}_${s.name} = ${s.call(stepAt(from, k))};`).join(' ')} }`] : [])

/** A loop over the vectors that are not kept. */
const loopOf = (turns: Turns) => (own: readonly Stream[], work: (k: number, step: string) => string): readonly string[] => {
  const { rest, held, together, stride, stepAt, flights } = turns
  const load = loadOf(turns)
  return rest ? [
    `for (var step = ${stepAt('lane', held)}; step < steps; step += ${together === 1 ? '' : `${together} * `}${stride}) {`,
    ...flights.flatMap((k) => (k === 0 ? own.map((s) => `let v0_${s.name} = ${s.call('step')};`) : load(own, k, 'step'))).map((line) => `  ${line}`),
    ...flights.map((k) => (k === 0 ? `  ${work(k, 'step')}` : `  if (${stepAt('step', k)} < steps) { ${work(k, stepAt('step', k))} }`)), '}',
  ] : []
}

/** A sum that has risen with a maximum: each thread's is scaled to the maximum of all before they are added up. */
const risenOf = ({ n, fall }: { readonly n: number; readonly fall: string }, top: number, type: string, vector: number) => ({
  n, type, tree: 'sum_f32', start: `${type}()`, finished: `acc_${n}`, own: false,
  rescaled: [`acc_${n} = ${type}(${Array.from({ length: vector }, (_, k) => `acc_${n}[${k}] * ${fall}(own_${top}[${k}], stat_${top}[${k}])`).join(', ')});`],
})

/** The passes as a group walks them. */
const passLinesOf = (l: Lowering, { columns, vector }: Shape, { passes }: Parts, { streams }: Vectors, { statType, argumentsOf }: ReturnType<typeof callsOf>, turns: Turns) => {
  const { slots, stepAt } = turns
  const loop = loopOf(turns)
  const { x } = l
  return passes.map((p) => {
    const own = streams.filter((s) => p.block.vectors.some((v) => v.name === s.element))
    const rising = (k: number, step: string): string => { const [top, sum] = [`acc_${p.values[0]!.n}`, `acc_${p.rising!.n}`]; return `let r${k} = more_${p.values[0]!.n}(${[top, sum, ...argumentsOf(p.block, p.values[0]!.text, k, step)].join(', ')}); ${top} = r${k}.top; ${sum} = r${k}.sum;` }
    const work = (k: number, step: string): string => p.rising ? rising(k, step) : p.values.map((v) => `acc_${v.n} = more_${v.n}(${[`acc_${v.n}`, ...argumentsOf(p.block, v.text, k, step)].join(', ')});`).join(' ')
    return {
      about: `${p.op} over ${x.reduced.join(', ')}${p.rising ? ', and the sum of e^(value - max) as it rises' : ''}`,
      values: [...p.values.map((v) => {
        const begins = start[p.op][v.i32 ? 'i32' : 'f32']
        const ends = (k: number): string => finished(p.op, columns ? `acc_${v.n}[${k}]` : `acc_${v.n}`, 'count')
        const lanesOf = (make: (k: number) => string): string => `array<${v.type}, ${vector}>(${Array.from({ length: vector }, (_, k) => make(k)).join(', ')})`
        return {
          n: v.n, type: statType(v.n), tree: `${p.op === 'mean' ? 'sum' : p.op}_${v.type}`,
          start: columns && Number(begins) !== 0 ? lanesOf(() => begins) : columns ? `array<${v.type}, ${vector}>()` : begins,
          finished: p.op === 'sum' ? `acc_${v.n}` : columns ? lanesOf(ends) : ends(0), own: p.rising !== undefined, rescaled: [] as readonly string[],
        }
      }), ...(p.rising ? [risenOf(p.rising, p.values[0]!.n, statType(p.rising.n), vector)] : [])],
      lines: [...slots.map((k) => `if (${stepAt('lane', k)} < steps) { ${work(k, stepAt('lane', k))} }`), ...loop(own, work)],
    }
  })
}

/** The texts of a reduction whose threads have `flight` vectors under way and keep their first `keep` over all passes. Fills the lowering. */
export const textsOf = (l: Lowering, shape: Shape, values: ScheduleValues) => {
  const parts = partsOf(l, shape, values)
  const vectors = vectorsOf(l, shape, parts)
  if (isRefused(vectors)) return vectors
  const turns = turnsOf(l, shape, parts, values)
  if (isRefused(turns)) return turns
  const { columns, size, writes } = shape
  const { walk, none, steps, passes, last, value, factors, columnSums } = parts
  const { streams, result, packed, inside, groupHead, body } = vectors
  const { slots, stepAt, ofSequence, held, together, rest, uneven } = turns
  const calls = callsOf(l, shape, parts, vectors)
  const { statType, taken, elements, parametersOf, argumentsOf, widened } = calls
  const reading = streams.filter((s) => passes.some((p) => p.block.vectors.some((v) => v.name === s.element)))
  const more = passes.flatMap((p) => p.values.map((v) => ({
    n: v.n, op: p.op, type: statType(v.n), parameters: parametersOf(p.block, v.text).map((t) => `, ${t}`).join(''), widened: widened(p.block, v.text), columns, rising: p.rising !== undefined, fall: p.rising?.fall ?? '',
    texts: elements((of, k) => (p.rising ? of(v.text) : combine(p.op, columns ? `acc[${k}]` : 'total', of(v.text)))),
  })))
  const sums = columnSums?.sums ?? []
  const atEnd = streams.filter((s) => [value, ...sums.map((c) => c.text)].some((text) => taken(text).vectors.includes(s)))
  const results = elements((of) => of(value))
  const stored = storing(l, shape.vector, (k) => results[k]!)
  const target = (step: string): string => (writes === 'row' ? `t_out[element * ROW + ${step}]` : `t_out[${result?.call('place_of_out')(step) ?? ''}]`)
  const unkept = held > 0 ? atEnd.filter((s) => !reading.includes(s)) : []
  const columnSlots = ofSequence ? [0] : slots
  const column = (k: number, from: string, { column: name, text }: { readonly column: string; readonly text: string }): string => {
    const own = `${name}_${ofSequence ? 0 : k}`
    return ` ${own} = more_${name}(${[own, ...argumentsOf(last, text, k, stepAt(from, k))].join(', ')});`
  }
  const put = (k: number, from: string): string => `${target(stepAt(from, k))} = result_of(${argumentsOf(last, value, k, stepAt(from, k)).join(', ')});${sums.map((s) => column(k, from, s)).join('')}`
  const writeLines = writes === 'results' ? atEnd.map((s) => `let v0_${s.name} = ${s.call('0')};`)
    : [...slots.map((k) => `if (${stepAt('lane', k)} < steps) { ${unkept.map((s) => `let v${k}_${s.name} = ${s.call(stepAt('lane', k))}; `).join('')}${put(k, 'lane')} }`), ...loopOf(turns)(atEnd, (k) => put(k, 'step'))]
  return {
    walk, packed, groupHead, inside, steps: none ? '0' : steps, streams, reading, more, passes: passLinesOf(l, shape, parts, vectors, calls, turns), result, held, together, rest, uneven,
    factors, columnSums: columnSums && {
      ...columnSums, sums: sums.map((s) => ({ ...s, parameters: parametersOf(last, s.text).join(', '), widened: widened(last, s.text), texts: elements((of, k) => `acc[${k}] + ${of(s.text)}`) })),
      lines: sums.flatMap((s) => columnSlots.map((k) => `var ${s.column}_${k}: array<f32, VECTOR>;`)),
      partLines: sums.flatMap((s) => columnSlots.map((k) => `write_part(${s.column}_${k}, ${k}, part * SUMS + ${s.row}${s.row === 0 ? '' : ` * ${size}`}, thread);`)),
    },
    keptLines: slots.flatMap((k) => loadOf(turns)(reading, k, 'lane')), stored, resultParameters: parametersOf(last, value).join(', '), resultArguments: argumentsOf(last, value, 0, '0').join(', '), widened: widened(last, value), writeLines, body,
  }
}
