import type { Expr } from '../ir/hook.ts'
import { axisOf, type Interaction, type InteractionProgram, scatters, tensorAxes, type TensorSpec, walkedAxes } from '../ir/interaction/index.ts'
import { Algebra, isPolynomial, leavesOf } from './algebra.ts'
import { type Beside, besideOf, columnSum, hasStats, type Part } from './columns.ts'
import { comparedAxes, type Kernel, kernelOf } from './contribution.ts'
import { byEntry, flatPlaces, isRead, itemsOf, type Listed, listedAxis, placesTensor, rowAxes } from './lists.ts'
import { reverse } from './reverse.ts'
import { joinScans, reverseScan } from './scan.ts'
import { Steps } from './steps.ts'

const sameSet = (p: readonly string[], q: readonly string[]): boolean => p.length === q.length && p.every((n) => q.includes(n))

type Overrides = Readonly<Record<string, Interaction>>

/**
 * The gradient of each input of floats that is no constant (0 where the output does not depend on it), `d_out` being that of the output: d_input summed over
 * all its reads (rereads included), every step an Interaction that recomputes what it needs. `overrides` are the author's, read with the original inputs and d_out. Deterministic: every sum has one order.
 * Vectors along the rows of a normalisation are added up beside the gradient of the rows; `apart` is the program without that. `wanted`: inputs whose gradients are asked for; default all.
 */
export const deriveGradients = (x: Interaction, overrides: Overrides = {}, wanted?: readonly string[]): InteractionProgram => {
  const program = derived(x, overrides, wanted, true)
  return program.steps.some((s) => s.kind === 'kernel' && s.interaction.sums) ? { ...program, apart: derived(x, overrides, wanted, false) } : program
}

