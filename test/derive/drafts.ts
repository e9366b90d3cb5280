import { dense, jagged, lower, outer, reread } from '../../dsl/index.ts'
import type { Interaction } from '../../codegen/ir/interaction/index.ts'
import { build, type Draft, type Kit } from '../reference/interaction/build.ts'
import type { Launch } from './finite.ts'

/** Lengths to offsets. */
export const sums = (...lengths: readonly number[]): readonly number[] => lengths.reduce<number[]>((o, l) => [...o, o.at(-1)! + l], [0])

export interface Case { readonly x: Interaction; readonly launches: readonly Launch[] }

const MIXED = sums(3, 0, 1, 4)
const launch = (more: Partial<Launch> = {}): readonly Launch[] => [
  { offsets: { l: MIXED }, sizes: { d: 3, k: 2 }, capacities: { l: 5 }, batches: { b: 4 }, ...more },
  { offsets: { l: [0] }, sizes: { d: 3, k: 2 }, capacities: { l: 5 }, batches: { b: 0 }, ...more, ...(more.offsets && { offsets: Object.fromEntries(Object.keys(more.offsets).map((n) => [n, [0]])) }) },
]
const sum = (k: Kit, ...values: Parameters<Kit['op']>[1][]) => ({ op: 'sum' as const, values })
const silu = (k: Kit, x: Parameters<Kit['op']>[1]) => k.op('silu', x)

