import { axisOf, type GridFactor, type Interaction, keptAxes, type LayoutAxis, type TensorSpec, tensorAxes, walkedAxes } from '../../../ir/interaction/index.ts'
import { inputsOf } from '../../../ir/interaction/index.ts'
import { Block, type VectorRead } from '../block.ts'
import { type Lowering, lowering, staticSize, valueType } from '../context.ts'
import { at, element, offsets, param } from '../names.ts'
import { cudaCommon } from './cuda_common.ts'
import { boundOf, type Domain, domainOf, reducedAxes, sequencesDomain } from './cuda_domain.ts'
import { ceiled, itemFactors } from './cuda_grid.ts'
import { laneNames } from './cuda_lanes.ts'
import { pruned, reads } from './cuda_prune.ts'
import { inverted } from './cuda_softmax.ts'
import { elementBytes, one, walkOf } from './cuda_walk.ts'
import type { LoopNest } from './types.ts'

/** Where vectors run: along an axis that the output keeps (a thread has columns) or along a reduced one (a thread has a part of a row). */
interface Shape {
  readonly kind: 'columns' | 'rows'
  readonly inner: string | undefined
  readonly vector: number
}

/** Items of a block that merges parts: few sequences have any. */
const MERGED = 8

const dividing = (size: number, most: number): number => { let v = most; while (v > 1 && size % v) v /= 2; return v }
const powerOf2 = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)))

const lastDense = (l: Lowering, t: TensorSpec): string | undefined => {
  const last = t.axes.at(-1)
  if (last?.kind !== 'axis' || (t.storage === 'jagged' && t.axes.length === 1)) return undefined
  const { kind, index } = axisOf(l.x, last.name)
  return kind === 'dense' && !index && staticSize(l, last.name) ? last.name : undefined
}

const shapeOf = (l: Lowering): Shape => {
  const { x } = l
  const column = lastDense(l, x.output)
  if (column && !x.reduced.includes(column)) return { kind: 'columns', inner: column, vector: dividing(staticSize(l, column)!, 16 / elementBytes(l, x.output)) }
  const last = inputsOf(x, ...x.passes[0]!.values).map((t) => ({ t, axis: lastDense(l, t) })).find(({ axis }) => axis !== undefined && x.reduced.includes(axis))
  const kept = last && tensorAxes(x.output).includes(last.axis!)
  if (!last || x.reduced.some((a) => axisOf(x, a).kind === 'batch') || (kept && column !== last.axis)) return { kind: 'rows', inner: undefined, vector: 1 }
  return { kind: 'rows', inner: last.axis, vector: dividing(staticSize(l, last.axis!)!, 16 / elementBytes(l, last.t)) }
}

/** The output without its reduced axes, as a layout to walk: `inner` is left to the threads of a team. */
const groupsOf = (x: Interaction, inner: string | undefined): TensorSpec => {
  const kept = new Set(keptAxes(x).filter((a) => a !== inner))
  const part = (a: LayoutAxis): readonly LayoutAxis[] => {
    if (a.kind === 'axis') return kept.has(a.name) ? [a] : []
    return kept.has(a.row) && kept.has(a.column) ? [a] : [a.row, a.column].filter((n) => kept.has(n)).map((name) => ({ kind: 'axis' as const, name }))
  }
  const [head, ...tail] = x.output.axes
  const batch = x.output.batch !== null && kept.has(x.output.batch) ? x.output.batch : null
  const own = head ? part(head) : []
  const jagged = x.output.storage === 'jagged' && batch !== null && own.length > 0
  return { ...x.output, storage: jagged ? 'jagged' : 'dense', batch, axes: [...own, ...tail.flatMap(part)] }
}

/** Whether neighbouring groups lie side by side in what the first pass reads: the columns of packed pairs whose rows are reduced. */
const isColumnOf = (x: Interaction, groups: TensorSpec): boolean => {
  const head = groups.axes[0]
  return groups.axes.length === 1 && head?.kind === 'axis' && inputsOf(x, ...x.passes[0]!.values).some((t) => { const last = t.axes.at(-1); return last?.kind === 'outer' && last.column === head.name && x.reduced.includes(last.row) })
}

