import { hash } from '../hash.ts'
import { type Expr, printExpr } from '../hook.ts'
import type { Axis, Interaction, InteractionProgram, LayoutAxis, TensorSpec } from './types.ts'

const indent = (text: string): string => text.replace(/^/gm, '  ')
const body = (name: string, e: Expr): string => indent(`${name} {\n${printExpr(e)}\n}`)

const printLayoutAxis = (a: LayoutAxis): string => (a.kind === 'axis' ? a.name : `${a.kind}(${a.row}, ${a.column})`)

/** `jagged(l, d)`, `dense(b, d, k) i32`. */
export const printTensor = (t: TensorSpec): string =>
  `${t.storage}(${[...(t.storage === 'dense' && t.batch ? [t.ends ? `ends(${t.batch})` : t.batch] : []), ...t.axes.map(printLayoutAxis)].join(', ')})${t.storage === 'jagged' && t.batch !== 'b' ? ` by ${t.batch}` : ''}${t.dtype === 'element' ? '' : ` ${t.dtype}`}${t.fill === 0 ? '' : ` fill ${t.fill}`}${t.tensor === t.name ? '' : ` of ${t.tensor}`}`

const printAxis = (a: Axis): string =>
  [`  axis ${a.name}: ${a.kind}${a.like === a.name ? '' : ` like ${a.like}`}${a.batch && a.batch !== 'b' ? ` of ${a.batch}` : ''}`, ...(a.index ? [body('index', a.index)] : []), ...(a.length ? [body('length', a.length)] : [])].join('\n')

export const printInteraction = (x: Interaction): string =>
  [
    `interaction ${x.name} {`,
    ...x.axes.map(printAxis),
    ...x.inputs.map((t) => `  input ${t.name}: ${printTensor(t)}`),
    `  output: ${printTensor(x.output)}`,
    ...x.captures.map((c) => `  capture ${c.name}: ${c.kind} ${c.dtype}${c.default === undefined ? '' : ` = ${c.default}`}`),
    ...x.passes.flatMap((p) => [`  ${p.op} over ${x.reduced.join(', ')}${p.detached ? ' (detached)' : ''}`, ...p.values.map((v) => body('value', v))]),
    ...(x.scan ? [`  ${x.scan.exclusive ? 'exclusive ' : ''}prefix sum over ${x.scan.axis}${x.scan.reverse ? ', from the end' : ''}`, body('value', x.scan.value)] : []),
    body('epilogue', x.epilogue),
    ...(x.sums ?? []).flatMap((s) => [`  beside ${s.output.tensor}: ${printTensor(s.output)}, the sum of`, body('value', s.value)]),
    ...(x.constants.length ? [`  constant ${x.constants.join(', ')}`] : []),
    '}',
  ].join('\n')

export const printProgram = (p: InteractionProgram): string =>
  [
    `program ${p.name} {`,
    ...p.steps.map((s) => indent(s.kind === 'lists' ? `lists ${s.name} of ${s.keys} along ${s.axis}` : `${s.writes} = ${printInteraction(s.interaction)}`)),
    ...Object.entries(p.results).map(([input, tensor]) => `  gradient of ${input}: ${tensor}`),
    '}',
  ].join('\n')

/** Covers the whole computation, not the author's file. */
export const hashInteraction = (x: Interaction): string => hash(printInteraction(x))