const list: readonly (Draft & { readonly launches?: readonly Launch[] })[] = [
  { name: 'bmm', inputs: { x: jagged('l', 'd'), w: dense('b', 'd', 'k') }, output: jagged('l', 'k'), reduced: ['d'], body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('w')))], epilogue: k.stat(0) }) },
  { name: 'bmm_shared', inputs: { x: jagged('l', 'd'), w: dense('d', 'k') }, output: jagged('l', 'k'), reduced: ['d'], body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('w')))], epilogue: k.stat(0) }) },
  { name: 'bmm_bias_silu', inputs: { x: jagged('l', 'd'), w: dense('b', 'd', 'k'), bias: dense('b', 'k') }, output: jagged('l', 'k'), reduced: ['d'], body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('w')))], epilogue: silu(k, k.add(k.stat(0), k.in('bias'))) }) },
  { name: 'bmm_bias_relu', inputs: { x: jagged('l', 'd'), w: dense('d', 'k'), bias: jagged('l', 'k') }, output: jagged('l', 'k'), reduced: ['d'], body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('w')))], epilogue: k.op('max', k.add(k.stat(0), k.in('bias')), k.f(0)) }) },
  { name: 'bmm_scaled', inputs: { x: jagged('l', 'd'), w: dense('d', 'k'), s: dense('b') }, output: jagged('l', 'k'), reduced: ['d'], body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('w')))], epilogue: k.mul(k.stat(0), k.in('s')) }) },
  { name: 'jagged_jagged_bmm', inputs: { x: jagged('l', 'd'), y: jagged('l', 'k') }, output: dense('b', 'd', 'k'), reduced: ['l'], body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('y')))], epilogue: k.stat(0) }) },
  { name: 'jagged_jagged_out', inputs: { x: jagged('l', 'd'), y: jagged('m', 'd') }, output: jagged(outer('l', 'm')), reduced: ['d'], launches: launch({ offsets: { l: MIXED, m: sums(2, 1, 0, 3) } }), body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('y')))], epilogue: k.stat(0) }) },
  { name: 'array_jagged', inputs: { a: jagged(outer('l', 'm')), y: jagged('m', 'd') }, output: jagged('l', 'd'), reduced: ['m'], launches: launch({ offsets: { l: MIXED, m: sums(2, 1, 0, 3) } }), body: (k) => ({ passes: [sum(k, k.mul(k.in('a'), k.in('y')))], epilogue: k.stat(0) }) },
  { name: 'dense_add', inputs: { x: jagged('l', 'd'), y: dense('b', 'l', 'd') }, output: jagged('l', 'd'), body: (k) => ({ epilogue: k.add(k.in('x'), k.in('y')) }) },
  { name: 'dense_add_padded', inputs: { x: jagged('l', 'd'), y: dense('b', 'l', 'd') }, output: dense('b', 'l', 'd'), body: (k) => ({ epilogue: k.add(k.in('x'), k.in('y')) }) },
  { name: 'truncated', inputs: { x: jagged('l', 'd') }, output: dense('b', 'l', 'd'), launches: launch({ capacities: { l: 2 } }), body: (k) => ({ epilogue: k.in('x') }) },
  { name: 'padded_to_jagged', inputs: { x: dense('b', 'l', 'd') }, output: jagged('l', 'd'), launches: launch({ capacities: { l: 2 } }), body: (k) => ({ epilogue: k.in('x') }) },
  { name: 'jagged_mul', inputs: { x: jagged('l', 'd'), y: jagged('l', 'd') }, output: jagged('l', 'd'), body: (k) => ({ epilogue: k.mul(k.in('x'), k.in('y')) }) },
  { name: 'broadcast_add', inputs: { x: jagged('l', 'd'), y: dense('b', 'd') }, output: jagged('l', 'd'), body: (k) => ({ epilogue: k.add(k.in('x'), k.in('y')) }) },
  { name: 'shared_scale', inputs: { x: jagged('l', 'd'), g: dense('d') }, output: jagged('l', 'd'), body: (k) => ({ epilogue: k.op('tanh', k.mul(k.in('x'), k.in('g'))) }) },
  { name: 'vec_2d_mul', inputs: { v: dense('b', 'l'), a: jagged('l', 'd') }, output: dense('b', 'd'), reduced: ['l'], launches: launch({ capacities: { l: 3 } }), body: (k) => ({ passes: [sum(k, k.mul(k.in('v'), k.in('a')))], epilogue: k.stat(0) }) },
  { name: 'dot_interaction', inputs: { x: jagged('i', 'd'), y: reread('x', jagged('j', 'd')) }, like: { j: 'i' }, output: jagged(lower('i', 'j')), reduced: ['d'], launches: launch({ offsets: { i: MIXED } }), body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('y')))], epilogue: k.stat(0) }) },
  { name: 'lower_weighted', inputs: { a: jagged(lower('i', 'j')), y: jagged('j', 'd') }, like: { i: 'j' }, output: jagged('i', 'd'), reduced: ['j'], launches: launch({ offsets: { j: MIXED } }), body: (k) => ({ passes: [sum(k, k.mul(k.in('a'), k.in('y')))], epilogue: k.stat(0) }) },
  { name: 'factorisation_machine', inputs: { x: jagged('l', 'd') }, output: dense('b', 'd'), reduced: ['l'], body: (k) => ({ passes: [sum(k, k.in('x'), k.mul(k.in('x'), k.in('x')))], epilogue: k.mul(k.f(0.5), k.sub(k.mul(k.stat(0), k.stat(0)), k.stat(1))) }) },
  { name: 'dcn_cross', inputs: { x0: jagged('l', 'd'), x: jagged('l', 'k'), w: dense('k', 'd'), c: dense('d'), x1: reread('x', jagged('l', 'd')) }, like: { k: 'd' }, output: jagged('l', 'd'), reduced: ['k'], launches: launch({ sizes: { d: 3 } }), body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('w')))], epilogue: k.add(k.mul(k.in('x0'), k.add(k.stat(0), k.in('c'))), k.in('x1')) }) },
  { name: 'softmax', inputs: { x: jagged('l', 'd') }, output: jagged('l', 'd'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'max', values: [k.in('x')], detached: true }, sum(k, k.op('exp', k.sub(k.in('x'), k.stat(0))))], epilogue: k.div(k.op('exp', k.sub(k.in('x'), k.stat(0))), k.stat(1)) }) },
  { name: 'softmax_columns', inputs: { x: jagged(outer('i', 'j')) }, like: { j: 'i' }, output: jagged(outer('i', 'j')), reduced: ['i'], launches: launch({ offsets: { i: MIXED } }), body: (k) => ({ passes: [{ op: 'max', values: [k.in('x')], detached: true }, sum(k, k.op('exp', k.sub(k.in('x'), k.stat(0))))], epilogue: k.div(k.op('exp', k.sub(k.in('x'), k.stat(0))), k.stat(1)) }) },
  { name: 'softmax_padded_input', inputs: { x: dense('b', 'l') }, jagged: ['l'], output: jagged('l'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'max', values: [k.in('x')], detached: true }, sum(k, k.op('exp', k.sub(k.in('x'), k.stat(0))))], epilogue: k.div(k.op('exp', k.sub(k.in('x'), k.stat(0))), k.stat(1)) }) },
  { name: 'softmax_bias', inputs: { x: jagged('l', 'd'), bias: dense('d'), w: dense('l') }, output: jagged('l', 'd'), reduced: ['l'], body: (k) => { const v = k.mul(k.add(k.in('x'), k.in('bias')), k.in('w')); const e = k.op('exp', k.sub(v, k.stat(0))); return { passes: [{ op: 'max', values: [v], detached: true }, sum(k, e)], epilogue: k.div(e, k.stat(1)) } } },
  { name: 'pool_sum', inputs: { x: jagged('l', 'd') }, output: dense('b', 'd'), reduced: ['l'], body: (k) => ({ passes: [sum(k, k.in('x'))], epilogue: k.stat(0) }) },
  { name: 'pool_padded', inputs: { x: dense('b', 'l', 'd'), w: dense('b', 'l') }, jagged: ['l'], output: dense('b', 'd'), reduced: ['l'], body: (k) => ({ passes: [sum(k, k.in('x'), k.in('w'))], epilogue: k.mul(k.stat(0), k.stat(1)) }) },
  { name: 'pool_mean', inputs: { x: jagged('l', 'd') }, output: dense('b', 'd'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'mean', values: [k.in('x')] }], epilogue: k.stat(0) }) },
  { name: 'pool_max', inputs: { x: jagged('l', 'd') }, output: dense('b', 'd'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'max', values: [k.in('x')] }], epilogue: k.stat(0) }) },
  { name: 'pool_max_all', inputs: { x: jagged('l', 'd') }, output: dense('b'), reduced: ['l', 'd'], body: (k) => ({ passes: [{ op: 'max', values: [k.in('x')] }], epilogue: k.op('exp', k.stat(0)) }) },
  { name: 'max_weighted', inputs: { x: jagged('l', 'd'), w: dense('d') }, output: dense('b', 'd'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'max', values: [k.mul(k.in('x'), k.in('w'))] }], epilogue: k.stat(0) }) },
  { name: 'pool_min', inputs: { x: jagged('l', 'd') }, output: dense('b', 'd'), reduced: ['l'], body: (k) => ({ passes: [{ op: 'min', values: [k.in('x')] }], epilogue: k.mul(k.stat(0), k.stat(0)) }) },
  { name: 'log_sum_exp', inputs: { x: jagged('l', 'd'), t: dense('d') }, output: dense('b', 'd'), reduced: ['l'], body: (k) => { const v = k.mul(k.in('x'), k.in('t')); return { passes: [{ op: 'max', values: [v] }, sum(k, k.op('exp', k.sub(v, k.stat(0))))], epilogue: k.add(k.stat(0), k.op('log', k.add(k.stat(1), k.f(1e-3)))) } } },
  {
    name: 'layer_norm', inputs: { x: jagged('l', 'd'), gamma: dense('d'), beta: dense('d') }, output: jagged('l', 'd'), reduced: ['d'],
    body: (k) => { const c = k.sub(k.in('x'), k.stat(0)); return { passes: [{ op: 'mean', values: [k.in('x')] }, { op: 'mean', values: [k.mul(c, c)] }], epilogue: k.add(k.mul(k.div(c, k.op('sqrt', k.add(k.stat(1), k.f(1e-5)))), k.in('gamma')), k.in('beta')) } },
  },
  {
    name: 'layer_norm_sequence', inputs: { x: jagged('l', 'd'), gamma: dense('d') }, output: jagged('l', 'd'), reduced: ['l', 'd'],
    body: (k) => { const c = k.sub(k.in('x'), k.stat(0)); return { passes: [{ op: 'mean', values: [k.in('x')] }, { op: 'mean', values: [k.mul(c, c)] }], epilogue: k.mul(k.div(c, k.op('sqrt', k.add(k.stat(1), k.f(1e-3)))), k.in('gamma')) } },
  },
  { name: 'rms_norm_silu', inputs: { x: jagged('l', 'd'), gamma: dense('d') }, output: jagged('l', 'd'), reduced: ['d'], body: (k) => ({ passes: [{ op: 'mean', values: [k.mul(k.in('x'), k.in('x'))] }], epilogue: silu(k, k.mul(k.div(k.in('x'), k.op('sqrt', k.add(k.stat(0), k.f(1e-5)))), k.in('gamma'))) }) },
  { name: 'self_subtraction', inputs: { a: jagged('l'), c: reread('a', jagged('m')) }, like: { m: 'l' }, index: (k) => ({ l: k.at('i'), m: k.add(k.at('j'), k.i(1)) }), lengths: (k) => ({ i: k.op('max', k.sub(k.len('l'), k.i(1)), k.i(0)), j: k.op('max', k.sub(k.len('l'), k.i(1)), k.i(0)) }), output: jagged(outer('i', 'j')), body: (k) => ({ epilogue: k.sub(k.in('a'), k.in('c')) }) },
  {
    name: 'concat', inputs: { x: jagged('l', 'd'), y: jagged('m', 'd') }, index: (k) => ({ l: k.at('n'), m: k.sub(k.at('n'), k.len('l')) }), lengths: (k) => ({ n: k.add(k.len('l'), k.len('m')) }), output: jagged('n', 'd'),
    launches: launch({ offsets: { l: MIXED, m: sums(2, 1, 0, 3) } }), body: (k) => ({ epilogue: k.select(k.lt(k.at('n'), k.len('l')), k.in('x'), k.in('y')) }),
  },
  { name: 'reverse', inputs: { x: jagged('l', 'd') }, index: (k) => ({ l: k.sub(k.sub(k.len('l'), k.i(1)), k.at('n')) }), lengths: (k) => ({ n: k.len('l') }), output: jagged('n', 'd'), body: (k) => ({ epilogue: k.in('x') }) },
  { name: 'slice', inputs: { x: jagged('l', 'd') }, captures: [{ name: 'start', kind: 'perSequence', dtype: 'i32', perHead: false }], index: (k) => ({ l: k.add(k.at('n'), k.capture('start', 'i32')) }), lengths: (k) => ({ n: k.i(2) }), output: jagged('n', 'd'), launches: launch({ captures: { start: [1, 0, -1, 3] } }), body: (k) => ({ epilogue: k.in('x') }) },
  { name: 'convolution', inputs: { x: jagged('l', 'd'), w: dense('k', 'd') }, index: (k) => ({ l: k.sub(k.at('n'), k.at('k')) }), lengths: (k) => ({ n: k.len('l') }), output: jagged('n', 'd'), reduced: ['k'], body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('w')))], epilogue: k.stat(0) }) },
  { name: 'padded_last', inputs: { x: jagged('l', 'd') }, index: (k) => ({ l: k.op('min', k.at('n'), k.sub(k.len('l'), k.i(1))) }), jagged: ['n'], like: { n: 'n' }, lengths: (k) => ({ n: k.len('l') }), output: dense('b', 'n', 'd'), launches: launch({ capacities: { n: 5 } }), body: (k) => ({ epilogue: k.in('x') }) },
  { name: 'index_select', inputs: { x: jagged('l', 'd', { batch: 's' }), idx: dense('b', { dtype: 'i32' }) }, batches: { l: 's' }, index: (k) => ({ s: k.in('idx'), l: k.at('m') }), lengths: (k) => ({ m: k.len('l') }), output: jagged('m', 'd'), launches: launch({ batches: { b: 6, s: 4 }, tensors: { idx: [3, 0, 0, 1, 7, 3] } }).slice(0, 1), body: (k) => ({ epilogue: k.in('x') }) },
  { name: 'gather_pool', inputs: { x: jagged('l', 'd', { batch: 's' }), idx: dense('b', { dtype: 'i32' }) }, batches: { l: 's' }, index: (k) => ({ s: k.in('idx') }), output: dense('b', 'd'), reduced: ['l'], launches: launch({ batches: { b: 5, s: 4 }, tensors: { idx: [3, 0, 0, -1, 2] } }).slice(0, 1), body: (k) => ({ passes: [{ op: 'max', values: [k.op('tanh', k.in('x'))] }], epilogue: k.stat(0) }) },
  { name: 'embedding', inputs: { x: jagged('l', 'd'), table: dense('t', 'd'), bucket: jagged('l', { dtype: 'i32' }) }, index: (k) => ({ t: k.op('min', k.in('bucket'), k.i(2)) }), output: jagged('l', 'd'), launches: launch({ sizes: { d: 3, t: 3 } }), body: (k) => ({ epilogue: k.add(k.mul(k.in('x'), k.f(2)), k.in('table')) }) },
  { name: 'embedding_product', inputs: { x: jagged('l', 'd'), table: dense('t', 'd') }, index: (k) => ({ t: k.op('min', k.at('l'), k.i(1)) }), output: jagged('l'), reduced: ['d'], launches: launch({ sizes: { d: 3, t: 2 } }), body: (k) => ({ passes: [sum(k, k.mul(k.in('x'), k.in('table')))], epilogue: k.op('sigmoid', k.stat(0)) }) },
  { name: 'floor_mix', inputs: { x: jagged('l', 'd') }, output: jagged('l', 'd'), body: (k) => ({ epilogue: k.mul(k.sub(k.in('x'), k.op('floor', k.in('x'))), k.op('abs', k.in('x'))) }) },
  { name: 'positions', inputs: { x: jagged('l', 'd') }, captures: [{ name: 'alpha', kind: 'scalar', dtype: 'f32', perHead: false, default: 0.5 }], output: jagged('l', 'd'), body: (k) => ({ epilogue: k.add(k.mul(k.capture('alpha'), k.in('x')), k.op('toF32', k.sub(k.len('l'), k.at('l')))) }) },
]

/** Definitions by hand, each with its launches: mixed lengths with an empty one, and no sequences. */
export const cases: readonly Case[] = list.map(({ launches = launch(), ...draft }) => ({ x: build(draft), launches }))