const opText: Readonly<Record<string, { readonly float: string; readonly int: string; readonly name: string }>> = {
  sum: { float: '0.0f', int: '0', name: 'Sum' }, mean: { float: '0.0f', int: '0', name: 'Sum' },
  max: { float: 'uint_as_float(0xff800000u)', int: '(-2147483647 - 1)', name: 'Max' }, min: { float: 'uint_as_float(0x7f800000u)', int: '2147483647', name: 'Min' },
}

interface Use { readonly decode: readonly string[]; readonly vectors: readonly (VectorRead & { readonly cached: boolean })[]; readonly lane: readonly string[]; readonly steps: string; readonly batched: boolean }

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

const keepsAxes = (x: Interaction): boolean => tensorAxes(x.output).some((a) => x.reduced.includes(a))

/** Passes over reduced axes: a team of threads for each of the other coordinates. */
export const cudaReduction: LoopNest = {
  name: 'cuda_reduction', target: 'cuda', class: 'reduction',
  space: {
    threads: { values: [128, 256, 512, 1024], about: 'threads of a block' },
    lanes: { values: [1, 2, 4, 8, 16, 32], about: 'threads side by side along columns' },
    items: { values: [0, 2, 4, 8, 16, 32], about: 'vectors that a thread keeps in registers over all passes; 0: none' },
    blocks: { values: [1, 2, 3, 4, 6, 8], about: 'blocks of a multiprocessor, at least: limits the registers of a thread' },
    batch: { values: [0, 2, 4, 8, 16], about: 'loads of a thread that are under way at once, where nothing is kept; 0: as the compiler has them' },
    unroll: { values: [1, 2, 4, 8], about: 'rows of a team whose loads are under way at once' },
    parts: { values: [1, 66, 132, 264, 528], about: 'ranges of a sum over all sequences, merged in order; 1: none' },
    split: { values: [0, 512, 1024, 2048, 4096], about: 'rows of a part of a long sequence, merged in order; 0: sequences are not split' },
  },
  defaults: (x, problem) => {
    const l = lowering(x, problem, 'cuda')
    const { kind, inner } = shapeOf(l)
    const searched = walkOf(l, groupsOf(x, kind === 'columns' ? inner : undefined), 1).sequences === 'search'
    const several = x.passes.length > 1 || keepsAxes(x)
    const whole = several && kind === 'rows' && !searched
    const threads = kind === 'columns' ? 256 : searched ? 128 : whole ? (problem.dtype === 'f32' ? 1024 : 512) : 256
    return { threads, lanes: several ? (problem.dtype === 'f32' ? 8 : 4) : 8, items: threads === 512 ? 4 : 8, blocks: whole ? 1024 / threads : kind === 'columns' && searched ? 8 : 3, batch: 4, unroll: 4, parts: 264, split: 1024 }
  },
  infeasible: () => undefined,
  bind(l, { threads, lanes, items, blocks: least, batch, unroll, parts, split }) {
    const { x } = l
    const shape = shapeOf(l)
    const { kind, inner, vector } = shape
    const start = inner === undefined ? '' : at(inner)
    const size = inner === undefined ? 1 : staticSize(l, inner)!
    const walk = walkOf(l, groupsOf(x, kind === 'columns' ? inner : undefined), 1)
    const overSequences = x.reduced.some((a) => axisOf(x, a).kind === 'batch')
    const packed = overSequences ? sequencesDomain(l) : undefined
    const axes = reducedAxes(x)
    const keepsReduced = tensorAxes(x.output).filter((a) => x.reduced.includes(a))
    const rowInner = kind === 'rows' ? inner : undefined
    const domain: Domain = packed ? domainOf(l, [], undefined, 1, false) : domainOf(l, axes, rowInner, vector, false)
    const outDomain = domainOf(l, keepsReduced, rowInner !== undefined && keepsReduced.includes(rowInner) ? rowInner : undefined, vector, x.output.storage === 'dense')

    // Who shares a group: lanes side by side along columns, and threads along the reduced axes.
    const crossed = kind === 'rows' && inner === undefined && walk.sequences === 'search' && !packed && isColumnOf(x, groupsOf(x, undefined))
    const columns = kind === 'columns' ? Math.min(walk.sequences === 'search' ? 32 : lanes!, powerOf2(size / vector)) : crossed ? 32 : 1
    const known = kind === 'rows' && !packed ? domain.known : undefined
    const team = known !== undefined && known <= 32 * 8 ? Math.min(32, powerOf2(known)) : !crossed && walk.sequences === 'search' ? (columns >= 8 ? columns : 32) : threads!
    const slabs = kind === 'columns' ? Math.max(1, Math.ceil(size / vector / columns)) : 1

    // One block of statements a pass, and one for the epilogue: its own reads, the lanes' statements, the values.
    const blocks = [...x.passes.map(() => new Block(l, inner)), new Block(l, keepsReduced.length || kind === 'columns' ? inner : undefined)]
    let stat = 0
    const passes = x.passes.map((p, n) => {
      const values = p.values.map((v, i) => {
        const own = n === 0 && i === 0 && p.values.length === 1 ? x.spans.value : undefined
        const type = v.type === 'i32' ? 'int' : 'float'
        return { stat: stat + i, type, text: blocks[n]!.call(p.values.length === 1 && n === 0 ? 'value' : `${p.op}_${stat + i}`, v, own), start: opText[p.op]![type as 'float' | 'int'] }
      })
      stat += p.values.length
      return { n, op: p.op, values, combine: opText[p.op]!.name, mean: p.op === 'mean', limits: p.op === 'max' || p.op === 'min' }
    })
    const last = blocks.at(-1)!
    const value = last.call('epilogue', inverted(x), x.spans.epilogue)
    const shortExp = l.problem.dtype !== 'f32' && x.output.dtype === 'element' && shortenExp(l)
    const scalarStore = inner === undefined || (kind === 'rows' && !keepsReduced.includes(inner))
    const place = last.place(x.output, !scalarStore)

    // Reads that a thread keeps in registers: those of every step that always exist, but not what all groups share.
    const uses = x.passes.length + (keepsReduced.length ? 1 : 0)
    const sameWalk = keepsReduced.length === 0 || outDomain.steps === domain.steps && outDomain.decode.join() === domain.decode.join()
    const worthKeeping = (v: VectorRead): boolean => {
      const walked = walkedAxes(x, tensorAxes(x.inputs.find((t) => element(t.name) === v.name)!))
      return axes.every((a) => walked.includes(a)) && (keptAxes(x).some((a) => a !== inner && walked.includes(a)) || blocks.slice(0, -1).some((b) => b.vectors.some((o) => o.name === v.name)))
    }
    const most = uses < 2 && known === undefined ? batch! : items!
    const candidates = inner === undefined || packed || most === 0 ? [] : [...new Map(blocks.flatMap((b, n) => (n < x.passes.length || (keepsReduced.length && sameWalk) ? b.vectors : [])).filter((v) => v.guard === '' && worthKeeping(v)).map((v) => [v.name, v])).values()]
    const perThread = known === undefined ? 0 : Math.ceil(known / team)
    const room = candidates.length ? Math.max(1, Math.floor(most / candidates.length)) : 0
    const keep = known === undefined ? room : perThread * candidates.length <= Math.max(items!, candidates.length) ? perThread : 0
    const cachedNames = new Set(keep ? candidates.map((v) => v.name) : [])
    const always = keep > 0 && known !== undefined
    const rows = always && team <= 32 ? Math.max(1, Math.min(unroll!, Math.floor(8 / Math.max(1, keep * cachedNames.size)))) : 1

    const single = x.passes.length === 1 && keepsReduced.length === 0 && team === threads && passes[0]!.values.every((v) => v.type === 'float')
    const fixed = (texts: readonly string[]): boolean => texts.every((t) => /^\d+$/.test(t))
    const inParts = single && packed !== undefined && parts! > 1 && fixed([...walk.tail, walk.groups.replace('(long long)', '').replace('ll', '')])
    const inSlots = single && packed === undefined && split! > 0 && walk.sequences === 'batch' && fixed(walk.tail) && axisOf(x, axes[0]!).kind === 'jagged' && !axisOf(x, axes[0]!).index && (axisOf(x, axes[0]!).batch ?? l.batch) === l.batch && axes.slice(1).every((a) => axisOf(x, a).kind === 'dense')
    const partial = inParts || inSlots
    const splitSegment = inSlots ? axisOf(x, axes[0]!).like : ''
    if (inSlots) { l.sources.add(`offsetWords:${splitSegment}`); l.segments.set(splitSegment, { name: splitSegment, kind: 'axis', row: splitSegment, column: splitSegment, batch: axisOf(x, axes[0]!).batch ?? 'b' }) }

    const use = (b: Block, texts: readonly string[], d: Domain): Use => {
      const { lane, vectors } = laneNames(b, texts.join('\n'), start, vector)
      const stats = Array.from({ length: stat }, (_, i) => i).filter((i) => kind === 'columns' && reads([...b.lane, ...texts].join('\n'), `stat_${i}`)).map((i) => `const ${typeOf(i)} stat_${i} = stats_${i}[i];`)
      const own = vectors.map((v) => ({ ...v, cached: cachedNames.has(v.name) && (b !== last || (keepsReduced.length > 0 && sameWalk)) }))
      const live = own.filter((v) => !v.cached)
      const after = [...live.map((v) => `${v.index} ${v.guard}`), ...lane, ...stats, ...texts, ...(b === last ? [place.index, ...place.guards] : [])].join('\n')
      return { decode: pruned([...d.decode, ...b.before], after), vectors: own, lane: [...stats, ...lane], steps: d.steps, batched: own.some((v) => v.cached) }
    }
    const typeOf = (i: number): string => passes.flatMap((p) => p.values).find((v) => v.stat === i)!.type
    const passUses = passes.map((p) => ({ ...p, ...use(blocks[p.n]!, p.values.map((v) => v.text), domain) }))
    const epilogue = use(last, [value], keepsReduced.length ? outDomain : domainOf(l, [], undefined, 1, false))
    const firstBlock = [...cachedNames].map((name) => blocks.map((b) => b.vectors.find((v) => v.name === name)).find((v) => v)!)
    const cacheDecode = pruned([...domain.decode, ...new Set(blocks.slice(0, -1).concat(keepsReduced.length && sameWalk ? [last] : []).flatMap((b) => (b.vectors.some((v) => cachedNames.has(v.name)) ? b.before : [])))], firstBlock.map((v) => v.index).join('\n'))

    if (l.batch !== null) l.sources.add(`batch:${l.batch}`)
    const jaggedOut = x.output.storage === 'jagged'
    const outWalk = jaggedOut ? walkOf(l, x.output, 1) : undefined
    const packedLength = packed?.axis === undefined ? '' : boundOf(l, packed.axis, false)
    const packedSegment = packed?.axis === undefined ? '' : axisOf(x, packed.axis).like
    if (packed?.axis !== undefined) { l.sources.add(`offsetWords:${packedSegment}`); l.fields.set(`first_${packedSegment}`, { name: `first_${packedSegment}`, kind: 'first', segment: packedSegment }) }
    const restLoops = (packed?.rest ?? []).map((a) => ({ name: at(a), bound: boundOf(l, a, false) }))
    const needsCount = x.passes.some((p) => p.op !== 'sum')

    const search = walk.sequences === 'search'
    const block = team > 32
    const warps = threads! / 32
    const partialColumns = passes[0]!.values.length * slabs * columns * (kind === 'columns' ? vector : 1)
    const shared = (block ? (warps + 1) * columns * (kind === 'columns' ? vector : 1) * 4 : 0) + (search ? 16 : 0)
    const path = inParts ? `sums over sequences: ${packed!.axis ? `packed rows of ${packed!.axis}` : 'sequences'} in ${parts} ranges, merged in order`
      : packed ? `sums over sequences: a block a group, ${packed.axis ? `packed rows of ${packed.axis}` : 'sequences'} spread over its threads`
      : kind === 'columns' ? `columns: ${columns} threads side by side along ${inner}, ${team / columns} along ${axes.join(', ')}${keep ? `; a sequence of up to ${keep * (team / columns)} stays in registers` : ''}${inSlots ? `; sequences of more than ${split} rows in parts, merged in order` : ''}`
        : crossed ? `columns of pairs: 32 groups side by side, ${team / 32} threads a group`
        : `rows: ${team} threads a group, vectors of ${vector}${inner ? ` along ${inner}` : ''}${always ? '; a row stays in registers' : keep ? `; up to ${keep * team} vectors stay in registers` : ''}${inSlots ? `; sequences of more than ${split} rows in parts, merged in order` : ''}`
    const common = cudaCommon(l, { barrier: block || search, warp: true, shared: shared > 0, shared_store: false }, path)
    const finishing = [place.index, ...place.guards, domain.steps, outDomain.steps, value, ...epilogue.decode, ...epilogue.lane, ...epilogue.vectors.filter((v) => !v.cached).map((v) => `${v.index} ${v.guard}`)]
    const walking = [...(partial ? [] : [domain.steps]), ...passUses.flatMap((u) => [...u.decode, ...u.lane, ...u.vectors.filter((v) => !v.cached).map((v) => `${v.index} ${v.guard}`)]), ...passes.flatMap((p) => p.values.map((v) => v.text)), ...restLoops.map((r) => r.bound)]
    const allLines = [...(packed ? [] : ['const Seq& seq = g.seq;']), ...(l.batch === null || packed ? [] : [`const int ${at(l.batch)} = g.b;`]), 'const long long group = g.group;', 'unsigned rest = g.rest;', ...walk.head, ...walk.decode]
    const cacheLines = pruned(allLines, [...cacheDecode, ...firstBlock.map((v) => v.index)].join('\n'))
    const groupLines = pruned(allLines, (partial ? walking : [...walking, ...finishing]).join('\n'))
    const completeLines = pruned(allLines, [...finishing.filter((t) => t !== domain.steps || needsCount), ...restLoops.map((r) => r.bound)].join('\n'))
    const teams = crossed ? 32 : threads! / team
    const counted = itemFactors(l, walk)
    const slabFactor: GridFactor = { kind: 'const', value: slabs }
    const grids: readonly (readonly ['reduce' | 'merge', readonly GridFactor[]])[] = inParts ? [['reduce', [...counted, { kind: 'const', value: parts! }, slabFactor]], ['merge', [...counted, slabFactor]]]
      : inSlots ? [['reduce', [{ kind: 'tiles', segment: splitSegment, per: split! }, ...counted.slice(1), slabFactor]], ['merge', [{ kind: 'ceil', factors: [ceiled(counted, MERGED), slabFactor], per: 1, least: 0 }]]]
        : [['reduce', [{ kind: 'ceil', factors: [ceiled(counted, teams * rows), slabFactor], per: 1, least: 1 }]]]
    const text = JSON.stringify([passUses, epilogue, cacheDecode, walk])
    return {
      context: {
        ...common,
        partials: passes[0]!.values.map((v) => v.stat),
        sizes: { blocks: Math.max(1, Math.min(least!, Math.floor(2048 / threads!))), teams, values: passes[0]!.values.length, parts, split, merged: MERGED, threads, vector, columns, team, slabs, items: Math.max(1, keep), rows, search_at: shared - (search ? 16 : 0), width: kind === 'columns' ? vector : 1, size },
        flags: {
          ...common.flags, short_exp: shortExp, crossed, search, batched: walk.sequences === 'batch', flat: false, block, column_lanes: kind === 'columns', pair: text.includes('pair_row('), lower: text.includes('lower_row('), packed: packed !== undefined && packed.axis !== undefined,
          partial, parts: inParts, split: inSlots, over_sequences: packed !== undefined, sequences: packed !== undefined && packed.axis === undefined, cached: keep > 0, always, either: keep > 0 && !always, has_batch: l.batch !== null, keeps: keepsReduced.length > 0, scalar_store: scalarStore,
          jagged_out: jaggedOut, vector_lanes: inner !== undefined, count: needsCount, wide_steps: domain.steps.includes('long long') || outDomain.steps.includes('long long'), epilogue_lanes: kind === 'columns' || (inner !== undefined && keepsReduced.includes(inner)),
        },
        words: {
          ...common.words, groups: walk.groups, tail: one(walk.tail), inside_group: walk.inside, at_batch: at(l.batch ?? 'b'), count: l.batch === null ? '0' : `(int)params.${param.batch(l.batch)}`,
          offsets: offsets(walk.segment || packedSegment), offset_words: param.offsetWords(walk.segment || packedSegment), rows: param.rows(walk.segment || packedSegment),
          start: inner === undefined ? '' : `start_${start.slice(3)}`, at: start, value: valueType(l, x.output.dtype === 'i32' ? 'i32' : 'f32'),
          live: outWalk ? `offset_at(params.${offsets(outWalk.segment)}, params.${param.offsetWords(outWalk.segment)}, params.${param.rows(outWalk.segment)}, params.${param.batch(x.output.batch!)})` : '',
          out_groups: outWalk?.groups ?? '', out_tail: outWalk ? one(outWalk.tail) : '', place: place.index, place_guard: place.guards.join(' && '),
          step: domain.steps.includes('long long') || outDomain.steps.includes('long long') ? 'long long' : 'int', steps: domain.steps,
          split_offsets: offsets(splitSegment), split_words: param.offsetWords(splitSegment), split_rows: param.rows(splitSegment), split_length: inSlots ? domain.factors[0]! : '', row_steps: inSlots ? one(domain.factors.slice(1)) : '',
          packed_at: packed?.axis === undefined ? '' : at(packed.axis), packed_length: packedLength, packed_first: `first_${packedSegment}`,
          elements: domain.steps === '0' ? '0' : `(long long)${packed ? '1' : domain.steps}${rowInner && vector > 1 ? ` * ${vector}` : ''}`,
        },
        head: walk.head, decode: walk.decode, passes: passUses, epilogue: { ...epilogue, value, n: 'out' }, cache: firstBlock.map((v) => ({ ...v, elements: vector })), cacheDecode, cacheLines, restLoops, groupLines, completeLines,
        combines: [...new Set(passes.map((p) => p.combine))],
      },
      entries: grids.map(([name, grid]) => ({ name, entryPoint: name, threads: threads!, sharedBytes: shared, grid })),
      ...(partial && {
        buffers: [{ name: 'partials', access: 'read_write' as const, entries: ['reduce', 'merge'] }],
        partials: inParts ? [{ kind: 'const' as const, value: parts! * partialColumns * [...walk.tail, walk.groups.replace('(long long)', '').replace('ll', '')].reduce((a, t) => a * Number(t), 1) }]
          : [{ kind: 'tiles' as const, segment: splitSegment, per: split! }, { kind: 'const' as const, value: partialColumns * walk.tail.reduce((a, t) => a * Number(t), 1) }],
      }),
      limits: { threadsPerBlock: threads!, sharedMemoryPerBlock: shared },
    }
  },
}
