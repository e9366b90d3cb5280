import { boxTest, type KeyRange, keyRanges, type MaskAnalysis, plainMask } from '../analyse/index.ts'
import { type Algorithm, partsOf } from '../ir/algorithm.ts'
import type { Expr, Hook, Span } from '../ir/hook.ts'
import type { PrintedFunction } from '../ir/plan.ts'
import { captureFunctions } from '../ir/names.ts'
import { localWords } from '../ir/words.ts'
import { limitTexts } from './limits.ts'
import { type Dialect, printExpression } from './printer.ts'
import { isSilu, ofTwoScores, SILU_BY_TANH, siluOfTwo, twoScores } from './two-scores.ts'

const print = (name: string, body: Expr, span: Span, dialect: Dialect, reserved: readonly string[]): PrintedFunction => {
  const { lines, results } = printExpression([body], dialect, reserved)
  return { name, lines, result: results[0]!, span }
}

/** Texts that a loop nest asks for besides: an activation of two scores at a time, the mask where conditions of the sequence alone make it short. */
export interface Texts { readonly pairs?: boolean; readonly tanh?: boolean; readonly plain?: boolean }

const printPair = (h: Hook, [first, second]: readonly [Expr, Expr], dialect: Dialect, reserved: readonly string[]): PrintedFunction => {
  const { lines, results } = printExpression([first, second], twoScores(dialect), reserved)
  return { name: `${h.name}, of two scores`, lines, result: `{ ${results.join(', ')} }`, span: h.span }
}

const printLimits = (ranges: readonly KeyRange[], span: Span, dialect: Dialect, reserved: readonly string[]): Readonly<Record<string, PrintedFunction>> => {
  const { fields, bounds, keeps, counted } = limitTexts(ranges)
  const { lines, results } = printExpression(bounds, dialect, reserved)
  const text = (name: string, result: string): PrintedFunction => ({ name, lines: [], result, span })
  return { key_limits: { name: 'key_limits', lines, result: `{ ${results.join(', ')} }`, span, fields }, counted_from: text('counted_from', counted), keeps_key: text('keeps_key', keeps) }
}

/** Every author hook, and every analysis that the tile mode needs, printed for the target. */
export const printFunctions = (algorithm: Algorithm, analysis: MaskAnalysis, dialect: Dialect, { pairs = false, tanh = false, plain = false }: Texts = {}): Readonly<Record<string, PrintedFunction>> => {
  const functions: Record<string, PrintedFunction> = {}
  const reserved = [...localWords, ...algorithm.captures.flatMap(captureFunctions)]
  const hook = (name: string, h: Hook | undefined) => { if (h) functions[name] = print(name, h.body, h.span, dialect, reserved) }
  const span = algorithm.maskMod?.span ?? algorithm.span
  const derived = (name: string, body: Expr | undefined) => { if (body) functions[name] = print(name, body, { ...span, text: '' }, dialect, reserved) }

  hook('score_mod', algorithm.scoreMod)
  hook('mask_mod', algorithm.maskMod)
  const parts = partsOf(algorithm)
  const short = plain && algorithm.maskMod ? plainMask(algorithm.maskMod.body) : undefined
  derived('mask_is_plain', short?.when)
  const ranges = plain && algorithm.maskMod ? keyRanges(short?.body ?? algorithm.maskMod.body) : undefined
  if (ranges) Object.assign(functions, printLimits(ranges, { ...span, text: '' }, dialect, reserved))
  if (analysis.mode === 'test' || !ranges) derived('mask_plain', short?.body)
  if (analysis.mode === 'test' && short) {
    const { always, never } = boxTest(short.body)
    derived('tile_plain_always', always)
    derived('tile_plain_never', never)
  }
  if (algorithm.normalizer.kind === 'byHead') hook('head_count', algorithm.normalizer.headCount)
  for (const part of parts) {
    if (part.kind === 'pointwise') {
      const silu = pairs && parts.length === 1 && isSilu(part.activation.body)
      const two = pairs && !silu ? ofTwoScores(part.activation.body) : undefined
      if (silu && tanh) functions.silu_tanh = { name: `${part.activation.name}, by the hyperbolic tangent`, lines: [], result: SILU_BY_TANH, span: part.activation.span }
      else if (silu) functions.silu_pair = printPair(part.activation, siluOfTwo(), dialect, reserved)
      else if (two) functions.activation_pair = printPair(part.activation, two, dialect, reserved)
      else hook('activation', part.activation)
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
export const helperNames = ['floor_div', 'floor_mod', 'trunc_rem', 'min_i32', 'max_i32', 'abs_i32', 'sign_i32', 'sign_f32', 'f32_to_i32', 'sigmoid', 'silu', 'sigmoid_divisor', 'sigmoid_of', 'silu_of', 'silu_divisor', 'tanh_approx', 'exp_f32', 'tanh_f32', 'erf_f32'] as const

export const helperFlags = (functions: Readonly<Record<string, PrintedFunction>>): Readonly<Record<string, boolean>> => {
  const text = Object.values(functions).flatMap((f) => [...f.lines, f.result]).join('\n')
  return Object.fromEntries(helperNames.map((name) => [`uses_${name}`, new RegExp(`\\b${name}\\(`).test(text)]))
}
