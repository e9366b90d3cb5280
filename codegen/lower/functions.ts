import type { MaskAnalysis } from '../analyse/index.ts'
import type { Algorithm } from '../ir/algorithm.ts'
import type { Expr, Hook, Span } from '../ir/hook.ts'
import type { PrintedFunction } from '../ir/plan.ts'
import { type Dialect, printExpression } from './printer.ts'

const print = (name: string, body: Expr, span: Span, dialect: Dialect): PrintedFunction => {
  const { lines, results } = printExpression([body], dialect, reserved)
  return { name, lines, result: results[0]!, span }
}

/** Names a kernel's own text uses inside these functions, and words both languages reserve. */
const reserved = [
  'score', 'b', 'h', 'q', 'kv', 'q0', 'q1', 'kv0', 'kv1', 'seq', 'params', 't', 'x',
  'mask_mod', 'score_mod', 'activation', 'scale', 'row_scale', 'sink', 'keep_after', 'head_count', 'erf', 'captures_i32', 'captures_f32', 'tiles', 'out', 'lse', 'k', 'v',
  'abs', 'min', 'max', 'floor', 'ceil', 'trunc', 'sqrt', 'exp', 'log', 'sign', 'clamp', 'select', 'mix', 'step', 'dot', 'cross', 'length', 'distance', 'round', 'tanh', 'sin', 'cos', 'pow', 'sigmoid', 'silu',
  'expf', 'logf', 'floorf', 'ceilf', 'truncf', 'rintf', 'sqrtf', 'tanhf', 'sinf', 'cosf', 'powf', 'fmodf', 'fabsf', 'fminf', 'fmaxf', 'exp2f', 'log2f', 'token_entry', 'table_entry', 'uint_as_float', 'exp_f32', 'tanh_f32', 'class', 'seq_offsets',
  'floor_div', 'floor_mod', 'trunc_rem', 'var', 'let', 'const', 'fn', 'if', 'else', 'for', 'while', 'loop', 'switch', 'case', 'default', 'break', 'continue', 'return', 'struct', 'true', 'false', 'int', 'float', 'bool',
  'unsigned', 'long', 'short', 'char', 'double', 'void', 'auto', 'static', 'inline', 'register', 'volatile', 'signed', 'near', 'far', 'half', 'i32', 'u32', 'f32', 'f16', 'array', 'alias', 'enable', 'override', 'discard', 'private',
  'public', 'protected', 'class', 'template', 'typename', 'namespace', 'using', 'this', 'new', 'delete', 'operator', 'friend', 'virtual', 'union', 'enum', 'sizeof', 'goto', 'do', 'try', 'catch', 'throw', 'asm', 'and', 'or', 'not', 'xor',
  'active', 'common', 'filter', 'target', 'type', 'self', 'mod', 'module', 'package', 'import', 'export', 'from', 'where', 'with', 'unless', 'of', 'is', 'as', 'global', 'handle', 'io', 'layout', 'mat', 'vec', 'macro', 'match', 'mut', 'nil', 'null', 'pass', 'patch', 'pixel', 'point', 'precise', 'precision', 'ptr', 'ref', 'resource', 'restrict', 'sample', 'set', 'shared', 'smooth', 'snorm', 'super', 'texture', 'trait', 'typedef', 'uniform', 'unorm', 'use', 'varying', 'wgsl', 'yield', 'get', 'highp', 'lowp', 'interface', 'impl', 'extern', 'explicit', 'final', 'await', 'async', 'become', 'box', 'NULL',
]

/** Every author hook, and every analysis that the tile mode needs, printed for the target. */
export const printFunctions = (algorithm: Algorithm, analysis: MaskAnalysis, dialect: Dialect): Readonly<Record<string, PrintedFunction>> => {
  const functions: Record<string, PrintedFunction> = {}
  const hook = (name: string, h: Hook | undefined) => { if (h) functions[name] = print(name, h.body, h.span, dialect) }
  const span = algorithm.maskMod?.span ?? algorithm.span
  const derived = (name: string, body: Expr | undefined) => { if (body) functions[name] = print(name, body, { ...span, text: '' }, dialect) }

  hook('score_mod', algorithm.scoreMod)
  hook('mask_mod', algorithm.maskMod)
  const parts = algorithm.normalizer.kind === 'byHead' ? [algorithm.normalizer.first, algorithm.normalizer.rest] : [algorithm.normalizer]
  if (algorithm.normalizer.kind === 'byHead') hook('head_count', algorithm.normalizer.headCount)
  for (const part of parts) {
    if (part.kind === 'pointwise') {
      hook('activation', part.activation)
      hook('scale', part.scale)
    } else {
      hook('sink', part.sink)
      hook('row_scale', part.scale)
      hook('keep_after', part.keepAfter)
    }
  }
  if (analysis.mode === 'bounds') {
    derived('rising_always', analysis.rising?.always)
    derived('rising_never', analysis.rising?.never)
    derived('falling_always', analysis.falling?.always)
    derived('falling_never', analysis.falling?.never)
    derived('monotone_ok', analysis.monotoneOk)
  }
  if (analysis.mode === 'test') {
    derived('tile_always', analysis.always)
    derived('tile_never', analysis.never)
  }
  return functions
}

/** Device functions that printed text may call; a template defines those whose `uses_` flag is set. */
export const helperNames = ['floor_div', 'floor_mod', 'trunc_rem', 'min_i32', 'max_i32', 'abs_i32', 'sign_i32', 'sign_f32', 'f32_to_i32', 'sigmoid', 'silu', 'exp_f32', 'tanh_f32', 'erf_f32'] as const

export const helperFlags = (functions: Readonly<Record<string, PrintedFunction>>): Readonly<Record<string, boolean>> => {
  const text = Object.values(functions).flatMap((f) => [...f.lines, f.result]).join('\n')
  return Object.fromEntries(helperNames.map((name) => [`uses_${name}`, new RegExp(`\\b${name}\\(`).test(text)]))
}
