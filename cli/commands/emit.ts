import { type Algorithm, hashAlgorithm, hooksOf, printAlgorithm } from '../../codegen/ir/algorithm.ts'
import { printHook } from '../../codegen/ir/hook.ts'
import { printPlan } from '../../codegen/ir/plan.ts'
import type { Wanted } from '../compile.ts'
import { attentionDtype, checkOptions, isChain, isInteraction } from '../families.ts'
import type { Handler } from '../handlers.ts'
import type { Level } from '../options.ts'
import { resolveAny } from '../resolve.ts'
import { commands } from '../table.ts'

type Printed = { readonly text: string } & Readonly<Record<string, unknown>>
const printers: Readonly<Record<Level, (algorithm: Algorithm, wanted: Wanted) => Printed | Promise<Printed>>> = Object.freeze({
  hooks: (a) => ({ text: hooksOf(a).map(printHook).join('\n\n') || `${a.name} has no hooks` }),
  algorithm: (a) => ({ text: printAlgorithm(a), hash: hashAlgorithm(a) }),
  plan: async (a, wanted) => {
    const { planFor } = await import('../compile.ts')
    const plan = planFor(a, wanted)
    return { text: printPlan(plan), plan }
  },
  source: async (a, wanted) => {
    const { sourceFor } = await import('../compile.ts')
    const { text, manifest } = sourceFor(a, wanted)
    return { text, source: text, manifest }
  },
})

export const run: Handler<'emit'> = async ([ref], options, { given }) => {
  const loaded = await resolveAny(ref!)
  checkOptions(commands.emit, loaded, given)
  if (isChain(loaded)) return (await import('../interaction/chain.ts')).emitChain(loaded, options)
  if (isInteraction(loaded)) return (await import('../interaction/emit.ts')).emitInteraction(loaded, options)
  const { level, target, dim, valueDim = dim, schedule, arch } = options
  const dtype = attentionDtype(options.dtype)
  const { algorithm } = loaded
  const printed = await printers[level](algorithm, { target, dtype, dim, valueDim, ...(schedule && { schedule }), ...(arch && { architecture: arch }) })
  return { ok: true, json: { name: algorithm.name, level, target, dtype, headDim: dim, valueDim, ...printed }, text: printed.text }
}
