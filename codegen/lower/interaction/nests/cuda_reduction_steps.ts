import { Block, type VectorRead } from '../block.ts'
import type { ColumnSum, Interaction } from '../../../ir/interaction/index.ts'
import { snake } from '../../../ir/names.ts'
import type { Lowering } from '../context.ts'
import { type Domain, domainOf } from './cuda_domain.ts'
import { laneNames } from './cuda_lanes.ts'
import { pruned, reads } from './cuda_prune.ts'
import type { Cache } from './cuda_reduction_cache.ts'
import type { Plan } from './cuda_reduction_plan.ts'
import { separate, shared } from './cuda_reduction_kept.ts'

const opText: Readonly<Record<string, { readonly float: string; readonly int: string; readonly name: string }>> = {
  sum: { float: '0.0f', int: '0', name: 'Sum' }, mean: { float: '0.0f', int: '0', name: 'Sum' },
  max: { float: 'uint_as_float(0xff800000u)', int: '(-2147483647 - 1)', name: 'Max' }, min: { float: 'uint_as_float(0x7f800000u)', int: '2147483647', name: 'Min' },
}

/** Results of 16 bits: e^x is taken from a product and the hardware's 2^x. Says whether there is any. */
const shortenExp = (l: Lowering): boolean => {
  const shorter = (text: string): string => text.replace(/\bexpf\(/g, 'exp_short(')
  let found = false
  for (const [name, f] of l.functions) {
    const lines = f.lines.map(shorter), result = shorter(f.result)
    if (result === f.result && lines.join() === f.lines.join()) continue
    found = true
    l.functions.set(name, { ...f, lines, result })
  }
  return found
}

export const sumsOf = (x: Interaction): readonly ColumnSum[] => x.sums ?? []

/** The statements of every pass and of the epilogue. */
export const stepsOf = (l: Lowering, { kind, inner, keepsReduced, axes, known }: Plan) => {
  const { x } = l
  // A single row of columns that are added up stays in registers, and so can what its passes share.
  const parts = x.sums && kind === 'rows' ? shared(x, axes.length === 1 && known !== undefined) : separate(x)
  // A block a pass, and one for the epilogue: its own reads, the lanes' statements, the values.
  const blocks = [...x.passes.map(() => new Block(l, inner)), new Block(l, keepsReduced.length || kind === 'columns' ? inner : undefined)]
  let stat = 0
  const passes = x.passes.map((p, n) => {
    const values = p.values.map((v, i) => {
      const own = n === 0 && i === 0 && p.values.length === 1 ? x.spans.value : undefined
      const type = v.type === 'i32' ? 'int' : 'float'
      return { stat: stat + i, type, text: blocks[n]!.call(p.values.length === 1 && n === 0 ? 'value' : `${p.op}_${stat + i}`, parts.passes[n]![i]!, own), start: opText[p.op]![type as 'float' | 'int'] }
    })
    stat += p.values.length
    const kept = parts.lanes.filter((o) => o.at === n).map(({ name, value }) => ({ name, text: blocks[n]!.call(`special_${name.slice(5)}`, value) }))
    const rows = parts.rows.filter((o) => o.at === n).map(({ name, value }) => ({ name, text: blocks[n]!.call(`of_${name}`, value) }))
    return { n, op: p.op, values, kept, rows, combine: opText[p.op]!.name, mean: p.op === 'mean', limits: p.op === 'max' || p.op === 'min' }
  })
  const last = blocks.at(-1)!
  const value = last.call('epilogue', parts.epilogue, x.spans.epilogue)
  const sums = sumsOf(x).map((s, i) => last.call(`of_${snake(s.output.tensor)}`, parts.sums[i]!))
  const shortExp = l.problem.dtype !== 'f32' && x.output.dtype === 'element' && shortenExp(l)
  const scalarStore = inner === undefined || (kind === 'rows' && !keepsReduced.includes(inner))
  const place = last.place(x.output, !scalarStore)
  return { blocks, passes, last, value, sums, kept: parts.lanes.map((o) => o.name), shortExp, scalarStore, place, stats: stat }
}

export type Steps = ReturnType<typeof stepsOf>

interface Use { readonly decode: readonly string[]; readonly vectors: readonly (VectorRead & { readonly cached: boolean; readonly fixed: boolean })[]; readonly lane: readonly string[]; readonly steps: string; readonly batched: boolean }

/** What each pass and the epilogue print: reads from registers where the cache has them. */
export const usesOf = (l: Lowering, { kind, start, vector, keepsReduced, sameWalk, domain, outDomain }: Plan, { blocks, passes, last, value, sums, place, stats: stat }: Steps, { cachedNames, fixedNames, slots }: Cache) => {
  const use = (b: Block, texts: readonly string[], d: Domain): Use => {
    const { lane, vectors } = laneNames(b, texts.join('\n'), start, vector)
    const stats = Array.from({ length: stat }, (_, i) => i).filter((i) => kind === 'columns' && reads([...b.lane, ...texts].join('\n'), `stat_${i}`)).map((i) => `const ${typeOf(i)} stat_${i} = stats_${i}[i];`)
    const own = vectors.map((v) => ({ ...v, fixed: fixedNames.has(v.name), cached: cachedNames.has(v.name) && (b !== last || (keepsReduced.length > 0 && sameWalk)) }))
    const live = own.filter((v) => !v.fixed && (!v.cached || slots > 0))
    const after = [...live.map((v) => `${v.index} ${v.guard}`), ...lane, ...stats, ...texts, ...(b === last ? [place.index, ...place.guards] : [])].join('\n')
    return { decode: pruned([...d.decode, ...b.before], after), vectors: own, lane: [...stats, ...lane], steps: d.steps, batched: own.some((v) => v.cached) }
  }
  const typeOf = (i: number): string => passes.flatMap((p) => p.values).find((v) => v.stat === i)!.type
  const passUses = passes.map((p) => ({ ...p, ...use(blocks[p.n]!, [...p.kept, ...p.values].map((v) => v.text), domain) }))
  const epilogue = use(last, [value, ...sums], keepsReduced.length ? outDomain : domainOf(l, [], undefined, 1, false))
  return { passUses, epilogue }
}

export type Uses = ReturnType<typeof usesOf>
