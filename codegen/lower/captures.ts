import type { NamedCapture } from '../ir/algorithm.ts'
import { fail } from '../ir/diagnostics/index.ts'
import type { ParamField, SeqField } from '../ir/plan.ts'
import type { TargetName } from '../ir/schedule.ts'
import { captureNames, captureParams, commonParams, isJaggedPair, PAIRS, snake } from '../ir/names.ts'

export { isJaggedPair, PAIRS } from '../ir/names.ts'

/** The smScale capture is the common `sm_scale` field; hooks never read it. */
const isSmScale = (c: NamedCapture, smScale: string | undefined): boolean => c.name === smScale

/** Launch parameters in layout order: the common ones, scalars by name, then where each packed capture starts and how long each table is. */
export const paramFields = (captures: readonly NamedCapture[], smScale: string | undefined): readonly ParamField[] => [
  ...commonParams,
  ...captures.filter((c) => c.kind === 'scalar' && !isSmScale(c, smScale)).flatMap(captureParams),
  ...captures.filter((c) => c.kind !== 'scalar').flatMap(captureParams),
  ...(captures.some(isJaggedPair) ? [{ name: `base_${PAIRS}`, type: 'u32', source: `base:${PAIRS}` } as const] : []),
]

type Load = (c: NamedCapture) => string
const loads: Readonly<Record<TargetName, Readonly<Record<'scalar' | 'perHead' | 'perSequence', Load>>>> = {
  wgsl: {
    scalar: (c) => `params.${snake(c.name)}`,
    perHead: (c) => `captures_${c.dtype}[params.base_${snake(c.name)} + u32(h)]`,
    perSequence: (c) => `captures_${c.dtype}[params.base_${snake(c.name)} + u32(b)]`,
  },
  cuda: {
    scalar: (c) => `params.${snake(c.name)}`,
    perHead: (c) => `params.captures_${c.dtype}[params.base_${snake(c.name)} + h]`,
    perSequence: (c) => `params.captures_${c.dtype}[params.base_${snake(c.name)} + b]`,
  },
}

/** Fields of the hooks' `seq`: captures that are one number for a sequence and head, loaded once a query tile. */
export const seqFields = (captures: readonly NamedCapture[], target: TargetName, smScale: string | undefined): readonly SeqField[] =>
  captures.flatMap((c) => {
    if (c.kind === 'perToken' || c.kind === 'table' || c.kind === 'pair' || isSmScale(c, smScale)) return []
    return [{ name: snake(c.name), type: c.dtype, load: loads[target][c.kind](c) }]
  })

/** Two captures may not bring one name to the kernel. */
export const checkNames = (captures: readonly NamedCapture[]): void => {
  const seen = new Map<string, string>()
  for (const c of captures) {
    for (const name of captureNames(c)) {
      if (seen.has(name)) fail('SR3005', { first: seen.get(name), second: c.name, name })
      seen.set(name, c.name)
    }
  }
}
