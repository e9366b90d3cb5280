import { diagnostics, fail } from '../../codegen/ir/diagnostics/index.ts'
import { checkOptions, isChain, isInteraction } from '../families.ts'
import type { Handler } from '../handlers.ts'
import { shippedChains, shippedInteractions, shippedNames } from '../shipped.ts'
import { suggestion } from '../suggest.ts'
import { commands } from '../table.ts'
import type { Outcome } from '../types.ts'
import { shown } from '../values.ts'

const shipped = [...shippedNames, ...shippedInteractions, ...shippedChains]

const areas: Readonly<Record<string, string>> = {
  1: 'front end', 2: 'mask analysis', 3: 'schedule and plan', 4: 'device', 5: 'inputs of a launch', 6: 'verification', 7: 'tuning', 8: 'command line',
}

const explainCode = (code: string): Outcome => {
  const known = Object.keys(diagnostics)
  const name = code.toUpperCase()
  const row = (diagnostics as Readonly<Record<string, { severity: string; message: string; fix: string }>>)[name]
  if (!row) return fail('SR8051', { value: shown(code), suggestion: suggestion(name, known) })
  const area = areas[name[2]!]!
  const fix = row.fix === '{fix}' ? 'Each case has its own: the diagnostic names it.' : row.fix
  return { ok: true, json: { code: name, area, severity: row.severity, message: row.message, fix }, text: `${name} (${area}, ${row.severity})\n  ${row.message}\n  fix: ${fix}` }
}

export const run: Handler<'explain'> = async ([what], options, { given }) => {
  if (/^SR\d+$/i.test(what!)) return explainCode(what!)
  if (!/[./\\#]/.test(what!) && !shipped.includes(what!)) fail('SR8051', { value: shown(what!), suggestion: suggestion(what!, [...shipped, ...Object.keys(diagnostics)]) })
  const loaded = await (await import('../resolve.ts')).resolveAny(what!)
  checkOptions(commands.explain, loaded, given)
  if (isChain(loaded)) return (await import('../interaction/chain.ts')).explainChain(loaded, options)
  return isInteraction(loaded) ? (await import('../interaction/explain.ts')).explainInteraction(loaded, options) : (await import('../explain.ts')).explainKernel(loaded, options)
}
