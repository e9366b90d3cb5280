import { inputsOf, keptAxes, tensorAxes, walkedAxes } from '../../../ir/interaction/index.ts'
import type { ScheduleValues } from './types.ts'
import type { VectorRead } from '../block.ts'
import type { Lowering } from '../context.ts'
import { element } from '../names.ts'
import { pruned } from './cuda_prune.ts'
import type { Plan } from './cuda_reduction_plan.ts'
import type { Steps } from './cuda_reduction_steps.ts'
import { elementBytes } from './cuda_walk.ts'

/** Bytes of an asynchronous copy to shared memory. */
export const PIECE = 16

/** What a thread has in registers, or in `slots` pieces of shared memory for each input: a batch of loads, kept over all passes where a group fits. */
export const cacheOf = (l: Lowering, { inner, vector, packed, axes, keepsReduced, sameWalk, domain, known, team }: Plan, { blocks, last }: Steps, { items, batch, unroll, staged }: ScheduleValues) => {
  const { x } = l
  // Where a thread walks many rows and adds up the same columns of each, what the rows share is read once.
  const walkedBy = (v: VectorRead): readonly string[] => walkedAxes(x, tensorAxes(x.inputs.find((t) => element(t.name) === v.name)!))
  const fixed = !x.sums || inner === undefined || axes.length === 1 ? [] : [...new Map(blocks.flatMap((b) => b.vectors).filter((v) => v.guard === '' && walkedBy(v).every((a) => a === inner)).map((v) => [v.name, v])).values()]
  const fixedNames = new Set(fixed.map((v) => v.name))
  // Reads that a thread keeps in registers: those of every step that always exist, but not what all groups share.
  const uses = x.passes.length + (keepsReduced.length ? 1 : 0)
  const worthKeeping = (v: VectorRead): boolean => {
    const walked = walkedBy(v)
    return axes.every((a) => walked.includes(a)) && (keptAxes(x).some((a) => a !== inner && walked.includes(a)) || blocks.slice(0, -1).some((b) => b.vectors.some((o) => o.name === v.name)))
  }
  const most = uses < 2 && known === undefined ? batch! : items!
  const candidates = inner === undefined || packed || most === 0 ? [] : [...new Map(blocks.flatMap((b, n) => (n < x.passes.length || (keepsReduced.length && sameWalk) ? b.vectors : [])).filter((v) => v.guard === '' && !fixedNames.has(v.name) && worthKeeping(v)).map((v) => [v.name, v])).values()]
  const perThread = known === undefined ? 0 : Math.ceil(known / team)
  const room = candidates.length ? Math.max(1, Math.floor(most / candidates.length)) : 0
  const keep = known === undefined ? room : perThread * candidates.length <= Math.max(items!, candidates.length) ? perThread : 0
  const cachedNames = new Set(keep ? candidates.map((v) => v.name) : [])
  const always = keep > 0 && known !== undefined
  const rows = always && team <= 32 ? Math.max(1, Math.min(unroll!, Math.floor(8 / Math.max(1, keep * cachedNames.size)))) : 1
  const firstBlock = [...cachedNames].map((name) => blocks.map((b) => b.vectors.find((v) => v.name === name)).find((v) => v)!)
  const cacheDecode = pruned([...domain.decode, ...new Set(blocks.slice(0, -1).concat(keepsReduced.length && sameWalk ? [last] : []).flatMap((b) => (b.vectors.some((v) => cachedNames.has(v.name)) ? b.before : [])))], firstBlock.map((v) => v.index).join('\n'))
  // What is walked more than once can be copied to shared memory, in pieces as the copy takes them.
  const whole = inputsOf(x, ...x.passes.flatMap((p) => p.values), x.epilogue).filter((t) => cachedNames.has(element(t.name))).every((t) => vector * elementBytes(l, t) === PIECE)
  const slots = keep > 0 && !always && uses > 1 && whole ? Math.floor(staged! / cachedNames.size) : 0
  return { keep, fixed, fixedNames, cachedNames, always, rows, firstBlock, cacheDecode, slots }
}

export type Cache = ReturnType<typeof cacheOf>