const derived = (x: Interaction, overrides: Overrides, wanted: readonly string[] | undefined, together: boolean): InteractionProgram => {
  const a = new Algebra()
  const name = `${x.name}_backward`
  if (x.output.dtype === 'i32') return { name, steps: [], results: {} }
  const found = x.scan ? undefined : reverse(a, x)
  const s = new Steps(a, x, found?.named ?? new Map(), found?.passes ?? [])
  const { passes, walked, element, keeps } = found ?? reverseScan(a, x, s)
  const out = scatters(x) ? walkedAxes(x, tensorAxes(x.output)) : tensorAxes(x.output)
  const walk = keeps ? out : [...out, ...x.reduced]
  const results: Record<string, string> = {}

  /** d_out is 0 on and above the diagonal of a `lower` output; what it multiplies need not be a number there. */
  const belowDiagonal = (value: Expr): Expr =>
    isPolynomial(value) ? value : x.output.axes.reduce((v, l) => (l.kind === 'lower' ? a.op('select', a.op('lt', a.b.param('i32', `at:${l.column}`), a.b.param('i32', `at:${l.row}`)), v, a.zero()) : v), value)
  const partsOf = (t: TensorSpec): readonly Part[] => {
    const [w, e] = [walked.get(t.name), element.get(t.name)]
    const outside = t.storage === 'dense' ? x.reduced.filter((n) => axisOf(x, n).kind === 'jagged' && tensorAxes(t).includes(n)) : []
    const inner = w && keeps ? outside.reduce((v, n) => a.op('select', a.op('lt', a.b.param('i32', `at:${n}`), a.b.param('i32', `len:${n}`)), v, a.zero()), w) : w
    const parts = keeps ? [{ t, value: a.sum(inner, e), domain: walk, perElement: true }] : [{ t, value: a.sum(w), domain: walk, perElement: false }, { t, value: a.sum(e), domain: out, perElement: true }]
    return parts.filter((p) => !a.isZero(p.value)).map((p) => ({ ...p, value: belowDiagonal(p.value) }))
  }
  /** The element gradient by rows is written first, unless d_out is that; then each entry's rows are added up. */
  const rows = (t: TensorSpec, domain: readonly string[], g: Expr, listed: Listed, list: string): Kernel & { readonly inputs: readonly TensorSpec[] } => {
    const rest = byEntry(t, listed.axis).axes
    const [asOut, want] = [placesTensor(x, listed, 'out', x.output.dtype, rest), { ...x.output, fill: 0, name: 'out', tensor: 'out' }]
    const whole = isRead(g) === 'd_out' && !x.output.ends && JSON.stringify([asOut.storage, asOut.batch, asOut.axes]) === JSON.stringify([want.storage, want.batch, want.axes])
    const tensor = whole ? 'd_out' : s.free(`d_${t.name}_rows`)
    const places = placesTensor(x, listed, tensor, whole ? x.output.dtype : 'f32', rest)
    if (!whole) {
      const k = kernelOf(a, { ...x, inputs: s.inputs }, places, domain, g)
      s.push(tensor, { axes: k.axes, output: { ...k.output, dtype: 'f32' }, reduced: k.over, passes: k.over.length ? [{ op: 'sum', values: [k.value] }] : [], epilogue: k.over.length ? a.b.param('f32', 'stat:0') : k.value })
    }
    const flat: TensorSpec = { ...flatPlaces(places, list), name: `${tensor}_flat`, tensor }
    return { axes: [...x.axes, ...rowAxes(a, x, listed, list)], output: byEntry(t, listed.axis), over: [list], value: a.b.param('f32', `in:${flat.name}`), inputs: [flat] }
  }
  const writePart = ({ t, value, domain, perElement }: Part, writes: string, dtype: TensorSpec['dtype'], before: string | null, columns: Beside['columns'] = new Map()): void => {
    const own = tensorAxes(t)
    const needs = hasStats(s.expand(value))
    const direct = own.every((n) => !axisOf(x, n).index) && sameSet(own, domain)
    const g = needs && !direct ? s.withoutStats(`d_${t.name}_element`, value, perElement) : s.expand(value)
    const listed = direct ? null : listedAxis(x, t, domain, comparedAxes(a, x, t, domain))
    const list = listed && s.lists(listed)
    const items = listed ? [itemsOf(list!, `${listed.axis}_out`)] : []
    const k: Kernel & { readonly inputs?: readonly TensorSpec[] } = listed?.by === 'row' ? rows(t, domain, g, listed, list!) : kernelOf(a, { ...x, inputs: s.inputs }, t, domain, g, listed ? { listed, list: list! } : undefined)
    const earlier: readonly TensorSpec[] = before === null ? [...items, ...(k.inputs ?? [])] : [...items, ...(k.inputs ?? []), { ...k.output, name: before, tensor: before, dtype: 'f32' }]
    const total = (e: Expr): Expr => (before === null ? e : a.op('add', a.b.param('f32', `in:${before}`), e))
    const output = { ...k.output, dtype }
    const sums = [...columns].map(([tensor, part]) => columnSum({ ...part, value: s.expand(part.value) }, results[tensor]!))
    if (needs && direct) s.push(writes, { axes: k.axes, output, reduced: x.reduced, passes, epilogue: total(k.value), ...(sums.length && { sums }) }, earlier)
    else if (k.over.length === 0) s.push(writes, { axes: k.axes, output, reduced: [], passes: [], epilogue: total(k.value) }, earlier)
    else s.push(writes, { axes: k.axes, output, reduced: k.over, passes: [{ op: 'sum', values: [k.value] }], epilogue: total(a.b.param('f32', 'stat:0')) }, earlier)
  }

  const isWanted = (tensor: string): boolean => wanted === undefined || wanted.includes(tensor)
  const readsOf = (tensor: string): readonly TensorSpec[] => x.inputs.filter((t) => t.tensor === tensor)
  const isConstant = (tensor: string): boolean => x.constants.includes(tensor) || readsOf(tensor).some((t) => t.dtype === 'i32' || x.constants.includes(t.name))
  const tensors = [...new Set(x.inputs.map((t) => t.tensor))].filter((tensor) => !isConstant(tensor))
  const parts = new Map(tensors.filter((tensor) => !overrides[tensor]).map((tensor) => [tensor, readsOf(tensor).flatMap(partsOf)]))
  const beside = together ? besideOf(x, keeps, parts, isWanted) : null
  for (const tensor of beside?.columns.keys() ?? []) results[tensor] = s.reserve(`d_${tensor}`)

  for (const tensor of tensors) {
    const hosts = tensor === beside?.host
    if (beside?.columns.has(tensor) || !(isWanted(tensor) || hosts)) continue
    const override = overrides[tensor]
    if (override) {
      results[tensor] = s.free(`d_${tensor}`)
      s.steps.push({ kind: 'kernel', writes: results[tensor], interaction: override })
      continue
    }
    const own = parts.get(tensor)!
    let before: string | null = null
    own.forEach((part, i) => {
      const last = i === own.length - 1
      const writes = s.free(last ? `d_${tensor}` : `d_${tensor}_part${i}`)
      writePart(part, writes, last ? part.t.dtype : 'f32', before, hosts ? beside.columns : undefined)
      before = writes
    })
    if (before === null) {
      const [t] = readsOf(tensor)
      before = s.free(`d_${tensor}`)
      const none = kernelOf(a, x, t!, walk, a.zero())
      s.push(before, { axes: none.axes, output: { ...none.output, dtype: t!.dtype }, reduced: [], passes: [], epilogue: none.value })
    }
    if (isWanted(tensor)) results[tensor] = before
  }
  return joinScans(a, { name, steps: s.steps, results: Object.fromEntries(tensors.flatMap((tensor) => (results[tensor] === undefined ? [] : [[tensor, results[tensor]]]))) })
}
